/** 2,000 damaged model files, in a process of their own that is started again should it die. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const damaged = Number(process.env.FUZZ_MODELS ?? 2000)
const firstSeed = Number(process.env.FUZZ_SEED ?? 0)
const patience = 30_000

interface Run {
  /** The last seed that it started on, and which model that was. */
  readonly seed: number
  readonly model: string
  readonly loaded: number
  readonly done: boolean
  readonly end: string
}

function run(first: number, end: number): Promise<Run> {
  const child = spawn(process.execPath, [
    '--conditions=source',
    join(import.meta.dirname, 'testing', 'fuzz-child.ts'),
    String(first),
    String(end),
  ])
  let [output, errors, hung] = ['', '', false]
  const stop = () => {
    hung = true
    child.kill('SIGKILL')
  }
  let watch = setTimeout(stop, patience)
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
    clearTimeout(watch)
    watch = setTimeout(stop, patience)
  })
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text))
  return new Promise((resolve) =>
    child.on('close', (code, signal) => {
      clearTimeout(watch)
      const last = [...output.matchAll(/^(\d+) (\d+) (.*)$/gm)].at(-1)
      const done = /^done (\d+)/m.exec(output)
      const how = hung ? `no answer in ${patience} ms` : `code ${code}, signal ${signal}, ${errors.slice(0, 400)}`
      resolve({
        seed: Number(last?.[1] ?? first),
        model: last?.[3] ?? '',
        loaded: Number(done?.[1] ?? last?.[2] ?? 0),
        done: done !== null && code === 0,
        end: how,
      })
    }),
  )
}

test(`none of ${damaged} damaged models ends, hangs or breaks the process that loads and uses it`, async () => {
  const deaths: string[] = []
  let loaded = 0
  for (let seed = firstSeed; seed < firstSeed + damaged; ) {
    const outcome = await run(seed, firstSeed + damaged)
    loaded += outcome.loaded
    if (!outcome.done) deaths.push(`seed ${outcome.seed} (${outcome.model}): ${outcome.end}`)
    seed = outcome.done ? firstSeed + damaged : outcome.seed + 1
    if (deaths.length > 10) break
  }
  console.log(`${loaded} of ${damaged} damaged models loaded`)
  assert.is(deaths.join('\n'), '')
  // Were everything refused, the test would prove nothing about what the library does with the rest.
  assert.ok(loaded > damaged / 50)
})

test.run()
