/** The comparison of models as the `compare` stage left it, and what has to be said about it before anything else. */
import { readFileSync } from 'node:fs'
import { number, percent } from 'report-kit'
import type { Figure, Trace } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import type { Comparison, Outcome } from '../models/comparison/findings.ts'
import { four, measureWords, named, ranked, signed } from '../views/compare/words.ts'

/** reports/compare/compare.json, which the stage wrote from this very type. */
export const openComparison = (path: string): Comparison => JSON.parse(readFileSync(path, 'utf8')) as Comparison

/** One paragraph of Markdown: on what was compared, and how. */
export function madeOn({ data, clients, defaults, features, folds, seeds, alpha }: Comparison): string {
  const what = `${number(clients)} known clients with ${number(defaults)} defaults, ${number(features)} features (data ${data.hash.slice(0, 8)})`
  const how = `Every figure is of clients that the model had not seen: ${folds} folds, cut ${['once', 'twice'][seeds - 1] ?? `${seeds} times`}. A difference is called real where the corrected resampled t-test (Nadeau and Bengio 2003) says so at the ${percent(alpha, { digits: 0 })} level.`
  return data.synthetic
    ? `> **Synthetic data.** No client below exists: ${what}. Put the real files into \`data/\`, run \`npm run repro\`, replay, and every number and sentence below is computed anew.\n\n${how}`
    : `**Real data**: ${what}. ${how}`
}

/** Mean and one standard deviation of a row of outcomes, the first at the top. */
const dots = (
  outcomes: readonly Outcome[],
  pick: (one: Outcome) => { mean: number; sd: number },
  color: readonly string[],
): Trace => ({
  type: 'scatter',
  mode: 'markers+text',
  y: outcomes.map(({ label }) => label),
  x: outcomes.map((one) => pick(one).mean),
  error_x: { type: 'data', array: outcomes.map((one) => pick(one).sd), color: palette.quiet, thickness: 1.5, width: 0 },
  marker: { size: 10, color: color as string[] },
  text: outcomes.map((one) => number(pick(one).mean, { digits: 3 })),
  textposition: 'top center',
  textfont: { size: 12, color: palette.muted },
  cliponaxis: false,
  hovertemplate: '%{y}: %{x:.4f}<extra></extra>',
})

/** A list of names down the side, in the given order from the top. */
export const nameAxis = (labels: readonly string[]): Trace => ({
  type: 'category',
  categoryorder: 'array',
  categoryarray: [...labels].reverse(),
  range: [-0.5, labels.length - 0.2],
  ticks: '',
  showline: false,
})

/** The candidates by the measure that ranks; those significantly worse than the best are pale. */
export function candidatesFigure(found: Comparison): Figure {
  const { measure, best } = found
  const shown = ranked(found).filter(({ name }) => name !== 'baseline')
  const top = named(shown, best)
  const apart = shown.filter(({ against }) => against?.significant).length
  return [
    `${top?.label} ranks best; ${apart} of the ${shown.length - 1} others are significantly worse`,
    [
      dots(
        shown,
        (one) => one.figures[measure],
        shown.map(({ against }) => (against?.significant ? palette.quiet : palette.accent)),
      ),
    ],
    {
      subtitle: `${measureWords[measure]}, mean and one standard deviation over folds and seeds; grey: significantly worse than the best`,
      height: 150 + 42 * shown.length,
      xaxis: { tickformat: '.2f' },
      yaxis: nameAxis(shown.map(({ label }) => label)),
    },
  ]
}

export const candidatesTable = (found: Comparison) =>
  ranked(found).map(({ label, features, figures: f, against }) => ({
    candidate: label,
    features: number(features),
    'ROC AUC': number(f.roc_auc.mean, { digits: 3 }),
    'PR AUC': number(f.average_precision.mean, { digits: 3 }),
    'cost per client': number(f.cost.mean, { digits: 3 }),
    'calibration error': number(f.ece.mean, { digits: 4 }),
    'against the best': against ? signed(against.difference) : '–',
    'minimum detectable difference': against ? four(against.minimumDetectable) : '–',
    real: against ? (against.significant ? 'yes' : 'no') : '–',
  }))
