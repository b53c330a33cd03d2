/** Tables in the malformed and unusual ways that spreadsheets, pandas, downloads and mistakes write them, read by the readers of `score` and of `drift`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import pl from 'nodejs-polars'
import { randomOf } from '../api/random.test-data.ts'
import { DataError } from '../pipeline/data/data-error.ts'
import { openInput } from '../pipeline/data/input.ts'
import { type TableName, tables } from '../pipeline/data/schema/tables.ts'
import { type DriftColumn, isNumber } from '../pipeline/drift/column.ts'
import { fileColumns } from '../pipeline/drift/file.ts'
import { DriftInputError } from '../pipeline/drift/input.ts'
import { zipOf } from './zip.ts'

type Random = () => number
const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!

/** A file as it is written: its name behind the table's, and its bytes. */
interface Written {
  readonly ending: string
  readonly bytes: Buffer
}

/** The cells of a clean file, header first. */
type Cells = readonly (readonly string[])[]

interface Mutation {
  /** `texts`: texts become others, which a comparison of two files must see and no reader may mend; `rows`: none are left. */
  readonly changes?: 'texts' | 'rows'
  readonly write: (cells: Cells, random: Random, table: TableName) => Written | null
}

const csv = (text: string | Buffer): Written => ({ ending: '.csv', bytes: Buffer.from(text) })
const quotedIfNeeded = (cell: string, separator: string): string =>
  cell.includes(separator) || /["\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
const lined = (cells: Cells, separator = ',', end = '\n'): string =>
  cells.map((row) => row.map((cell) => quotedIfNeeded(cell, separator)).join(separator) + end).join('')
const isNumeric = (cell: string): boolean => /^-?\d+(\.\d+)?$/.test(cell)
/** Some cells below the header changed, at least one; null where none fits. */
function someCells(
  cells: Cells,
  random: Random,
  fits: (cell: string, column: string) => boolean,
  change: (cell: string) => string,
): Cells | null {
  const places = cells
    .slice(1)
    .flatMap((row, i) => row.flatMap((cell, j) => (fits(cell, cells[0]![j]!) ? [[i + 1, j]] : [])))
  if (places.length === 0) return null
  const share = pick(random, [0, 0.1, 1])
  const [row, column] = pick(random, places) as [number, number]
  const chosen = new Set(places.filter(() => random() < share).map(([i, j]) => `${i},${j}`)).add(`${row},${column}`)
  return cells.map((line, i) => line.map((cell, j) => (chosen.has(`${i},${j}`) ? change(cell) : cell)))
}
const asCsv = (cells: Cells | null): Written | null => cells && csv(lined(cells))
const wrapped = (line: string): string => `"${line.replaceAll('"', '""')}"`

/** Each way of writing a table, once. */
export const mutations: Readonly<Record<string, Mutation>> = {
  plain: { write: (cells) => csv(lined(cells)) },
  'another separator': { write: (cells, random) => csv(lined(cells, pick(random, [';', '\t']))) },
  'decimal commas': {
    write: (cells, random) =>
      csv(
        lined(
          cells.map((row) => row.map((cell) => (isNumeric(cell) ? cell.replace('.', ',') : cell))),
          pick(random, [';', '\t']),
        ),
      ),
  },
  'decimal commas between commas': {
    write: (cells, random) =>
      asCsv(
        someCells(
          cells,
          random,
          (cell) => /\./.test(cell) && isNumeric(cell),
          (cell) => cell.replace('.', ','),
        ),
      ),
  },
  'line ends': { write: (cells, random) => csv(lined(cells, ',', pick(random, ['\r\n', '\r', '\n\n', '\n\r']))) },
  'a byte order mark': { write: (cells) => csv(`\ufeff${lined(cells)}`) },
  'UTF-16': { write: (cells, random) => csv(Buffer.from(`${pick(random, ['\ufeff', ''])}${lined(cells)}`, 'utf16le')) },
  'Latin-1 texts': {
    write: (cells) =>
      csv(Buffer.from(lined(cells.map((row, i) => (i === 0 ? [...row, 'NOTE'] : [...row, 'é']))), 'latin1')),
  },
  'all cells in quotes': {
    write: (cells) => csv(cells.map((row) => `${row.map((cell) => `"${cell}"`).join(',')}\n`).join('')),
  },
  'rows wholly in quotes': {
    write: (cells, random) => {
      const [share, header] = [random(), random() < 0.3]
      const lines = lined(cells).trimEnd().split('\n')
      return csv(
        lines.map((line, i) => ((i === 0 ? header : random() < share || i === 1) ? wrapped(line) : line)).join('\n'),
      )
    },
  },
  'spaces in the header': { write: (cells) => csv(lined([cells[0]!.map((name) => ` ${name} `), ...cells.slice(1)])) },
  'spaces around numbers': {
    write: (cells, random) =>
      asCsv(someCells(cells, random, isNumeric, (cell) => pick(random, [` ${cell}`, `${cell} `, `${cell}\t`]))),
  },
  'spaces around texts': {
    changes: 'texts',
    write: (cells, random) =>
      asCsv(
        someCells(
          cells,
          random,
          (cell) => /[a-z]/i.test(cell),
          (cell) => pick(random, [` ${cell}`, `${cell} `, `${cell}\u00a0`]),
        ),
      ),
  },
  'capitals of texts': {
    changes: 'texts',
    write: (cells, random) =>
      asCsv(
        someCells(
          cells,
          random,
          (cell) => /[a-z]/i.test(cell),
          (cell) => (cell === cell.toLowerCase() ? cell.toUpperCase() : cell.toLowerCase()),
        ),
      ),
  },
  'words for missing': {
    write: (cells, random) =>
      asCsv(
        someCells(
          cells,
          random,
          (cell) => cell === '',
          () => pick(random, ['NA', 'nan', 'NaN', 'null', 'None', 'N/A', '<NA>', ' ']),
        ),
      ),
  },
  'numbers otherwise': {
    write: (cells, random) =>
      asCsv(
        someCells(cells, random, isNumeric, (cell) =>
          pick(random, [
            `${cell}e0`,
            `+${cell}`.replace('+-', '-'),
            `${cell}${cell.includes('.') ? '0' : '.0'}`,
            `€${cell}`,
            `0x${cell}`,
            `${cell}f`,
            `1 ${cell}`,
            `${cell}%`,
            `(${cell})`,
            '?',
            'inf',
            '1e999',
          ]),
        ),
      ),
  },
  'days ahead': {
    changes: 'texts',
    write: (cells, random) =>
      asCsv(
        someCells(
          cells,
          random,
          (cell, column) => /^DAYS_(CREDIT|ENDDATE_FACT|DECISION|BIRTH)$/.test(column) && /^-[1-9]/.test(cell),
          (cell) => cell.slice(1),
        ),
      ),
  },
  'ids too large': {
    changes: 'texts',
    write: (cells, random) =>
      asCsv(
        someCells(
          cells,
          random,
          (_, column) => column === 'SK_ID_CURR',
          (cell) => `${3e9 + Number(cell)}`,
        ),
      ),
  },
  'columns in another order': {
    write: (cells, random) => {
      const order = cells[0]!.map((_, i) => [random(), i] as const).sort(([a], [b]) => a - b)
      return csv(lined(cells.map((row) => order.map(([, i]) => row[i]!))))
    },
  },
  'a column twice': {
    write: (cells, random) => {
      const at = Math.floor(random() * cells[0]!.length)
      return csv(lined(cells.map((row) => [...row, row[at]!])))
    },
  },
  'a column less': {
    write: (cells, random) => {
      const at = Math.floor(random() * cells[0]!.length)
      return csv(lined(cells.map((row) => row.toSpliced(at, 1))))
    },
  },
  'columns of objects': {
    write: (cells) =>
      csv(
        lined(
          cells.map((row, i) => [...row, ...(i === 0 ? ['constructor', '__proto__', 'toString'] : ['1', '2', '3'])]),
        ),
      ),
  },
  'a row of other length': {
    write: (cells, random) => {
      const at = 1 + Math.floor(random() * (cells.length - 1))
      return csv(lined(cells.map((row, i) => (i === at ? pick(random, [row.slice(1), [...row, '']]) : row))))
    },
  },
  'a separator behind each line': { write: (cells) => csv(lined(cells, ',', ',\n')) },
  'cut off within a row': {
    write: (cells, random) => {
      const text = lined(cells)
      const start = text.lastIndexOf('\n', text.length - 2) + 1
      const last = text.lastIndexOf(',')
      return csv(text.slice(0, start + 1 + Math.floor(random() * (last - start - 1))))
    },
  },
  'a stray byte': {
    write: (cells, random) => {
      const bytes = Buffer.from(lined(cells))
      bytes[Math.floor(random() * bytes.length)] = pick(random, [0, 0xff, 0xe9, 34, 13])
      return { ending: '.csv', bytes }
    },
  },
  'nothing in it': {
    write: (_, random) =>
      csv(pick(random, ['', '\n', '\ufeff', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n'])),
  },
  'a header alone': { changes: 'rows', write: (cells) => csv(`${cells[0]!.join(',')}\n`) },
  'capitals of the name': { write: (cells) => ({ ending: '.CSV', bytes: Buffer.from(lined(cells)) }) },
  gzip: {
    write: (cells, random) => {
      const bytes = gzipSync(lined(cells))
      return pick(random, [
        { ending: '.csv.gz', bytes },
        { ending: '.csv', bytes },
        { ending: '.csv.gz', bytes: bytes.subarray(0, bytes.length - 1 - Math.floor(random() * (bytes.length - 20))) },
        { ending: '.csv.gz', bytes: Buffer.from(lined(cells)) },
      ])
    },
  },
  zip: {
    write: (cells, random, table) => {
      const [inside, text] = [
        { name: `${table}.csv`, bytes: Buffer.from(lined(cells)) },
        { name: '__MACOSX/._x', bytes: Buffer.from('x') },
      ]
      const bytes = zipOf(random() < 0.5 ? [inside] : [inside, text])
      return pick(random, [
        { ending: '.csv.zip', bytes },
        { ending: '.csv', bytes },
        { ending: '.csv.zip', bytes: bytes.subarray(0, Math.floor(random() * bytes.length)) },
        { ending: '.csv.zip', bytes: zipOf([inside, { ...inside, name: 'other.csv' }]) },
      ])
    },
  },
}

/** Each way of writing a table as Parquet: the frame is the clean one. */
const parquets: Readonly<Record<string, (frame: pl.DataFrame, random: Random) => pl.DataFrame>> = {
  'plain Parquet': (frame) => frame,
  'Parquet with a column of lists': (frame) => frame.withColumns(lists(frame.height, 'NOTES')),
  'Parquet with lists in place of a column': (frame, random) =>
    frame.withColumns(lists(frame.height, pick(random, frame.columns))),
  'Parquet of 32-bit floats': (frame) =>
    frame.select(
      ...frame.columns.map((name) =>
        frame.getColumn(name).dtype.variant === 'Int32' ? pl.col(name).cast(pl.Float64) : pl.col(name),
      ),
    ),
  'Parquet of texts': (frame) => frame.select(...frame.columns.map((name) => pl.col(name).cast(pl.Utf8))),
  'Parquet cut off': (frame) => frame,
}
const lists = (rows: number, name: string): pl.Series =>
  pl.Series(
    name,
    Array.from({ length: rows }, (_, i) => [i]),
    pl.List(pl.Int64),
  )

export type ReadingOutcome = 'same' | 'refused' | 'warned' | 'silently other' | 'crashed'

export interface Tried {
  readonly reader: 'score' | 'drift'
  readonly mutation: string
  readonly table: TableName
  readonly outcome: ReadingOutcome
  readonly detail: string
}

/** What `score` reads of one table of a folder, by the call that it reads it by. */
async function scored(folder: string, table: TableName): Promise<{ rows: string; warned: boolean; problems: string }> {
  const input = await openInput(folder, folder)
  try {
    const frames: pl.DataFrame[] = []
    const found = await input.readBlocks(table, { mayBeEmpty: !table.startsWith('application') }, async (frame) => {
      frames.push(frame)
    })
    if (found.problems.length > 0) throw new DataError(found.problems)
    const rows = frames.length > 0 ? pl.concat(frames).rows() : []
    // Of a history table without any row `score` says that nobody has rows in it (features/coverage.ts).
    const warned = found.unknownLevels.length > 0 || rows.length === 0
    return { rows: JSON.stringify(rows), warned, problems: '' }
  } finally {
    input.close()
  }
}

/** A column as drift has it: another kind of column on the two sides is reported as a change of the schema. */
const driftShape = (column: DriftColumn): [kind: string, values: string] =>
  isNumber(column)
    ? ['number', JSON.stringify([column.missing, [...column.sorted]])]
    : ['text', JSON.stringify([column.missing, [...column.counts].sort(([a], [b]) => (a < b ? -1 : 1))])]

async function driftOutcome(path: string, clean: ReadonlyMap<string, DriftColumn>): Promise<[ReadingOutcome, string]> {
  const { columns, leftOut, infinite } = await fileColumns(path)
  const found = new Map(columns.map((column) => [column.name, column]))
  let reported = leftOut.length > 0
  const isTold = new Set(infinite.map(({ name }) => name))
  for (const [name, column] of clean) {
    const now = found.get(name)
    const [[kind, values], other] = [driftShape(column), now ? driftShape(now) : null]
    if (!other || other[0] !== kind || isTold.has(name)) reported = true
    else if (other[1] !== values)
      return ['silently other', `${name}: ${values.slice(0, 80)} became ${other[1].slice(0, 80)}`]
  }
  return [reported ? 'warned' : 'same', '']
}

const isKnown = (error: unknown): error is Error => error instanceof DataError || error instanceof DriftInputError

async function outcomeOf(work: () => Promise<[ReadingOutcome, string]>): Promise<[ReadingOutcome, string]> {
  try {
    return await work()
  } catch (error) {
    if (isKnown(error)) return ['refused', error.message]
    return ['crashed', error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }
}

/** Reads `count` mutated files of some tables of a portfolio, by both readers, and answers what came of each. `rows` of each table are taken. */
export async function fuzzTables(
  portfolio: string,
  count: number,
  seed: number,
  { rows = 25, onTried = () => {} }: { readonly rows?: number; readonly onTried?: (tried: Tried) => void } = {},
): Promise<Tried[]> {
  const random = randomOf(seed)
  const tried: Tried[] = []
  const tell = (one: Tried) => {
    tried.push(one)
    onTried(one)
  }
  const names = [...Object.keys(mutations), ...Object.keys(parquets)]
  const clean = new Map<
    TableName,
    { cells: Cells; rows: string; frame: pl.DataFrame; columns: ReadonlyMap<string, DriftColumn> }
  >()
  for (const table of ['application_test', 'bureau', 'previous_application'] as const) {
    const cells = readFileSync(join(portfolio, tables[table].file), 'utf8')
      .split('\n')
      .slice(0, rows + 1)
      .map((line) => cellsOfClean(line))
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
    writeFileSync(join(folder, `${table}.csv`), lined(cells))
    const { columns } = await fileColumns(join(folder, `${table}.csv`))
    const frames: pl.DataFrame[] = []
    const input = await openInput(folder, folder)
    await input.readBlocks(table, {}, async (frame) => void frames.push(frame))
    input.close()
    const frame = pl.concat(frames)
    clean.set(table, {
      cells,
      rows: JSON.stringify(frame.rows()),
      frame,
      columns: new Map(columns.map((column) => [column.name, column])),
    })
    rmSync(folder, { recursive: true })
  }
  for (let i = 0; i < count; i++) {
    const [mutation, table] = [names[i % names.length]!, pick(random, [...clean.keys()])]
    const of = clean.get(table)!
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
    try {
      const { write, changes } = mutations[mutation] ?? {}
      let path = join(folder, `${table}.parquet`)
      if (write) {
        const made = write(of.cells, random, table)
        if (!made) continue
        path = join(folder, `${table}${made.ending}`)
        writeFileSync(path, made.bytes)
      } else {
        parquets[mutation]!(of.frame, random).writeParquet(path)
        if (mutation === 'Parquet cut off')
          writeFileSync(path, readFileSync(path).subarray(0, -1 - Math.floor(random() * 2000)))
      }
      const [score, why] = await outcomeOf(async () => {
        const found = await scored(folder, table)
        return found.rows === (changes === 'rows' ? '[]' : of.rows)
          ? ['same', '']
          : [found.warned ? 'warned' : 'silently other', firstDifference(of.rows, found.rows)]
      })
      tell({ reader: 'score', mutation, table, outcome: score, detail: why })
      if (changes || !write) {
        const [drift, detail] = await outcomeOf(async () => {
          await fileColumns(path)
          return ['same', '']
        })
        tell({ reader: 'drift', mutation, table, outcome: drift, detail })
      } else {
        const [drift, detail] = await outcomeOf(() => driftOutcome(path, of.columns))
        tell({ reader: 'drift', mutation, table, outcome: drift, detail })
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return tried
}

function firstDifference(a: string, b: string): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return `${a.slice(Math.max(0, at - 30), at + 60)} became ${b.slice(Math.max(0, at - 30), at + 60)}`
}

/** The cells of a line of a generated file: quotes stand only around texts with a comma in them. */
const cellsOfClean = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
