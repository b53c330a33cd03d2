/**
 * The axes of every chart: ticks with their labels along the bottom, rules with their labels along the left, and the names of rows.
 *
 *   xAxis({ x, ticks, format, bottom, width, rulesFrom?, line? })   a label under each tick, moved inside the figure at its ends;
 *                                                rulesFrom: rules up to this height in place of short ticks; line: [left, right] of the base line
 *   yAxis({ y, ticks, format, left, right })     a rule across the plot for each tick, its label left of it
 *   yAxisWidth(ticks, format)                    what the labels of a left axis take
 *   nameColumn(names, width)                     what the names of rows take at the left; 0 where they stand above their rows
 *   rowName(name, column, { middle, above }, width, { strong?, halo? })   one of them
 */
import { type Html, html } from './html.ts'
import type { Scale } from './scale.ts'
import { px } from './svg-path.ts'
import { centred, fitted, textWidth, widestText } from './text-width.ts'

type Format = (value: number) => string

/** Height in pixels of the ticks and labels under a chart. */
export const xAxisHeight = 28

export function xAxis(axis: {
  readonly x: Scale
  readonly ticks: readonly number[]
  readonly format: Format
  readonly bottom: number
  readonly width: number
  readonly rulesFrom?: number
  readonly line?: readonly [number, number]
}): Html {
  const { x, ticks, format, bottom, width, rulesFrom, line } = axis
  const places = ticks.map(x)
  const rules = rulesFrom !== undefined && places.map((at) => `M${px(at)} ${px(rulesFrom)}V${px(bottom)}`)
  const axisLine = line ? `M${px(line[0])} ${px(bottom)}H${px(line[1])}` : ''
  const short = rules ? [] : places.map((at) => `M${px(at)} ${px(bottom)}v5`)
  const labels = ticks.map((tick, i) => {
    const text = format(tick)
    return html`<text class="m c" x="${px(centred(places[i]!, text, width))}" y="${px(bottom + 21)}">${text}</text>`
  })
  return html`${rules && html`<path class="rule" d="${rules.join('')}"/>`}${
    (axisLine || short.length > 0) && html`<path class="axis" d="${axisLine}${short.join('')}"/>`
  }${labels}`
}

export const yAxisWidth = (ticks: readonly number[], format: Format): number => widestText(ticks.map(format)) + 12

export function yAxis(axis: {
  readonly y: Scale
  readonly ticks: readonly number[]
  readonly format: Format
  readonly left: number
  readonly right: number
}): Html {
  const { y, ticks, format, left, right } = axis
  const rules = ticks.map((tick) => `M${px(left)} ${px(y(tick))}H${px(right)}`)
  const labels = ticks.map(
    (tick) => html`<text class="m e" x="${px(left - 8)}" y="${px(y(tick) + 5)}">${format(tick)}</text>`,
  )
  return html`<path class="rule" d="${rules.join('')}"/>${labels}`
}

/** Names stand above their rows on a phone and where they would take nearly half of the figure. */
export function nameColumn(names: readonly string[], width: number): number {
  const wide = widestText(names) + 12
  return width < 440 || wide > width * 0.46 ? 0 : wide
}

/** `middle`: the middle of the row, where the name stands left of it; `above`: its base line where it stands above the row. */
export function rowName(
  name: string,
  column: number,
  { middle, above }: { readonly middle: number; readonly above: number },
  width: number,
  { strong = false } = {},
): Html {
  const bold = strong ? ' b' : ''
  if (column > 0) return html`<text class="e${bold}" x="${px(column - 10)}" y="${px(middle + 5)}">${name}</text>`
  const shown = fitted(name, width)
  const whole = shown !== name && html`<title>${name}</title>`
  return html`<text class="h${bold}" x="0" y="${px(above)}">${shown}${whole}</text>`
}

/** What a text that stands at `left` on the base line `y` covers. */
export const textBox = (text: string, left: number, y: number, bold = false) => ({
  left,
  right: left + textWidth(text, 14, bold),
  top: y - 14,
  bottom: y + 5,
})
