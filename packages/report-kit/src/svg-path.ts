/** The data of SVG paths: coordinates as short text, lines thinned to what a pixel can show, outlines of steps, lines that leave out texts. */
import type { TextBox } from './text-width.ts'

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

/** Through points in pixels. */
export const path = (points: readonly (readonly [number, number])[]): string =>
  points.length ? `M${points.map(([x, y]) => `${px(x)} ${px(y)}`).join('L')}` : ''

/** Along the tops of bins, whose edges are `lefts` and one more; closed down to the base line when `closed`. */
export function stepOutline(tops: readonly number[], lefts: readonly number[], base: number, closed: boolean): string {
  let last = closed ? base : (tops[0] ?? base)
  let d = `M${px(lefts[0] ?? 0)} ${px(last)}`
  tops.forEach((top, i) => {
    if (px(top) !== px(last)) d += `V${px(top)}`
    if (i === tops.length - 1 || px(tops[i + 1]!) !== px(top)) d += `H${px(lefts[i + 1] ?? 0)}`
    last = top
  })
  return closed ? `${d}V${px(base)}Z` : d
}

/** A vertical line from a height down to another one, without the stretches where it would cross a text. */
export function upright(x: number, from: number, to: number, texts: readonly TextBox[] = []): string {
  const crossed = texts.filter(({ left, right }) => left - 3 < x && x < right + 3).toSorted((a, b) => a.top - b.top)
  let [drawn, at] = ['', from]
  for (const { top, bottom } of crossed) {
    if (top > at) drawn += `M${px(x)} ${px(at)}V${px(Math.min(top, to))}`
    at = Math.max(at, bottom)
  }
  return at < to ? `${drawn}M${px(x)} ${px(at)}V${px(to)}` : drawn
}
