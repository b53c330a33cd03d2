/** A scorecard member's log-odds and what each characteristic adds: coefficient times the deviation of its weight of evidence from the training mean. */
import type { ScorecardMember } from './member.ts'

type Bins = ScorecardMember['characteristics'][number]['bins']

/** The weight of evidence of a value by its bin; 0, saying nothing, for a level or a gap that training did not have. */
export function woeReader(bins: Bins): (value: number) => number {
  const missing = bins.find((bin) => bin.missing)?.woe ?? 0
  const ofCode = new Map(bins.flatMap(({ codes, woe }) => (codes ?? []).map((code): [number, number] => [code, woe])))
  if (ofCode.size > 0) return (value) => (Number.isNaN(value) ? missing : (ofCode.get(value) ?? 0))
  const ranges = bins.filter((bin) => !bin.missing)
  const ends = ranges.map(({ to }) => to ?? Number.POSITIVE_INFINITY)
  return (value) => {
    if (Number.isNaN(value)) return missing
    let at = 0
    while (at < ends.length - 1 && ends[at]! < value) at++
    return ranges[at]?.woe ?? 0
  }
}

/** Adds `weight` times the member's log-odds of each of `count` clients to `out`. */
export function addScorecardMargins(
  { intercept, characteristics, weight }: ScorecardMember,
  count: number,
  valuesOf: (feature: string) => (row: number) => number,
  out: Float64Array,
): void {
  const margin = new Float64Array(count).fill(intercept)
  for (const { feature, bins, coefficient } of characteristics) {
    const [value, woe] = [valuesOf(feature), woeReader(bins)]
    for (let i = 0; i < count; i++) margin[i]! += coefficient * woe(value(i))
  }
  for (let i = 0; i < count; i++) out[i]! += weight * margin[i]!
}

/** Adds `weight` times what each feature contributes, and the bias last, to rows of `width` + 1 numbers in `out`. */
export function addScorecardContributions(
  { intercept, characteristics, weight }: ScorecardMember,
  count: number,
  valuesOf: (feature: string) => (row: number) => number,
  placeOf: (feature: string) => number,
  width: number,
  out: Float64Array,
): void {
  let bias = intercept
  for (const { feature, bins, coefficient, mean } of characteristics) {
    bias += coefficient * mean
    const [value, woe, place] = [valuesOf(feature), woeReader(bins), placeOf(feature)]
    for (let i = 0; i < count; i++) out[i * (width + 1) + place]! += weight * coefficient * (woe(value(i)) - mean)
  }
  for (let i = 0; i < count; i++) out[i * (width + 1) + width]! += weight * bias
}
