/** A column's drawing, marks and numbers, as every section of the drift page shows them. */

import { badge, categoryBars, type Html, histogram, html, number, pValue } from 'report-kit'
import type { Findings, NamedColumn } from '../../drift/findings.ts'
import type { Band } from '../../drift/result.ts'
import { bandWords, changeWords, sparkWords } from './words.ts'

export const score = (column: NamedColumn, value = column.score): string =>
  value === null ? '–' : column.measure === 'p' ? pValue(value) : number(value, { digits: 3 })

export const mark = (band: Band): Html =>
  band === 'unknown' ? html`<span class="note">${bandWords.unknown}</span>` : badge(band, bandWords[band])

export const compact = (value: number): string =>
  Math.abs(value) >= 1e6 ? `${number(value / 1e6, { significant: 3 })}\u00a0M` : number(value, { significant: 3 })

/** Both sides of a column, drawn over each other or side by side. */
export function distributionFigure(column: NamedColumn, sides: Findings['sides'], small: boolean): Html | null {
  const { distribution } = column
  if (!distribution) return null
  const caption = {
    title: small ? '' : column.label,
    note: ['Share of the rows with a value', changeWords(column)].filter(Boolean).join(' · '),
    alt: `Distribution of ${column.column}: ${sparkWords(column)}`,
    widths: small ? [300] : [300, 440],
    key: !small,
  }
  const series = [
    { name: small ? 'Reference' : sides.reference, counts: distribution.reference },
    { name: small ? 'Current' : sides.current, counts: distribution.current },
  ]
  return distribution.kind === 'bins'
    ? histogram({ ...caption, edges: distribution.edges, series, x: { format: compact }, height: small ? 120 : 180 })
    : categoryBars({ ...caption, categories: distribution.keys, series, most: small ? 6 : 10 })
}
