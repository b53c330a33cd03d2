import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../models/random.ts'
import { type DriftColumn, isNumber } from './column.ts'
import { csvColumns } from './csv.ts'
import { packed, push, sorted } from './packed.ts'
import { columnsOf, parquetColumns } from './read.ts'

function inFile<T>(text: string | Buffer, look: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'csv-'))
  const path = join(folder, 'table.csv')
  writeFileSync(path, text)
  try {
    return look(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A column in one line: type, missing of rows, then its values rising or its texts with their counts. */
const described = (column: DriftColumn): string =>
  `${column.name} ${column.type} ${column.missing}/${column.rows} ${
    isNumber(column) ? column.sorted.join(' ') : [...column.counts].map(([text, count]) => `${text}×${count}`).join(' ')
  }`
const columns = (text: string | Buffer) => inFile(text, (path) => csvColumns(path).map(described))

test('whole numbers without a gap are int, with a gap or a point float (pandas.read_csv)', () => {
  assert.equal(columns('a,b,c,d\n1,1,1.0,-3e2\n2,,2,+4\n'), [
    'a int 0/2 1 2',
    'b float 1/2 1',
    'c float 0/2 1 2',
    'd float 0/2 -300 4',
  ])
})

test('what pandas takes for missing is missing among numbers and among texts, infinity too', () => {
  assert.equal(columns('a,b\n1,x\nNA,NaN\ninf,None\n-Infinity,x\nnull,n/a\n'), ['a float 4/5 1', 'b text 3/5 x×2'])
})

test('a column that turns out to hold texts keeps its numbers as they were written', () => {
  assert.equal(columns('a,b\n1.0,1\n1,2\nx,3\n1.0,4\n'), ['a text 0/4 1×1 1.0×2 x×1', 'b int 0/4 1 2 3 4'])
})

test('truth values are bool', () => {
  assert.equal(columns('a,b\nTrue,true\nFalse,maybe\n'), ['a bool 0/2 False×1 True×1', 'b text 0/2 maybe×1 true×1'])
})

test('quotes, doubled quotes, line ends in quotes, CRLF, a byte-order mark, blank lines, a last line without its end', () => {
  assert.equal(columns('\uFEFFa,"b,c"\r\n"say ""hi""",1\r\n\r\n"two\nlines","2"\r\nétoile,'), [
    'a text 0/3 say "hi"×1 two\nlines×1 étoile×1',
    'b,c float 1/3 1 2',
  ])
})

test('a file that is no table is refused with the line', () => {
  assert.throws(() => columns('a,b\n1,2\n1\n'), /table\.csv, line 3: expected 2 fields, found 1/)
  assert.throws(() => columns('a,b\n"x\ny",2\n1,2,3\n'), /line 4: expected 2 fields/)
  assert.throws(() => columns(Buffer.from('PAR1\0\0\0\n1\n')), /expected CSV text in UTF-8, found a Parquet file/)
  assert.throws(() => columns(Buffer.from('a,b\0\n1,2\n')), /binary data/)
})

test('what lies across the pieces that a file is read in is read and refused as elsewhere', () => {
  const row = `1,${'x'.repeat(1021)}\n`
  for (const shift of [0, 1, 2, 3]) {
    const filler = `a,b\n${row.repeat(1023)}`
    const long = 'y'.repeat((1 << 20) - filler.length - 8 + shift)
    const [found] = inFile(`${filler}2,"${long}€""\r\n€"\r\n3,z\r\n`, (path) => csvColumns(path))
    assert.is(found!.rows, 1025)
    const torn = Buffer.concat([Buffer.from(`${filler}2,${long}`), Buffer.from([0xe2, 0x82, 10])])
    assert.throws(() => columns(torn), /line 1025: expected CSV text in UTF-8/)
    assert.throws(() => columns(`${filler}2,"${long}"x\n`), /line 1025: expected a separator/)
    assert.throws(() => columns(`${filler}2,${long}\rx\n`), /line 1025: expected lines that end with LF/)
  }
})

/** 9,000 rows of numbers of every kind and of texts, so that lines cross the pieces that the file is read in. */
function many(): string {
  const next = random(11)
  const words = ['alpha', 'beta, gamma', 'δ', 'NA', 'a rather long text '.repeat(6)]
  const rows = Array.from({ length: 9000 }, () =>
    [
      Math.floor(next() * 9),
      next() < 0.3 ? '' : next(),
      (next() * 300 - 150).toFixed(4),
      (Math.floor(next() * 1e6) / 2).toFixed(1),
      Math.floor(next() * 2 ** 40),
      (next() * 10 ** Math.floor(next() * 40 - 20)).toExponential(),
      `"${words[Math.floor(next() * words.length)]}"`,
    ].join(','),
  )
  return `flag,gap,places,halves,long,wide,word\n${rows.join('\n')}\n`
}

test('numbers and texts are those of polars to the bit, from CSV and from Parquet', () => {
  inFile(many(), (path) => {
    const frame = pl.readCSV(path, { inferSchemaLength: 100_000, nullValues: ['', 'NA'] })
    const wanted = columnsOf(frame).map(described)
    /** Names of columns that differ: the columns themselves are too long to be shown. */
    const different = (got: readonly DriftColumn[]) =>
      got.map(described).flatMap((text, i) => (text === wanted[i] ? [] : [got[i]!.name]))
    assert.equal(different(csvColumns(path)), [])
    assert.ok(csvColumns(path, { rows: 50 }).every(({ rows }) => rows === 50))
    const parquet = path.replace('.csv', '.parquet')
    frame.writeParquet(parquet)
    assert.equal(different(parquetColumns(parquet).columns), [])
  })
})

test('packed numbers come back sorted and to the bit, whatever mix of them', () => {
  const next = random(4)
  const kinds = [() => Math.floor(next() * 5), () => next(), () => Math.floor(next() * 1e9) - 5e8, () => -next() / 1e4]
  const values = Array.from({ length: 40_000 }, (_, i) => kinds[Math.floor(i / 10_000)]!())
  for (const some of [values, values.slice(0, 9000), values.slice(20_000, 30_000), values.slice(0, 7), []]) {
    const store = packed()
    for (const value of some) push(store, value)
    const wanted = Float64Array.from(some).sort()
    assert.is(sorted(store).length, wanted.length)
    assert.ok(sorted(store).every((value, i) => Object.is(value, wanted[i])))
  }
})

test.run()
