/** Writes the report of the compare stage: figures for `dvc metrics`, plots for `dvc plots`, JSON, Markdown and the page. */
import { join } from 'node:path'
import { Live } from 'dvc-ts'
import { writeWhole } from '../../data/write-whole.ts'
import type { Comparison } from '../../models/comparison/findings.ts'
import { direction } from '../../models/comparison/run.ts'
import { lastRung, scoreOf } from '../../models/search/search.ts'
import { compareMarkdown } from './markdown.ts'
import { comparePage } from './page.ts'

export function writeCompareReports(folder: string, found: Comparison): void {
  const { measure } = found
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
    found.search.trials.map((trial) => ({
      trial: trial.number,
      share: lastRung(trial).share,
      score: direction(measure) * scoreOf(lastRung(trial).scores),
    })),
  )
  live.end()
  writeWhole(join(folder, 'compare.json'), `${JSON.stringify(found, null, 1)}\n`)
  writeWhole(join(folder, 'compare.md'), compareMarkdown(found))
  writeWhole(join(folder, 'index.html'), comparePage(found))
}
