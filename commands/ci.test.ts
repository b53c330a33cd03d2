/** The workflows run what `npm run check` runs, in parts that are together the whole, by actions that nobody can change under us. */
import { globSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { z } from 'zod'
import { steps } from './check.ts'

const ran = z.object({ uses: z.string().optional(), run: z.string().optional() })
const workflow = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      needs: z.union([z.string(), z.array(z.string())]).optional(),
      strategy: z.object({ matrix: z.object({ part: z.array(z.int()) }) }).optional(),
      steps: z.array(ran),
    }),
  ),
})
const { jobs } = workflow.parse(parse(readFileSync('.github/workflows/ci.yml', 'utf8')))
const commands = Object.values(jobs).flatMap((job) => job.steps.map(({ run = '' }) => run))

test('every action is named by the hash of a commit, its version beside it', () => {
  const files = globSync('.github/**/*.yml')
  const uses = files.flatMap((file) => readFileSync(file, 'utf8').match(/\buses: .*/g) ?? [])
  assert.ok(uses.length > 10, `${uses.length} actions`)
  assert.equal(
    uses.filter((line) => !/^uses: (\.\/|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(line)),
    [],
  )
})

test('each step of npm run check has its command in a job', () => {
  const called = { test: 'npm test', notebooks: 'npm run notebooks -- --check', image: 'docker build' } as const
  for (const { name } of steps) {
    const command = called[name as keyof typeof called] ?? `npm run ${name}`
    assert.ok(
      commands.some((line) => line.startsWith(command)),
      `no job of ci.yml runs ${command}`,
    )
  }
})

test('the parts of the tests are the whole', () => {
  const { strategy, steps: own } = jobs.test!
  const of = own
    .map(({ run = '' }) => /^npm test -- --shard \$\{\{ matrix\.part \}\}\/(\d+)$/.exec(run)?.[1])
    .find(Boolean)
  assert.equal(
    strategy?.matrix.part,
    Array.from({ length: Number(of) }, (_, i) => i + 1),
  )
})

test('the pipeline runs in one job, once: verify makes it and the checkout takes it over', () => {
  const runs = (line: string) => /^npm run (verify|repro|check)\b/.test(line)
  const pipelines = Object.values(jobs).flatMap((job) => {
    const lines = job.steps.map(({ run = '' }) => run).filter(runs)
    return lines.length > 0 ? [lines] : []
  })
  assert.equal(pipelines, [['npm run verify -- --share', 'npm run repro']])
  const here = steps.flatMap(({ name, command }) =>
    ['verify', 'repro'].includes(name) ? [`${name} ${command.slice(3).join(' ')}`.trim()] : [],
  )
  assert.equal(here, ['verify --share', 'repro'])
})

test('a job sets the toolchain up once', () => {
  for (const file of globSync('.github/workflows/*.yml'))
    assert.not.match(readFileSync(file, 'utf8'), 'setup.mjs', `${file}: the action toolchain does it`)
  assert.is(readFileSync('.github/actions/toolchain/action.yml', 'utf8').split('run: node setup.mjs').length, 2)
})

test('the caches are keyed on the lock files', () => {
  const action = readFileSync('.github/actions/toolchain/action.yml', 'utf8')
  for (const [path, lock] of [['.venv', 'requirements.txt'], ['node_modules', 'package-lock.json']] as const) // biome-ignore format: a table
    assert.match(action, new RegExp(`path: ${path.replace('.', '\\.')}\\n +key: .*hashFiles\\('${lock}'`))
  for (const { steps: own } of Object.values(jobs))
    assert.ok(own.some(({ uses }) => uses === './.github/actions/toolchain'))
})

test.run()
