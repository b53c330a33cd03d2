/** False-discovery control across columns by e-values, whatever their dependence: Wang and Ramdas, JRSS B 84, 2022 (e-BH). */
import { requireLevel } from './bets.ts'

/** Which hypotheses are rejected, from logs of e-values: of these a share alpha at most is expected to be false. */
export function eBenjaminiHochberg(logs: readonly number[], alpha: number): boolean[] {
  requireLevel(alpha)
  const wrong = logs.findIndex(Number.isNaN)
  if (wrong >= 0) throw new RangeError(`expected the log of an e-value at ${wrong}, got NaN`)
  const sorted = [...logs].sort((a, b) => b - a)
  let rejected = 0
  for (const [i, log] of sorted.entries()) if (log >= Math.log(logs.length / (alpha * (i + 1)))) rejected = i + 1
  return logs.map((log) => rejected > 0 && log >= sorted[rejected - 1]!)
}
