import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DataError } from '../pipeline/data/data-error.ts'
import { DriftInputError } from '../pipeline/drift/input.ts'
import { random } from '../pipeline/models/random.ts'
import { notRun, sharedCases } from '../testing/shared.ts'
import { compareFiles, main, verdictLines } from './drift.ts'

/** Runs the command in a folder with made tables: before, alike (same population), moved, other (no common column), empty. */
async function inFolder(look: (path: (name: string) => string) => Promise<void>): Promise<void> {
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
    await look(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const columnsIn = (file: string) =>
  (JSON.parse(readFileSync(file, 'utf8')) as { columns: { column: string; type: string; drifted: boolean }[] }).columns

test('the exit code is 0 for two samples of one population and 3 when most columns moved', async () => {
  await inFolder(async (path) => {
    assert.is(await main([path('before.csv'), path('alike.csv')]), 0)
    assert.is(await main([path('before.csv'), path('moved.csv'), '--json', path('out.json')]), 3)
    assert.equal(
      columnsIn(path('out.json'))
        .filter(({ drifted }) => drifted)
        .map(({ column }) => column)
        .sort(),
      ['flag', 'size'],
    )
  })
})

test('both policies are there, ignored columns are left out, declared types are kept', async () => {
  await inFolder(async (path) => {
    writeFileSync(path('types.json'), '{"level": "category"}')
    await main([
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

test('the report is a page and its JSON, the same bytes every time', async () => {
  await inFolder(async (path) => {
    const made = async () => {
      await main([path('before.csv'), path('moved.csv'), '--out', path('report')])
      return readFileSync(path('report/index.html'), 'utf8') + readFileSync(path('report/drift.json'), 'utf8')
    }
    const first = await made()
    assert.match(first, /The data have moved: 2 of 3 columns have moved/)
    assert.is(await made(), first)
  })
})

/** The message of the error that the command ends with. */
async function refused(...args: string[]): Promise<string> {
  try {
    await main(args)
  } catch (error) {
    assert.ok(error instanceof DriftInputError || error instanceof DataError, String(error))
    return error.message
  }
  throw new Error(`${args.join(' ')} was not refused`)
}

test('what cannot be compared is refused with what to do', async () => {
  await inFolder(async (path) => {
    const [before, alike] = [path('before.csv'), path('alike.csv')]
    assert.match(await refused(before), /expected two tables/)
    assert.match(await refused(before, path('none.csv')), /none\.csv: expected a CSV or Parquet file, found none/)
    assert.match(await refused(before, path('other.csv')), /no column in common/)
    assert.match(
      await refused(before, path('empty.csv')),
      /empty\.csv: expected at least one row after the header, found none/,
    )
    writeFileSync(path('nothing.csv'), '')
    assert.match(
      await refused(before, path('nothing.csv')),
      /nothing\.csv: expected a header and rows, found an empty file/,
    )
    writeFileSync(path('torn.csv'), 'size,level,flag\n1,2\n')
    assert.match(await refused(before, path('torn.csv')), /torn\.csv, line 2: expected 3 fields, found 2/)
    writeFileSync(path('torn.parquet'), 'size,level,flag\n1,2\n')
    assert.match(await refused(before, path('torn.parquet')), /torn\.parquet: cannot be read as Parquet/)
    assert.match(await refused(before, path('.')), /expected a name ending in \.csv or \.parquet/)
    assert.match(
      await refused(before, alike, '--ignore', 'size,level,flag'),
      /no column in common apart from those ignored/,
    )
    assert.match(
      await refused(before, alike, '--ignore', 'weight'),
      /--ignore names columns that neither table has: weight/,
    )
    assert.match(await refused(before, alike, '--policy', 'best'), /expected default or evidently/)
    writeFileSync(path('types.json'), '{"nowhere": "number"}')
    assert.match(await refused(before, alike, '--types', path('types.json')), /neither table has: nowhere/)
    writeFileSync(path('types.json'), '{"flag": "number"}')
    assert.match(
      await refused(before, alike, '--types', path('types.json')),
      /flag: declared a number, but it holds texts/,
    )
    writeFileSync(path('types.json'), '{"flag": "date"}')
    assert.match(await refused(before, alike, '--types', path('types.json')), /expected \{"COLUMN"/)
  })
})

test('from the command line the exit code is the verdict, 1 with a message and no trace on a fault, and --json - is all of stdout', async () => {
  await inFolder(async (path) => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['--conditions=source', 'commands/drift.ts', ...args], { encoding: 'utf8' })
    const moved = run(path('before.csv'), path('moved.csv'), '--json', '-')
    assert.is(moved.status, 3)
    assert.is((JSON.parse(moved.stdout) as { dataset: { verdict: string } }).dataset.verdict, 'drift')
    assert.match(moved.stderr, /^drift: The data have moved/)
    const wrong = run(path('before.csv'), path('none.csv'), '--polic', 'x')
    assert.is(wrong.status, 1)
    assert.match(wrong.stderr, /Unknown option '--polic'/)
    assert.not.match(wrong.stderr, /\n\s+at /)
    assert.is(run('--help').status, 0)
  })
})

const request = (reference: string, current: string) =>
  ({ reference, current, policy: 'default', ignore: [], types: new Map() }) as const

/** What the command says of two tables, line by line, and its exit code. */
async function said(reference: string, current: string): Promise<{ lines: string[]; code: number }> {
  return {
    lines: verdictLines(await compareFiles(request(reference, current))),
    code: await main([reference, current]),
  }
}

/** A CSV file of the given columns, each by row. */
function write(
  file: string,
  rows: number,
  columns: Readonly<Record<string, (row: number) => string | number>>,
): string {
  const lines = Array.from({ length: rows }, (_, row) =>
    Object.values(columns)
      .map((of) => of(row))
      .join(','),
  )
  writeFileSync(file, `${Object.keys(columns).join(',')}\n${lines.join('\n')}\n`)
  return file
}
const drawn = (seed: number, shift = 0) => {
  const next = random(seed)
  return () => (next() + next() + next() + shift).toFixed(5)
}

test('too few values to test anything: exit code 4, the columns named with the reason, and the JSON says so', async () => {
  await inFolder(async (path) => {
    const columns = (seed: number) => ({
      amount: drawn(seed),
      age: drawn(seed + 1),
      job: (row: number) => 'abc'[row % 3]!,
    })
    const before = write(path('a.csv'), 2000, columns(1))
    const { lines, code } = await said(before, write(path('b.csv'), 8, columns(5)))
    assert.is(code, 4)
    assert.equal(lines, [
      'Too little could be tested: none of 3 columns could be tested (at most 8 values on one side, 100 needed).',
      '  Not tested: age, amount, job: not enough data: 2,000 and 8 values, at least 100 are needed',
    ])
    await main([before, path('b.csv'), '--json', path('out.json'), '--out', path('report')])
    const { dataset } = JSON.parse(readFileSync(path('out.json'), 'utf8')) as { dataset: { verdict: string } }
    assert.is(dataset.verdict, 'not enough tested')
    assert.not.match(readFileSync(path('report/index.html'), 'utf8'), /Every column stays|The data hold/)
  })
})

test('another type, columns gone and new are listed first, with the value that is no number, and count: exit code 3', async () => {
  await inFolder(async (path) => {
    const before = write(path('a.csv'), 400, { a: drawn(1), b: drawn(2), c: drawn(3), gone: drawn(4) })
    const after = write(path('b.csv'), 400, {
      a: drawn(5, 2),
      b: (row) => (row === 11 ? '?' : row),
      c: drawn(6),
      fresh: drawn(7),
    })
    const { lines, code } = await said(before, after)
    assert.is(code, 3)
    assert.equal(lines.slice(0, 4), [
      'The data have moved: 1 column has changed its type; 1 column is gone; 1 column is new; 1 of 2 tested columns has moved.',
      '  Type changed: b: number in the reference, text (“?” in 1 of 400 values) now',
      '  Gone: gone: only in the reference',
      '  New: fresh: only in the current data',
    ])
    assert.match(lines[4]!, /^ {2}a: Wasserstein on normal scores [\d.]+, limit 0.1, major$/)
  })
})

test('two tables of different kinds, and a table that lost most of its columns, have never stayed the same', async () => {
  await inFolder(async (path) => {
    const wide = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`c${i}`, drawn(i)]))
    const before = write(path('a.csv'), 300, { id: (row) => row, ...wide })
    const other = write(path('b.csv'), 300, { id: (row) => row, days: drawn(40), sum: drawn(41) })
    const cut = write(path('c.csv'), 300, { id: (row) => row, c0: drawn(50), c1: drawn(51) })
    for (const [after, gone] of [
      [other, 30],
      [cut, 28],
    ] as const) {
      const { lines, code } = await said(before, after)
      assert.is(code, 3)
      assert.match(lines[0]!, `The data have moved: ${gone} columns are gone`)
      assert.match(lines[1]!, new RegExp(`^ {2}Gone: c.* and ${gone - 10} more: only in the reference$`))
    }
  })
})

test('a column whose missing share changed is named with both shares', async () => {
  await inFolder(async (path) => {
    const every = (seed: number, gap: number) => {
      const value = drawn(seed)
      return (row: number) => (row % 10 < gap ? '' : value())
    }
    const before = write(path('a.csv'), 1000, { a: every(1, 1), b: drawn(2) })
    const { lines, code } = await said(before, write(path('b.csv'), 1000, { a: every(3, 4), b: drawn(4) }))
    assert.is(code, 0)
    assert.equal(lines, [
      'The data hold: 0 of 2 columns have moved; the share of missing values has changed in 1 column.',
      '  a: missing values go from 10.0% to 40.0%, major',
    ])
  })
})

test('the published cases of this kind get their expected answers', async () => {
  const cases = sharedCases()
  const title = 'the published cases of this kind get their expected answers'
  if (!cases) return notRun(title)
  const of = (name: string) => said(join(cases, name, 'a.csv'), join(cases, name, 'b.csv'))
  assert.is((await of('drift-nothing-tested')).code, 4)
  const moved = await of('drift-all-testable-moved')
  assert.is(moved.code, 3)
  assert.match(
    moved.lines[0]!,
    /^The data have moved: 3 columns have changed their type; 2 of 2 tested columns have moved/,
  )
  assert.match((await of('drift-outlier-in-reference')).lines[1]!, /^ {2}income: .* major$/)
  const french = await of('drift-semicolon')
  assert.match(french.lines[0]!, /0 of 3 columns/)
})

test('Parquet is compared as CSV is', async () => {
  await inFolder(async (path) => {
    for (const name of ['before', 'moved'])
      pl.readCSV(path(`${name}.csv`), { nullValues: [''] }).writeParquet(path(`${name}.parquet`))
    const json = async (kind: string) => {
      await main([path(`before.${kind}`), path(`moved.${kind}`), '--json', path('out.json')])
      return readFileSync(path('out.json'), 'utf8').replaceAll(`.${kind}`, '')
    }
    assert.is(await json('parquet'), await json('csv'))
  })
})

test.run()
