/** Bodies without end, without length, without hurry, on real sockets: refused in time, and the process does not grow by them. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import { createApp, type Options } from './app.ts'
import { limitOf } from './body-limit.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { listenerOf } from './listener.ts'
import type { LogEntry } from './log.ts'
import { application, service } from './opened.test-data.ts'
import { startService } from './started.test-data.ts'

const { bundle, clients, ids, scorer } = service(smallBundle())
const mega = 1024 * 1024
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

interface Sending {
  readonly method?: string
  readonly path: string
  readonly type?: string
  /** Bytes of the body, in chunks of `piece` bytes. */
  readonly bytes: number
  readonly piece?: number
  /** Before the filling. */
  readonly start?: string
  /** A piece; else letters. */
  readonly filling?: string
  /** Asks that the line be closed after the answer. */
  readonly once?: boolean
  /** Says how long the body is instead of sending it in chunks. */
  readonly stated?: boolean
}

/** Sends over a socket of its own, as fast as it is taken, until the other side closes; the answer as text, and the bytes that left. */
async function sent(url: string, o: Sending): Promise<{ status: number; text: string; bytes: number }> {
  const { method = 'POST', path, type = 'application/x-www-form-urlencoded', bytes, start = '' } = o
  const { piece = 65_536, filling: content = 'x'.repeat(piece) } = o
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  let left = 0
  socket.setEncoding('utf8').on('data', (part: string) => (text += part))
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const length = o.stated ? `content-length: ${bytes}` : 'transfer-encoding: chunked'
  socket.write(
    `${method} ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\n${o.once ? 'connection: close\r\n' : ''}${length}\r\n\r\n`,
  )
  const framed = (chunk: string) => (o.stated ? chunk : `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
  if (start !== '') socket.write(framed(start))
  const filling = framed(content)
  const together = Math.max(1, Math.floor(65_536 / piece))
  const load = filling.repeat(together)
  for (; left < bytes && socket.writable && !socket.destroyed; left += piece * together)
    if (!socket.write(load)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
  if (socket.writable && !o.stated) socket.write('0\r\n\r\n')
  const late = setTimeout(() => {
    text = 'the line was not closed in 10 s'
    socket.destroy()
  }, 10_000)
  await closed
  clearTimeout(late)
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text, bytes: Math.min(left, bytes) }
}

/** Megabytes that a process holds now. */
const held = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** By how many megabytes a process grew at most while something went on. */
async function growth<T>(pid: number, work: () => Promise<T>): Promise<{ result: T; grown: number }> {
  const before = held(pid)
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, held(pid))
  }, 5)
  try {
    const result = await work()
    return { result, grown: Math.max(most, held(pid)) - before }
  } finally {
    clearInterval(watch)
  }
}

const multipart = 'multipart/form-data; boundary=b'
const part = '--b\r\ncontent-disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'

const endless: readonly (Sending & { readonly title: string })[] = [
  { title: 'sign-in', path: '/sign-in' },
  { title: 'sign-in, a file', path: '/sign-in', type: multipart, start: part },
  { title: 'sign-in, no form', path: '/sign-in', type: multipart, start: 'nothing of the kind' },
  { title: 'sign-out', path: '/sign-out' },
  { title: 'decisions', path: '/decisions' },
  { title: 'decisions, a file', path: '/decisions', type: multipart, start: part },
  { title: 'check', path: '/applications/check', type: multipart, start: part },
  { title: 'review on the page', path: '/decisions/01ARZ3NDEKTSV4RRFFQ69G5FAV/review' },
  { title: 'unknown', path: '/nothing' },
  { title: 'unknown of the API', path: '/v1/nothing', type: 'application/json' },
  { title: 'score', path: '/v1/score', type: 'application/json' },
  { title: 'score, in small pieces', path: '/v1/score', type: 'application/json', piece: 16 },
  { title: 'what-if', path: '/v1/what-if', type: 'application/json' },
  { title: 'outcomes', path: '/v1/outcomes', type: 'application/json' },
  { title: 'GET', method: 'GET', path: '/' },
  { title: 'GET of health', method: 'GET', path: '/health/live' },
  { title: 'PUT', method: 'PUT', path: '/v1/score' },
].map((one) => ({ ...one, bytes: 100 * mega }))

test('100 MB in chunks or by its stated length: 413 at every address, the sender is cut off, and the process grows by less than 40 MB, by a list of 300 MB by less than 64', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'body-'))
  const { child, url } = await startService({ MODEL: bundle, JOURNAL: join(folder, 'journal.sqlite') })
  const pid = child.pid ?? 0
  try {
    for (const one of endless) await sent(url, { ...one, bytes: mega, once: true })
    const figures: string[] = []
    // First, while the process is small: nothing is hidden by what it holds already.
    const list = { path: '/v1/score/batch', type: 'application/json', bytes: 300 * mega, start: '[' }
    const lists = {
      'one long item': { ...list, start: '["' },
      'items of 64 kB': { ...list, filling: `"${'x'.repeat(65_533)}",` },
    }
    for (const [title, one] of Object.entries(lists)) {
      const { result, grown } = await growth(pid, () => sent(url, one))
      figures.push(`batch, ${title} ${grown.toFixed(0)}`)
      assert.is(result.status, 413, `${title}: ${result.text.slice(0, 400)}`)
      assert.ok(grown < 64, `${title}, of a list of up to 32 MB: grew by ${grown} MB`)
    }
    for (const stated of [false, true])
      for (const one of endless) {
        if (stated && one.piece) continue
        const { result, grown } = await growth(pid, () => sent(url, { ...one, stated }))
        figures.push(`${one.title} ${grown.toFixed(0)}`)
        assert.is(result.status, 413, `${one.title}: ${result.text.slice(0, 400)}`)
        assert.match(result.text, /\r\nconnection: close\r\n/i, one.title)
        assert.ok(result.bytes < one.bytes, `${one.title} took all of it`)
        assert.ok(grown < 40, `${one.title} grew by ${grown} MB`)
      }
    const { result, grown } = await growth(pid, () =>
      Promise.all(Array.from({ length: 12 }, () => sent(url, { path: '/sign-in', bytes: 31 * mega }))),
    )
    figures.push(`12 at once ${grown.toFixed(0)}`)
    assert.equal([...new Set(result.map(({ status }) => status))], [413])
    assert.ok(grown < 40, `12 at once grew by ${grown} MB`)
    console.log(`MB grown: ${figures.join(', ')}`)
    assert.is((await fetch(`${url}/health/live`)).status, 200)
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
})

/** The app behind a server in this process, and its log. */
async function listening<T>(options: Options, work: (url: string, log: readonly LogEntry[]) => Promise<T>): Promise<T> {
  const log: LogEntry[] = []
  const journal = openSqliteJournal(':memory:')
  const app = createApp(scorer, clients, journal, { ...options, log: (entry) => log.push(entry) })
  const server = listenerOf(app.fetch).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  try {
    return await work(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, log)
  } finally {
    server.closeAllConnections()
    server.close()
    await journal.close()
  }
}

test('a body that drips is cut off after its time, in chunks or by its stated length, and is no error of the service', () =>
  listening({ bodySeconds: 0.5 }, async (url, log) => {
    for (const head of ['transfer-encoding: chunked', 'content-length: 60000'])
      for (const path of ['/sign-in', '/v1/score', '/applications/check']) {
        const socket = connect(Number(new URL(url).port), '127.0.0.1')
        socket.on('error', () => {})
        const closed = new Promise((resolve) => socket.once('close', resolve))
        const begun = performance.now()
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/${path === '/v1/score' ? 'json' : 'x-www-form-urlencoded'}\r\n${head}\r\n\r\n`,
        )
        const drip = setInterval(() => socket.write(head.startsWith('t') ? '1\r\nx\r\n' : 'x'), 50)
        await closed
        clearInterval(drip)
        const lasted = performance.now() - begun
        assert.ok(lasted > 400 && lasted < 3000, `${path}, ${head}: ${lasted} ms`)
      }
    await after(50)
    assert.equal(
      log.map(({ status }) => status),
      Array.from({ length: 6 }, () => 400),
    )
  }))

test('lines that take longer than a body may are answered, as long as each is no longer than an application', () =>
  listening({ bodySeconds: 0.3 }, async (url) => {
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const client of ids.slice(0, 5)) {
          controller.enqueue(new TextEncoder().encode(`{"client":${client}}\n`))
          await after(200)
        }
        controller.close()
      },
    })
    const init = { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body, duplex: 'half' }
    const answer = await fetch(`${url}/v1/score/batch`, init as RequestInit)
    const lines = (await answer.text()).trim().split('\n')
    assert.equal(
      lines.map((line) => (JSON.parse(line) as { status: number }).status),
      [200, 200, 200, 200, 200],
    )
  }))

test('a body in chunks within its limit is read as if it had come at once, and the line is kept', () =>
  listening({}, async (url) => {
    const text = JSON.stringify({ application })
    const pieces = text.match(/.{1,7}/gs) ?? []
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let said = ''
    socket.setEncoding('utf8').on('data', (part: string) => (said += part))
    const head = 'host: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked'
    for (let i = 0; i < 2; i++) {
      socket.write(`POST /v1/score HTTP/1.1\r\n${head}\r\n\r\n`)
      for (const piece of pieces) socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`)
      socket.write('0\r\n\r\n')
      for (let waited = 0; said.split('HTTP/1.1 200').length < i + 2; waited += 10) {
        assert.ok(waited < 5000, said)
        await after(10)
      }
    }
    socket.destroy()
  }))

test('a form that is no form is refused with 400, for a person in words', () =>
  listening({}, async (url) => {
    for (const path of ['/sign-in', '/decisions', '/applications/check']) {
      const headers = { 'content-type': multipart, accept: 'text/html' }
      const answer = await fetch(url + path, { method: 'POST', headers, body: 'nothing of the kind' })
      assert.is(answer.status, 400)
      assert.match(await answer.text(), /Le formulaire envoyé n’est pas lisible/)
    }
  }))

test('a form of more than a thousand fields is refused before its fields are read, in both encodings', () =>
  listening({}, async (url) => {
    const field = (i: number) => `--b\r\ncontent-disposition: form-data; name="k${i}"\r\n\r\n1\r\n`
    const forms: readonly [type: string, body: (count: number) => string][] = [
      ['application/x-www-form-urlencoded', (count) => Array.from({ length: count }, (_, i) => `k${i}=1&`).join('')],
      [multipart, (count) => `${Array.from({ length: count }, (_, i) => field(i)).join('')}--b--\r\n`],
    ]
    for (const [type, body] of forms)
      for (const [count, refused] of [
        [1001, true],
        [900, false],
      ] as const) {
        const headers = { 'content-type': type, accept: 'text/html' }
        const answer = await fetch(`${url}/decisions`, { method: 'POST', headers, body: body(count) })
        assert.is(/plus de 1000 champs/.test(await answer.text()), refused, `${type} ${count}`)
        assert.is(answer.status === 400, refused)
      }
  }))

test('who may not call is refused before his body is read', () =>
  listening({ keys: [{ role: 'read', hash: Buffer.alloc(32) }] }, async (url) => {
    const statuses = await Promise.all(
      ['/v1/score', '/v1/score/batch', '/decisions'].map(async (path) => {
        const { status, bytes } = await sent(url, { path, type: 'application/json', bytes: 100 * mega })
        assert.ok(bytes < 100 * mega, `${path} took all of it`)
        return status
      }),
    )
    assert.equal(statuses, [401, 401, 303])
  }))

test('every route that takes an application or a list has its limit, every other that of a small form', async () => {
  const app = createApp(scorer, clients, openSqliteJournal(':memory:'))
  const document = (await (await app.request('/openapi.json')).json()) as {
    paths: Record<string, Record<string, { requestBody?: unknown }>>
  }
  const taking = Object.entries(document.paths).filter(([, methods]) => methods.post?.requestBody)
  assert.ok(taking.length >= 5)
  for (const [path] of taking)
    assert.is(limitOf('POST', path.replaceAll(/\{\w+\}/g, 'ID')).bytes, (path.endsWith('/batch') ? 32 : 2) * mega, path)
  for (const path of ['/sign-in', '/sign-out', '/decisions/ID/review', '/nothing', '/v1/score/'])
    assert.is(limitOf('POST', path).bytes, 65_536, path)
  assert.is(limitOf('GET', '/v1/score').bytes, 65_536)
})

test.run()
