/**
 * Population stability index Σ (p − q) ln(p ÷ q) over bins; the trade reads under 0.1 as stable, over 0.25 as shifted.
 * Source: Siddiqi, Credit Risk Scorecards, 2006; Evidently, stattests/psi.py. The bins are named with the figure: Evidently's
 * equal widths, or deciles of the reference. Empty bins must have been filled (`filled` in bins.ts).
 */
export function populationStability(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < reference.length; i++)
    sum += (reference[i]! - current[i]!) * Math.log(reference[i]! / current[i]!)
  return sum
}
