/** The drift report's verdict on what was scored: the same columns, the same rule, so that monitor and report never disagree. */
import type { Value } from '../data/applicant.ts'
import { type DriftColumn, numberColumn } from '../drift/column.ts'
import { compareColumns, type Drift } from '../drift/compare.ts'
import { defaultMinCount } from '../drift/policy.ts'
import type { Application } from './application.ts'
import { columnOf, type MonitorReference } from './reference.ts'

/** Name of the column of predicted risks. */
export const scoreColumn = 'probability'

/** Share of columns, or of the model's weight, that makes a drift of the whole: as `npm run drift` has it. */
const wholeShare = 0.5

/** Columns of the reference are the same each time: sorting them is done once. */
const sortedOnce = new WeakMap<object, DriftColumn>()

function columnOnce(key: object, make: () => DriftColumn): DriftColumn {
  const column = sortedOnce.get(key) ?? make()
  sortedOnce.set(key, column)
  return column
}

/** `features`: those of the watched ones that are compared; all where nothing is said. Worst first. */
export function judged(
  reference: MonitorReference,
  applications: readonly Application[],
  { score = true, features }: { score?: boolean; features?: readonly string[] } = {},
): Drift {
  const chosen = reference.features
    .map((feature, at) => ({ feature, at }))
    .filter(({ feature }) => features === undefined || features.includes(feature.name))
  const readable = applications.filter(({ values }) => values !== null)
  const before = chosen.map(({ feature }) => columnOnce(feature, () => columnOf(feature, feature.reference)))
  const now = chosen.map(({ feature, at }) =>
    columnOf(
      feature,
      readable.map(({ values }): Value => values?.[at] ?? null),
    ),
  )
  if (score) {
    before.unshift(columnOnce(reference, () => numberColumn(scoreColumn, reference.risks)))
    now.unshift(
      numberColumn(
        scoreColumn,
        applications.map(({ probability }) => probability),
      ),
    )
  }
  const importance = new Map(reference.features.map(({ name, importance: weight }) => [name, weight]))
  return compareColumns(before, now, { policy: 'default', share: wholeShare, minCount: defaultMinCount, importance })
}
