/** The exported files hold what the journal holds. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exportJournal } from './export.ts'
import { prediction } from './recorded.test-data.ts'
import { predictionOf } from './rows.ts'
import { openSqliteJournal } from './sqlite.ts'

const read = (path: string) => {
  const bytes = readFileSync(path)
  return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) })
}

test('every record is in the files, over several pages, with its values and what is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'export-'))
  const journal = openSqliteJournal(':memory:')
  const sent = Array.from({ length: 2500 }, (_, i) =>
    prediction(`P${i}`, i % 2 ? { client: null, rank: null, explanation: null } : { probability: i / 3000 }),
  )
  await Promise.all(sent.map((one) => journal.record(one)))
  await journal.review({ requestId: 'P1', at: '2026-11-24T13:06:00.000Z', decision: 'referred', overrideReason: null })
  assert.equal(await exportJournal(journal, folder), {
    predictions: 2500,
    reviews: 1,
    outcomes: 0,
    accesses: 0,
    erasures: 0,
  })
  const rows = await read(join(folder, 'predictions.parquet'))
  assert.equal(
    rows.map((row) => predictionOf(row)),
    sent,
  )
  assert.equal(await read(join(folder, 'outcomes.parquet')), [])
  const [review] = await read(join(folder, 'reviews.parquet'))
  assert.equal([review?.request_id, review?.decision, review?.override_code], ['P1', 'referred', null])
  await journal.close()
  rmSync(folder, { recursive: true })
})

test.run()
