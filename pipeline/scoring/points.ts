/**
 * The score in points: offset + factor · ln(odds of repayment), rounded, as scorecards write it: the factor is PDO / ln 2, PDO being the points
 * that double the odds, and the offset is score − factor · ln(odds) for one anchored score (Siddiqi, Credit Risk Scorecards, 2006, chapter 6).
 */
export interface PointScale {
  readonly offset: number
  readonly factor: number
}

/** Points of a calibrated probability of default; more points, less risk. Probabilities beyond one in a million count as that. */
export function pointsOf(probability: number, { offset, factor }: PointScale): number {
  const p = Math.min(Math.max(probability, 1e-6), 1 - 1e-6)
  return Math.round(offset + factor * Math.log((1 - p) / p))
}
