/** Files for drift: packed ones, declared types, columns called as those of objects, and Parquet columns that nothing can be compared on. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { zipOf } from '../../testing/zip.ts'
import { isNumber } from './column.ts'
import { fileColumns } from './file.ts'

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drift-file-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => '',
    (error: Error) => error.message,
  )

const text = 'dept,age\n01,3\n02,4\n01,5\n'

test('a declared category keeps its spelling; undeclared, the same cells are numbers', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, text)
    const [asRead] = (await fileColumns(path)).columns
    assert.ok(isNumber(asRead!))
    const [declared] = (await fileColumns(path, { types: new Map([['dept', 'category']]) })).columns
    if (!declared || isNumber(declared)) throw new Error('dept was read as numbers')
    assert.is(declared.type, 'category')
    assert.equal(
      [...declared.counts],
      [
        ['01', 2],
        ['02', 1],
      ],
    )
  }))

test('a column declared a number is one where its texts are numbers, else the text that is none is named', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, 'x,y\n1,2\n?,3\n2,4\n')
    const number = new Map([['x', 'number']] as const)
    assert.match(
      await messageOf(fileColumns(path, { types: number })),
      /column x: declared a number, but it holds texts: 1 of its 3 rows hold “\?”/,
    )
  }))

test('columns called as those of every object are columns, declared or not', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, 'constructor,toString,__proto__\n01,2,3\n02,3,4\n')
    const { columns } = await fileColumns(path)
    assert.equal(
      columns.map((column) => [column.name, isNumber(column)]),
      [
        ['constructor', true],
        ['toString', true],
        ['__proto__', true],
      ],
    )
    const [declared] = (await fileColumns(path, { types: new Map([['constructor', 'text']]) })).columns
    assert.not.ok(isNumber(declared!))
  }))

test('.gz, .zip and .CSV are read as the file that is in them; what else is in a file is said', () =>
  inFolder(async (folder) => {
    const inside = { name: 'b.csv', bytes: Buffer.from(text) }
    const files: Readonly<Record<string, Buffer>> = {
      'a.csv.gz': gzipSync(text),
      'a.csv.zip': zipOf([inside, { name: '__MACOSX/._b.csv', bytes: Buffer.from('x') }]),
      'a.zip': zipOf([inside]),
      'a.CSV': Buffer.from(text),
    }
    for (const [name, bytes] of Object.entries(files)) {
      writeFileSync(join(folder, name), bytes)
      const { columns, names } = await fileColumns(join(folder, name), { ignore: new Set(['age']) })
      assert.equal([names, columns.map((column) => column.name)], [['dept', 'age'], ['dept']], name)
    }
    const wrong: Readonly<Record<string, [Buffer, RegExp]>> = {
      'two.zip': [
        zipOf([inside, { ...inside, name: 'c.csv' }]),
        /expected one table in the archive, found b\.csv, c\.csv/,
      ],
      'x.csv': [gzipSync(text), /found a gzip file \(unpack it/],
      'y.csv.gz': [Buffer.from(text), /expected a gzip file, found other data/],
      'cut.csv.gz': [gzipSync(text).subarray(0, 30), /a whole gzip file, found one that is cut off/],
      'z.parquet': [Buffer.from('version https://git-lfs.github.com/spec/v1\n'), /found a pointer of Git LFS/],
      'e.parquet': [Buffer.alloc(0), /expected a Parquet file, found an empty file/],
    }
    for (const [name, [bytes, message]] of Object.entries(wrong)) {
      writeFileSync(join(folder, name), bytes)
      assert.match(await messageOf(fileColumns(join(folder, name))), message, name)
    }
  }))

test('infinite numbers of a CSV file count as missing, and are reported by column', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, 'a,b,c\n1,2,x\ninf,3,inf\n1e999,4,y\n')
    const { columns, infinite } = await fileColumns(path)
    assert.equal(infinite, [{ name: 'a', count: 2 }])
    assert.equal(
      columns.map(({ missing }) => missing),
      [2, 0, 0],
    )
  }))

/** By pyarrow, which writes types that polars for Node cannot. */
const write = `
import sys, decimal, datetime, numpy as np, pyarrow as pa, pyarrow.parquet as pq
pq.write_table(pa.table({
  'half': pa.array(np.array([1, 2.5, 3], dtype=np.float16)), 'whole': pa.array([1, None, 3], pa.uint8()),
  'decimal': pa.array([decimal.Decimal('1.25')] * 3), 'truth': pa.array([True, False, None]),
  'text': pa.array(['a', 'nan', None]), 'category': pa.array(['a', 'b', 'a']).dictionary_encode(),
  'day': pa.array([datetime.date(1970, 1, 3)] * 3), 'time': pa.array([datetime.datetime(1970, 1, 3)] * 3),
  'endless': pa.array([1.0, float('inf'), float('-inf')]),
  'list': pa.array([[1], [2], None]), 'struct': pa.array([{'a': 1}] * 3), 'bytes': pa.array([b'\\xff'] * 3),
}), sys.argv[1])
`

test('16-bit floats, decimals and times of a Parquet file are numbers; lists, structs and bytes are left out by name', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.parquet')
    const { status, stderr } = spawnSync('python3', ['-c', write, path], { encoding: 'utf8' })
    assert.is(status, 0, stderr)
    const { columns, leftOut, infinite } = await fileColumns(path)
    assert.equal(infinite, [{ name: 'endless', count: 2 }])
    assert.equal(leftOut, [
      { name: 'list', type: 'lists' },
      { name: 'struct', type: 'structs' },
      { name: 'bytes', type: 'binary data' },
    ])
    const found = columns.map((column) => [
      column.name,
      column.missing,
      isNumber(column) ? [...column.sorted] : [...column.counts],
    ])
    assert.equal(found, [
      ['half', 0, [1, 2.5, 3]],
      ['whole', 1, [1, 3]],
      ['decimal', 0, [1.25, 1.25, 1.25]],
      [
        'truth',
        1,
        [
          ['false', 1],
          ['true', 1],
        ],
      ],
      ['text', 2, [['a', 1]]],
      [
        'category',
        0,
        [
          ['a', 2],
          ['b', 1],
        ],
      ],
      ['day', 0, [2, 2, 2]],
      ['time', 0, [2, 2, 2]],
      ['endless', 2, [1]],
    ])
    assert.is((await fileColumns(path, { ignore: new Set(['list', 'struct', 'bytes']) })).leftOut.length, 0)
  }))

test.run()
