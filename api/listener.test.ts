/** Lines on real sockets: which are cut and when, old callers, and what nothing else answers. */
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import { createApp, type Options } from './app.ts'
import type { Journal } from './journal/journal.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { type ListenerOptions, listenerOf } from './listener.ts'
import type { LogEntry } from './log.ts'
import { service } from './opened.test-data.ts'

const { clients, ids, scorer } = service(smallBundle())
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

interface Line {
  readonly socket: Socket
  /** What came so far. */
  readonly said: () => string
  /** Milliseconds after which the other side closed it. */
  readonly closed: Promise<number>
}

function lineTo(port: number): Line {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  const begun = performance.now()
  socket.on('error', () => {})
  socket.setEncoding('utf8').on('data', (part: string) => (said += part))
  return {
    socket,
    said: () => said,
    closed: once(socket, 'close').then(() => performance.now() - begun),
  }
}

interface Listening {
  readonly port: number
  readonly line: () => Line
  readonly log: readonly LogEntry[]
  readonly journal: Journal
}

/** The app behind the server in this process, with a journal that takes `journalSeconds` to record. */
async function listening(
  work: (o: Listening) => Promise<void>,
  {
    silenceSeconds,
    failed,
    journalSeconds = 0,
    ...options
  }: Options & ListenerOptions & { journalSeconds?: number } = {},
): Promise<void> {
  const log: LogEntry[] = []
  const journal = openSqliteJournal(':memory:')
  const record = journal.record.bind(journal)
  journal.record = async (...asked) => {
    if (journalSeconds > 0) await after(journalSeconds * 1000)
    await record(...asked)
  }
  const app = createApp(scorer, clients, journal, { ...options, log: (entry) => log.push(entry) })
  const server = listenerOf(app.fetch, { silenceSeconds, ...(failed && { failed }) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const lines: Line[] = []
  try {
    const line = () => {
      lines.push(lineTo(port))
      return lines.at(-1)!
    }
    await work({ port, line, log, journal })
  } finally {
    for (const { socket } of lines) socket.destroy()
    server.closeAllConnections()
    server.close()
    await journal.close()
  }
}

const post = (path: string, type: string, length: number | null) =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\n${length === null ? 'transfer-encoding: chunked' : `content-length: ${length}`}\r\n\r\n`
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const until = async (holds: () => boolean, what: () => string) => {
  for (let waited = 0; !holds(); waited += 10) {
    assert.ok(waited < 20_000, what())
    await after(10)
  }
}

test('a caller is not cut while the service works, however long, and is after the silence that follows', () =>
  listening(
    async ({ line }) => {
      const { socket, said, closed } = line()
      const body = JSON.stringify({ client: ids[0] })
      socket.write(post('/v1/score?reasons=false', 'application/json', body.length) + body)
      await until(
        () => /"probability"/.test(said()),
        () => `not answered: ${said()}`,
      )
      socket.write(post('/v1/score', 'application/json', 1000))
      assert.ok((await closed) > 1500)
      assert.is(said().match(/HTTP\/1\.1/g)?.length, 1)
    },
    { silenceSeconds: 1, journalSeconds: 2.5 },
  ))

test('a list is answered whole though a silence lies between its parts', () =>
  listening(
    async ({ port, log }) => {
      const sent = JSON.stringify(ids.slice(0, 48).map((client) => ({ client })))
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`http://127.0.0.1:${port}/v1/score/batch`, { method: 'POST', headers, body: sent })
      const answers = (await answer.json()) as { status: number }[]
      assert.equal(
        answers.map(({ status }) => status),
        Array(48).fill(200),
      )
      await after(20)
      assert.ok(log[0]!.milliseconds > 1500, 'the log counts the time to the end of the answer')
    },
    { silenceSeconds: 1, journalSeconds: 2 },
  ))

test('lines that come go on for longer than any limit of one body; one that drips is refused and cut; a silent caller is cut', () =>
  listening(
    async ({ line, journal }) => {
      const moving = line()
      moving.socket.write(post('/v1/score/batch?reasons=false', 'application/x-ndjson', null))
      for (let i = 0; i < 12; i++) {
        moving.socket.write(chunk(`{"client":${ids[i]}}\n`))
        await after(200)
      }
      assert.is(moving.said().match(/"status":200/g)?.length, 12, moving.said())
      moving.socket.write('0\r\n\r\n')
      await until(
        () => moving.said().endsWith('0\r\n\r\n'),
        () => moving.said(),
      )
      const dripping = line()
      dripping.socket.write(post('/v1/score/batch', 'application/x-ndjson', null))
      dripping.socket.write(chunk(`{"client":${ids[0]}}\n`))
      const drip = setInterval(() => dripping.socket.write(chunk('\n ')), 100)
      const cut = await dripping.closed
      clearInterval(drip)
      assert.ok(cut > 900 && cut < 15_000, `${cut} ms`)
      assert.match(dripping.said(), /"index":0,"status":200/)
      assert.match(dripping.said(), /"index":\d,"status":408,"problem":\{"type":"urn:problem:too-slow"/)
      const silent = line()
      silent.socket.write(post('/v1/score/batch', 'application/x-ndjson', null))
      assert.ok((await silent.closed) < 15_000)
      assert.ok((await journal.predictions({ limit: 99 })).length >= 13)
    },
    { silenceSeconds: 2, bodySeconds: 0.5, lineSeconds: 1.5 },
  ))

test('once the caller has gone nothing more is scored or recorded, and that is no error', () =>
  listening(
    async ({ line, journal, log }) => {
      const recorded = async () => (await journal.predictions({ limit: 500 })).length
      for (const type of ['application/json', 'application/x-ndjson']) {
        const { socket, said } = line()
        const all = ids.slice(0, 320).map((client) => JSON.stringify({ client }))
        const body = type === 'application/json' ? `[${all.join()}]` : all.join('\n')
        const begun = await recorded()
        socket.write(post('/v1/score/batch', type, Buffer.byteLength(body)) + body)
        await until(
          () => /"index":20,/.test(said()),
          () => said(),
        )
        socket.destroy()
        await after(400)
        const left = await recorded()
        assert.ok(left - begun < 200, `${left - begun} of 320 recorded`)
        await after(600)
        assert.is(await recorded(), left)
      }
      assert.equal(
        log.map(({ status, note, error }) => [status, note, error]),
        Array(2).fill([200, 'caller_left', undefined]),
      )
    },
    { journalSeconds: 0.05 },
  ))

test('callers that leave in the middle of their body are no errors of the service', () =>
  listening(async ({ line, log }) => {
    const sends: readonly [string, string][] = [
      ['/v1/score', 'application/json'],
      ['/v1/what-if', 'application/json'],
      ['/v1/outcomes', 'application/json'],
      ['/v1/score/batch', 'application/json'],
      ['/v1/score/batch', 'application/x-ndjson'],
      ['/decisions', 'multipart/form-data; boundary=b'],
      ['/sign-in', 'application/x-www-form-urlencoded'],
    ]
    for (const [path, type] of sends)
      for (const length of [5000, null]) {
        const { socket } = line()
        await once(socket, 'connect')
        socket.write(post(path, type, length) + (length === null ? chunk('{"cl') : '{"cl'))
        await after(30)
        socket.destroy()
      }
    await until(
      () => log.length === 2 * sends.length,
      () => `${log.length} lines of the log`,
    )
    assert.equal(
      log.filter(({ status, error }) => status >= 500 || error !== undefined),
      [],
    )
  }))

test('a health checker of HTTP/1.0 that names no host is answered, and so is one that does', () =>
  listening(async ({ line }) => {
    for (const head of [
      'GET /health/live HTTP/1.0',
      'GET /health/ready HTTP/1.0\r\nHost: 10.0.0.7',
      'HEAD / HTTP/1.0',
    ]) {
      const { socket, said, closed } = line()
      socket.write(`${head}\r\n\r\n`)
      await closed
      assert.match(said(), /^HTTP\/1\.1 200 OK/, head)
      if (head.startsWith('GET')) assert.match(said(), /\{"status":"(live|ready)"/)
    }
  }))

test('an address or host that cannot be read is refused in a problem document and the line is closed', () =>
  listening(async ({ line }) => {
    for (const head of [
      'GET /\\ HTTP/1.1\r\nhost: localhost',
      'GET / HTTP/1.1\r\nhost: a b',
      'GET http:// HTTP/1.1\r\nhost: a',
    ]) {
      const { socket, said, closed } = line()
      socket.write(`${head}\r\n\r\n`)
      await closed
      assert.match(said(), /^HTTP\/1\.1 400 /, head)
      assert.match(said(), /urn:problem:malformed-request","title":"L’adresse ou l’en-tête Host/)
    }
  }))

test('what the app throws is answered with a problem document and reported, not swallowed', async () => {
  const failures: string[] = []
  const throwing = () => Promise.reject(new TypeError('broken'))
  const failed = ({ error }: { error: unknown }) => failures.push(String(error))
  const server = listenerOf(throwing, { failed }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    assert.is(answer.status, 500)
    assert.is(((await answer.json()) as { type: string }).type, 'urn:problem:internal')
    assert.equal(failures, ['TypeError: broken'])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test.run()
