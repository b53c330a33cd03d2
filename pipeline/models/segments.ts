/** Where the decisions err: the same figures for groups of clients that a feature tells apart. */

import { quantile } from '../data/quantile.ts'
import type { FeatureDefinition } from '../features/rules/check/definitions.ts'
import { type Costs, confusion, meanCost } from './cost.ts'
import type { Matrix } from './matrix.ts'
import { boundText, rangeLabel } from './range-label.ts'
import { rocAuc } from './ranking.ts'

export interface Segment {
  readonly feature: string
  readonly group: string
  readonly clients: number
  readonly defaults: number
  readonly predicted: number // mean probability
  readonly observed: number // share of defaults
  readonly approved: number // share approved
  readonly cost: number // per client
  readonly auc: number | null // null with fewer than 10 defaults or good clients
}

/** Smaller groups are counted together as "others": their figures would be chance. */
const smallest = 100

export interface Grouping {
  /** Of each client. */
  readonly groups: readonly string[]
  /** In the order to be shown. */
  readonly order: readonly string[]
}

/** Levels of a category, yes and no, single small counts, else four ranges between the quartiles of the known values. */
export function groupsOf(
  feature: Pick<FeatureDefinition, 'kind' | 'unit' | 'levels'>,
  column: Float32Array,
  shown: (value: number) => string = String,
): Grouping {
  const named = (name: (value: number) => string) =>
    Array.from(column, (value) => (Number.isNaN(value) ? 'missing' : name(value)))
  if (feature.kind === 'category')
    return merged(
      named((code) => feature.levels?.[code] ?? 'missing'),
      feature.levels ?? [],
    )
  if (feature.unit === 'flag')
    return { groups: named((value) => (value === 1 ? 'yes' : 'no')), order: ['yes', 'no', 'missing'] }
  const known = column.filter((value) => !Number.isNaN(value)).sort()
  const distinct = [...new Set(known)]
  if (distinct.length <= 6) return merged(named(String), distinct.map(String))
  // Quartiles that coincide make one range less.
  const cuts = [...new Set([0.25, 0.5, 0.75].map((share) => quantile(known, share)))].filter(
    (cut) => cut < (known.at(-1) as number),
  )
  const ranges = [...cuts, undefined].map((cut, i) => rangeLabel(i > 0 ? cuts[i - 1] : undefined, cut, shown))
  const rangeOf = (value: number) => {
    const place = cuts.findIndex((cut) => value <= cut)
    return ranges[place < 0 ? cuts.length : place] as string
  }
  return { groups: named(rangeOf), order: [...ranges, 'missing'] }
}

function merged(groups: readonly string[], order: readonly string[]): Grouping {
  const sizes = Map.groupBy(groups, (group) => group)
  const large = (group: string) => (sizes.get(group)?.length ?? 0) >= smallest
  return {
    groups: groups.map((group) => (group === 'missing' || large(group) ? group : 'others')),
    order: [...order.filter(large), 'others', 'missing'],
  }
}

/** Features whose groups are looked at one by one; sex, age and family are looked at by the fairness report. */
const segmented = [
  'contract_type',
  'income_type',
  'education',
  'credit',
  'income',
  'ext_nulls',
  'has_bureau',
  'has_previous',
]

export interface LabelledSegment extends Segment {
  /** What the feature is called. */
  readonly label: string
}

/** Figures of the groups of those features, in the order of the features. */
export const segmentsOf = (
  features: readonly FeatureDefinition[],
  { columns }: Matrix,
  judged: Parameters<typeof segments>[2],
): LabelledSegment[] =>
  features.flatMap((feature, j) => {
    if (!segmented.includes(feature.name)) return []
    const grouping = groupsOf(feature, columns[j] as Float32Array, boundText)
    return segments(feature.name, grouping, judged).map((one) => ({ ...one, label: feature.label.en }))
  })

/** The group, of those with a fiftieth of the clients or more, in which a decision costs most; null where there is none. */
export const costliestOf = (found: readonly LabelledSegment[], clients: number): LabelledSegment | null =>
  found.filter((one) => one.clients >= 0.02 * clients).toSorted((a, b) => b.cost - a.cost)[0] ?? null

/** Figures of each group that has clients. */
export function segments(
  feature: string,
  { groups, order }: Grouping,
  judged: { target: ArrayLike<number>; probability: ArrayLike<number>; declined: ArrayLike<number>; costs: Costs },
): Segment[] {
  const { target, probability, declined, costs } = judged
  const rowsOf = Map.groupBy(groups.keys(), (row) => groups[row] as string)
  return order.flatMap((group): Segment[] => {
    const rows = rowsOf.get(group)
    if (!rows) return []
    const outcomes = rows.map((row) => target[row] as number)
    const risks = rows.map((row) => probability[row] as number)
    const decided = confusion(
      outcomes,
      rows.map((row) => declined[row] as number),
    )
    const defaults = outcomes.reduce((a, b) => a + b, 0)
    return [
      {
        feature,
        group,
        clients: rows.length,
        defaults,
        predicted: risks.reduce((a, b) => a + b, 0) / rows.length,
        observed: defaults / rows.length,
        approved: (decided.trueNegative + decided.falseNegative) / rows.length,
        cost: meanCost(decided, costs),
        auc: Math.min(defaults, rows.length - defaults) < 10 ? null : rocAuc(outcomes, risks),
      },
    ]
  })
}
