/** Writes what a comparison found: figures for `dvc metrics`, plots for `dvc plots`, and compare.json. */
import { join } from 'node:path'
import { Live } from 'dvc-ts'
import { writeWhole } from '../../data/write-whole.ts'
import type { Comparison } from './findings.ts'

export function writeComparison(folder: string, found: Comparison): void {
  const live = new Live({ dir: folder })
  for (const { name, figures } of found.candidates)
    live.summary[name] = Object.fromEntries(
      (['roc_auc', 'average_precision', 'cost', 'brier', 'ece'] as const).map((figure) => [
        figure,
        figures[figure].mean,
      ]),
    )
  live.summary.search = { chosen: found.search.chosen, best: found.search.best, trials: found.search.trials.length }
  live.logPlot(
    'candidates',
    found.candidates.map(({ name, figures }) => ({
      candidate: name,
      roc_auc: figures.roc_auc.mean,
      sd: figures.roc_auc.sd,
      cost: figures.cost.mean,
    })),
  )
  live.logPlot(
    'imbalance',
    found.imbalance.flatMap(({ model, outcomes }) =>
      outcomes.map(({ name, figures }) => ({
        model,
        strategy: name,
        roc_auc: figures.roc_auc.mean,
        ece_raw: figures.ece_raw.mean,
        ece: figures.ece.mean,
        cost: figures.cost.mean,
      })),
    ),
  )
  live.logPlot(
    'search',
    found.search.trials.map(({ number, rungs }) => ({
      trial: number,
      share: rungs.at(-1)?.share ?? null,
      score: rungs.at(-1)?.mean ?? null,
    })),
  )
  live.end()
  writeWhole(join(folder, 'compare.json'), `${JSON.stringify(found, null, 1)}\n`)
}
