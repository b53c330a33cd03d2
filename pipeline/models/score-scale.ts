/** The PDO scale of scorecards: a base score at base odds, and the points that double the odds (Siddiqi, Credit Risk Scorecards, 2006, chapter 6). */
export interface ScoreScale {
  readonly baseScore: number
  /** Odds of repayment (clients who repay for one who does not) at the base score. */
  readonly baseOdds: number
  /** Points to double the odds. */
  readonly pdo: number
}

/** Score = offset + factor · ln(odds of repayment). */
export function linearScale({ baseScore, baseOdds, pdo }: ScoreScale): {
  readonly factor: number
  readonly offset: number
} {
  const factor = pdo / Math.LN2
  return { factor, offset: baseScore - factor * Math.log(baseOdds) }
}

/**
 * The score of a calibrated probability of default, rounded. A higher score is less risk. Probabilities beyond one in a million count as that.
 */
export function pdoScore(probability: number, scale: ScoreScale): number {
  const p = Math.min(Math.max(probability, 1e-6), 1 - 1e-6)
  const { factor, offset } = linearScale(scale)
  return Math.round(offset + factor * Math.log((1 - p) / p))
}
