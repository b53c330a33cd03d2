/**
 * What charts draw for data, in pixels: bars, dots, intervals, shaded stretches, and dashed lines with a label.
 *
 *   bar(tone, [from, to], y, height, { light? })      a horizontal bar; light: where something is drawn over it
 *   dot(x, y, radius, ring?)                     a full dot, or a ring around another one
 *   interval([low, high], y, { ends? })          a horizontal line, with short strokes at its ends
 *   band([from, to], top, bottom)                a shaded stretch
 *   verticalMarks(marks, { x, top, bottom, width, texts? })   dashed lines with labels over the plot, in at most two rows; `texts` are not crossed
 *   markRows(marks)                              the height of those labels
 *   levelMark(level, { y, left, right })         a dashed line across the plot with its label over it
 */
import type { Mark } from './figure.ts'
import { type Html, html } from './html.ts'
import type { Scale } from './scale.ts'
import { px, upright } from './svg-path.ts'
import { beside, type TextBox } from './text-width.ts'
import type { Tone } from './tone.ts'

type Stretch = readonly [number, number]

export function bar(tone: Tone, [from, to]: Stretch, y: number, height: number, { light = false } = {}): Html {
  const [left, wide] = [Math.min(from, to), Math.max(Math.abs(to - from), 0.8)]
  const shape = html`class="${light ? 'f2' : 'f'} t-${tone}" x="${px(left)}" y="${px(y)}" width="${px(wide)}"`
  return html`<rect ${shape} height="${px(height)}"/>`
}

/** An outlined bar, whose outline lies inside the stretch. */
export function hollowBar(tone: Tone, [from, to]: Stretch, y: number, height: number): Html {
  const shape = html`class="hollow t-${tone}" x="${px(from + 1)}" y="${px(y + 1)}"`
  return html`<rect ${shape} width="${px(Math.max(0.8, to - from - 2))}" height="${px(height - 2)}"/>`
}

export const dot = (x: number, y: number, radius: number, ring = false): Html =>
  html`<circle class="${ring ? 'ring' : 'f'}" cx="${px(x)}" cy="${px(y)}" r="${px(radius)}"/>`

export const interval = ([low, high]: Stretch, y: number, { ends = false } = {}): Html =>
  html`<path class="s" d="M${px(low)} ${px(y)}H${px(high)}${ends && `m0 -4v8M${px(low)} ${px(y - 4)}v8`}"/>`

export function band([from, to]: Stretch, top: number, bottom: number): Html {
  const shape = html`x="${px(from)}" y="${px(top)}" width="${px(Math.max(to - from, 1))}" height="${px(bottom - top)}"`
  return html`<rect class="t-muted band" ${shape}/>`
}

const row = 22

export const markRows = (marks: readonly Mark[]): number => row * Math.min(marks.length, 2)

/** `top` is that of the plot: the labels stand above it. */
export function verticalMarks(
  marks: readonly Mark[],
  place: {
    readonly x: Scale
    readonly top: number
    readonly bottom: number
    readonly width: number
    readonly texts?: readonly TextBox[]
  },
): Html {
  const { x, top, bottom, width, texts } = place
  return html`${marks.map(({ at, label, tone = 'ink' }, i) => {
    const base = top - 8 - row * (Math.min(marks.length, 2) - 1 - (i % 2))
    const { x: from, end } = beside(x(at), label, width)
    return html`<g class="t-${tone}"><path class="s dash" d="${upright(x(at), base - 12, bottom, texts)}"/>${
      label && html`<text class="h b${end && ' e'}" x="${px(from)}" y="${px(base)}">${label}</text>`
    }</g>`
  })}`
}

export function levelMark(
  { at, label, side }: Mark,
  { y, left, right }: { readonly y: Scale; readonly left: number; readonly right: number },
): Html {
  const [x, end] = side === 'start' ? [left + 4, ''] : [right - 4, ' e']
  return html`<path class="mark" d="M${px(left)} ${px(y(at))}H${px(right)}"/>${
    label && html`<text class="h${end}" x="${px(x)}" y="${px(y(at) - 6)}">${label}</text>`
  }`
}
