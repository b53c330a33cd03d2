/** The model's features: those that moved most and the most important; and drift that no column shows by itself. */

import { type Cell, html, number, percent, pValue, type Section, table } from 'report-kit'
import type { Comparison, Findings } from '../../drift/findings.ts'
import { movedOf } from './verdict.ts'

export const featureRows = { moved: 15, important: 15 }

/** Of several hundred features the page shows those that moved most and the most important. */
export function mattering(features: Comparison): Comparison {
  const moved = features.columns.filter((column) => column.drifted || column.schema_change).slice(0, featureRows.moved)
  const important = features.columns
    .toSorted((a, b) => (b.importance ?? 0) - (a.importance ?? 0))
    .slice(0, featureRows.important)
  const kept = new Set([...moved, ...important])
  return { ...features, columns: features.columns.filter((column) => kept.has(column)) }
}

export function featuresTitle({ dataset }: Comparison): string {
  const weight = dataset.importance_drifted
  const moved = `${movedOf(dataset)} features moved`
  return weight === null ? moved : `${moved}; they carry ${percent(weight, { digits: 0 })} of the model’s importance`
}

/** Drift that no column shows by itself. */
export function togetherSection({ separability, reconstruction }: Findings): Section[] {
  if (!separability && !reconstruction) return []
  const rows: Cell[][] = []
  if (separability)
    rows.push([
      'Telling new from training clients by all features (AUC; 0.5: cannot be done)',
      number(0.5, { digits: 2 }),
      number(separability.auc, { digits: 2 }),
      separability.p < 0.05
        ? `more than chance, p ${pValue(separability.p)}`
        : `chance explains it, p ${pValue(separability.p)}`,
    ])
  if (reconstruction)
    rows.push([
      `Reconstruction error of ${reconstruction.columns} numbers from ${reconstruction.axes} common ${reconstruction.axes === 1 ? 'axis' : 'axes'}`,
      number(reconstruction.reference, { digits: 3 }),
      number(reconstruction.current, { digits: 3 }),
      reconstruction.alert
        ? `outside ${number(reconstruction.lower, { digits: 3 })} to ${number(reconstruction.upper, { digits: 3 })}`
        : `inside ${number(reconstruction.lower, { digits: 3 })} to ${number(reconstruction.upper, { digits: 3 })}`,
    ])
  const auc = separability?.auc ?? 0.5
  const title =
    auc >= 0.7
      ? 'Taken together, new clients are easy to tell from training clients'
      : auc >= 0.6
        ? 'Taken together, new clients differ a little from training clients'
        : reconstruction?.alert
          ? 'The columns no longer go together quite as they did'
          : 'Taken together, new clients look like training clients'
  return [
    {
      id: 'together',
      title,
      body: html`${table({
        label: 'Drift of all columns together',
        columns: [
          { label: 'Measure' },
          { label: 'Without drift', align: 'end' },
          { label: 'Now', align: 'end' },
          { label: 'Reading' },
        ],
        rows,
      })}
        <p class="note">
          The first is a classifier two-sample test: a small booster learns, out of fold, to separate the two sides.
          The second learns the main axes of the training clients and asks how far rows lie from them;
          its bounds are three standard deviations over ten parts of the training clients (NannyML’s way).
          Neither says which column: the tables do.
        </p>`,
    },
  ]
}
