/** Kullback-Leibler divergence of the current from the reference distribution, natural logarithm, sides normalised (`scipy.stats.entropy(p, q)`). */
export function kullbackLeibler(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  let [totalP, totalQ] = [0, 0]
  for (let i = 0; i < reference.length; i++) {
    totalP += reference[i]!
    totalQ += current[i]!
  }
  let sum = 0
  for (let i = 0; i < reference.length; i++) {
    const [p, q] = [reference[i]! / totalP, current[i]! / totalQ]
    if (p > 0) sum += p * Math.log(p / q)
  }
  return sum
}
