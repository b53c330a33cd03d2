/** What moved in value, drawn, and what moved in its missing share. */

import { dotChart, html, percent, type Section } from 'report-kit'
import type { Findings } from '../../drift/findings.ts'
import type { DatasetDrift } from '../../drift/result.ts'
import { distributionFigure } from './column.ts'

/** Columns drawn large; the others are drawn in the table's evidence. */
const mostDrawn = 6

export function movedSection(findings: Findings): Section {
  const moved = findings.columns.filter((column) => column.drifted && column.distribution)
  const shown = moved.slice(0, mostDrawn)
  const { tested } = findings.dataset
  return {
    id: 'moved',
    title:
      tested === 0
        ? 'No value could be compared'
        : moved.length === 0
          ? 'No value that was tested has moved past its limit'
          : moved.length === 1
            ? 'One column moved'
            : `${moved.length} columns moved`,
    body: html`${moved.length === 0 && html`<p>${still(findings.dataset)}</p>`}${
      moved.length > shown.length &&
      html`<p class="note">The ${shown.length} worst; the others are drawn in <a href="#columns">the table of all columns</a>.</p>`
    }<div class="grid">${shown.map((column) => html`<div>${distributionFigure(column, findings.sides, false)}</div>`)}</div>`,
  }
}

const still = ({ tested, columns }: DatasetDrift): string =>
  tested === 0
    ? 'No column could be tested, so none can be said to have stayed where it was.'
    : `${tested < columns ? `Each of the ${tested} columns that were tested` : 'Every column'} stays within its limit; the distances are in the table below.`

export function missingSection({ columns, sides }: Findings): Section {
  const moved = columns
    .filter(({ missing, schema_change }) => missing.drifted && schema_change !== 'vanished' && schema_change !== 'new')
    .sort(
      (a, b) => Math.abs(b.missing.current - b.missing.reference) - Math.abs(a.missing.current - a.missing.reference),
    )
  const shown = moved.slice(0, 20)
  return {
    id: 'missing',
    title:
      moved.length === 0
        ? 'No share of missing values has moved beyond chance'
        : `Missing values moved in ${moved.length} column${moved.length === 1 ? '' : 's'}`,
    body: html`<p>
        The usual tests drop missing values before they compare, so a column that is suddenly filled or emptied looks unchanged to them.
        Here the share of missing values is tested by itself:
        it has moved when it changes by five points or more and by more than chance explains.
      </p>${
        shown.length > 0 &&
        dotChart({
          title: `${shown[0]!.label}: ${percent(shown[0]!.missing.reference, { digits: 0 })} missing before, ${percent(shown[0]!.missing.current, { digits: 0 })} now`,
          note: `Share of rows without a value${moved.length > shown.length ? `, the ${shown.length} largest changes of ${moved.length}` : ''}`,
          series: [
            { name: sides.reference, tone: 's2' },
            { name: sides.current, tone: 'ink' },
          ],
          rows: shown.map((column) => ({
            label: column.label,
            values: [column.missing.reference, column.missing.current],
          })),
          x: { format: (x) => percent(x, { digits: 0 }), min: 0 },
          head: 'Column',
        })
      }`,
  }
}
