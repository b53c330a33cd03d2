import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../pipeline/learning/random.ts'
import { main } from './drift.ts'

/** Runs the command in a folder with made tables: before, alike (same population), moved, other (no common column), empty. */
function inFolder(look: (path: (name: string) => string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'drift-'))
  const path = (name: string) => join(folder, name)
  const table = (seed: number, shift: number) => {
    const next = random(seed)
    const lines = Array.from(
      { length: 600 },
      () =>
        `${(next() + next() + shift).toFixed(4)},${next() < 0.5 ? '' : Math.floor(next() * 4)},${next() < 0.7 - shift ? 'XNA' : 'yes'}`,
    )
    return `size,level,flag\n${lines.join('\n')}\n`
  }
  writeFileSync(path('before.csv'), table(1, 0))
  writeFileSync(path('alike.csv'), table(2, 0))
  writeFileSync(path('moved.csv'), table(3, 0.5))
  writeFileSync(path('other.csv'), 'a,b\n1,2\n')
  writeFileSync(path('empty.csv'), 'size,level,flag\n')
  try {
    look(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const columnsIn = (file: string) =>
  (JSON.parse(readFileSync(file, 'utf8')) as { columns: { column: string; type: string; drifted: boolean }[] }).columns

test('the exit code is 0 for two samples of one population and 3 when most columns moved', () => {
  inFolder((path) => {
    assert.is(main([path('before.csv'), path('alike.csv')]), 0)
    assert.is(main([path('before.csv'), path('moved.csv'), '--json', path('out.json')]), 3)
    assert.equal(
      columnsIn(path('out.json'))
        .filter(({ drifted }) => drifted)
        .map(({ column }) => column)
        .sort(),
      ['flag', 'size'],
    )
  })
})

test('both policies are there, ignored columns are left out, declared types are kept', () => {
  inFolder((path) => {
    writeFileSync(path('types.json'), '{"level": "category"}')
    main([
      path('before.csv'),
      path('moved.csv'),
      '--policy',
      'evidently',
      '--ignore',
      'size',
      '--types',
      path('types.json'),
      '--json',
      path('out.json'),
    ])
    const columns = columnsIn(path('out.json'))
    assert.equal(columns.map(({ column }) => column).sort(), ['flag', 'level'])
    assert.is(columns.find(({ column }) => column === 'level')!.type, 'category')
  })
})

test('the report is a page and its JSON, the same bytes every time', () => {
  inFolder((path) => {
    const made = () => {
      main([path('before.csv'), path('moved.csv'), '--out', path('report')])
      return readFileSync(path('report/index.html'), 'utf8') + readFileSync(path('report/drift.json'), 'utf8')
    }
    const first = made()
    assert.match(first, /The data have moved: 2 of 3 columns have moved/)
    assert.is(made(), first)
  })
})

test('what cannot be compared is refused with what to do', () => {
  inFolder((path) => {
    assert.throws(() => main([path('before.csv')]), /expected two tables/)
    assert.throws(
      () => main([path('before.csv'), path('none.csv')]),
      /none\.csv: expected a CSV or Parquet file, found none/,
    )
    assert.throws(() => main([path('before.csv'), path('other.csv')]), /no column in common/)
    assert.throws(() => main([path('before.csv'), path('empty.csv')]), /holds no rows/)
    assert.throws(
      () => main([path('before.csv'), path('alike.csv'), '--policy', 'best']),
      /expected default or evidently/,
    )
    writeFileSync(path('types.json'), '{"nowhere": "number"}')
    assert.throws(
      () => main([path('before.csv'), path('alike.csv'), '--types', path('types.json')]),
      /neither table has: nowhere/,
    )
  })
})

test.run()
