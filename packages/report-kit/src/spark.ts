/** spark(reference, current, alt, { apart? }): 132 × 34 px for the cells of a table: reference filled, current as a line, on one axis. */
import { type Html, html } from './html.ts'
import { extent } from './scale.ts'
import { shareOf } from './shares.ts'
import { px, stepOutline } from './svg-path.ts'

/**
 * Two distributions in 132 × 34 px on one axis and one scale; heights in hundredths, so that a table of 120 stays small.
 * Categories (`apart`) stand as separate bars, each with the current share as a line across it.
 */
export function spark(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  alt: string,
  options: { apart?: boolean } = {},
): Html {
  const [a, b] = [shareOf(reference), shareOf(current)]
  const highest = extent([1e-9, ...a, ...b])[1]
  const tops = (shares: readonly number[]) => shares.map((share) => 33 - Math.round((share / highest) * 100) * 0.31)
  const lefts = Array.from({ length: a.length + 1 }, (_, i) => (132 * i) / a.length)
  const gap = options.apart ? Math.min(3, 132 / a.length / 5) : 0
  const bars = tops(a).map((top, i) => `M${px(lefts[i]! + gap)} 33.5V${px(top)}H${px(lefts[i + 1]! - gap)}V33.5Z`)
  const lines = tops(b).map((top, i) => `M${px(lefts[i]!)} ${px(top)}H${px(lefts[i + 1]!)}`)
  const [filled, drawn] = options.apart
    ? [bars.join(''), lines.join('')]
    : [stepOutline(tops(a), lefts, 33.5, true), stepOutline(tops(b), lefts, 33.5, false)]
  return html`<svg class="spark" viewBox="0 0 132 34" role="img" aria-label="${alt}">
    <path class="f2 t-s2" d="${filled}"/>
    <path class="s t-ink" d="${drawn}"/>
  </svg>`
}
