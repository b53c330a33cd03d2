/** One applicant, as a form or a request gives them: parsed, checked, sentinels resolved, gaps filled by the catalogue's rule. */
import { z } from 'zod'
import { append } from './append.ts'
import { levelOf } from './levels.ts'
import { boundsOf, levelsOf, longestText, rowReader } from './row-reader.ts'
import type { Column, TableSchema } from './schema/column.ts'
import { type HistoryTable, historyTables, tables } from './schema/tables.ts'
import { type ValueKind, valueKindOf } from './value-kind.ts'

export type { HistoryTable } from './schema/tables.ts'
/** null is missing. */
export type Value = number | string | null
export type Row = Readonly<Record<string, Value>>

/** A client's rows in the tables that were supplied: one without rows is known to be empty, one that is left out is unknown. */
export type History = Readonly<Partial<Record<HistoryTable, readonly Row[]>>>

/** Every column of the schemas is present in every row. */
export interface Applicant {
  readonly application: Row
  readonly history: History
  /** Columns of the form that were left out and filled with their usual or derived value. */
  readonly leftOut?: readonly string[]
}

export interface Issue {
  /** JSON pointer into what was given. */
  readonly pointer: string
  readonly code:
    | 'missing'
    | 'unknown_field'
    | 'wrong_type'
    | 'out_of_bounds'
    | 'unknown_level'
    | 'another_client'
    | 'unknown_loan'
    | 'too_many_rows'
  readonly detail: string
  /** What stands there, where another kind of value was expected. */
  readonly received?: ValueKind
}

/** Refused rows, and unknown names of one object, that are described; the others are counted. */
const mostDescribed = 100

/** An application that cannot be read; `issues` names its problems, and `moreIssues` counts those beyond the first hundreds. */
export class InvalidApplication extends Error {
  override readonly name = 'InvalidApplication'
  readonly issues: readonly Issue[]
  readonly moreIssues: number

  constructor(issues: readonly Issue[], moreIssues = 0) {
    const lines = issues.map(({ pointer, detail }) => `- ${pointer}: ${detail}`)
    if (moreIssues > 0) lines.push(`- and ${moreIssues} more`)
    super(`the application cannot be read:\n${lines.join('\n')}`)
    this.issues = issues
    this.moreIssues = moreIssues
  }
}

function expected({ type, levels, closed, bounds: [low, high], sentinels, showsSentinels }: Column): string {
  if (type === 'text') return closed && levels ? `one of ${[...levels, ...sentinels].join(', ')}` : 'a text'
  const kind = type === 'number' ? 'a number' : 'a whole number'
  const range =
    low !== null && high !== null
      ? ` from ${low} to ${high}`
      : low !== null
        ? ` of at least ${low}`
        : high !== null
          ? ` of at most ${high}`
          : ''
  const except = showsSentinels && sentinels.length > 0 ? ` (or ${sentinels.join(', ')} for none)` : ''
  return `${kind}${range}${except}`
}

const mostRows = 20_000 // of one history table

/** What one column accepts, as zod: null is missing, sentinels are accepted and resolved later. */
function valueSchema(column: Column): z.ZodType<Value | undefined> {
  const { type, levels, closed, sentinels } = column
  const description = `${column.label.en}: ${expected(column)}`
  const example = levels && !closed ? ` (for example ${levels.slice(0, 3).join(', ')})` : ''
  const meta = { description: description + example }
  const required = column.whenUnknown === 'required'
  const finish = (schema: z.ZodType<number | string>) =>
    required ? schema.meta(meta) : schema.nullable().optional().meta(meta)
  if (type === 'text') {
    const among = levelsOf(column)
    return finish(among ? z.enum(among as [string, ...string[]]) : z.string().min(1).max(longestText))
  }
  const whole = type === 'number' ? z.number() : z.int()
  const [low, high] = boundsOf(column)
  if (sentinels.length === 0) {
    const atLeast = low === null ? whole : whole.min(low)
    return finish(high === null ? atLeast : atLeast.max(high))
  }
  // Said in JSON Schema's words, which zod has none for in a refinement.
  const range = { ...(low !== null && { minimum: low }), ...(high !== null && { maximum: high }) }
  Object.assign(meta, { anyOf: [range, { enum: [...sentinels] }] })
  const isWithin = (value: number) => (low === null || value >= low) && (high === null || value <= high)
  return finish(whole.refine((value) => sentinels.includes(value) || isWithin(value), { params: { bounds: true } }))
}

const rowSchema = (table: TableSchema) =>
  z.strictObject(Object.fromEntries(table.columns.map((column) => [column.name, valueSchema(column)])))

const tolerant = (table: TableSchema): TableSchema => ({
  ...table,
  columns: table.columns.map((column) => ({ ...column, whenUnknown: 'missing' as const })),
})

/** The application form: the columns of application_test, by their names in the data. */
export const applicationSchema = rowSchema(tables.application_test)

/** The client's rows in the six other tables; a table left out was not supplied, a column left out is missing. */
export const historySchema = z
  .strictObject(
    Object.fromEntries(
      historyTables.map((name) => [
        name,
        z
          .array(rowSchema(tolerant(tables[name])))
          .max(mostRows)
          .optional()
          .meta({ description: tables[name].label.en }),
      ]),
    ) as Record<HistoryTable, z.ZodOptional<z.ZodArray<ReturnType<typeof rowSchema>>>>,
  )
  .meta({
    description:
      'A table sent as an empty list: the client has none. A table left out: not supplied, so a person is asked to review the score.',
  })

/** Columns that follow from others when nobody states them; each exact or nearly so in the published data. */
const derived: Readonly<Record<string, (row: Record<string, Value>) => Value>> = {
  // 365243 exactly where the client is a pensioner or out of work; else the median tenure of clients who repaid, 4.6 years
  DAYS_EMPLOYED: (row) => (['Pensioner', 'Unemployed'].includes(String(row.NAME_INCOME_TYPE)) ? null : -1680),
  FLAG_EMP_PHONE: (row) => (row.DAYS_EMPLOYED === null ? 0 : 1),
  CNT_FAM_MEMBERS: (row) =>
    (typeof row.CNT_CHILDREN === 'number' ? row.CNT_CHILDREN : 0) +
    (['Married', 'Civil marriage'].includes(String(row.NAME_FAMILY_STATUS)) ? 2 : 1),
  REGION_RATING_CLIENT: (row) => row.REGION_RATING_CLIENT_W_CITY ?? null,
  // the main document, unless one of the two that replace it is there
  FLAG_DOCUMENT_3: (row) => (row.FLAG_DOCUMENT_6 === 1 || row.FLAG_DOCUMENT_8 === 1 ? 0 : 1),
  LIVE_CITY_NOT_WORK_CITY: (row) => (row.REG_CITY_NOT_WORK_CITY === 1 && row.REG_CITY_NOT_LIVE_CITY === 0 ? 1 : 0),
}

const escapePointer = (key: PropertyKey) => String(key).replaceAll('~', '~0').replaceAll('/', '~1')

function shownValue(value: unknown): string {
  const text =
    typeof value === 'object' && value !== null
      ? Array.isArray(value)
        ? 'a list'
        : 'an object'
      : JSON.stringify(value)
  return text === undefined ? 'nothing' : text.length > 60 ? `${text.slice(0, 60)}…` : text
}

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  )

function issuesOf(
  issues: readonly z.core.$ZodIssue[],
  root: string,
  given: unknown,
  tableOf: (path: readonly PropertyKey[]) => TableSchema | null,
): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const pointer = [root, ...issue.path.map(escapePointer)].join('/')
    if (issue.code === 'unrecognized_keys') {
      const what = tableOf(issue.path)?.file.replace('.csv', '') ?? 'a history'
      return issue.keys.slice(0, mostDescribed).map((key) => ({
        pointer: `${pointer}/${escapePointer(key)}`,
        code: 'unknown_field',
        detail: `is not a field of ${what}`,
      }))
    }
    const value = at(given, issue.path)
    const column = tableOf(issue.path)?.columns.find(({ name }) => name === issue.path.at(-1))
    const wanted = column ? expected(column) : issue.message
    const detail = `expected ${wanted}, found ${shownValue(value)}`
    if (value === undefined) return [{ pointer, code: 'missing', detail: `is required: ${wanted}` }]
    const received = valueKindOf(value)
    if (issue.code === 'too_big' && Array.isArray(value))
      return [{ pointer, code: 'too_many_rows', detail: `expected ${mostRows} rows at most, found ${value.length}` }]
    if (issue.code === 'invalid_value' && received === 'text') return [{ pointer, code: 'unknown_level', detail }]
    if (['too_small', 'too_big', 'custom'].includes(issue.code)) return [{ pointer, code: 'out_of_bounds', detail }]
    return [{ pointer, code: 'wrong_type', detail, received }]
  })
}

type Given = Readonly<Record<string, Value | undefined>>

type Read<T> =
  | { readonly data: T; readonly refused?: never }
  | { readonly data?: never; readonly refused: readonly z.core.$ZodIssue[]; readonly more: number }

/** Names beyond those that are described. */
const unnamed = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? Math.max(0, issue.keys.length - mostDescribed) : 0),
    0,
  )

const readForm = rowReader(tables.application_test)
const rowReaders = Object.fromEntries(historyTables.map((name) => [name, rowReader(tolerant(tables[name]))])) as Record<
  HistoryTable,
  ReturnType<typeof rowReader>
>

const isPlain = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === Object.prototype

/** A row as it was given, but texts that are a level but for spaces as that level. */
function withLevels({ columns }: TableSchema, given: unknown): unknown {
  if (!isPlain(given)) return given
  const row = { ...given }
  for (const column of columns) {
    const value = Object.hasOwn(given, column.name) ? given[column.name] : undefined
    if (column.type === 'text' && typeof value === 'string') row[column.name] = levelOf(column, value)
  }
  return row
}

function readApplication(given: unknown): Read<Record<string, Value>> {
  const row = readForm(given)
  if (row) return { data: row }
  const { data, error } = applicationSchema.safeParse(withLevels(tables.application_test, given))
  if (error) return { refused: error.issues, more: unnamed(error.issues) }
  return { data: complete(tables.application_test, data) }
}

/** A history but for its rows, which are parsed one by one: a hundred thousand of them may be wrong, and a hundred are described. */
const tablesSchema = z.strictObject(
  Object.fromEntries(historyTables.map((name) => [name, z.array(z.unknown()).max(mostRows).optional()])),
)

function readHistory(given: unknown): Read<History> {
  const quickly = historyAsItStands(given)
  if (quickly) return { data: quickly }
  const { data, error } = tablesSchema.safeParse(given)
  const refused: z.core.$ZodIssue[] = [...(error?.issues ?? [])]
  let more = 0
  const history: Partial<Record<HistoryTable, Row[]>> = {}
  for (const name of historyTables) {
    const sent = data ? data[name] : at(given, [name])
    if (!Array.isArray(sent) || sent.length > mostRows) continue
    const rows: Row[] = []
    for (const [index, one] of sent.entries()) {
      const row = rowReaders[name](one)
      if (row) rows.push(row)
      else if (refused.length >= mostDescribed) more++
      else {
        const parsed = historySchema.shape[name].unwrap().element.safeParse(withLevels(tables[name], one))
        if (parsed.success) rows.push(complete(tables[name], parsed.data))
        else
          append(
            refused,
            parsed.error.issues.map((issue) => ({ ...issue, path: [name, index, ...issue.path] })),
          )
      }
    }
    history[name] = rows
  }
  return refused.length > 0 ? { refused, more: more + unnamed(refused) } : { data: history }
}

/** The history where every row can be read as it stands, else null. */
function historyAsItStands(given: unknown): History | null {
  if (!isPlain(given)) return null
  const history: Partial<Record<HistoryTable, Row[]>> = {}
  for (const [name, sent] of Object.entries(given)) {
    if (!Object.hasOwn(rowReaders, name) || !Array.isArray(sent) || sent.length > mostRows) return null
    const read = rowReaders[name as HistoryTable]
    const rows: Row[] = []
    for (const one of sent) {
      const row = read(one)
      if (row === null) return null
      rows.push(row)
    }
    history[name as HistoryTable] = rows
  }
  return history
}

/** A row with every column of its table, in the table's order, sentinels as null. */
function complete(table: TableSchema, given: Given): Record<string, Value> {
  const row: Record<string, Value> = {}
  for (const { name, sentinels } of table.columns) {
    const value = given[name] ?? null
    row[name] = value !== null && sentinels.includes(value) ? null : value
  }
  return row
}

/** Fills what was not stated (left out, not null) by the catalogue's rule; answers the names of the columns filled. */
function impute(row: Record<string, Value>, given: Given): string[] {
  const silent = tables.application_test.columns.filter(({ name }) => given[name] === undefined)
  const usual = silent.flatMap(({ name, whenUnknown }) => {
    if (typeof whenUnknown !== 'object') return []
    row[name] = whenUnknown.usual
    return [name]
  })
  const follow = silent.flatMap(({ name, whenUnknown }) => {
    const rule = derived[name]
    if (whenUnknown !== 'derived' || !rule) return []
    row[name] = rule(row)
    return [name]
  })
  return [...usual, ...follow]
}

/** The applicant as one who had left these columns of the form out. */
export function leavingOut(applicant: Applicant, columns: readonly string[]): Applicant {
  const given = Object.fromEntries(Object.entries(applicant.application).filter(([name]) => !columns.includes(name)))
  const row: Record<string, Value> = complete(tables.application_test, given)
  const stated = { ...row, ...Object.fromEntries(columns.map((name) => [name, undefined])) }
  return { ...applicant, application: row, leftOut: impute(row, stated) }
}

function strangers(client: Value, history: History): Issue[] {
  const issues: Issue[] = []
  let owner = client
  for (const name of historyTables) {
    history[name]?.forEach((row, index) => {
      const of = row.SK_ID_CURR ?? null
      owner ??= of
      if (of !== null && of !== owner)
        issues.push({
          pointer: `/history/${name}/${index}/SK_ID_CURR`,
          code: 'another_client',
          detail: `row of client ${of}, expected ${owner}`,
        })
    })
  }
  const loans = new Set(history.bureau?.map((row) => row.SK_ID_BUREAU))
  history.bureau_balance?.forEach((row, index) => {
    if (!loans.has(row.SK_ID_BUREAU ?? null))
      issues.push({
        pointer: `/history/bureau_balance/${index}/SK_ID_BUREAU`,
        code: 'unknown_loan',
        detail: `loan ${row.SK_ID_BUREAU} is not among the rows of bureau`,
      })
  })
  return issues
}

/**
 * Reads one applicant. `imputed` names the columns of the form that were left out and filled with their usual or derived value.
 * Throws InvalidApplication with all problems at once.
 */
export function parseApplicant(input: { application: unknown; history?: unknown }): {
  applicant: Applicant
  imputed: string[]
} {
  const history = input.history === undefined ? {} : input.history
  const [form, rows] = [readApplication(input.application), readHistory(history)]
  const ofHistory = (path: readonly PropertyKey[]) =>
    historyTables.filter((name) => name === path[0]).map((name) => tables[name])[0] ?? null
  if (form.refused || rows.refused)
    throw new InvalidApplication(
      [
        ...(form.refused
          ? issuesOf(form.refused, '/application', input.application, () => tables.application_test)
          : []),
        ...(rows.refused ? issuesOf(rows.refused, '/history', history, ofHistory) : []),
      ],
      (form.refused ? form.more : 0) + (rows.refused ? rows.more : 0),
    )
  const imputed = impute(form.data, input.application as Given)
  const foreign = strangers(form.data.SK_ID_CURR ?? null, rows.data)
  if (foreign.length > 0)
    throw new InvalidApplication(foreign.slice(0, mostDescribed), Math.max(0, foreign.length - mostDescribed))
  const leftOut = imputed.length > 0 ? { leftOut: imputed } : {}
  return { applicant: { application: form.data, history: rows.data, ...leftOut }, imputed }
}
