import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import pl from 'nodejs-polars'
import { noteFile } from 'synthetic-credit/note'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DataError } from './data-error.ts'
import { ingestPortfolio } from './ingestion.ts'
import { openInput } from './input.ts'
import type { PortfolioNote } from './portfolio-note.ts'
import { type TableName, tableNames, tables } from './schema/tables.ts'
import { emptyFolder, ownPortfolio, rewrite, smallPortfolio } from './small.test-data.ts'

const limit = { unknownClients: 0.01 }

/** Ingests, and answers the bytes of the Parquet files by hash, and the note. */
async function ingested(data: string): Promise<{ bytes: Record<string, string>; note: PortfolioNote; output: string }> {
  const output = join(emptyFolder(), 'portfolio')
  await ingestPortfolio(data, output, limit)
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(output, name)))
      .digest('hex')
  const names = readdirSync(output).filter((name) => name.endsWith('.parquet'))
  const bytes = Object.fromEntries(names.sort().map((name) => [name, hash(name)]))
  return { bytes, output, note: JSON.parse(readFileSync(join(output, 'portfolio.json'), 'utf8')) }
}

/** What ingest says of data that it refuses; that it leaves nothing behind is checked along the way. */
async function complaint(data: string): Promise<string> {
  const output = join(emptyFolder(), 'portfolio')
  try {
    await ingestPortfolio(data, output, limit)
  } catch (error) {
    assert.instance(error, DataError, String(error))
    assert.equal(readdirSync(dirname(output)), [], 'nothing half-written is left')
    return (error as DataError).message
  }
  return ''
}

/** Packs files into a zip of which the first folder level is kept. */
function zipOf(...paths: string[]): string {
  const folder = emptyFolder()
  mkdirSync(folder)
  const zip = join(folder, 'home-credit.zip')
  const { status, stderr } = spawnSync('python3', ['-m', 'zipfile', '-c', zip, ...paths], { encoding: 'utf8' })
  assert.is(status, 0, stderr)
  return zip
}

const filesOf = (folder: string) => readdirSync(folder).map((name) => join(folder, name))

/** A small portfolio as real data, each table written by `as` in place of its CSV file. */
function portfolioAs(as: (csv: string, table: TableName) => void): string {
  const folder = ownPortfolio()
  for (const name of tableNames) {
    as(join(folder, tables[name].file), name)
    rmSync(join(folder, tables[name].file))
  }
  return folder
}

const gzipped = () => portfolioAs((csv) => writeFileSync(`${csv}.gz`, gzipSync(readFileSync(csv))))

/** As pandas or polars would write them that know nothing of the schema: inferred types, sentinels as they are. */
const asParquet = () =>
  portfolioAs((csv) => pl.readCSV(csv, { inferSchemaLength: 100_000 }).writeParquet(csv.replace(/csv$/, 'parquet')))

/** Replaces one table of a Parquet folder. */
function respell(folder: string, table: TableName, edit: (frame: pl.DataFrame) => pl.DataFrame): string {
  const path = join(folder, `${table}.parquet`)
  edit(pl.readParquet(path)).writeParquet(path)
  return folder
}

test('gzipped CSV, Parquet and a zip archive give the bytes that CSV gives', async () => {
  const plain = await ingested(ownPortfolio())
  const folder = ownPortfolio()
  writeFileSync(join(folder, 'HomeCredit_columns_description.csv'), 'Table,Row,Description\n"a\xe9,"b",\n')
  writeFileSync(join(folder, 'sample_submission.csv'), 'SK_ID_CURR,TARGET\n1,0.5\n')
  const zip = zipOf(...filesOf(folder))
  const place = emptyFolder()
  mkdirSync(place)
  copyFileSync(zip, join(place, 'data.zip'))
  for (const [what, data] of Object.entries({
    gzip: gzipped(),
    zip,
    'a folder in a zip': zipOf(folder),
    'a zip in a folder': place,
  })) {
    const other = await ingested(data)
    assert.equal(other.bytes, plain.bytes, what)
    assert.equal(other.note, plain.note, what) // hashes are of the CSV bytes, packed or not
  }
  const parquet = await ingested(asParquet())
  assert.equal(parquet.bytes, plain.bytes)
  assert.is.not(parquet.note.hash, plain.note.hash)
  assert.is(parquet.note.synthetic, null)
})

test('generated data stay synthetic when they are packed or written as Parquet', async () => {
  const { note, output, bytes } = await ingested(smallPortfolio())
  assert.equal((await ingested(zipOf(...filesOf(smallPortfolio())))).note, note)
  const again = await ingested(output) // what ingest wrote is a portfolio too
  assert.equal(again.bytes, bytes)
  assert.equal(again.note.synthetic, note.synthetic)
  const noted = asParquet()
  copyFileSync(join(smallPortfolio(), noteFile), join(noted, noteFile))
  assert.equal((await ingested(noted)).note.synthetic, note.synthetic)
})

test('a gzip file that is cut off, damaged or something else is refused by name', async () => {
  const folder = gzipped()
  const path = (table: TableName) => join(folder, `${table}.csv.gz`)
  truncateSync(path('bureau'), 2000)
  writeFileSync(path('bureau_balance'), readFileSync(join(smallPortfolio(), 'bureau_balance.csv')))
  writeFileSync(path('previous_application'), readFileSync(path('previous_application')).fill(0xaa, 500, 600))
  writeFileSync(path('POS_CASH_balance'), gzipSync(Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0])))
  const header = tables.installments_payments.columns.map(({ name }) => name).join(',')
  writeFileSync(path('installments_payments'), gzipSync(Buffer.from(`${header}\n1,2,\xe9,4,5,6,7,8\n`, 'latin1')))
  writeFileSync(path('credit_card_balance'), gzipSync(Buffer.alloc(0)))
  const message = await complaint(folder)
  assert.match(message, /6 problems/)
  assert.match(message, 'bureau.csv.gz: expected a whole gzip file, found one that is cut off')
  assert.match(message, 'bureau_balance.csv.gz: expected a gzip file, found other data')
  assert.match(message, /previous_application\.csv\.gz: expected a whole gzip file, found (invalid|incorrect)/)
  assert.match(message, 'POS_CASH_balance.csv.gz: expected CSV text in UTF-8, found a zip archive')
  assert.match(message, /installments_payments\.csv\.gz, line \d+: expected CSV text in UTF-8, found another encoding/)
  assert.match(message, 'credit_card_balance.csv.gz: expected a header and rows, found an empty file')
})

test('a Parquet file that is cut off, damaged or something else is refused by name', async () => {
  const folder = asParquet()
  const path = (table: TableName) => join(folder, `${table}.parquet`)
  truncateSync(path('bureau'), 2000)
  writeFileSync(path('bureau_balance'), 'SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,2,3\n')
  const whole = readFileSync(path('previous_application'))
  writeFileSync(path('previous_application'), whole.fill(0xaa, whole.length - 300, whole.length - 100))
  writeFileSync(path('POS_CASH_balance'), '')
  rmSync(path('installments_payments'))
  mkdirSync(path('installments_payments'))
  const message = await complaint(folder)
  assert.match(message, 'bureau.parquet: expected a whole Parquet file, found one that is cut off')
  assert.match(message, 'bureau_balance.parquet: expected a Parquet file, found other data')
  assert.match(message, 'previous_application.parquet: expected a readable Parquet file')
  assert.match(message, 'POS_CASH_balance.parquet: expected a Parquet file, found an empty file')
  assert.match(message, 'installments_payments.parquet: expected a Parquet file, found a folder')
})

test('an error in the values of a Parquet file names the row', async () => {
  const folder = asParquet()
  respell(folder, 'bureau', (frame) =>
    frame.withColumns(
      pl
        .when(pl.col('DAYS_CREDIT').eq(pl.col('DAYS_CREDIT').first()))
        .then(pl.lit(-0.5))
        .otherwise(pl.col('DAYS_CREDIT'))
        .alias('DAYS_CREDIT'),
    ),
  )
  respell(folder, 'bureau_balance', (frame) => frame.drop('STATUS'))
  respell(folder, 'previous_application', (frame) =>
    frame.withColumns(
      pl.col('AMT_CREDIT').cast(pl.Utf8),
      pl.col('NAME_CONTRACT_TYPE').eq(pl.lit('x')).alias('NAME_CONTRACT_TYPE'),
    ),
  )
  respell(folder, 'POS_CASH_balance', (frame) => frame.head(0))
  respell(folder, 'credit_card_balance', (frame) =>
    frame
      .withColumns(
        pl
          .when(pl.col('SK_DPD').gtEq(pl.lit(0)))
          .then(pl.lit('a lot'))
          .otherwise(pl.lit(''))
          .alias('SK_DPD'),
      )
      .head(2),
  )
  const message = await complaint(folder)
  assert.match(message, /bureau\.parquet, row 1, DAYS_CREDIT: expected a whole number.*, found -0\.5/)
  assert.match(message, 'bureau_balance.parquet, STATUS: expected this column in the file')
  assert.match(
    message,
    /previous_application\.parquet, NAME_CONTRACT_TYPE: expected a column of texts, found one of truth values/,
  )
  assert.not.match(message, 'AMT_CREDIT') // numbers written as texts are numbers
  assert.match(message, 'POS_CASH_balance.parquet: expected at least one row, found none')
  assert.match(message, 'credit_card_balance.parquet, row 2, SK_DPD: expected a whole number, found a lot')
})

test('a number that is not one in a Parquet file is a gap', async () => {
  const folder = asParquet()
  const gaps = pl.readParquet(join(folder, 'bureau.parquet')).getColumn('AMT_ANNUITY').nullCount()
  respell(folder, 'bureau', (frame) => frame.withColumns(pl.col('AMT_ANNUITY').fillNull(pl.lit(Number.NaN))))
  const { output } = await ingested(folder)
  assert.ok(gaps > 0)
  assert.is(pl.readParquet(join(output, 'bureau.parquet')).getColumn('AMT_ANNUITY').nullCount(), gaps)
})

test('a zip archive that is cut off, damaged, locked or something else is refused by name', async () => {
  const whole = readFileSync(zipOf(...filesOf(ownPortfolio())))
  const broken = (change: (bytes: Buffer) => Buffer): Promise<string> => {
    const folder = emptyFolder()
    mkdirSync(folder)
    writeFileSync(join(folder, 'data.zip'), change(Buffer.from(whole)))
    return complaint(join(folder, 'data.zip'))
  }
  assert.match(
    await broken((bytes) => bytes.subarray(0, bytes.length >> 1)),
    /data\.zip: expected a whole zip archive, found/,
  )
  assert.match(await broken(() => Buffer.from('PK but no archive')), /data\.zip: expected a whole zip archive, found/)
  assert.match(await broken(() => Buffer.alloc(0)), /data\.zip: expected a whole zip archive, found/)
  const first = whole.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) // the central directory
  const damaged = await broken((bytes) => bytes.fill(0xaa, 5000, 5100))
  assert.match(damaged, /\.csv in data\.zip: expected a sound file in the archive, found/)
  const sum = await broken((bytes) => {
    bytes.writeUInt32LE(1, first + 16)
    return bytes
  })
  assert.match(sum, /in data\.zip: expected a sound file in the archive, found other bytes than its checksum is of/)
  const locked = await broken((bytes) => {
    bytes.writeUInt16LE(bytes.readUInt16LE(first + 8) | 1, first + 8)
    return bytes
  })
  assert.match(locked, /in data\.zip: expected a file without password, found an encrypted one/)
})

test('a table that an archive lacks is named, with all problems of the others', async () => {
  const folder = ownPortfolio()
  rmSync(join(folder, 'application_test.csv'))
  rewrite(folder, 'credit_card_balance.csv', (lines) => lines.slice(0, 1))
  const message = await complaint(zipOf(...filesOf(folder)))
  assert.match(message, /2 problems/)
  assert.match(
    message,
    'application_test.csv: expected this file in home-credit.zip (or application_test.csv.gz, application_test.csv.zip or application_test.parquet), found none',
  )
  assert.match(message, 'credit_card_balance.csv in home-credit.zip: expected at least one row')
})

test('a table written twice, and an archive next to tables, are refused', async () => {
  const folder = ownPortfolio()
  writeFileSync(join(folder, 'bureau.csv.gz'), gzipSync(readFileSync(join(folder, 'bureau.csv'))))
  assert.match(
    await complaint(folder),
    /bureau\.csv: expected one file of this table in .*, found bureau\.csv and bureau\.csv\.gz/,
  )
  rmSync(join(folder, 'bureau.csv.gz'))
  writeFileSync(join(folder, 'home-credit.zip'), '')
  assert.match(
    await complaint(folder),
    /expected either one zip archive or the tables themselves in this folder, found .*home-credit\.zip/,
  )
  assert.match(await complaint(join(folder, 'nowhere')), /nowhere: expected a folder or a zip archive, found none/)
})

test('application files may or may not know outcomes when they need not', async () => {
  const folder = ownPortfolio()
  rewrite(folder, 'application_train.csv', (lines) =>
    lines.map((line, i) => (i === 3 ? line.replace(/^(\d+),[01],/, '$1,,') : line)),
  )
  const input = await openInput(folder)
  const train = await input.read('application_train', { outcomes: 'optional' })
  const fresh = await input.read('application_test', { outcomes: 'optional' })
  assert.is(train.frame?.getColumn('TARGET').nullCount(), 1)
  assert.not.ok(fresh.frame?.columns.includes('TARGET'))
  assert.match((await input.read('application_train')).problems[0]?.expected ?? '', '0 or 1')
  input.close()
})

test('what was unpacked is gone after closing', async () => {
  const scratch = emptyFolder()
  mkdirSync(scratch)
  const input = await openInput(zipOf(...filesOf(smallPortfolio())), scratch)
  assert.is((await input.read('bureau_balance')).problems.length, 0)
  assert.ok(existsSync(scratch) && readdirSync(scratch).length === 1) // the note
  input.close()
  input.close()
  assert.equal(readdirSync(scratch), [])
})

test.run()
