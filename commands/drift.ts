/** `npm run drift -- REFERENCE CURRENT`: data drift between two tables. CSV or Parquet, the verdict as the exit code. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { page, percent } from 'report-kit'
import { z } from 'zod'
import { DataError } from '../pipeline/data/data-error.ts'
import { writeWhole } from '../pipeline/data/write-whole.ts'
import type { DriftColumn, FileColumns } from '../pipeline/drift/column.ts'
import { comparison } from '../pipeline/drift/comparison.ts'
import { type DeclaredType, fileColumns } from '../pipeline/drift/file.ts'
import { type Findings, jsonOf } from '../pipeline/drift/findings.ts'
import { DriftInputError } from '../pipeline/drift/input.ts'
import type { Verdict } from '../pipeline/drift/result.ts'
import { type ColumnGroup, notCompared, notTested } from '../pipeline/views/drift/not-compared.ts'
import { driftView } from '../pipeline/views/drift/page.ts'
import { verdictWords } from '../pipeline/views/drift/verdict.ts'
import { stoppable } from './stoppable.ts'

const usage = `usage: npm run drift -- REFERENCE CURRENT [--policy default|evidently] [--out DIR] [--json FILE] [--ignore COL,COL] [--types FILE]

Compares two tables (.csv or .parquet, also as .gz or as .zip with one file) column by column and says in words whether the data have moved: drift when half of the columns that
could be tested have moved. A column of another type, gone, new, emptied or filled counts as moved; one with too few values does not count.
A folder of tables, such as data/ or one of npm run journal -- dataset, stands for its application file: as REFERENCE for application_train, as CURRENT
for application_test, each for the other one where it is alone; SK_ID_CURR and TARGET are left out then.
--policy   default: far enough to matter (0.1 sd) and more than chance explains; evidently: Evidently's own choice of tests and limits
--out DIR  the report as a page (index.html) and as JSON (drift.json)
--json FILE  the JSON alone; "-" writes it to stdout
--ignore   columns to leave out, separated by commas
--types FILE  JSON such as {"CODE": "category"}: number, category or text, read so whatever the values look like
Exit code 0: no drift, 3: drift, 4: not enough tested (fewer columns than not), 1: the comparison could not be made. Relative paths count from where the command is typed.`

/** Bytes from which reading a file takes long enough to be announced. */
const loud = 50_000_000

const say = (text: string) => process.stderr.write(`drift: ${text}\n`)

const typeSchema = z.enum(['number', 'category', 'text'])
/** By column: a Map, since a column may be called as a property of every object is. */
export type Types = ReadonlyMap<string, DeclaredType>

export interface Request {
  readonly reference: string
  readonly current: string
  readonly policy: 'default' | 'evidently'
  readonly ignore: readonly string[]
  /** Left out too, whether or not a side has them. */
  readonly alsoIgnore?: readonly string[]
  readonly types: Types
}

function refuseStrange(option: string, named: readonly string[], known: ReadonlySet<string>): void {
  const strange = named.filter((name) => !known.has(name))
  if (strange.length > 0)
    throw new DriftInputError(`${option} names columns that neither table has: ${strange.join(', ')}`)
}

/** Says which columns can be compared on neither or only on one side, and leaves them out of both. */
function comparable(sides: readonly [FileColumns, FileColumns]): [DriftColumn[], DriftColumn[]] {
  const left = sides.map(({ leftOut }) => new Map(leftOut.map(({ name, type }) => [name, type])))
  for (const name of new Set(left.flatMap((side) => [...side.keys()]))) {
    const held = sides.map(
      ({ columns }, i) =>
        left[i]!.get(name) ?? (columns.some((one) => one.name === name) ? 'numbers or texts' : 'nothing'),
    )
    const what = held[0] === held[1] ? held[0] : `${held[0]} in the reference, ${held[1]} now`
    say(`column ${name} is left out: ${what}, and only numbers and texts can be compared`)
  }
  return sides.map(({ columns }) => columns.filter(({ name }) => !left.some((side) => side.has(name)))) as [
    DriftColumn[],
    DriftColumn[],
  ]
}

/** The file that a side is: of a folder of tables one of its application files, the one with outcomes first where it is the reference. */
function fileOf(path: string, names: readonly string[]): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path
  const found = names.flatMap((name) => [`${name}.csv`, `${name}.parquet`]).find((name) => existsSync(join(path, name)))
  if (found === undefined) return path // what reads it says what it should be
  say(`${path}: ${found}`)
  return join(path, found)
}

/** In a folder of tables: the client's number says nothing of him, and the outcome is not known of everybody. */
const ofFolder = ['SK_ID_CURR', 'TARGET']

/** Both sides as files. */
function filesOf(request: Request): Request {
  const reference = fileOf(request.reference, ['application_train', 'application_test'])
  const current = fileOf(request.current, ['application_test', 'application_train'])
  const isFolder = reference !== request.reference || current !== request.current
  return { ...request, reference, current, alsoIgnore: isFolder ? ofFolder : [] }
}

/** Both tables without the columns ignored, read as the types declare them. */
async function sidesOf({
  reference,
  current,
  ignore,
  alsoIgnore = [],
  types,
}: Request): Promise<[DriftColumn[], DriftColumn[]]> {
  const read = async (file: string) => {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > loud) say(`reading ${basename(file)}`)
    const found = await fileColumns(file, { types, ignore: new Set([...ignore, ...alsoIgnore]) })
    for (const { name, count } of found.infinite)
      say(`${basename(file)}: ${name}: ${count} infinite ${count === 1 ? 'number counts' : 'numbers count'} as missing`)
    return found
  }
  const sides = [await read(reference), await read(current)] as const
  const known = new Set(sides.flatMap((side) => side.names))
  refuseStrange('--ignore', ignore, known)
  refuseStrange('--types', [...types.keys()], known)
  const [before, after] = comparable(sides)
  const ignored = ignore.length > 0 ? ' apart from those ignored' : ''
  if (!after.some(({ name }) => before.some((column) => column.name === name)))
    throw new DriftInputError(
      `${basename(reference)} and ${basename(current)} have no column in common${ignored}; are they tables of the same kind?`,
    )
  return [before, after]
}

/** Reads and compares two tables; throws DriftInputError or DataError with what to do when they cannot be compared. */
export async function compareFiles(asked: Request): Promise<Findings> {
  const request = filesOf(asked)
  const [before, after] = await sidesOf(request)
  const { policy, ignore } = request
  const sides = { reference: basename(request.reference), current: basename(request.current) }
  const options = [
    ...(policy === 'evidently' ? ['--policy evidently'] : []),
    ...(ignore.length > 0 ? [`--ignore ${ignore.join(',')}`] : []),
  ]
  const naming = (column: string) => ({ label: column, group: null })
  return {
    policy,
    source: { data: `${sides.reference} to ${sides.current}`, model: null, synthetic: false },
    sides,
    command: ['npm run drift --', sides.reference, sides.current, ...options].join(' '),
    ...comparison(before, after, { policy, share: 0.5 }, naming),
    score: null,
    features: null,
    separability: null,
    reconstruction: null,
    power: [],
  }
}

function readTypes(path: string): Types {
  if (!existsSync(path)) throw new DriftInputError(`${path}: expected a JSON file of types, found none`)
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new DriftInputError(`${path}: expected JSON, found ${(error as Error).message}`)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new DriftInputError(`${path}: expected {"COLUMN": "number" | "category" | "text"}`)
  return new Map(
    Object.entries(json).map(([column, type]) => {
      const parsed = typeSchema.safeParse(type)
      if (parsed.success) return [column, parsed.data]
      throw new DriftInputError(
        `${path}: expected {"COLUMN": "number" | "category" | "text"}, found ${JSON.stringify(type)} for ${column}`,
      )
    }),
  )
}

const exitCodes = { 'no drift': 0, drift: 3, 'not enough tested': 4 } as const satisfies Record<Verdict, number>

/** Columns written out of each list. */
const most = 10

function listed<T>(all: readonly T[], write: (one: T) => string): string[] {
  const left = all.length - most
  return [...all.slice(0, most).map((one) => `  ${write(one)}`), ...(left > 0 ? [`  and ${left} more`] : [])]
}

/** The verdict and what it rests on, line by line: changes of schema, values that moved, missing shares that moved, what was not tested. */
export function verdictLines(findings: Findings): string[] {
  const groups = notCompared(findings.columns)
  const group = ({ what, reason, columns }: ColumnGroup) => {
    const left = columns.length - most
    return `${what}: ${columns.slice(0, most).join(', ')}${left > 0 ? ` and ${left} more` : ''}: ${reason}`
  }
  const moved = findings.columns.filter(({ drifted }) => drifted)
  const emptier = findings.columns.filter(({ missing, schema_change }) => missing.drifted && !schema_change)
  return [
    verdictWords(findings).en,
    ...listed(
      groups.filter(({ what }) => what !== notTested),
      group,
    ),
    ...listed(
      moved,
      ({ column, test, score, threshold, band }) =>
        `${column}: ${test} ${score?.toPrecision(3)}, limit ${threshold}, ${band}`,
    ),
    ...listed(
      emptier,
      ({ column, missing }) =>
        `${column}: missing values go from ${percent(missing.reference)} to ${percent(missing.current)}, ${missing.band}`,
    ),
    ...listed(
      groups.filter(({ what }) => what === notTested),
      group,
    ),
  ]
}

/** Runs the command; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      policy: { type: 'string', default: 'default' },
      out: { type: 'string' },
      json: { type: 'string' },
      ignore: { type: 'string', default: '' },
      types: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  const [reference, current, ...rest] = positionals
  if (!reference || !current || rest.length > 0)
    throw new DriftInputError(
      `expected two tables, REFERENCE and CURRENT, found ${positionals.length} ${positionals.length === 1 ? 'argument' : 'arguments'}\n\n${usage}`,
    )
  const { policy } = values
  if (policy !== 'default' && policy !== 'evidently')
    throw new DriftInputError(`--policy: expected default or evidently, found ${policy}`)
  const from = process.env.INIT_CWD ?? process.cwd()
  const findings = await compareFiles({
    reference: resolve(from, reference),
    current: resolve(from, current),
    policy,
    ignore: values.ignore
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    types: values.types === undefined ? new Map() : readTypes(resolve(from, values.types)),
  })
  const json = jsonOf(findings)
  if (values.json === '-') process.stdout.write(json)
  else if (values.json !== undefined) writeWhole(resolve(from, values.json), json)
  if (values.out !== undefined) {
    const folder = resolve(from, values.out)
    writeWhole(join(folder, 'drift.json'), json)
    writeWhole(join(folder, 'index.html'), page(driftView(findings)))
  }
  for (const line of verdictLines(findings)) say(line)
  return exitCodes[findings.dataset.verdict]
}

if (import.meta.main)
  await stoppable(async () => {
    try {
      process.exitCode = await main(process.argv.slice(2))
    } catch (error) {
      const argument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
      if (!(error instanceof DriftInputError || error instanceof DataError) && !argument) throw error
      say(`${(error as Error).message}${argument ? `\n\n${usage}` : ''}`)
      process.exitCode = 1
    }
  })
