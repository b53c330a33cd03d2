/** Lost connections to a real PostgreSQL, one case at a time: what is done again, and what never is. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Client } from 'pg'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openConnections } from './connections.ts'
import { startDatabase } from './database.test-data.ts'

const database = await startDatabase()

async function outside(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'credit-scoring'`

/** A database with one table whose rows may repeat, so that work done twice is seen. */
async function withTable(): Promise<string> {
  const url = await database.create()
  await outside(url, 'CREATE TABLE written (what TEXT NOT NULL)')
  return url
}

const count = async (url: string) => Number((await outside(url, 'SELECT count(*) AS n FROM written'))[0]?.n)
const insert = `INSERT INTO written VALUES ($1)`

/** Before the database: cuts the line as soon as a caller has sent `text`, which the database still gets. */
async function cutting(url: string, text: string): Promise<{ url: string; cuts: () => number; close: () => void }> {
  let cuts = 0
  const lines = new Set<Socket>()
  const server = createServer((caller) => {
    const line = connect(Number(new URL(url).port), '127.0.0.1')
    for (const one of [caller, line]) lines.add(one.on('error', () => {}).once('close', () => lines.delete(one)))
    caller.on('data', (sent) => {
      if (sent.includes(text)) {
        cuts++
        line.end(sent)
        caller.destroy()
      } else line.write(sent)
    })
    line.pipe(caller)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const through = new URL(url)
  through.port = String(typeof address === 'object' && address ? address.port : 0)
  return {
    url: through.href,
    cuts: () => cuts,
    close() {
      server.close()
      for (const line of lines) line.destroy()
    },
  }
}

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing was refused',
    (error: unknown) => String(error),
  )

test('connections that were all lost while idle are replaced, and nobody notices', async () => {
  const url = await withTable()
  const connections = openConnections(url)
  const four = ['a', 'b', 'c', 'd']
  const write = (what: string) =>
    connections.transaction(async (run) => {
      await run(insert, [what])
      await run('SELECT pg_sleep(0.05)')
    })
  await Promise.all(four.map(write))
  assert.is((await outside(url, terminate)).length, four.length, 'as many connections as callers')
  await Promise.all(four.map(write))
  assert.is(await count(url), 2 * four.length)
  await connections.close()
})

test('a transaction that lost its connection before COMMIT is done again, once', async () => {
  const url = await withTable()
  const connections = openConnections(url)
  let tries = 0
  await connections.transaction(async (run) => {
    await run(insert, [`try ${tries++}`])
    if (tries === 1) await outside(url, terminate)
    await run(insert, ['second row'])
  })
  assert.is(tries, 2)
  assert.equal(await outside(url, 'SELECT what FROM written'), [{ what: 'try 1' }, { what: 'second row' }])
  await connections.close()
})

test('a COMMIT without an answer is a failure and is never sent again, though the database may have done it', async () => {
  const url = await withTable()
  const line = await cutting(url, 'COMMIT')
  const connections = openConnections(line.url)
  const error = await refusal(connections.transaction((run) => run(insert, ['once'])))
  assert.match(error, /did not say whether it committed/)
  assert.is(line.cuts(), 1)
  for (let waited = 0; (await count(url)) === 0; waited += 20) {
    assert.ok(waited < 5000, 'the database got the COMMIT')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.is(await count(url), 1)
  await connections.close()
  line.close()
})

test('a line that always breaks is given up, and nothing is written', async () => {
  const url = await withTable()
  const line = await cutting(url, 'INSERT INTO written')
  const connections = openConnections(line.url)
  assert.match(await refusal(connections.transaction((run) => run(insert, ['never']))), /connection .* was lost/)
  assert.is(line.cuts(), 5)
  assert.is(await count(url), 0)
  await connections.close()
  line.close()
})

test('a statement that the database refuses undoes its transaction and costs no connection', async () => {
  const url = await withTable()
  const connections = openConnections(url)
  const session = async () => (await connections.read('SELECT pg_backend_pid() AS pid', []))[0]?.pid
  const before = await session()
  const error = await refusal(
    connections.transaction(async (run) => {
      await run(insert, ['undone'])
      await run(insert, [null])
    }),
  )
  assert.match(error, /null value/)
  assert.is(await count(url), 0)
  assert.is(await session(), before)
  await connections.close()
})

test('a prepared statement that a migration made stale is prepared again', async () => {
  const url = await withTable()
  const connections = openConnections(url)
  await connections.transaction((run) => run(insert, ['a']))
  const all = () => connections.read('SELECT * FROM written WHERE what <> $1', ['z'])
  assert.equal(await all(), [{ what: 'a' }])
  await outside(url, 'ALTER TABLE written ADD COLUMN more TEXT')
  assert.equal(await all(), [{ what: 'a', more: null }])
  await connections.close()
})

test('a database that lets a caller wait is given up after its time, and what it was asked is undone', async () => {
  const url = await withTable()
  const connections = openConnections(url)
  const locker = new Client(url)
  await locker.connect()
  await locker.query('BEGIN; LOCK TABLE written')
  const start = performance.now()
  assert.match(await refusal(connections.transaction((run) => run(insert, ['late']))), /timeout|no answer/)
  assert.ok(performance.now() - start < 6000)
  await locker.query('ROLLBACK')
  await locker.end()
  await connections.close()
  assert.is(await count(url), 0)
})

test('bigint comes as text, a number as a number, bytes as they were', async () => {
  const url = await withTable()
  const connections = openConnections(url)
  const [row] = await connections.read(
    `SELECT 9007199254740993::bigint AS large, 0.1::float8 + 0.2 AS real, 1.50::numeric AS exact, $1::bytea AS bytes`,
    [Buffer.from([0, 255])],
  )
  assert.equal(row, { large: '9007199254740993', real: 0.1 + 0.2, exact: '1.50', bytes: Buffer.from([0, 255]) })
  await connections.close()
})

test('the database is stopped', () => database.stop())

test.run()
