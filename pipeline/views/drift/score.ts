/** The score's own drift, before any column's. */

import { histogram, number, percent, points, type Section, table, columns as twoColumns } from 'report-kit'
import type { Findings, ScoreFindings } from '../../drift/findings.ts'

export function scoreSection({ column, mean, declined, cutoff }: ScoreFindings, sides: Findings['sides']): Section {
  const { distribution } = column
  const change = mean.current - mean.reference
  return {
    id: 'score',
    title: column.drifted
      ? `The predicted risk has moved: ${points(change)} points on average`
      : `The predicted risk holds: ${points(change)} points on average`,
    body: twoColumns(
      distribution?.kind === 'bins'
        ? histogram({
            title: `Risk of ${percent(mean.reference)} before, ${percent(mean.current)} now`,
            note: 'Share of clients by predicted risk of non-repayment',
            edges: distribution.edges,
            series: [
              { name: `${sides.reference}, out of fold`, counts: distribution.reference },
              { name: sides.current, counts: distribution.current },
            ],
            marks: [{ at: cutoff, label: `Cut-off ${percent(cutoff)}` }],
            x: { format: (x) => percent(x, { digits: 0 }) },
          })
        : null,
      table({
        caption: 'The score',
        columns: [{ label: 'Figure' }, { label: 'Reference', align: 'end' }, { label: 'Current', align: 'end' }],
        rows: [
          ['Clients', number(column.values.reference), number(column.values.current)],
          ['Mean risk', percent(mean.reference), percent(mean.current)],
          ['Declined at the cut-off', percent(declined.reference), percent(declined.current)],
          ['Distance ÷ limit', null, `${number(column.severity ?? 0, { digits: 2 })} ×`],
          ['PSI, deciles', null, number(column.statistics.psi_deciles ?? Number.NaN, { digits: 3 })],
        ],
      }),
    ),
  }
}
