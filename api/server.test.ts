/** The process itself: it drains and ends with 0 when told to stop, and loses nothing that it answered when it is killed. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../commands/bundles.ts'
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

test('told to stop it answers what it has begun and ends with 0', () =>
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
