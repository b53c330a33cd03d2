import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

/** A command whose work holds its thread for a minute, as native code does, after it has begun an output and started a program. */
const script = `
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stoppable, unfinished } from '${join(import.meta.dirname, 'stoppable.ts')}'
await stoppable(async () => {
  writeFileSync(unfinished(process.argv[2]), 'half')
  writeFileSync(join(mkdtempSync(join(tmpdir(), 'work-')), 'piece'), '')
  const other = spawn('sleep', ['60'], { stdio: 'ignore' })
  if (process.argv[3] === 'fail') throw new Error('no')
  if (process.argv[3] === 'end') { other.kill(); process.exitCode = 3; return }
  await new Promise((done) => setTimeout(done, 100))
  console.log(other.pid)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)
})
`

/** A killed process that nobody has waited for yet is a zombie (Z), and no longer runs. */
const isAlive = (pid: number) => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Runs the command; `signal` is sent once it is in the middle of its work. */
async function run(mode: 'wait' | 'fail' | 'end', signal?: NodeJS.Signals) {
  const folder = mkdtempSync(join(tmpdir(), 'stoppable-test-'))
  try {
    const [file, temporary] = [join(folder, 'command.ts'), join(folder, 'tmp')]
    writeFileSync(file, script)
    rmSync(temporary, { recursive: true, force: true })
    const child = spawn(process.execPath, [file, join(folder, 'out.unfinished'), mode], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let other = 0
    let sent = 0
    child.stdout.on('data', (text) => {
      other = Number(text)
      sent = performance.now()
      if (signal) child.kill(signal)
    })
    const code = await new Promise<number | null>((done) => child.once('exit', done))
    const seconds = (performance.now() - sent) / 1000
    return { code, seconds, left: readdirSync(folder).filter((name) => name !== 'command.ts'), other }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${signal} ends a command whose thread is held, with all that it started and nothing left`, async () => {
    const { code, seconds, left, other } = await run('wait', signal)
    assert.is(code, 128 + constants.signals[signal])
    assert.ok(seconds < 30, `${seconds} s: it waited for its work`)
    assert.equal(left, [])
    assert.not.ok(isAlive(other))
  })

test('a command that ends by itself keeps its exit code and what it wrote, and its temporary files go', async () => {
  const { code, left } = await run('end')
  assert.is(code, 3)
  assert.equal(left, ['out.unfinished'])
})

test('a command that throws ends with 1', async () => {
  assert.is((await run('fail')).code, 1)
})

test.run()
