/** Train clients against new ones: what moved, and whether it matters for the score. Reads what the drift stage found. */

import { readFileSync } from 'node:fs'
import { number, percent, points } from 'report-kit'
import { maximum } from '../data/extremes.ts'
import type { Figure } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import type { Findings, NamedColumn } from '../drift/findings.ts'
import { movedOf, verdictWords } from '../views/drift/verdict.ts'
import { changeWords } from '../views/drift/words.ts'
import { nameAxis } from './comparison.ts'
import { list } from './words.ts'

/** reports/drift/drift.json, which the stage wrote from this very type, without the binned distributions. */
export const openDrift = (path: string): Findings => JSON.parse(readFileSync(path, 'utf8')) as Findings

const rowsOf = ({ dataset }: Findings) => dataset.rows

const datasetWords = {
  drift: 'The data set counts as drifted: look before the model decides on.',
  'no drift': 'The data set as a whole does not count as drifted.',
  'not enough tested': 'Too few columns could be tested to say so of the data set as a whole.',
} as const

export function driftAnswer(found: Findings): string {
  const { dataset, score } = found
  const [drifted, ...rest] = movedOf(dataset).split(' ')
  const moved = `**${drifted}** ${rest.join(' ')} columns have moved between known and new clients`
  if (!score) return `${moved}; there is no score to compare.`
  const change = score.mean.current - score.mean.reference
  return `${moved}, and the score has **${score.column.drifted ? 'moved too' : 'not'}**: the mean risk goes from ${percent(score.mean.reference, { digits: 2 })} to ${percent(score.mean.current, { digits: 2 })} (${points(change, { digits: 2 })} points). ${datasetWords[dataset.verdict]}`
}

export function driftProvenance(found: Findings): string {
  const { reference, current } = rowsOf(found)
  const what = `${number(reference)} known and ${number(current)} new clients (data ${found.source.data.slice(0, 8)}${found.source.model ? `, model ${found.source.model}` : ''})`
  return found.source.synthetic
    ? `> **Synthetic data.** No client below exists: ${what}. Put the real files into \`data/\`, run \`npm run repro\`, replay, and every number and sentence below is computed anew.`
    : `**Real data**: ${what}.`
}

/** How far over its threshold a column is; 1 is on it. */
const strength = ({ severity }: NamedColumn): number => severity ?? 0
const byStrength = (columns: readonly NamedColumn[]) =>
  columns
    .filter(({ drifted }) => drifted)
    .toSorted((a, b) => strength(b) - strength(a) || (a.column < b.column ? -1 : 1))

export function movedFigure({ columns, dataset }: Findings, most = 15): Figure {
  const top = byStrength(columns).slice(0, most)
  const labels = top.map(({ label }) => label)
  const major = top.filter(({ band }) => band === 'major').length
  return [
    top.length > 0
      ? `${movedOf(dataset)} columns have moved, ${major} of those shown a lot; first of all “${labels[0]}”`
      : `None of ${dataset.tested} columns tested has moved`,
    [
      {
        type: 'bar',
        orientation: 'h',
        y: labels,
        x: top.map(strength),
        marker: { color: top.map(({ band }) => (band === 'major' ? palette.accent : palette.quiet)) },
        text: top.map((column) => `${number(strength(column), { digits: 1 })} × the threshold`),
        textposition: 'outside',
        textfont: { size: 12, color: palette.muted },
        cliponaxis: false,
        hovertemplate: '%{y}: %{x:.2f} times the threshold<extra></extra>',
      },
    ],
    {
      subtitle: 'Distance between known and new clients as a multiple of what counts as drift; dark: major',
      height: 160 + 28 * Math.max(1, top.length),
      xaxis: { range: [0, maximum([1, ...top.map(strength)]) * 1.3] },
      yaxis: nameAxis(labels),
    },
  ]
}

export const movedTable = ({ columns }: Findings, most = 8) =>
  byStrength(columns)
    .slice(0, most)
    .map((column) => ({
      column: column.label,
      test: column.test ?? '–',
      'what happened': changeWords(column) || 'The shares of its values have changed.',
    }))

export function movedSentence({ columns, dataset }: Findings): string {
  const missing = columns.filter((column) => column.missing.drifted).map(({ label }) => label)
  return `A column counts as drifted when it is far from where it was (its whole distribution, where notebook 1 compares means) **and** chance is an unlikely cause (false discoveries are held down over all ${dataset.tested} columns tested). In ${missing.length === 0 ? 'no column' : missing.length === 1 ? `one column (${missing[0]})` : `${missing.length} columns (${list(missing.slice(0, 3))}${missing.length > 3 ? ' first' : ''})`} the share of missing values has changed.`
}

export function weightFigure({ features }: Findings): Figure {
  const known = (features?.columns ?? []).filter(({ importance }) => importance !== null)
  const shown = known
    .filter(({ score }) => score !== null)
    .toSorted((a, b) => (b.importance ?? 0) - (a.importance ?? 0))
    .slice(0, 60)
  const moved = shown.filter(({ drifted }) => drifted).length
  return [
    shown.length > 0
      ? `Of the ${shown.length} most important features, ${moved} have moved`
      : 'No importance is known of the features',
    [
      {
        type: 'scatter',
        mode: 'markers',
        x: shown.map(strength),
        y: shown.map(({ importance }) => importance),
        text: shown.map(({ label }) => label),
        marker: { size: 10, color: shown.map(({ drifted }) => (drifted ? palette.accent : palette.quiet)) },
        hovertemplate: '%{text}: %{x:.2f} times the threshold, weight %{y:.1%}<extra></extra>',
      },
    ],
    {
      subtitle:
        'Share of the gain in the model against distance as a multiple of the threshold; right of the line: far from where it was',
      height: 420,
      xaxis: { rangemode: 'tozero', title: { text: 'times the threshold' } },
      yaxis: { tickformat: '.1%', rangemode: 'tozero' },
      shapes: [
        {
          type: 'line',
          x0: 1,
          x1: 1,
          yref: 'paper',
          y0: 0,
          y1: 1,
          line: { color: palette.muted, width: 1.5, dash: 'dot' },
        },
      ],
    },
  ]
}

export function weightSentence({ features }: Findings): string {
  if (!features) return 'There is no model whose features could be compared.'
  const { dataset, columns } = features
  const heavy = columns
    .filter(({ drifted, importance }) => drifted && importance !== null)
    .toSorted((a, b) => (b.importance ?? 0) - (a.importance ?? 0))
    .slice(0, 3)
  const share = dataset.importance_drifted
  const [drifted, ...rest] = movedOf(dataset).split(' ')
  return `**${drifted}** ${rest.join(' ')} features have moved${share === null ? '' : `, and they carry **${percent(share)}** of the model's gain`}${heavy.length > 0 ? `; the weightiest ${heavy.length === 1 ? 'is' : 'are'} ${list(heavy.map(({ label }) => label))}` : ''}.`
}

export const scoreTable = ({ score }: Findings) =>
  score
    ? [
        {
          '': 'mean risk',
          'known clients': percent(score.mean.reference, { digits: 2 }),
          'new clients': percent(score.mean.current, { digits: 2 }),
        },
        {
          '': 'declined',
          'known clients': percent(score.declined.reference),
          'new clients': percent(score.declined.current),
        },
        {
          '': 'ROC AUC (new: expected)',
          'known clients': number(score.performance.auc.reference, { digits: 3 }),
          'new clients': number(score.performance.auc.expected, { digits: 3 }),
        },
        {
          '': 'cost per client (new: expected)',
          'known clients': number(score.performance.cost.reference, { digits: 3 }),
          'new clients': number(score.performance.cost.expected, { digits: 3 }),
        },
      ]
    : []

export function scoreSentence({ score, separability }: Findings): string {
  if (!score) return 'There is no score to compare.'
  const { column, performance } = score
  const apart = separability
    ? ` A classifier tells new from known clients with a ROC AUC of **${number(separability.auc, { digits: 2 })}** (0.5: not at all)${separability.auc > 0.7 && !column.drifted ? ', and yet the score stays where it was' : ''}.`
    : ''
  return `The distance of the scores is **${number(column.score, { digits: 3 })}**, ${column.drifted ? 'beyond' : 'below'} the ${number(column.threshold, { significant: 2 })} that counts as drift. New clients have no outcome yet; from their calibrated probabilities a ROC AUC of ${number(performance.auc.expected, { digits: 3 })} is expected, against ${number(performance.auc.reference, { digits: 3 })} on the known ones, which holds as long as the probabilities stay right.${apart}`
}

export const verdictSentence = (found: Findings): string => verdictWords(found).en
