/** The process itself: it drains and ends with 0 on SIGTERM, and loses nothing that it answered when it is killed. */
import { once } from 'node:events'
import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import { prediction } from './journal/recorded.test-data.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { service } from './opened.test-data.ts'
import { scoreOf, startService } from './started.test-data.ts'

const { bundle, ids } = service(smallBundle())

const started = (folder: string, env: Record<string, string> = {}) =>
  startService({ MODEL: bundle, JOURNAL: join(folder, 'journal.sqlite'), ...env })

const inFolder = async (body: (folder: string) => Promise<void>) => {
  const folder = mkdtempSync(join(tmpdir(), 'server-'))
  try {
    await body(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('on SIGTERM it answers what it has begun and ends with 0', () =>
  inFolder(async (folder) => {
    const { child, url } = await started(folder)
    await (await scoreOf(url, ids[0]!)).json()
    const begun = ids.slice(0, 20).map((id) =>
      scoreOf(url, id).then(
        (answer) => answer.status,
        () => 0,
      ),
    )
    await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    assert.is(code, 0)
    const answered = (await Promise.all(begun)).filter((status) => status === 200).length
    const journal = openSqliteJournal(join(folder, 'journal.sqlite'))
    assert.ok((await journal.predictions({ limit: 500 })).length >= answered + 1)
    await journal.close()
  }))

test('killed in the middle of the work, every answered prediction is in the journal', () =>
  inFolder(async (folder) => {
    for (let round = 0; round < 3; round++) {
      const { child, url } = await started(folder)
      const answered: string[] = []
      let going = true
      const caller = async () => {
        for (let i = 0; going; i++) {
          try {
            const body: unknown = await (await scoreOf(url, ids[i % ids.length]!)).json()
            answered.push((body as { requestId: string }).requestId)
          } catch {
            going = false
          }
        }
      }
      const callers = Array.from({ length: 6 }, caller)
      while (answered.length < 20) await new Promise((resolve) => setTimeout(resolve, 5))
      child.kill('SIGKILL')
      await Promise.all(callers)
      const journal = openSqliteJournal(join(folder, 'journal.sqlite'))
      for (const id of answered) assert.ok(await journal.prediction(id), `${id} was answered and is not recorded`)
      await journal.close()
    }
  }))

const readiness = async (url: string) => {
  const answer = await fetch(`${url}/health/ready`, { headers: { connection: 'close' } })
  const { errors = [] } = (await answer.json()) as { errors?: { code: string }[] }
  return { status: answer.status, codes: errors.map(({ code }) => code), connection: answer.headers.get('connection') }
}
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

test('on SIGTERM it listens on for a while, scoring and not ready, so that a balancer sees it; a second signal cuts that short', () =>
  inFolder(async (folder) => {
    const { child, url } = await started(folder, { STOP_DELAY: '60' })
    assert.is((await readiness(url)).status, 200)
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    let now = await readiness(url)
    for (let tries = 0; now.status === 200 && tries < 100; tries++) now = await after(10).then(() => readiness(url))
    assert.equal([now.status, now.connection], [503, 'close'])
    assert.is((await scoreOf(url, ids[0]!)).status, 200)
    assert.is(child.exitCode, null)
    child.kill('SIGTERM')
    assert.equal(await ended, [0, null])
  }))

test('after the delay it ends by itself', () =>
  inFolder(async (folder) => {
    const { child, url } = await started(folder, { STOP_DELAY: '0.5' })
    await scoreOf(url, ids[0]!)
    const signalled = performance.now()
    child.kill('SIGTERM')
    assert.equal(await once(child, 'exit'), [0, null])
    const took = performance.now() - signalled
    assert.ok(took >= 500, `it ended after ${took} ms`)
  }))

test('signals that mean something to other programs are logged and harm nothing', () =>
  inFolder(async (folder) => {
    const { child, url, said, logged } = await started(folder)
    for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) {
      child.kill(signal)
      await after(100)
      assert.is((await scoreOf(url, ids[0]!)).status, 200, signal)
    }
    child.kill('SIGTERM')
    assert.equal(await once(child, 'exit'), [0, null])
    for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'])
      assert.match(logged(), new RegExp(`"message":"${signal} is ignored`))
    assert.not.match(said(), /[Dd]ebugger/)
  }))

test('its journal deleted, it is not ready within a second, says why, scores nothing, and ends with 0 on SIGTERM', () =>
  inFolder(async (folder) => {
    const { child, url, logged } = await started(folder)
    assert.is((await scoreOf(url, ids[0]!)).status, 200)
    assert.is((await readiness(url)).status, 200)
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
    const refused = await scoreOf(url, ids[0]!)
    assert.is(refused.status, 503)
    assert.match(JSON.stringify(await refused.json()), /"journal_moved"/)
    await after(600)
    const now = await readiness(url)
    assert.equal([now.status, now.codes], [503, ['journal_moved']])
    assert.equal(readdirSync(folder), [])
    child.kill('SIGTERM')
    assert.equal(await once(child, 'exit'), [0, null])
    assert.match(logged(), /"route":"\/v1\/score","status":503,.*JournalError: The journal .* was deleted or moved/)
    assert.equal(readdirSync(folder), [])
  }))

test('its journal written over, what was put there is as it was after the service has ended', () =>
  inFolder(async (folder) => {
    const other = join(folder, 'other')
    const journal = openSqliteJournal(other)
    for (let i = 0; i < 30; i++) await journal.record(prediction(`${i}`, { input: 'x'.repeat(5000) }))
    await journal.close()
    const path = join(folder, 'journal.sqlite')
    const { child, url } = await started(folder)
    for (const id of ids.slice(0, 6)) assert.is((await scoreOf(url, id)).status, 200)
    copyFileSync(other, path)
    await after(1200)
    assert.equal(await readiness(url).then(({ codes }) => codes), ['journal_moved'])
    child.kill('SIGTERM')
    assert.equal(await once(child, 'exit'), [0, null])
    assert.ok(readFileSync(path).equals(readFileSync(other)))
    const next = openSqliteJournal(path)
    assert.is((await next.predictions({ limit: 100 })).length, 30)
    await next.close()
  }))

test('with a reference or clients that training did not write it does not begin to listen', () =>
  inFolder(async (folder) => {
    for (const file of ['reference.parquet', 'clients.sqlite']) {
      const model = join(folder, file)
      cpSync(bundle, model, { recursive: true })
      truncateSync(join(model, file), Math.floor(statSync(join(model, file)).size * 0.9))
      const error = await started(folder, { MODEL: model }).then(
        () => 'it listens',
        (reason: Error) => reason.message,
      )
      assert.match(error, new RegExp(`${file} is not what training of version`))
      assert.not.match(error, /http:/)
    }
  }))

test('it says what is wrong and ends with 1 when it cannot serve', async () => {
  const refused = async (env: Record<string, string>) =>
    started(tmpdir(), env).then(
      () => '',
      (error: Error) => error.message,
    )
  assert.match(await refused({ HOST: '0.0.0.0' }), /ALLOW_ANONYMOUS=1/)
  assert.match(await refused({ MODEL: '/nowhere' }), /\/nowhere: expected the folder of a model/)
  assert.match(await refused({ JOURNAL: '/proc/journal.sqlite' }), /journal .* cannot be opened/)
})

test.run()
