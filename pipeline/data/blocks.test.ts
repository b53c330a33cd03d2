import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Blocks } from './checks.ts'
import { csvBlocks, readCsv } from './read-csv.ts'
import { parquetBlocks, readParquet } from './read-parquet.ts'
import { tables } from './schema/tables.ts'
import { ownPortfolio, rewrite } from './small.test-data.ts'

const schema = tables.previous_application

/** All frames of some blocks, and what came last. */
function drained(blocks: Blocks) {
  const frames: pl.DataFrame[] = []
  for (let next = blocks.next(); ; next = blocks.next()) {
    if (next.done) return { frames, last: next.value }
    frames.push(next.value)
  }
}

const texts = (frame: pl.DataFrame) => frame.writeCSV().toString()

test('the blocks of a CSV file are its rows, wherever the cuts fall and however its lines end', () => {
  const folder = ownPortfolio()
  const path = join(folder, schema.file)
  const quoted = (text: string) => text.replace('Cash loans', '"Cash\nloans"').replace(/,XNA,/, ',"X,""N""A",')
  rewrite(folder, schema.file, (lines) => lines.map((line, i) => (i % 7 === 3 ? quoted(line) : line)))
  const plain = readFileSync(path, 'utf8')
  for (const text of [plain, plain.replace(/\r?\n/g, '\r\n'), plain.trimEnd()]) {
    writeFileSync(path, text)
    const whole = readCsv(path, schema.file, schema)
    assert.equal(whole.problems, [])
    for (const bytes of [10_000, 40_000, 1 << 30]) {
      const { frames, last } = drained(csvBlocks(path, schema.file, schema, {}, bytes))
      assert.equal(last.problems, [])
      assert.equal(last.scan?.rows, whole.scan?.rows)
      assert.is(last.scan?.sha256, whole.scan?.sha256)
      assert.ok(bytes > 40_000 ? frames.length === 1 : frames.length > 2, `${frames.length} blocks of ${bytes} bytes`)
      assert.is(texts(pl.concat(frames)), texts(whole.frame!))
    }
  }
})

test('an error in a block names the line in the whole file', () => {
  const folder = ownPortfolio()
  const path = join(folder, schema.file)
  const at = schema.columns.findIndex(({ name }) => name === 'AMT_CREDIT')
  rewrite(folder, schema.file, (lines) =>
    lines.map((line, i) => (i === 150 ? line.split(',').with(at, 'many').join(',') : line)),
  )
  const { last } = drained(csvBlocks(path, schema.file, schema, {}, 20_000))
  assert.equal(last.problems, readCsv(path, schema.file, schema).problems)
  assert.equal(
    last.problems.map(({ column, line, value }) => [column, line, value]),
    [['AMT_CREDIT', 151, 'many']],
  )
})

test('the blocks of a Parquet file are its rows', () => {
  const folder = ownPortfolio()
  const frame = readCsv(join(folder, schema.file), schema.file, schema).frame!
  const path = join(folder, 'previous_application.parquet')
  frame.writeParquet(path)
  const whole = readParquet(path, 'x', schema)
  for (const cells of [schema.columns.length * 50, schema.columns.length * frame.height, 1 << 30]) {
    const { frames, last } = drained(parquetBlocks(path, 'x', schema, {}, cells))
    assert.equal(last, { scan: whole.scan, ignored: whole.ignored, unknownLevels: [], problems: [] })
    assert.is(texts(pl.concat(frames)), texts(whole.frame!))
  }
})

test.run()
