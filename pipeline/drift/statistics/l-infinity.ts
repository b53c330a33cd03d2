/** L-infinity distance: the largest change of any category's share, 0 to 1 (NannyML, drift/univariate/methods.py). */
export function lInfinity(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < reference.length; i++) most = Math.max(most, Math.abs(reference[i]! - current[i]!))
  return most
}
