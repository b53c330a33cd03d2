/** From data to pixels: linear scales, their domains and round ticks. */

export interface Scale {
  (value: number): number
  readonly domain: readonly [number, number]
}

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain
  const span = to - from || 1
  return Object.assign((value: number) => range[0] + ((value - from) / span) * (range[1] - range[0]), { domain })
}

/** Round values inside the domain (ends included), at most `most` of them, spaced by 1, 2, 2.5 or 5 × a power of ten. */
export function ticks([from, to]: readonly [number, number], most = 5): number[] {
  if (!(to > from)) return [from]
  const power = 10 ** Math.floor(Math.log10((to - from) / most))
  for (const factor of [1, 2, 2.5, 5, 10, 20, 25, 50]) {
    const step = factor * power
    const first = Math.ceil(from / step - 1e-9)
    const last = Math.floor(to / step + 1e-9)
    if (last - first + 1 <= most)
      return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
  }
  return [from, to]
}

/** The domain widened to the round steps around it. */
export function rounded(domain: readonly [number, number], most = 5): [number, number] {
  const inside = ticks(domain, most)
  const step = (inside[1] ?? domain[1]) - (inside[0] ?? domain[0])
  if (!(step > 0)) return [domain[0], domain[1]]
  const round = (n: number) => Number((n * step).toPrecision(12))
  return [round(Math.floor(domain[0] / step + 1e-9)), round(Math.ceil(domain[1] / step - 1e-9))]
}

/** Smallest and largest finite value; [0, 1] when there is none. */
export function extent(values: Iterable<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return low <= high ? [low, high] : [0, 1]
}
