/**
 * What all figures share: a title that says the finding, a note that names measure and unit, one drawing for each width of
 * style.ts (text is never scaled), and the same numbers as a table behind a fold, the figure's text alternative.
 *
 *   Caption   { title, note?, alt?, widths? }   alt = the sentence that a screen reader says instead of the drawing (title and note
 *             unless given); widths: some of drawnWidths for figures that never stand wide; [300] draws once and leaves the table out
 *   Axis      { format?, min?, max?, ticks? }   format writes a number (en, up to 4 significant digits unless given)
 *   Mark      { at, label, tone?, side? }     a dashed line across the figure with its label
 *   figure(caption, draw, numbers): Html    for figures of other kinds: draw(width in px) → { height in px, body: SVG elements }
 */

import { type Html, html } from './html.ts'
import { number } from './numbers.ts'
import { drawnWidths } from './style.ts'
import { type Cell, type Column, table } from './table.ts'
import type { Tone } from './tone.ts'

export interface Caption {
  readonly title: string
  readonly note?: string
  readonly alt?: string
  /** Some of `drawnWidths`, rising; the last is shown wherever the figure is wider. */
  readonly widths?: readonly number[]
}

export interface Axis {
  readonly format?: (value: number) => string
  readonly min?: number
  readonly max?: number
  readonly ticks?: readonly number[]
}

export interface Mark {
  readonly at: number
  readonly label: string
  readonly tone?: Tone
  /** Of a level: its label stands at the right end unless this says `start`. */
  readonly side?: 'start'
}

export interface Numbers {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

export const plain = (value: number): string => number(value, { significant: 4 })

/** Draws at a width in pixels, by SVG elements. */
export type Draw = (width: number) => { readonly height: number; readonly body: Html }

export function figure(caption: Caption, draw: Draw, numbers: Numbers | null): Html {
  const { title, note, alt = [title, note].filter(Boolean).join('. ') } = caption
  const widths = caption.widths ?? drawnWidths
  const classOf = (width: number) =>
    widths.length === 1 ? 'one' : width === widths.at(-1) ? `w${width} last` : `w${width}`
  return html`<figure>
    ${title && html`<figcaption><strong>${title}</strong>${note && html`<span>${note}</span>`}</figcaption>`}
    ${drawing(alt, draw, widths, classOf)}
    ${numbers && widths.length > 1 && folded(table({ ...numbers, label: `Numbers: ${title}` }))}
  </figure>`
}

const folded = (numbers: Html): Html =>
  html`<details class="numbers"><summary>The numbers of this figure</summary>${numbers}</details>`

/** The drawings of one picture, one a width; the style sheet shows the widest that fits. `alt` says all of it. */
export function drawing(
  alt: string,
  draw: Draw,
  widths: readonly number[],
  classOf: (width: number) => string,
  own = '',
): Html {
  const drawings = widths.map((width) => {
    const { height, body } = draw(width)
    const [w, h] = [width, Math.ceil(height)]
    const size = html`width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"`
    return html`<svg class="${classOf(width)}" ${size}>${body}</svg>`
  })
  return html`<div class="drawing${own}" role="img" aria-label="${alt}">${drawings}</div>`
}
