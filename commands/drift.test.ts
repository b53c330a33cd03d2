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
import { main } from './drift.ts'

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
      /no column in common beside those ignored/,
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
