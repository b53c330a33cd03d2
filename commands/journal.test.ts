/** `npm run journal` on journals that the real service code wrote: what it gives out is what was scored. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startDatabase } from '../api/journal/database.test-data.ts'
import type { Journal } from '../api/journal/journal.ts'
import { openPostgresJournal } from '../api/journal/postgres.ts'
import { prediction } from '../api/journal/recorded.test-data.ts'
import { openSqliteJournal } from '../api/journal/sqlite.ts'
import { verifyJournal } from '../api/journal/verify.ts'
import { application, service } from '../api/opened.test-data.ts'
import { csvRows } from '../pipeline/data/csv-rows.ts'
import { ingestPortfolio } from '../pipeline/data/ingestion.ts'
import { smallWorkspace } from '../testing/bundles.ts'

const folder = mkdtempSync(join(tmpdir(), 'journal-command-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

type Environment = Readonly<Record<string, string>>

function command(script: string, args: readonly string[], env: Environment = {}) {
  return spawnSync(process.execPath, ['--conditions=source', `commands/${script}.ts`, ...args], {
    env: { ...process.env, INIT_CWD: folder, DATABASE_URL: '', ...env },
    encoding: 'utf8',
    timeout: 300_000,
  })
}

/** The same without holding up this process, where the test reads what the command writes. */
async function journalCommand(args: readonly string[], env: Environment) {
  const child = spawn(process.execPath, ['--conditions=source', 'commands/journal.ts', ...args], {
    env: { ...process.env, INIT_CWD: folder, DATABASE_URL: '', ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [status] = (await once(child, 'close')) as [number]
  return { status, stdout, stderr }
}

const tableOf = (path: string) => {
  const { names, rows } = csvRows(readFileSync(path), { mayBeEmpty: true })
  return rows.map(({ cells }) => Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])))
}

const day = 86_400_000 // milliseconds

test('what was scored by number, as raw rows, without histories or with fields left out is scored again the same from its data set', async () => {
  const workspace = smallWorkspace()
  const bundle = join(workspace, 'artifacts', 'model')
  const path = join(folder, 'scored.sqlite')
  const { clients, ids, opened } = service(bundle)
  let now = Date.now() - 400 * day
  const { ask, journal } = await opened({ now: () => now }, openSqliteJournal(path))
  const raw = (id: number) => {
    const { application, history } = clients.get(id)!
    return { application, history }
  }
  const n = ids.length
  const some = ids
  const { bureau: _, ...withoutBureau } = raw(some[0]!).history
  const { FLAG_MOBIL: _m, DAYS_EMPLOYED: _d, ORGANIZATION_TYPE: _o, ...silent } = raw(some[1]!).application
  const sent: unknown[] = [
    ...some.map((client) => ({ client })),
    ...some.map(raw),
    { ...raw(some[0]!), history: withoutBureau },
    { application: raw(some[2]!).application },
    { application: raw(some[3]!).application, history: { bureau: [], previous_application: [] } },
    { ...raw(some[1]!), application: silent },
    { application },
  ]
  const answers = new Map<string, { probability: number; referred: boolean }>()
  for (const [i, body] of sent.entries()) {
    if (i === n) now = Date.now()
    const answer = await ask('/v1/score', body)
    assert.is(answer.status, 200, await answer.clone().text())
    const { requestId, probability, referral } = (await answer.json()) as {
      requestId: string
      probability: number
      referral: unknown[]
    }
    answers.set(requestId, { probability, referred: referral.length > 0 })
  }
  const requests = [...answers.keys()]
  const outcomes = requests.slice(0, n + 10).map((id, i) => `${id},${i % 5 === 0 ? 'defaulted' : 'repaid'},2026-01-01`)
  await journal.close()
  writeFileSync(join(folder, 'ends.csv'), `requestId,status,date\n${outcomes.join('\n')}\n`)
  const env = { JOURNAL: path, MODEL: bundle }
  const taken = command('journal', ['outcomes', 'ends.csv'], env)
  assert.is(taken.status, 0, taken.stderr)

  const made = command('journal', ['dataset', 'set'], env)
  assert.is(made.status, 0, made.stderr)
  assert.is(n, 400)
  assert.match(made.stdout, /805 applications, 400 of them with TARGET \(80 defaulted\)/)
  const set = join(folder, 'set')
  const train = tableOf(join(set, 'application_train.csv'))
  const fresh = tableOf(join(set, 'application_test.csv'))
  assert.equal([train.length, fresh.length], [n, n + 5], 'an outcome of a young application is no TARGET')
  assert.equal(
    train.map(({ TARGET }) => TARGET),
    train.map((_, i) => (i % 5 === 0 ? '1' : '0')),
  )
  const decisions = tableOf(join(set, 'decisions.csv'))
  const numbers = new Map(decisions.map(({ SK_ID_CURR, requestId }) => [SK_ID_CURR!, requestId!]))
  assert.is(numbers.size, 2 * n + 5)

  // What was left out is empty, not what the service assumed; a pensioner's missing job is the number of the published files.
  const supplied = tableOf(join(set, 'supplied.csv'))
  assert.equal(
    supplied.map(({ not_supplied }) => not_supplied!.split(';').filter(Boolean).length),
    [1, 6, 4, 0, 6],
  )
  assert.is(supplied[0]?.not_supplied, 'bureau')
  const left = fresh.find(({ SK_ID_CURR }) => SK_ID_CURR === supplied[3]?.SK_ID_CURR)!
  assert.equal([left.FLAG_MOBIL, left.DAYS_EMPLOYED], ['', ''])
  assert.is(JSON.parse(supplied[3]!.assumed!).FLAG_MOBIL, 1)
  const retired = train.filter(({ NAME_INCOME_TYPE }) => NAME_INCOME_TYPE === 'Pensioner')
  assert.ok(retired.length > 0 && retired.every(({ DAYS_EMPLOYED }) => DAYS_EMPLOYED === '365243'))

  const scored = command('score', [set, join(folder, 'scores.csv'), '--model', bundle])
  assert.is(scored.status, 0, scored.stderr)
  const again = tableOf(join(folder, 'scores.csv'))
  assert.is(again.length, 2 * n + 5)
  for (const { SK_ID_CURR, probability, referral } of again) {
    const before = answers.get(numbers.get(SK_ID_CURR!)!)!
    assert.ok(
      Math.abs(Number(probability) - before.probability) < 1e-12,
      `${SK_ID_CURR}: ${probability}, ${before.probability} before`,
    )
    assert.is(referral, String(before.referred), SK_ID_CURR)
  }

  const drift = command('drift', [join(workspace, '..', 'portfolio'), set])
  assert.ok([0, 3].includes(drift.status ?? 1), drift.stderr)
  assert.match(drift.stderr, /set: application_test\.csv/)

  const quality = await ingestPortfolio(set, join(folder, 'ingested'), { unknownClients: 0 })
  assert.equal(quality.clients, { train: n, new: n + 5, defaults: 80 })
  assert.equal(
    quality.tables.map(({ unknown }) => unknown).filter((count) => count > 0),
    [],
    'every history row has its client',
  )
  for (const file of readdirSync(set)) assert.is(statSync(join(set, file)).mode & 0o077, 0, file)

  const ranged = command(
    'journal',
    ['dataset', 'range', '--from', new Date(Date.now() - 2 * day).toISOString().slice(0, 10), '--matured', '0'],
    env,
  )
  assert.match(ranged.stdout, /405 applications, 10 of them with TARGET/)
})

/** A journal with a few predictions of known clients, in both kinds of database. */
const database = await startDatabase()
const kinds: Readonly<Record<string, () => Promise<{ env: Environment; open: () => Promise<Journal> }>>> = {
  SQLite: async () => {
    const path = join(mkdtempSync(join(folder, 'sqlite-')), 'journal.sqlite')
    return { env: { JOURNAL: path }, open: async () => openSqliteJournal(path) }
  },
  PostgreSQL: async () => {
    const url = await database.create()
    return { env: { DATABASE_URL: url }, open: () => openPostgresJournal(url) }
  },
}

const id = (i: number) => `01ARYZ6S41TSV4RRFFQ69G5F${String(i).padStart(2, '0')}`

async function filled(open: () => Promise<Journal>): Promise<void> {
  const journal = await open()
  for (let i = 0; i < 8; i++)
    await journal.record(
      prediction(id(i), {
        client: 100_001 + (i >> 1),
        decision: i === 1 || i >= 4 ? 'approved' : 'declined',
        at: `2026-0${i + 1}-10T00:00:00.000Z`,
      }),
      { key: `k${i}`, asked: 'h', requestId: id(i), answer: '{}' },
    )
  await journal.secret('session', 'the-secret')
  await journal.close()
}

for (const [name, make] of Object.entries(kinds)) {
  test(`${name}: outcomes are taken once, corrections are kept, and of a file with bad lines every one is named and none is taken`, async () => {
    const { env, open } = await make()
    await filled(open)
    const write = (...lines: string[]) => writeFileSync(join(folder, 'in.csv'), `${lines.join('\n')}\n`)
    const take = () => journalCommand(['outcomes', 'in.csv'], env)
    write(
      'requestId,client,status,date',
      `${id(0)},,repaid,2026-06-01`,
      ',100001,defaulted,2026-07-01',
      `${id(5)},,repaid,2026-09-01`,
    )
    assert.match((await take()).stdout, '3 outcomes recorded, 0 of them corrections; 0 were known already')
    assert.match((await take()).stdout, '0 outcomes recorded, 0 of them corrections; 3 were known already')
    write('request_id;status;date', `${id(5)};defaulted;2026-09-01`)
    assert.match((await take()).stdout, '1 outcomes recorded, 1 of them corrections; 0 were known already')
    write(
      'requestId,client,status,date',
      `${id(0)},,late,2026-06-01`,
      `${id(1)},,repaid,2026-02-30`,
      '01ARYZ6S41TSV4RRFFQ69G5FAV,,repaid,2026-06-01',
      ',100003,repaid,2026-12-01',
      ',100002,repaid,2026-12-01',
      ',nobody,repaid,2999-01-01',
      `${id(2)},,repaid,2999-01-01`,
      `${id(3)},,repaid,2026-06-01`,
    )
    const { status, stdout, stderr } = await take()
    assert.equal([status, stdout], [1, ''])
    const named = stderr.split('\n').filter((line) => line.startsWith('- '))
    assert.equal(
      named.map((line) => /line (\d+), (\w+)/.exec(line)?.slice(1).join(' ')),
      ['2 status', '3 date', '4 requestId', '5 client', '6 client', '7 client', '8 date'],
      stderr,
    )
    assert.match(stderr, new RegExp(`name the one meant in a column requestId \\(${id(5)}, ${id(4)}\\)`))
    const journal = await open()
    assert.equal(
      (await journal.outcomes(id(5))).map((one) => one.status),
      ['repaid', 'defaulted'],
    )
    assert.equal(
      (await journal.outcomes(id(1))).map((one) => one.status),
      ['defaulted'],
    )
    assert.equal(await journal.outcomes(id(3)), [])
    await journal.close()
  })

  test(`${name}: a client's records are given with who saw them, then erased; the chain verifies and names a change`, async () => {
    const { env, open } = await make()
    await filled(open)
    const noted = /head (\S+)/.exec((await journalCommand(['verify'], env)).stdout)![1]!
    const given = JSON.parse((await journalCommand(['export', '--client', '100002'], env)).stdout)
    assert.equal(
      given.predictions.map(({ requestId }: { requestId: string }) => requestId),
      [id(2), id(3)],
    )
    const seen = JSON.parse((await journalCommand(['export', '--client', '100002'], env)).stdout)
    assert.equal([given.accesses.length, seen.accesses.length, seen.accesses[0]?.purpose], [0, 1, 'exported'])
    assert.match(
      (await journalCommand(['erase', '--client', '100002'], env)).stdout,
      'erased: 2 of answers, 2 of accesses, 2 of predictions',
    )
    assert.match(
      (await journalCommand(['erase', '--request', id(0)], env)).stdout,
      'erased: 1 of answers, 1 of predictions',
    )
    const retained = await journalCommand(['retain'], { ...env, JOURNAL_RETENTION: 'answers:30' })
    assert.match(retained.stdout, /^erased: (5 of answers|nothing)/)
    const verified = await journalCommand(['verify', '--head', noted], env)
    assert.equal([verified.status, verified.stderr], [0, ''])
    const journal = await open()
    assert.equal((await journal.predictions({ limit: 9 })).length, 5)
    await journal.close()
    const wrong = await journalCommand(['verify', '--head', `1:${'0'.repeat(64)}`], env)
    assert.is(wrong.status, 3)
    assert.match(wrong.stderr, 'chain, position 1: another link stands here')
  })

  for (const [into, target] of Object.entries(kinds))
    test(`${name}: a backup brings every record back into ${into}, where nothing is yet, and the journal goes on`, async () => {
      const { env, open } = await make()
      await filled(open)
      await journalCommand(['erase', '--client', '100004'], env)
      const backup = join(mkdtempSync(join(folder, 'backup-')), 'backup.sqlite')
      const made = await journalCommand(['backup', backup], env)
      assert.is(made.status, 0, made.stderr)
      assert.is(statSync(backup).mode & 0o777, 0o600)
      const other = await target()
      const restored = await journalCommand(['restore', backup], other.env)
      assert.equal([restored.status, restored.stdout, restored.stderr], [0, 'restored: 7 records, 0 faults\n', ''])
      const [before, after] = [await open(), await other.open()]
      assert.equal((await verifyJournal(after)).head, (await verifyJournal(before)).head)
      for (let i = 0; i < 8; i++) assert.equal(await after.prediction(id(i)), await before.prediction(id(i)))
      assert.equal(await after.kept('k1'), await before.kept('k1'))
      assert.is(await after.secret('session', 'another'), 'the-secret')
      await after.record(prediction('NEXT'))
      assert.equal((await verifyJournal(after)).faults, [])
      await before.close()
      await after.close()
      const twice = await journalCommand(['restore', backup], other.env)
      assert.is(twice.status, 1)
      assert.match(twice.stderr, 'a backup overwrites no journal')
    })
}

test('a file that is no backup is refused, and leaves no journal', async () => {
  writeFileSync(join(folder, 'other.sqlite'), 'no database')
  new DatabaseSync(join(folder, 'empty.sqlite')).close()
  for (const file of ['other.sqlite', 'empty.sqlite', 'none.sqlite']) {
    const { status, stderr } = await journalCommand(['restore', file], { JOURNAL: join(folder, 'target.sqlite') })
    assert.is(status, 1)
    assert.match(stderr, /expected a backup of a journal/)
  }
  assert.not.ok(readdirSync(folder).some((name) => name.startsWith('target')))
})

test('the database is stopped', () => database.stop())

test.run()
