/**
 * Jensen-Shannon distance: root of the mean divergence of two distributions from their middle; 0 to √ln 2 (to 1 in base 2).
 * Source: `scipy.spatial.distance.jensenshannon` (Evidently uses the natural logarithm, NannyML base 2).
 */

/** p ln(p ÷ m), by log1p where p and m are near, as scipy.special.rel_entr: small distances lose no digits. */
function divergence(p: number, middle: number): number {
  if (p <= 0) return 0
  const ratio = p / middle
  return p * (ratio > 0.5 && ratio < 2 ? Math.log1p((p - middle) / middle) : Math.log(ratio))
}

/** Shares over the same bins; each side is normalised to 1. */
export function jensenShannon(reference: ArrayLike<number>, current: ArrayLike<number>, base = Math.E): number {
  let [totalP, totalQ] = [0, 0]
  for (let i = 0; i < reference.length; i++) {
    totalP += reference[i]!
    totalQ += current[i]!
  }
  let [left, right] = [0, 0]
  for (let i = 0; i < reference.length; i++) {
    const [p, q] = [reference[i]! / totalP, current[i]! / totalQ]
    left += divergence(p, (p + q) / 2)
    right += divergence(q, (p + q) / 2)
  }
  return Math.sqrt(Math.max(0, (left + right) / Math.log(base) / 2))
}
