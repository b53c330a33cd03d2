import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from './test.ts'

/** Runs the runner's own step on a test file with this body. */
async function outcomeOf(body: string, limits?: { whole: number; afterEnd: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'))
  try {
    symlinkSync(join(import.meta.dirname, '..', 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const file = join(folder, 'x.test.ts')
    writeFileSync(file, body)
    return await run(file, folder, limits)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const head = "import { test } from 'uvu'\nimport * as assert from 'uvu/assert'\n"

test('a passing file passes with its number of tests', async () => {
  const { passed, failed } = await outcomeOf(
    `${head}test('a', () => assert.is(1, 1))\ntest('b', () => {})\ntest.run()\n`,
  )
  assert.equal({ passed, failed }, { passed: 2, failed: 0 })
})

const failing: Record<string, string> = {
  'a failing test': `${head}test('a', () => assert.is(1, 2))\ntest.run()\n`,
  'a test that throws something else than an Error': `${head}test('a', () => { throw 'text' })\ntest.run()\n`,
  'a file without a test': `${head}void assert\ntest.run()\n`,
  'a forgotten run': `${head}test('a', () => assert.is(1, 2))\n`,
  'a test singled out': `${head}test.${'only'}('a', () => {})\ntest('b', () => assert.is(1, 2))\ntest.run()\n`,
  'a test left out': `${head}test.${'skip'}('a', () => {})\ntest('b', () => {})\ntest.run()\n`,
  'a hook': `${head}test.${'before'}(() => { throw new Error('x') })\ntest('b', () => {})\ntest.run()\n`,
  'a crash while loading': `${head}throw new Error('x')\ntest.run()\n`,
  'an end before the summary': `${head}test('a', () => process.exit(0))\ntest.run()\n`,
  'an unhandled rejection': `${head}test('a', () => { Promise.reject(new Error('x')) })\ntest.run()\n`,
}
for (const [what, body] of Object.entries(failing))
  test(`${what} is a failure`, async () => {
    assert.ok((await outcomeOf(body)).failed > 0)
  })

/** Is the process still there? A moment is left to the system, which takes dead ones away. */
async function lives(pid: number): Promise<boolean> {
  for (let polls = 0; polls < 50; polls++) {
    try {
      process.kill(pid, 0)
    } catch {
      return false
    }
    await pause(100)
  }
  return true
}

const sleeper = `import { spawn } from 'node:child_process'
const child = spawn('sleep', ['300'], { stdio: 'inherit' })
console.log('sleeper ' + child.pid)
`
const sleeperIn = (output: string) => Number(/sleeper (\d+)/.exec(output)![1])

test('a file that hangs is ended with what it started, and has failed', async () => {
  const body = `${head}${sleeper}test('a', () => new Promise((done) => setTimeout(done, 300_000)))\ntest.run()\n`
  const { failed, output, seconds } = await outcomeOf(body, { whole: 3, afterEnd: 1 })
  assert.is(failed, 1)
  assert.match(output, 'ended after 3 s')
  assert.ok(seconds < 60, `${seconds} s`)
  assert.not(await lives(sleeperIn(output)))
})

test('a process that a file leaves behind with its output open is ended, and the file has failed', async () => {
  const body = `${head}${sleeper}child.unref()\ntest('a', () => {})\ntest.run()\n`
  const { passed, failed, output, seconds } = await outcomeOf(body, { whole: 200, afterEnd: 1 })
  assert.equal({ passed, failed }, { passed: 1, failed: 1 })
  assert.match(output, 'holds its output open')
  assert.ok(seconds < 60, `${seconds} s`)
  assert.not(await lives(sleeperIn(output)))
})

/** The runner as a person starts it; the tests that it would run are only named. */
function listed(...args: string[]) {
  const ran = spawnSync(process.execPath, ['--conditions=source', 'commands/test.ts', '--list', ...args], {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: process.cwd() },
  })
  return { code: ran.status, files: ran.stdout.trimEnd().split('\n'), errors: ran.stderr }
}

test('--related names the tests that reach a file, and says which file no test reaches', () => {
  const related = listed('--related', 'pipeline/tracking/limits.ts')
  assert.ok(related.files.includes('pipeline/tracking/limits.test.ts'), related.files.join())
  assert.not(related.files.includes('packages/xgboost-node/src/cv.test.ts'))
  const none = listed('--related', 'data.dvc.nothing')
  assert.is(none.code, 1)
  assert.match(none.errors, 'received data.dvc.nothing: there is none')
  const licence = ['LIC', 'ENSE'].join('') // its name in one literal would be a test that names it
  const unreached = listed('--related', licence)
  assert.is(unreached.code, 1)
  assert.equal(unreached.files, [`no test reaches ${licence}`, 'no test file matches', '0 passed, 1 failed'])
})

test('the parts of a selection are the selection', () => {
  const whole = listed('api/journal')
  const parts = [listed('--shard', '1/2', 'api/journal'), listed('--shard', '2/2', 'api/journal')]
  assert.equal(parts.flatMap(({ files }) => files).sort(), whole.files)
})

test('options that do not go together are refused with a sentence', () => {
  for (const [args, message] of [
    [['--related'], /expected a file after --related/],
    [['--related', '--changed', 'api/app.ts'], /received both/],
    [['--changed', 'a', 'b'], /expected one revision/],
    [['--changed', 'no-such-revision'], /received no-such-revision/],
    [['--shard', '3/2'], /expected --shard N\/M/],
  ] as const) {
    const { code, errors } = listed(...args)
    assert.is(code, 1)
    assert.match(errors, message)
    assert.not.match(errors, /^\s+at .*:\d+:\d+/m)
  }
})

test.run()
