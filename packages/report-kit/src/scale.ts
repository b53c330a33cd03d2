/** From data to pixels: linear scales with round ticks, an estimate of the width of text, and lines thinned to what a pixel can show. */
import { maximum } from './maximum.ts'

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

/** Estimated width in pixels of text at a size in pixels, a little on the wide side of common sans-serif fonts. */
export function textWidth(text: string, size = 14, bold = false): number {
  let em = 0
  for (const letter of text) {
    if (/[iljI.,:;'|!\u00a0 ()]/.test(letter)) em += 0.31
    else if (/[frt1-]/.test(letter)) em += 0.45
    else if (/[mwMW%@]/.test(letter)) em += 0.88
    else if (/[A-Z_]/.test(letter)) em += 0.67
    else em += 0.57
  }
  return em * size * (bold ? 1.06 : 1)
}

/** Text cut with … to fit a width in pixels. */
export function fitted(text: string, width: number, size = 14): string {
  if (textWidth(text, size) <= width) return text
  let cut = text
  while (cut.length > 1 && textWidth(`${cut}…`, size) > width) cut = cut.slice(0, -1)
  return `${cut.trimEnd()}…`
}

/** The room for names left of a figure's rows; 0 where they belong above them, as on a phone or where one would be cut. */
export function nameRoom(names: readonly string[], width: number, gap: number): number {
  const room = maximum([0, ...names.map((name) => textWidth(name))]) + gap
  return width < 440 || room > width * 0.46 ? 0 : room
}

/** Where a label beside a vertical mark stands: right of it, else left of it, else pushed inside the figure. */
export function beside(at: number, text: string, width: number): { x: number; end: boolean } {
  const wide = textWidth(text, 14, true)
  if (at + 6 + wide <= width) return { x: at + 6, end: false }
  return at - 6 - wide >= 0 ? { x: at - 6, end: true } : { x: Math.max(0, width - wide), end: false }
}

/** Places of the names of several series above a figure: beside each other from `left`, one under the other where the width does not hold them. */
export function keyPlaces(names: readonly string[], left: number, width: number): { x: number; y: number }[] {
  const wide = names.map((name) => textWidth(name, 14, true) + 46)
  const fits = left + wide.reduce((sum, each) => sum + each, 0) - 24 <= width
  let at = left
  return wide.map((each, i) => {
    const place = fits ? { x: at, y: 0 } : { x: 0, y: 22 * i }
    at += each
    return place
  })
}

/** A coordinate as short text: one decimal. */
export const px = (value: number): string => String(Math.round(value * 10) / 10)

/** Points of a line in pixels without those that lie within `tolerance` of it (Ramer, Douglas, Peucker). */
export function thinned(
  points: readonly (readonly [number, number])[],
  tolerance = 0.35,
): (readonly [number, number])[] {
  const kept = new Uint8Array(points.length)
  const open: [number, number][] = [[0, points.length - 1]]
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [a, b] = pair
    const [p, q] = [points[a], points[b]]
    if (!p || !q) continue
    kept[a] = kept[b] = 1
    const length = Math.hypot(q[0] - p[0], q[1] - p[1])
    let [far, at] = [tolerance, -1]
    for (let i = a + 1; i < b; i++) {
      const r = points[i]!
      const distance = length
        ? Math.abs((q[0] - p[0]) * (p[1] - r[1]) - (p[0] - r[0]) * (q[1] - p[1])) / length
        : Math.hypot(r[0] - p[0], r[1] - p[1])
      if (distance > far) [far, at] = [distance, i]
    }
    if (at > 0) open.push([a, at], [at, b])
  }
  return points.filter((_, i) => kept[i])
}

/** SVG path data through points in pixels. */
export const path = (points: readonly (readonly [number, number])[]): string =>
  points.length ? `M${points.map(([x, y]) => `${px(x)} ${px(y)}`).join('L')}` : ''

/** Heights moved apart so that labels keep `gap` pixels, in the given order of positions, within [top, bottom]. */
export function spread(positions: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a]! - positions[b]! || a - b)
  const placed = [...positions]
  let least = top
  for (const i of order) {
    placed[i] = Math.max(placed[i]!, least)
    least = placed[i]! + gap
  }
  let most = bottom
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i]!, most)
    most = placed[i]! - gap
  }
  return placed
}
