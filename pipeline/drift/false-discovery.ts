/**
 * False-discovery-rate control: of the columns that are called drifted, at most a share q is expected to be a false alarm.
 * Source: Benjamini and Hochberg, J. R. Stat. Soc. B 57(1), 1995.
 */

/** Adjusted p-values in the given order; null (no test) stays null and does not count. */
export function falseDiscovery(p: readonly (number | null)[]): (number | null)[] {
  const tested = p.map((_, i) => i).filter((i) => p[i] !== null)
  tested.sort((a, b) => p[b]! - p[a]! || b - a)
  const adjusted: (number | null)[] = p.map(() => null)
  let least = 1
  tested.forEach((i, place) => {
    least = Math.min(least, (p[i]! * tested.length) / (tested.length - place))
    adjusted[i] = least
  })
  return adjusted
}
