/** Strategic behaviour: whom of the declined would an input left blank, a history not handed in or a value beyond training approve? */

import { type Applicant, leavingOut, type Value } from '../data/applicant.ts'
import { minimum } from '../data/extremes.ts'
import type { Column } from '../data/schema/column.ts'
import { type HistoryTable, historyTables, tables } from '../data/schema/tables.ts'
import { historyGroups } from '../data/supplied.ts'
import type { Definitions, Words } from '../features/rules/check/definitions.ts'
import { allSources, allTables } from '../features/rules/check/sources.ts'
import { evaluator } from '../features/rules/javascript/evaluator.ts'
import { shareInterval } from '../models/share-interval.ts'
import { type Gain, limit, refusedFrom, type StrategicBehaviour } from '../models/strategic-gains.ts'
import type { Strategic } from './strategic.ts'

export interface Asking {
  readonly definitions: Definitions
  /** Declined clients as they applied. */
  readonly declined: readonly Applicant[]
  /** Probabilities of clients by their feature values, as they are served. */
  readonly probabilities: (values: readonly (readonly Value[])[]) => ArrayLike<number>
  readonly threshold: number
  /** Smallest and largest value of a column of the form in training; null where it holds no numbers. */
  readonly rangeOf: (column: string) => readonly [number, number] | null
  readonly onProgress?: (message: string) => void
}

/** A value beyond training, in multiples of the training range. */
const beyond = 10

const groups: readonly (Omit<Gain, 'approved' | 'interval' | 'unreferred' | 'from' | 'way' | 'columns'> & {
  readonly pattern: RegExp
})[] = [
  { name: 'external', pattern: /^EXT_SOURCE_/, label: { fr: 'Cotes externes', en: 'External scores' } },
  {
    name: 'job',
    pattern: /^(OCCUPATION_TYPE|ORGANIZATION_TYPE|DAYS_EMPLOYED|NAME_INCOME_TYPE)$/,
    label: { fr: 'Emploi', en: 'Job' },
  },
  {
    name: 'contact',
    pattern: /^(FLAG_(MOBIL|EMP_PHONE|WORK_PHONE|CONT_MOBILE|PHONE|EMAIL)|DAYS_LAST_PHONE_CHANGE)$/,
    label: { fr: 'Moyens de contact', en: 'Contact details' },
  },
  { name: 'documents', pattern: /^(FLAG_DOCUMENT_\d+|DAYS_ID_PUBLISH)$/, label: { fr: 'Pièces', en: 'Documents' } },
  { name: 'building', pattern: /_(AVG|MODE|MEDI)$/, label: { fr: 'Logement', en: 'Housing' } },
  { name: 'acquaintances', pattern: /_SOCIAL_CIRCLE$/, label: { fr: 'Entourage', en: 'Acquaintances' } },
  {
    name: 'enquiries',
    pattern: /^AMT_REQ_CREDIT_BUREAU_/,
    label: { fr: 'Demandes de renseignement', en: 'Enquiries to the bureau' },
  },
]

const historyLabels: readonly Words[] = [
  { fr: 'Fichier des crédits', en: 'Credit bureau' },
  { fr: 'Historique chez nous', en: 'History with us' },
]

/** Every optional input by itself, inputs and histories that belong together, and numbers far beyond training. */
export function strategicBehaviour(asking: Asking): StrategicBehaviour & { readonly strategic: Strategic } {
  const { definitions, declined, threshold, rangeOf, onProgress = () => {} } = asking
  const valuesOf = evaluator(definitions)
  const read = columnsRead(definitions)
  const optional = read.filter(({ whenUnknown }) => whenUnknown !== 'required')
  const sources = allSources(definitions)
  const base = declined.map(valuesOf)
  /** Of the changed clients; only the features that read one of these columns of the form are computed anew. */
  const changed = (columns: readonly string[]) => {
    const reading = definitions.features.flatMap(({ name }, place) =>
      columns.some((column) => sources.get(name)!.includes(`application.${column}`)) ? [{ name, place }] : [],
    )
    const names = new Set(reading.map(({ name }) => name))
    const some = evaluator(definitions, undefined, (name) => names.has(name))
    return (change: (applicant: Applicant) => Applicant) =>
      probabilitiesOf(
        declined.map((one, i) => {
          const [values, anew] = [[...base[i]!], some(change(one))]
          for (const [k, { place }] of reading.entries()) values[place] = anew[k] as Value
          return values
        }),
      )
  }
  const probabilitiesOf = (values: readonly (readonly Value[])[]) => Float64Array.from(asking.probabilities(values))
  const gain = (of: Pick<Gain, 'name' | 'label' | 'way' | 'columns'>, found: Float64Array): Gain => {
    const from = of.way === 'history' ? null : refusedFrom(found, threshold)
    const below = (line: number) => found.reduce((sum, p) => sum + (p < line ? 1 : 0), 0)
    const approved = below(threshold)
    return {
      ...of,
      approved: approved / declined.length,
      interval: shareInterval(approved, declined.length),
      unreferred: of.way === 'history' ? 0 : below(from ?? threshold) / declined.length,
      from,
    }
  }
  const blank = (name: string, label: Words, of: readonly Column[]): Gain => {
    const names = of.map((column) => column.name)
    const nothing = Object.fromEntries(names.map((column) => [column, null]))
    const probabilities = changed(names)
    const left = probabilities((one) => leavingOut(one, names))
    const sent = probabilities((one) => ({ ...one, application: { ...one.application, ...nothing } }))
    return gain(
      { name, label, way: 'blank', columns: names },
      left.map((p, i) => Math.min(p, sent[i] as number)),
    )
  }
  const outside = (column: Column): Gain[] => {
    const range = rangeOf(column.name)
    if (!range) return []
    const [low, high] = range
    const span = Math.max(high - low, Math.abs(high), 1)
    const [least, most] = column.bounds
    return (['below', 'above'] as const).flatMap((way) => {
      const wanted = way === 'below' ? low - beyond * span : high + beyond * span
      const value = column.type === 'number' ? wanted : Math.round(wanted)
      const bounded = Math.min(most ?? value, Math.max(least ?? value, value))
      if (bounded >= low && bounded <= high) return [] // the form takes no value beyond
      const found = changed([column.name])((one) => ({
        ...one,
        application: { ...one.application, [column.name]: bounded },
      }))
      return [gain({ name: `${column.name} ${way}`, label: column.label, way, columns: [column.name] }, found)]
    })
  }
  onProgress(`strategic behaviour: ${declined.length} declined clients, ${optional.length} optional inputs`)
  const tablesRead = new Set<string>([...allTables(definitions).values()].flatMap((of) => [...of]))
  const without = (gone: readonly HistoryTable[]) => (one: Applicant) => ({
    ...one,
    history: Object.fromEntries(Object.entries(one.history).filter(([name]) => !gone.some((table) => table === name))),
  })
  const histories = [
    ...historyGroups.map((group, i) => ({
      name: group[0],
      label: historyLabels[i]!,
      group: group as readonly HistoryTable[],
    })),
    { name: 'all_histories', label: { fr: 'Tous les historiques', en: 'All histories' }, group: historyTables },
  ].filter(({ group }) => group.some((table) => tablesRead.has(table)))
  const gains = [
    ...groups.flatMap(({ name, label, pattern }) => {
      const of = optional.filter((column) => pattern.test(column.name))
      return of.length > 1 ? [blank(name, label, of)] : []
    }),
    blank('everything', { fr: 'Tout ce qui est facultatif', en: 'Everything optional' }, optional),
    ...histories.map(({ name, label, group }) =>
      gain(
        { name, label, way: 'history', columns: [...group] },
        probabilitiesOf(declined.map((one) => valuesOf(without(group)(one)))),
      ),
    ),
    ...optional.map((column) => blank(column.name, column.label, [column])),
    ...read.flatMap(outside),
  ]
  return { clients: declined.length, limit, gains, strategic: strategicOf(gains, rangeOf) }
}

/** The columns of the form that features read, in its order. */
function columnsRead(definitions: Definitions): readonly Column[] {
  const read = new Set<string>([...allSources(definitions).values()].flat())
  return tables.application_test.columns.filter(({ name, type }) => type !== 'id' && read.has(`application.${name}`))
}

/** What the bundle carries: the answers that would pay for more than the limit. */
function strategicOf(gains: readonly Gain[], rangeOf: Asking['rangeOf']): Strategic {
  const listed = gains.filter((one): one is Gain & { from: number } => one.from !== null)
  const words = ({ fr, en }: Words) => ({ fr, en })
  const outside = Map.groupBy(
    listed.filter(({ way }) => way === 'below' || way === 'above'),
    ({ columns }) => columns[0]!,
  )
  return {
    blanks: listed
      .filter(({ way }) => way === 'blank')
      .map(({ name, label, columns, from }) => ({ name, label: words(label), columns: [...columns], from })),
    ranges: [...outside].map(([column, of]) => {
      const [low, high] = rangeOf(column)!
      return { column, label: words(of[0]!.label), low, high, from: minimum(of.map(({ from }) => from)) }
    }),
  }
}
