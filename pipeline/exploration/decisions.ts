/** What the final model decides: its cost, its honesty, what it looks at, whom it approves, and two clients explained in words. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import { z } from 'zod'
import { maximum } from '../data/extremes.ts'
import type { Figure, Trace } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import { Clients } from '../scoring/clients.ts'
import { nameAxis } from './comparison.ts'
import { list } from './words.ts'

const trainSchema = z.object({
  model: z.string(),
  data: z.object({ hash: z.string(), synthetic: z.boolean(), clients: z.number(), defaults: z.number() }),
  figures: z.record(z.string(), z.object({ pooled: z.number() })),
  cost_interval: z.object({ lower: z.number(), upper: z.number() }),
  threshold: z.object({ chosen: z.number(), theoretical: z.number(), cheapest: z.number() }),
  reliability: z.array(
    z.object({ clients: z.number(), predicted: z.number().nullable(), observed: z.number().nullable() }),
  ),
})
const costSchema = z.array(z.object({ threshold: z.number(), cost: z.number(), lower: z.number(), upper: z.number() }))
const explainSchema = z.object({
  groups: z.array(z.object({ label: z.string(), features: z.number(), mean: z.number(), share: z.number() })),
  features: z.array(
    z.object({ label: z.string(), mean: z.number(), share: z.number(), direction: z.number().nullable() }),
  ),
})

export interface Decisions {
  readonly train: z.output<typeof trainSchema>
  readonly cost: z.output<typeof costSchema>
  readonly explain: z.output<typeof explainSchema>
}

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** The reports of train and explain in a folder `reports`. */
export const openDecisions = (reports: string): Decisions => ({
  train: trainSchema.parse(json(join(reports, 'train/train.json'))),
  cost: costSchema.parse(json(join(reports, 'train/plots/custom/cost.json'))),
  explain: explainSchema.parse(json(join(reports, 'explain/explain.json'))),
})

const pooled = ({ train }: Decisions, name: string): number => train.figures[name]?.pooled ?? Number.NaN

export function decisionAnswer(found: Decisions): string {
  const { chosen, theoretical } = found.train.threshold
  const saved = 1 - pooled(found, 'cost') / pooled(found, 'cost_accept_all')
  return `Declining from a risk of **${percent(chosen)}** on (theory: ${percent(theoretical)}) approves ${percent(pooled(found, 'approval_rate'), { digits: 0 })} of the clients and costs **${number(pooled(found, 'cost'), { digits: 3 })}** per client, ${percent(saved, { digits: 0 })} less than granting everybody. The model ranks a defaulter above a payer ${percent(pooled(found, 'roc_auc'), { digits: 0 })} of the time, and its probabilities are off by ${number(100 * pooled(found, 'ece'), { digits: 1 })} points on average.`
}

export function decisionProvenance({ train: { data, model } }: Decisions): string {
  const what = `Model ${model}, ${number(data.clients)} known clients, ${number(data.defaults)} defaults (data ${data.hash.slice(0, 8)})`
  return data.synthetic
    ? `> **Synthetic data.** No client below exists. ${what}. Put the real files into \`data/\`, run \`npm run repro\`, replay, and every number and sentence below is computed anew.`
    : `**Real data.** ${what}.`
}

export function thresholdFigure({ train, cost }: Decisions): Figure {
  const shown = cost.filter(({ threshold }, i) => threshold <= 0.4 && i % 3 === 0)
  const { chosen, theoretical, cheapest } = train.threshold
  const at = (x: number, color: string): Trace => ({
    type: 'line',
    x0: x,
    x1: x,
    yref: 'paper',
    y0: 0,
    y1: 1,
    line: { color, width: 1.5, dash: 'dot' },
  })
  const x = shown.map(({ threshold }) => threshold)
  return [
    `The threshold is ${percent(chosen)}; the least cost is at ${percent(cheapest)}, theory says ${percent(theoretical)}`,
    [
      { type: 'scatter', mode: 'lines', x, y: shown.map(({ lower }) => lower), line: { width: 0 }, hoverinfo: 'skip' },
      {
        type: 'scatter',
        mode: 'lines',
        x,
        y: shown.map(({ upper }) => upper),
        line: { width: 0 },
        fill: 'tonexty',
        fillcolor: 'rgba(120,140,170,0.25)',
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'lines',
        x,
        y: shown.map(({ cost: value }) => value),
        line: { color: palette.accent, width: 2.5 },
        hovertemplate: 'from %{x:.1%} on: %{y:.3f}<extra></extra>',
      },
    ],
    {
      subtitle:
        'Cost per client by threshold, out of fold, with a bootstrap 95% interval; dotted: chosen (dark) and theory',
      xaxis: { tickformat: '.0%' },
      yaxis: { tickformat: '.1f', rangemode: 'tozero' },
      shapes: [at(theoretical, palette.muted), at(chosen, palette.ink)],
    },
  ]
}

export function thresholdSentence({ train, cost }: Decisions): string {
  const { chosen } = train.threshold
  const costAt = (threshold: number) =>
    cost.reduce((a, b) => (Math.abs(b.threshold - threshold) < Math.abs(a.threshold - threshold) ? b : a)).cost
  const [own, half] = [costAt(chosen), costAt(0.5)]
  return `At ${percent(chosen)} a client costs **${number(own, { digits: 3 })}**; at the usual 50% it would be ${number(half, { digits: 3 })}, ${number(half / own, { digits: 1 })} times as much, ${half > own ? 'for hardly anybody is so risky and most defaults would be approved' : 'so the threshold matters little here'}.`
}

export function honestyFigure({ train }: Decisions): Figure {
  const filled = train.reliability.filter(({ clients }) => clients > 0)
  const end = maximum([0.05, ...filled.flatMap(({ predicted, observed }) => [predicted ?? 0, observed ?? 0])]) * 1.08
  const widest = maximum(filled.map(({ predicted, observed }) => Math.abs((observed ?? 0) - (predicted ?? 0))))
  return [
    `In no tenth of the clients is the probability off by more than ${number(100 * widest, { digits: 1 })} points`,
    [
      {
        type: 'scatter',
        mode: 'lines+markers',
        x: filled.map(({ predicted }) => predicted),
        y: filled.map(({ observed }) => observed),
        line: { color: palette.accent, width: 2 },
        marker: { size: 9 },
        hovertemplate: 'said %{x:.1%}, happened %{y:.1%}<extra></extra>',
      },
    ],
    {
      subtitle:
        'Share of defaults against mean probability by tenth of clients, out of fold; on the grey line probabilities are right',
      height: 440,
      xaxis: { tickformat: '.0%', range: [0, end] },
      yaxis: { tickformat: '.0%', range: [0, end] },
      shapes: [{ type: 'line', x0: 0, y0: 0, x1: end, y1: end, line: { color: palette.quiet, width: 1.5 } }],
    },
  ]
}

export const honestySentence = (found: Decisions): string =>
  `The calibration error is **${number(pooled(found, 'ece'), { digits: 4 })}** and the Brier score ${number(pooled(found, 'brier'), { digits: 4 })}: a probability of 9% means that about 9 of 100 such clients default, which is what the threshold relies on.`

export function importanceFigure({ explain }: Decisions, most = 12): Figure {
  const top = explain.groups.slice(0, most)
  const labels = top.map(({ label }) => label)
  return [
    `“${labels[0]}” matters most: ${percent(top[0]?.share, { digits: 0 })} of all contributions`,
    [
      {
        type: 'bar',
        orientation: 'h',
        y: labels,
        x: top.map(({ share }) => share),
        marker: { color: top.map((_, i) => (i === 0 ? palette.accent : palette.quiet)) },
        text: top.map(({ share, features }) => `${percent(share)} from ${number(features)} features`),
        textposition: 'outside',
        textfont: { size: 12, color: palette.muted },
        cliponaxis: false,
        hovertemplate: '%{y}: %{x:.1%}<extra></extra>',
      },
    ],
    {
      subtitle: 'Share of the mean absolute SHAP values (log-odds) by reason group',
      height: 150 + 28 * top.length,
      xaxis: { tickformat: '.0%', range: [0, (top[0]?.share ?? 0.1) * 1.45] },
      yaxis: nameAxis(labels),
    },
  ]
}

export function importanceSentence({ explain }: Decisions): string {
  const towards = (direction: number | null) =>
    direction === null || Math.abs(direction) < 0.3
      ? 'in no one direction'
      : direction > 0
        ? 'the higher the riskier'
        : 'the higher the safer'
  const top = explain.features.slice(0, 3).map(({ label, direction }) => `${label} (${towards(direction)})`)
  return `Of ${number(explain.features.length)} features the three most important are **${list(top)}**.`
}

/** A new client whose rows travel with the model, in the middle of those approved or declined by risk. `model` is the bundle's folder. */
export function exampleOf(model: string, kind: 'approved' | 'declined'): number {
  using clients = Clients.open(model)
  const scores = pl.readParquet(join(model, 'scores.parquet')).select('SK_ID_CURR', 'probability', 'decision').rows()
  const all = scores
    .filter(([, , decision]) => decision === kind)
    .sort(([a, p], [b, q]) => Number(p) - Number(q) || Number(a) - Number(b))
    .map(([id]) => Number(id))
  const middle = (all.length - 1) / 2
  const nearest = [...all.keys()].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle) || a - b)
  const at = nearest.find((i) => clients.get(all[i] as number))
  if (at === undefined)
    throw new Error(
      `no new client who is ${kind} travels with the model: raise bundle.clients in params.yaml, then npm run repro`,
    )
  return all[at] as number
}

interface Told {
  readonly probability: number
  readonly threshold: number
  readonly decision: 'approved' | 'declined'
  readonly percentile: number | null
  readonly reasons: { readonly against: readonly { text: string }[]; readonly for: readonly { text: string }[] } | null
  readonly version: string
}

/** One decision in words, as an officer would say it: Markdown. */
export function story(client: number, { probability, threshold, decision, percentile, reasons }: Told): string {
  const bullets = (title: string, all: readonly { text: string }[]) =>
    all.length > 0 ? `\n\n${title}\n\n${all.map(({ text }) => `- ${text}`).join('\n')}` : ''
  const place =
    percentile === null ? '' : ` ${percent(percentile, { digits: 0 })} of comparable clients are less risky.`
  return `Client ${client}: a risk of **${percent(probability)}** against a threshold of ${percent(threshold)}: **${decision}**.${place}${bullets('What speaks against:', reasons?.against ?? [])}${bullets('What speaks for:', reasons?.for ?? [])}`
}

/** What the service said of a client, next to what the same model says inside the notebook. */
export function answerSentence(client: number, answer: Told, here: Told): string {
  const equal = Math.abs(answer.probability - here.probability) < 1e-9 && answer.decision === here.decision
  return `The service (model ${answer.version}) gives client ${client} a risk of **${percent(answer.probability, { digits: 2 })}**: **${answer.decision}**. ${equal ? 'It is the answer of the model in this workspace, to the last digit.' : `The model in this workspace (${here.version}) says ${percent(here.probability, { digits: 2 })}: another model is served.`}`
}
