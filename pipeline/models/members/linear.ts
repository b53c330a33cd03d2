/** A linear member's log-odds and what each feature adds: coefficient times deviation from the training mean, in standard deviations. */
import type { LinearColumn, LinearMember } from './member.ts'

/** A column's value for a feature value (NaN: missing): 0 at the training mean, in standard deviations. */
export function standardised({ read, mean, sd }: Omit<LinearColumn, 'coefficient'>, value: number): number {
  return (rawValue(read, value) - mean) / sd
}

/** The same before it is centred and scaled. */
export function rawValue(read: LinearColumn['read'], value: number): number {
  if (read.as === 'missing') return Number.isNaN(value) ? 1 : 0
  if (read.as === 'level') return value === read.code ? 1 : 0
  return Number.isNaN(value) ? read.fill : Math.min(read.high, Math.max(read.low, value))
}

/** Adds `weight` times the member's log-odds of each of `count` clients to `out`. `valuesOf(feature)(row)`: a client's value of a feature. */
export function addLinearMargins(
  { intercept, columns, weight }: LinearMember,
  count: number,
  valuesOf: (feature: string) => (row: number) => number,
  out: Float64Array,
): void {
  const margin = new Float64Array(count).fill(intercept)
  for (const column of columns) {
    const value = valuesOf(column.feature)
    for (let i = 0; i < count; i++) margin[i]! += column.coefficient * standardised(column, value(i))
  }
  for (let i = 0; i < count; i++) out[i]! += weight * margin[i]!
}

/** Adds `weight` times what each feature contributes, and the bias last, to rows of `width` + 1 numbers in `out`. */
export function addLinearContributions(
  { intercept, columns, weight }: LinearMember,
  count: number,
  valuesOf: (feature: string) => (row: number) => number,
  placeOf: (feature: string) => number,
  width: number,
  out: Float64Array,
): void {
  for (const column of columns) {
    const [value, place] = [valuesOf(column.feature), placeOf(column.feature)]
    const factor = weight * column.coefficient
    for (let i = 0; i < count; i++) out[i * (width + 1) + place]! += factor * standardised(column, value(i))
  }
  for (let i = 0; i < count; i++) out[i * (width + 1) + width]! += weight * intercept
}
