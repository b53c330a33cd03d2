/** What may be deployed, and that the workflow asks before it builds: a journal that lasts, and a model of real clients. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { z } from 'zod'
import { smallBundle } from '../testing/bundles.ts'

const script = join(import.meta.dirname, 'deployable.ts')
const settings = {
  DATABASE_URL_SECRET: 'journal',
  API_KEYS_SECRET: 'keys',
  REGION: 'europe-west9',
  SERVICE: 'credit',
  SERVICE_ACCOUNT: 'deployer',
}

const inFolder = (body: (folder: string) => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'deployable-'))
  try {
    body(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Runs in a folder with no environment but this and PATH, as in a checkout with nothing installed. */
function run(folder: string, env: Record<string, string>, args: readonly string[] = []) {
  const ran = spawnSync(process.execPath, [script, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'utf8',
  })
  return { status: ran.status, said: ran.stdout.trim(), reasons: ran.stderr.trim() }
}

const withRemote = (folder: string, url: string) => {
  mkdirSync(join(folder, '.dvc'))
  writeFileSync(
    join(folder, '.dvc/config'),
    `[core]\n    remote = store\n['remote "other"']\n    url = s3://no\n['remote "store"']\n    url = ${url}\n`,
  )
}

test('with every setting, the model comes from the remote that the variable or .dvc/config names', () =>
  inFolder((folder) => {
    assert.equal(run(folder, { ...settings, DVC_REMOTE: 'gs://bucket/path' }), { status: 0, said: 'gs', reasons: '' })
    withRemote(folder, 'https://models.example/credit')
    assert.equal(run(folder, settings), { status: 0, said: 'https', reasons: '' })
    assert.is(run(folder, { ...settings, DVC_REMOTE: 'gs://bucket/path' }).said, 'gs')
  }))

test('without the journal’s database, or any other setting, it is refused by the name of what to set', () =>
  inFolder((folder) => {
    for (const name of Object.keys(settings)) {
      const { status, reasons } = run(folder, { ...settings, DVC_REMOTE: 'gs://bucket', [name]: '' })
      assert.is(status, 1)
      assert.match(reasons, `set the repository variable ${name} `)
      assert.is(reasons.split('\n').length, 1, reasons)
    }
    const all = run(folder, { GITHUB_ACTIONS: 'true' })
    assert.is(all.said, '')
    const lines = all.reasons.split('\n')
    assert.is(lines.length, Object.keys(settings).length + 1)
    for (const line of lines) assert.match(line, /^::error::/)
  }))

test('without a remote it is refused, unless made-up clients are allowed by the word true', () =>
  inFolder((folder) => {
    const refused = run(folder, { ...settings, ALLOW_SYNTHETIC: '1' })
    assert.is(refused.status, 1)
    assert.match(refused.reasons, /dvc push.*DVC_REMOTE.*ALLOW_SYNTHETIC/)
    assert.equal(run(folder, { ...settings, ALLOW_SYNTHETIC: 'true' }), { status: 0, said: 'synthetic', reasons: '' })
    withRemote(folder, '/mnt/team/credit')
    assert.match(run(folder, settings).reasons, /expected gs:\/\/… or https:\/\/…/)
  }))

test('a bundle of made-up clients is refused unless that is allowed; a real one is not; a missing or broken one always is', () =>
  inFolder((folder) => {
    const bundle = smallBundle()
    const remote = { ...settings, DVC_REMOTE: 'gs://bucket' }
    const refused = run(folder, remote, [bundle])
    assert.is(refused.status, 1)
    assert.match(refused.reasons, /made-up clients.*dvc push.*ALLOW_SYNTHETIC/)
    const allowed = { ...remote, ALLOW_SYNTHETIC: 'true' }
    assert.is(run(folder, allowed, [bundle]).status, 0)
    const real = join(folder, 'real')
    mkdirSync(real)
    const text = readFileSync(join(bundle, 'bundle.json'), 'utf8')
    writeFileSync(join(real, 'bundle.json'), JSON.stringify({ ...JSON.parse(text), synthetic: null }))
    assert.equal(run(folder, remote, [real]), { status: 0, said: 'gs', reasons: '' })
    writeFileSync(join(real, 'bundle.json'), '{}')
    assert.match(run(folder, allowed, [real]).reasons, /does not say whether/)
    writeFileSync(join(real, 'bundle.json'), text.slice(0, 40))
    assert.match(run(folder, allowed, [real]).reasons, /is not JSON/)
    assert.match(run(folder, allowed, [join(folder, 'nowhere')]).reasons, /is not there/)
  }))

const step = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.string().optional(),
})
const job = z.object({
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  if: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  steps: z.array(step),
})
const { jobs } = z
  .object({ jobs: z.object({ deployable: job, deploy: job }) })
  .parse(parse(readFileSync('.github/workflows/deploy.yml', 'utf8')))

const runOf = (name: RegExp) => jobs.deploy.steps.findIndex((one) => name.test(one.run ?? ''))

test('the workflow asks before anything is installed or built, and asks again of the bundle before the image', () => {
  assert.equal(jobs.deploy.needs, ['ci', 'deployable'])
  assert.is(jobs.deployable.needs, undefined)
  assert.equal(
    jobs.deployable.steps.flatMap(({ run: command }) => (command ? [command.split('\n')[0]] : [])),
    ['source=$(node commands/deployable.ts)'],
  )
  const [pull, made, asked, built] = [
    /dvc pull/,
    /npm run repro/,
    /deployable\.ts artifacts\/model/,
    /docker build/,
  ].map(runOf) as [number, number, number, number]
  assert.ok(pull >= 0 && made > pull && asked > made && built > asked, `${[pull, made, asked, built]}`)
  assert.is(jobs.deploy.steps[asked]?.if, undefined)
  assert.match(jobs.deploy.steps[made]?.if ?? '', /source == 'synthetic'/)
  assert.match(jobs.deploy.steps[pull]?.if ?? '', /source != 'synthetic'/)
})

test('both jobs get every setting that the question reads, and the service gets its keys and its database', () => {
  for (const { env } of [jobs.deployable, jobs.deploy])
    for (const name of [...Object.keys(settings), 'DVC_REMOTE', 'ALLOW_SYNTHETIC'])
      assert.is(env?.[name], `\${{ vars.${name} }}`, name)
  const deployed = jobs.deploy.steps[runOf(/gcloud run deploy/)]?.run ?? ''
  assert.match(deployed, '--set-secrets "API_KEYS=$API_KEYS_SECRET:latest,DATABASE_URL=$DATABASE_URL_SECRET:latest"')
})

test('a pushed model is what the workflow’s own step pulls into a fresh checkout', () =>
  inFolder((folder) => {
    const [here, there, store] = ['here', 'there', 'store'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    const shell = (cwd: string, command: string, env: Record<string, string> = {}) => {
      const ran = spawnSync('bash', ['-e', '-c', command], {
        cwd,
        env: { ...process.env, DVC_NO_ANALYTICS: '1', ...env },
        encoding: 'utf8',
      })
      assert.is(ran.status, 0, `${command}\n${ran.stdout}${ran.stderr}`)
    }
    mkdirSync(here)
    cpSync(join(smallBundle(), 'bundle.json'), join(here, 'made.json'))
    writeFileSync(
      join(here, 'dvc.yaml'),
      'stages:\n  train:\n    cmd: mkdir -p artifacts/model && cp made.json artifacts/model/bundle.json\n    deps: [made.json]\n    outs: [artifacts/model]\n',
    )
    const git = 'git -c user.name=t -c user.email=t@example.org'
    shell(here, `git init -q && dvc init -q && dvc repro -q && git add . && ${git} commit -qm model`)
    shell(here, `dvc remote add -q --local -d store "${store}" && dvc push -q artifacts/model`)
    shell(
      folder,
      `git clone -q here there && mkdir -p there/.venv && ln -s "$(dirname "$(command -v dvc)")" there/.venv/bin`,
    )
    shell(there, jobs.deploy.steps[runOf(/dvc pull/)]?.run ?? 'false', { DVC_REMOTE: store })
    assert.is(
      readFileSync(join(there, 'artifacts/model/bundle.json'), 'utf8'),
      readFileSync(join(here, 'made.json'), 'utf8'),
    )
  }))

test.run()
