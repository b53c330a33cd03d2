/** One figure of the data beside the published one, and how far apart they may be. */
import type { TableName } from './tables.ts'

export interface Figure {
  readonly table: TableName
  readonly column: string
  /** What is compared: 'missing', 'mean', 'median', 'share of X', 'default rate of X', 'correlation with TARGET', 'rows per client' … */
  readonly measure: string
  readonly published: number
  readonly found: number
  /** Largest tolerated distance: the larger of the bar and three standard errors. */
  readonly tolerance: number
}

export const isOutside = ({ published, found, tolerance }: Figure): boolean =>
  !(Math.abs(found - published) <= tolerance)

/** Distance in tolerances: above 1 is outside; infinite where nothing is tolerated, or nothing was found. */
export function strangeness({ published, found, tolerance }: Figure): number {
  if (found === published) return 0
  const distance = Math.abs(found - published) / tolerance
  return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance
}

/** Of a share: its bar, or three standard errors at that many rows. */
export const shareTolerance = (share: number, rows: number, bar: number) =>
  Math.max(bar, 3 * Math.sqrt((share * (1 - share)) / Math.max(rows, 1)))
