/** What is known of a column, and the short forms in which the eight tables are written down. */

export interface Label {
  readonly fr: string
  readonly en: string
}

export type Unit =
  | 'amount' // in the data's own currency, which is not named
  | 'days' // before the application, so negative; positive lies in the future
  | 'months' // before the application, so negative
  | 'years'
  | 'count'
  | 'share' // 0 to 1
  | 'score' // 0 to 1, 1 is the safest
  | 'rating' // 1 is the best
  | 'hour'
  | 'flag' // 0 or 1

/**
 * What a form that does not ask for a column should assume.
 * `missing`: nothing, the training data have gaps there too. `usual`: the usual value, since training never saw a gap.
 * `derived`: computed from other answers (see applicant.ts). `required`: it must be given.
 */
export type WhenUnknown = 'missing' | 'derived' | 'required' | { readonly usual: number | string }

export interface Column<Name extends string = string> {
  readonly name: Name
  /** id and integer hold whole numbers (the files may write 24.0), number any finite number. */
  readonly type: 'id' | 'integer' | 'number' | 'text'
  readonly unit: Unit | null
  /** Values that mean missing. */
  readonly sentinels: readonly (number | string)[]
  /** Whether the published files hold its sentinels: only then does a message name them. */
  readonly showsSentinels: boolean
  /** Levels that the published data show, sentinels left out. */
  readonly levels: readonly string[] | null
  /** Whether a value outside `levels` is an error. */
  readonly closed: boolean
  /** Smallest and largest possible value, null where open. */
  readonly bounds: readonly [number | null, number | null]
  readonly label: Label
  readonly whenUnknown: WhenUnknown
}

export interface TableSchema<Name extends string = string> {
  readonly file: string
  readonly label: Label
  /** The columns that name a row; rows are sorted by them. */
  readonly key: readonly string[]
  /** In the order of the files. */
  readonly columns: readonly Column<Name>[]
}

type Rest = Partial<Pick<Column, 'bounds' | 'whenUnknown' | 'closed' | 'unit' | 'sentinels' | 'showsSentinels'>>

const column = <const N extends string>(
  name: N,
  type: Column['type'],
  fr: string,
  en: string,
  rest: Partial<Column> = {},
): Column<N> => ({
  type,
  unit: null,
  sentinels: [],
  showsSentinels: true,
  levels: null,
  closed: false,
  bounds: [null, null],
  whenUnknown: 'missing',
  ...rest,
  name,
  label: { fr, en },
})

/** The largest whole number that the tables hold: they keep whole numbers in 32 bits. */
export const largestWhole = 2 ** 31 - 1

export const id = <const N extends string>(name: N, fr: string, en: string) =>
  column(name, 'id', fr, en, { bounds: [1, largestWhole] })

export const integer = <const N extends string>(name: N, unit: Unit, fr: string, en: string, rest: Rest = {}) =>
  column(name, 'integer', fr, en, { unit, ...rest })

export const number = <const N extends string>(name: N, unit: Unit, fr: string, en: string, rest: Rest = {}) =>
  column(name, 'number', fr, en, { unit, ...rest })

/** Days before the application; 365243 means that there is no such day, also where the published files never say so. */
export const days = <const N extends string>(name: N, fr: string, en: string, rest: Rest = {}) =>
  column(name, 'integer', fr, en, { unit: 'days', sentinels: [365243], showsSentinels: false, ...rest })

/** Days of something that had happened by the day of the application: a positive number has its sign wrong. */
export const past = <const N extends string>(name: N, fr: string, en: string, rest: Rest = {}) =>
  days(name, fr, en, { bounds: [null, 0], ...rest })

/** An amount that cannot be owed to the client: a negative number has its sign wrong. */
export const amount = <const N extends string>(name: N, fr: string, en: string) =>
  number(name, 'amount', fr, en, { bounds: [0, null] })

export const count = <const N extends string>(name: N, fr: string, en: string) =>
  integer(name, 'count', fr, en, { bounds: [0, null] })

/** 0 or 1. */
export const flag = <const N extends string>(name: N, fr: string, en: string, whenUnknown: WhenUnknown = 'missing') =>
  column(name, 'integer', fr, en, { unit: 'flag', bounds: [0, 1], whenUnknown })

/** Text whose levels may grow. */
export const text = <const N extends string>(
  name: N,
  fr: string,
  en: string,
  levels: readonly string[],
  rest: Rest = {},
) => column(name, 'text', fr, en, { sentinels: ['XNA', 'XAP'], levels, ...rest })

/** Text that can take no other value than its levels. */
export const closed = <const N extends string>(
  name: N,
  fr: string,
  en: string,
  levels: readonly string[],
  rest: Rest = {},
) => text(name, fr, en, levels, { closed: true, ...rest })

export const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const

export const suites = [
  'Children',
  'Family',
  'Group of people',
  'Other_A',
  'Other_B',
  'Spouse, partner',
  'Unaccompanied',
] as const
