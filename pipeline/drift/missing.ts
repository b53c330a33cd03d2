/** Missing shares as a drift of their own: the tests of values drop missing ones first, so they cannot see it. */
import type { DriftColumn } from './column.ts'
import { bandOf, falseDiscoveryRate } from './policy.ts'
import type { Band } from './result.ts'
import { proportions } from './statistics/proportions.ts'

export type Counts = Pick<DriftColumn, 'rows' | 'missing'>

const missingPoints = { moderate: 0.05, major: 0.1 }

/** 0 to 1. */
export const missingShare = ({ missing, rows }: Counts): number => missing / Math.max(1, rows)

/** Bands of the change of missing shares, from adjusted p-values: five points and more than chance is moderate, ten major. */
export const missingBand = (reference: Counts, current: Counts, adjusted: number | null): Band =>
  adjusted !== null && adjusted < falseDiscoveryRate
    ? bandOf(Math.abs(missingShare(current) - missingShare(reference)), missingPoints.moderate, missingPoints.major)
    : 'none'

/** null where a side has no rows. */
export const missingP = (reference: Counts, current: Counts): number | null =>
  reference.rows === 0 || current.rows === 0
    ? null
    : proportions(reference.missing, reference.rows, current.missing, current.rows).p
