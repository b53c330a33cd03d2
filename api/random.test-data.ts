/** For tests: random applicants of every shape a caller could send, and applications broken in every way the schema can see. */
import type { Applicant, Row, Value } from '../pipeline/data/applicant.ts'
import type { Column } from '../pipeline/data/schema/column.ts'
import { historyTables, tables } from '../pipeline/data/schema/tables.ts'

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const pick = <T>(random: () => number, values: readonly T[]): T => values[Math.floor(random() * values.length)]!

/** A value that the column takes: inside its bounds, a level, a sentinel, or null where it may be missing. */
export function valueFor(random: () => number, column: Column): Value {
  const { type, levels, closed, sentinels, bounds, whenUnknown } = column
  if (whenUnknown !== 'required' && random() < 0.1) return null
  if (sentinels.length > 0 && random() < 0.1) return pick(random, sentinels)
  if (type === 'text') return levels && (closed || random() < 0.95) ? pick(random, levels) : 'Something new'
  const low = bounds[0] ?? -1e6
  const high = Math.min(bounds[1] ?? 1e6, low + 2e9)
  const value = random() < 0.1 ? pick(random, [low, high]) : low + random() * (high - low)
  return type === 'number' ? value : Math.round(value)
}

/** A raw client with some fields drawn anew, some left out, and history rows dropped and shuffled. */
export function validBody(
  random: () => number,
  client: Applicant,
): { application: Row; history: Record<string, Row[]> } {
  const application: Record<string, Value> = { ...client.application }
  for (const column of tables.application_test.columns) {
    if (column.name === 'SK_ID_CURR') continue
    if (random() < 0.1) application[column.name] = valueFor(random, column)
    else if (column.whenUnknown !== 'required' && random() < 0.05) delete application[column.name]
  }
  const history: Record<string, Row[]> = {}
  for (const table of historyTables) {
    if (random() < 0.2) continue
    const rows = (client.history[table] ?? []).filter(() => random() < 0.9).map((row) => ({ row, at: random() }))
    history[table] = rows.sort((a, b) => a.at - b.at).map(({ row }) => row)
  }
  // Months of a loan make no sense without the loan.
  const loans = new Set((history.bureau ?? []).map((row) => row.SK_ID_BUREAU))
  history.bureau_balance = (history.bureau_balance ?? []).filter((row) => loans.has(row.SK_ID_BUREAU))
  return { application, history }
}

export interface Broken {
  readonly how: string
  readonly body: unknown
  readonly status: number
  /** Where the fault must be named; null where the whole body is refused without a list. */
  readonly pointer: string | null
}

type Change = (random: () => number, body: { application: Row; history: Record<string, Row[]> }) => Broken

const columns = tables.application_test.columns
const withField = (body: { application: Row; history: unknown }, name: string, value: unknown): unknown => ({
  ...body,
  application: { ...body.application, [name]: value },
})
const bounded = columns.filter(({ type, bounds }) => type !== 'text' && bounds[0] !== null)
const closedTexts = columns.filter(({ closed }) => closed)
const numbers = columns.filter(({ type }) => type !== 'text')
const wholes = columns.filter(({ type }) => type === 'integer')
const required = columns.filter(({ whenUnknown }) => whenUnknown === 'required')

/** Each way of being wrong, once. */
export const breakages: Readonly<Record<string, Change>> = {
  'a required field left out': (random, body) => {
    const { name } = pick(random, required)
    const { [name]: _, ...application } = body.application
    return { how: name, body: { ...body, application }, status: 422, pointer: `/application/${name}` }
  },
  'a required field null': (random, body) => {
    const { name } = pick(random, required)
    return { how: name, body: withField(body, name, null), status: 422, pointer: `/application/${name}` }
  },
  'a text where a number belongs': (random, body) => {
    const { name } = pick(random, numbers)
    return { how: name, body: withField(body, name, '12'), status: 422, pointer: `/application/${name}` }
  },
  'a list or an object as a value': (random, body) => {
    const { name } = pick(random, columns)
    return {
      how: name,
      body: withField(body, name, pick(random, [[], {}, true])),
      status: 422,
      pointer: `/application/${name}`,
    }
  },
  'a number out of bounds': (random, body) => {
    const { name, bounds } = pick(random, bounded)
    return { how: name, body: withField(body, name, bounds[0]! - 1), status: 422, pointer: `/application/${name}` }
  },
  'a fraction of something whole': (random, body) => {
    const { name } = pick(random, wholes)
    return { how: name, body: withField(body, name, 0.5), status: 422, pointer: `/application/${name}` }
  },
  'a level that cannot be': (random, body) => {
    const { name } = pick(random, closedTexts)
    return { how: name, body: withField(body, name, 'no such level'), status: 422, pointer: `/application/${name}` }
  },
  'a text without end': (random, body) => {
    const { name } = pick(
      random,
      columns.filter(({ type, closed }) => type === 'text' && !closed),
    )
    return { how: name, body: withField(body, name, 'x'.repeat(101)), status: 422, pointer: `/application/${name}` }
  },
  'a field that does not exist': (_, body) => ({
    how: 'A/B~C',
    body: withField(body, 'A/B~C', 1),
    status: 422,
    pointer: '/application/A~1B~0C',
  }),
  'a table that does not exist': (_, body) => ({
    how: 'loans',
    body: { ...body, history: { ...body.history, loans: [] } },
    status: 422,
    pointer: '/history/loans',
  }),
  'a wrong cell deep in the history': (random, body) => {
    const table = pick(random, historyTables)
    const column = pick(
      random,
      tables[table].columns.filter(({ type }) => type !== 'text'),
    )
    const history = { ...body.history, [table]: [{}, { [column.name]: 'x' }] }
    return { how: table, body: { ...body, history }, status: 422, pointer: `/history/${table}/1/${column.name}` }
  },
  'rows of another client': (random, body) => {
    const table = pick(random, ['bureau', 'previous_application', 'credit_card_balance'] as const)
    const history = { ...body.history, [table]: [{ SK_ID_CURR: 1 }] }
    return { how: table, body: { ...body, history }, status: 422, pointer: `/history/${table}/0/SK_ID_CURR` }
  },
  'months of a loan that is not there': (_, body) => ({
    how: 'bureau_balance',
    body: { ...body, history: { bureau: [], bureau_balance: [{ SK_ID_BUREAU: 77, MONTHS_BALANCE: -1 }] } },
    status: 422,
    pointer: '/history/bureau_balance/0/SK_ID_BUREAU',
  }),
  'a table that is no list': (random, body) => {
    const table = pick(random, historyTables)
    return { how: table, body: { ...body, history: { [table]: {} } }, status: 422, pointer: `/history/${table}` }
  },
  'a history that is no object': (random, body) => ({
    how: 'history',
    body: { ...body, history: pick(random, [null, [], 'x']) },
    status: 422,
    pointer: '/history',
  }),
  'no application': (_, { history }) => ({
    how: 'history only',
    body: { history },
    status: 422,
    pointer: '/application',
  }),
  'an application that is no object': (random, body) => ({
    how: 'application',
    body: { ...body, application: pick(random, [[], 'x', 3, null]) },
    status: 422,
    pointer: '/application',
  }),
  'a member beside it': (_, body) => ({ how: 'note', body: { ...body, note: 'x' }, status: 422, pointer: '/note' }),
  'a client and an application': (_, body) => ({
    how: 'both',
    body: { ...body, client: 100_001 },
    status: 422,
    pointer: '/application',
  }),
  'an id that is none': (random) => ({
    how: 'client',
    body: { client: pick(random, [-1, 0, 1.5, '1', null, 1e300]) },
    status: 422,
    pointer: '/client',
  }),
  'no object at all': (random) => ({
    how: 'body',
    body: pick(random, [[], 3, null, true, 'x']),
    status: 422,
    pointer: '',
  }),
  'half a document': (_, body) => ({
    how: 'text',
    body: JSON.stringify(body).slice(0, -3),
    status: 400,
    pointer: null,
  }),
}
