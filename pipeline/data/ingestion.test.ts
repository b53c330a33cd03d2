import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { notRun, sharedSample } from '../../testing/shared.ts'
import { DataError } from './data-error.ts'
import { ingestPortfolio, type Quality } from './ingestion.ts'
import type { PortfolioNote } from './portfolio-note.ts'
import { tableNames, tables } from './schema/tables.ts'
import { emptyFolder, ownPortfolio, rewrite, smallPortfolio } from './small.test-data.ts'

const limit = { unknownClients: 0.01 }

async function ingested(data: string): Promise<{ output: string; note: PortfolioNote; quality: Quality }> {
  const output = join(emptyFolder(), 'portfolio')
  const quality = await ingestPortfolio(data, output, limit)
  return { output, note: JSON.parse(readFileSync(join(output, 'portfolio.json'), 'utf8')), quality }
}

/** That the promise fails with a message of this form. */
async function rejects(promise: Promise<unknown>, message: RegExp): Promise<void> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  )
  assert.instance(outcome, DataError)
  assert.match((outcome as DataError).message, message)
}

const parquets = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.parquet'))
      .sort()
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  )

test('generated data are read without a complaint, and their note travels on', async () => {
  const { output, note, quality } = await ingested(smallPortfolio())
  assert.equal(readdirSync(output).sort(), [...tableNames.map((name) => `${name}.parquet`), 'portfolio.json'].sort())
  assert.equal(note.synthetic?.parameters, { clients: 200, new_clients: 40, seed: 5 })
  assert.is(note.tables.application_train?.rows, 200)
  assert.is(quality.clients.new, 40)
  assert.equal(
    quality.tables.map(({ unknown }) => unknown),
    [0, 0, 0, 0, 0, 0, 0, 0],
  )
})

test('the hash of a file in portfolio.json is that of its bytes', async () => {
  const { note } = await ingested(smallPortfolio())
  for (const name of tableNames) {
    const bytes = readFileSync(join(smallPortfolio(), tables[name].file))
    assert.is(note.tables[name]?.sha256, createHash('sha256').update(bytes).digest('hex'))
  }
})

test('the Parquet bytes do not depend on the order of the rows', async () => {
  const shuffled = ownPortfolio()
  for (const name of tableNames)
    rewrite(shuffled, tables[name].file, ([header, ...rows]) => [
      header!,
      ...rows
        .map((row, i) => [(i * 7919) % 104729, row] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, row]) => row),
    ])
  const [one, other] = [await ingested(smallPortfolio()), await ingested(shuffled)]
  assert.equal(parquets(other.output), parquets(one.output))
  assert.is.not(other.note.hash, one.note.hash)
})

test('the missing share of a column counts empty fields and sentinels', async () => {
  const { quality } = await ingested(smallPortfolio())
  const lines = readFileSync(join(smallPortfolio(), 'application_train.csv'), 'utf8').trimEnd().split('\n').slice(1)
  const at = tables.application_train.columns.findIndex(({ name }) => name === 'DAYS_EMPLOYED')
  const retired = lines.filter((line) => line.replaceAll(/"[^"]*"/g, 'x').split(',')[at] === '365243').length
  const found = quality.tables[0]?.columns.find(({ name }) => name === 'DAYS_EMPLOYED')?.missing
  assert.ok(retired > 10)
  assert.is(found, retired / 200)
})

test('a client in both application files is named', async () => {
  const folder = ownPortfolio()
  const first = readFileSync(join(folder, 'application_train.csv'), 'utf8').split('\n')[1]!.split(',')[0]
  rewrite(folder, 'application_test.csv', (lines) =>
    lines.map((line, i) => (i === 2 ? line.replace(/^\d+/, first!) : line)),
  )
  await rejects(
    ingested(folder),
    new RegExp(
      `application_test\\.csv, line 3, SK_ID_CURR: expected a client that is not in application_train\\.csv, found ${first}`,
    ),
  )
})

test('the problems of all tables come at once', async () => {
  const folder = ownPortfolio()
  rewrite(folder, 'bureau.csv', (lines) => lines.map((line, i) => (i === 1 ? line.replace(/^\d+/, 'x') : line)))
  rewrite(folder, 'credit_card_balance.csv', (lines) => lines.slice(0, 1))
  await rejects(
    ingested(folder),
    /2 problems[\s\S]*bureau\.csv, line 2, SK_ID_CURR[\s\S]*credit_card_balance\.csv: expected at least one row/,
  )
})

test('history of unknown clients is counted and tolerated up to the limit', async () => {
  const folder = ownPortfolio()
  const file = 'previous_application.csv'
  const unknown = (rows: number) =>
    rewrite(folder, file, (lines) =>
      lines.map((line, i) => (i > 0 && i <= rows ? line.replace(/^(\d+),\d+/, '$1,999999') : line)),
    )
  unknown(3)
  const { quality } = await ingested(folder)
  assert.is(quality.tables.find(({ table }) => table === 'previous_application')?.unknown, 3)
  unknown(60)
  await rejects(
    ingested(folder),
    /previous_application\.csv, SK_ID_CURR: expected at most 1% of rows .*ingest\.unknown_clients.* found 60 of /,
  )
})

test('months of a loan that bureau does not know are counted and tolerated', async () => {
  const folder = ownPortfolio()
  rewrite(folder, 'bureau_balance.csv', (lines) =>
    lines.map((line, i) => (i > 0 && i <= 500 ? line.replace(/^\d+/, '9') : line)),
  )
  assert.is((await ingested(folder)).quality.tables.find(({ table }) => table === 'bureau_balance')?.unknown, 500)
})

test('real data next to a forgotten note are real', async () => {
  const folder = ownPortfolio({ note: true })
  for (const name of tableNames) rewrite(folder, tables[name].file, ([header, ...rows]) => [header!, ...rows.reverse()])
  assert.is((await ingested(folder)).note.synthetic, null)
})

test('files left over from a generated portfolio are named', async () => {
  const folder = ownPortfolio({ note: true })
  for (const name of tableNames.slice(0, 6))
    rewrite(folder, tables[name].file, ([header, ...rows]) => [header!, ...rows.reverse()])
  await rejects(
    ingested(folder),
    /synthetic\.json: .* found files left over from the generated portfolio: installments_payments\.csv, credit_card_balance\.csv/,
  )
})

test('a history table may be absent: it is named, written without rows, and a generated portfolio is still one', async () => {
  const folder = ownPortfolio({ note: true })
  rmSync(join(folder, 'credit_card_balance.csv'))
  const { note, quality } = await ingested(folder)
  assert.equal([note.absent, quality.absent], [['credit_card_balance'], ['credit_card_balance']])
  assert.ok(note.synthetic)
  assert.not.ok(quality.tables.some(({ table }) => table === 'credit_card_balance'))
  rmSync(join(folder, 'application_test.csv'))
  await rejects(ingested(folder), /application_test\.csv/)
})

test('after a failure the earlier output is as it was, and nothing half-written is left', async () => {
  const { output } = await ingested(smallPortfolio())
  const before = parquets(output)
  const folder = ownPortfolio()
  rewrite(folder, 'credit_card_balance.csv', (lines) => lines.slice(0, 1))
  await rejects(ingestPortfolio(folder, output, limit), /1 problem/)
  assert.equal(parquets(output), before)
  assert.equal(readdirSync(dirname(output)), ['portfolio'])
})

test('leftovers of an interrupted run do not disturb the next', async () => {
  const output = join(emptyFolder(), 'portfolio')
  const left = join(dirname(output), `portfolio.${spawnSync('true').pid}-1.unfinished`)
  mkdirSync(left, { recursive: true })
  writeFileSync(join(left, 'bureau.parquet'), 'half')
  await ingestPortfolio(smallPortfolio(), output, limit)
  assert.not.ok(existsSync(left))
})

test('the real sample is read, and none of its rows is of an unknown client', async () => {
  const sample = sharedSample()
  if (!sample) return notRun('the real sample is read, and none of its rows is of an unknown client')
  const { note, quality } = await ingested(sample)
  assert.is(note.synthetic, null)
  assert.equal(quality.clients, { train: 2500, new: 2500, defaults: 184 })
  assert.ok(quality.tables.every(({ unknown }) => unknown === 0))
})

test.run()
