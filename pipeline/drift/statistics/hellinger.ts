/** Hellinger distance √(Σ (√p − √q)²) ÷ √2 of two distributions over the same bins, 0 to 1 (NannyML, drift/univariate/methods.py). */
export function hellinger(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < reference.length; i++) sum += (Math.sqrt(reference[i]!) - Math.sqrt(current[i]!)) ** 2
  return Math.sqrt(sum) / Math.SQRT2
}
