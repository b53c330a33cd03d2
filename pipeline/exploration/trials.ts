/** The search drawn, and a few models fitted and followed in MLflow from a notebook. */

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { params } from 'dvc-ts'
import pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import { configure, type Params } from 'xgboost-node'
import { z } from 'zod'
import { maximum, minimum } from '../data/extremes.ts'
import type { Figure } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import { parseDefinitions } from '../features/rules/check/definitions.ts'
import { rowsOf } from '../models/candidates/sample.ts'
import { buildCandidates } from '../models/comparison/candidates.ts'
import type { Comparison } from '../models/comparison/findings.ts'
import { direction } from '../models/comparison/measure.ts'
import { marginsOf, partition } from '../models/comparison/run.ts'
import { compareSchema } from '../models/comparison/settings.ts'
import { holdOut } from '../models/folds.ts'
import { matrixOf, targetOf } from '../models/matrix.ts'
import { averagePrecision, rocAuc } from '../models/ranking.ts'
import { lastRung, scoreOf } from '../models/search/search.ts'
import { track } from '../tracking/track.ts'
import { four, measureWords, settingWords } from '../views/compare/words.ts'

/** What each trial scored on each share of the clients; the given parameters stand out. */
export function searchFigure({ search, measure }: Comparison): Figure {
  const of = (trial: (typeof search.trials)[number]) =>
    trial.rungs.map(({ scores }) => direction(measure) * scoreOf(scores))
  const spread = search.trials.map((trial) => direction(measure) * scoreOf(lastRung(trial).scores))
  const full = search.trials.filter((trial) => lastRung(trial).share >= 1)
  const scores = full.map((trial) => direction(measure) * scoreOf(lastRung(trial).scores))
  const range = maximum(scores) - minimum(scores)
  return [
    `The ${full.length} settings that saw all clients lie within ${four(range)} of each other`,
    search.trials.map((trial) => ({
      type: 'scatter',
      mode: 'lines+markers',
      name: `trial ${trial.number}`,
      x: trial.rungs.map(({ share }) => percent(share, { digits: 0 })),
      y: of(trial),
      line: {
        color: trial.number === 0 ? palette.ink : trial.number === search.best ? palette.accent : palette.quiet,
        width: trial.number === 0 || trial.number === search.best ? 3 : 1.5,
      },
      marker: { size: 7 },
      text: trial.rungs.map(() => settingWords(trial)),
      hovertemplate: 'trial %{fullData.name}: %{y:.4f}<br>%{text}<extra></extra>',
    })),
    {
      subtitle: `${measureWords[measure]} by share of the training clients; black: the parameters in place${search.best === 0 ? ', which are the best' : ', blue: the best'}`,
      height: 400,
      xaxis: { type: 'category', title: { text: 'share of the training clients' } },
      yaxis: { tickformat: '.3f', range: [minimum(spread) - 0.01, maximum(spread) + 0.01] },
    },
  ]
}

export const searchTable = ({ search, measure }: Comparison) =>
  search.trials
    .filter((trial) => lastRung(trial).share >= 1)
    .sort((a, b) => scoreOf(lastRung(b).scores) - scoreOf(lastRung(a).scores))
    .slice(0, 6)
    .map((trial) => ({
      trial: number(trial.number),
      [measureWords[measure]]: four(direction(measure) * scoreOf(lastRung(trial).scores)),
      parameters: settingWords(trial),
    }))

export const cardTable = ({ card }: Comparison) =>
  card.characteristics.slice(0, 8).map(({ label, iv, bins }) => ({
    characteristic: label,
    'information value': number(iv, { digits: 3 }),
    bins: number(bins.length),
    'points, riskiest bin': number(minimum(bins.map(({ points }) => points))),
    'points, safest bin': number(maximum(bins.map(({ points }) => points))),
  }))

export interface Tracked {
  readonly name: string
  readonly label: string
  readonly roc_auc: number
  readonly average_precision: number
}

const quick = { clients: 2000, rounds: 60, names: ['baseline', 'logistic', 'scorecard', 'boosting'] } as const

/**
 * Fits four candidates on up to 2,000 known clients, three folds each, inside an MLflow run with a child for each, and returns what was logged.
 * `folder` is artifacts/ of a workspace; the store is mlflow/ next to it unless MLFLOW_TRACKING_URI names a server.
 */
export async function trackedModels(folder: string): Promise<{ experiment: string; models: Tracked[]; told: string }> {
  const root = dirname(folder)
  const file = join(root, 'params.yaml')
  const given = params('compare', compareSchema, { file })
  const settings = { ...given, rounds: quick.rounds, linear: { ...given.linear, rounds: 15 } }
  const { booster } = params(
    'train',
    z.object({ booster: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])) }),
    { file },
  )
  // One thread: a kernel is started without OMP_WAIT_POLICY=passive, and threads that wait would spin.
  configure({ nthread: 1 })
  const { features } = parseDefinitions(JSON.parse(readFileSync(join(folder, 'features/definitions.json'), 'utf8')))
  const frame = pl.readParquet(join(folder, 'features/train.parquet'))
  const [matrix, target] = [matrixOf(frame, features), targetOf(frame)]
  const every = [...target.keys()]
  const share = quick.clients / target.length
  const rows = share < 1 ? holdOut(target, every, share, settings.seed).held : every
  const some = Int8Array.from(rows, (row) => target[row] as number)
  using part = partition(rowsOf(matrix, rows), some, 3, settings.seed)
  const { entries } = buildCandidates(settings, booster as Params, 1, matrix.names)
  const experiment = 'notebook-3-models'
  const said: string[] = []
  const options = {
    experiment,
    runName: 'from baseline to boosting',
    store: join(root, 'mlflow'),
    onMessage: (line: string) => said.push(line),
  }
  const models = await track(options, async (run) => {
    run.params({ clients: rows.length, folds: 3, seed: settings.seed })
    const found: Tracked[] = []
    for (const { candidate } of entries) {
      if (!quick.names.some((name) => name === candidate.name)) continue
      const one = await run.child(candidate.name, async (child) => {
        const margin = marginsOf(candidate, part)
        const figures = { roc_auc: rocAuc(some, margin), average_precision: averagePrecision(some, margin) }
        child.params({ candidate: candidate.label })
        child.metrics(Object.entries(figures).map(([name, value]) => ({ name, value })))
        return { name: candidate.name, label: candidate.label, ...figures }
      })
      found.push(one)
    }
    return found
  })
  return { experiment, models, told: said.some((line) => line.includes('is in')) ? 'sent' : 'kept' }
}

export const trackedTable = ({ models }: Awaited<ReturnType<typeof trackedModels>>) =>
  models.map(({ name, label, roc_auc, average_precision }) => ({
    run: name,
    candidate: label,
    roc_auc: four(roc_auc),
    average_precision: four(average_precision),
  }))

export function trackedSentence({ experiment, models, told }: Awaited<ReturnType<typeof trackedModels>>): string {
  const best = [...models].sort((a, b) => b.roc_auc - a.roc_auc)[0]
  const where =
    told === 'sent'
      ? `stands in MLflow under the experiment **${experiment}**`
      : 'waits on disk, for no MLflow server took them: `mlflow/unsent` says how to send them'
  return `One run with **${models.length}** children, a child for each model, ${where}; of so few clients ${best?.label} ranks best (pooled ROC AUC ${four(best?.roc_auc)}). Look at them with \`mlflow ui --backend-store-uri sqlite:///mlflow/mlflow.db\`.`
}
