/** The legend of every chart with several series: a sign and a name each, beside each other, or one under the other where the width is too small. */
import { type Html, html } from './html.ts'
import { bar, dot, hollowBar } from './marks.ts'
import { px } from './svg-path.ts'
import { fitted, textWidth } from './text-width.ts'
import type { Tone } from './tone.ts'

/** How a series is drawn: a filled area, an outlined bar, a line, dashes, full dots or rings. */
export type Sign = 'area' | 'outline' | 'line' | 'dashes' | 'dot' | 'ring'

export interface LegendEntry {
  readonly name: string
  readonly tone: Tone
  readonly sign: Sign
}

const [lineHeight, signWidth, gap] = [22, 22, 24] // px

function signOf({ tone, sign }: LegendEntry, x: number, y: number): Html {
  if (sign === 'area') return bar(tone, [x, x + 14], y + 3, 13, { light: true })
  if (sign === 'outline') return hollowBar(tone, [x, x + 15], y + 3, 13)
  if (sign === 'dot' || sign === 'ring') return html`<g class="t-${tone}">${dot(x + 7, y + 9, 5, sign === 'ring')}</g>`
  return html`<path class="s w${sign === 'dashes' && ' dash'} t-${tone}" d="M${px(x)} ${px(y + 10)}h16"/>`
}

/** Places of the entries, from `left` where they fit beside each other, else from 0. */
export function legendPlaces(names: readonly string[], left: number, width: number): { x: number; y: number }[] {
  const wide = names.map((name) => legendWidth(name) + gap)
  const fits = left + wide.reduce((sum, each) => sum + each, 0) - gap <= width
  let at = left
  return wide.map((each, i) => {
    const place = fits ? { x: at, y: 0 } : { x: 0, y: lineHeight * i }
    at += each
    return place
  })
}

/** The sign of a series and its name, cut where the figure ends. */
export function legendEntry(
  entry: LegendEntry,
  { x, y }: { readonly x: number; readonly y: number },
  width: number,
): Html {
  const name = fitted(entry.name, width - x - signWidth)
  return html`${signOf(entry, x, y)}<text class="b" x="${px(x + signWidth)}" y="${px(y + 14)}">${name}</text>`
}

/** What an entry takes of a row. */
export const legendWidth = (name: string): number => signWidth + textWidth(name, 14, true)

/** Drawn from the top of the figure; a chart of one series has none. */
export function legend(entries: readonly LegendEntry[], left: number, width: number): { height: number; body: Html } {
  if (entries.length < 2) return { height: 0, body: html`` }
  const places = legendPlaces(
    entries.map(({ name }) => name),
    left,
    width,
  )
  const drawn = entries.map((entry, i) => legendEntry(entry, places[i]!, width))
  return { height: places.at(-1)!.y + lineHeight + 2, body: html`${drawn}` }
}
