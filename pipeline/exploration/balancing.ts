/** Must the classes be balanced? What accuracy hides, what each treatment does to ranking, probabilities and cost. */

import { number, percent } from 'report-kit'
import { maximum } from '../data/extremes.ts'
import type { Figure, Trace } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import type { Comparison, Outcome } from '../models/comparison/findings.ts'
import { list, measureWords, named } from '../views/compare/words.ts'
import { nameAxis } from './comparison.ts'

type Family = Comparison['imbalance'][number]

/** What was tried on one kind of model; an error names what is missing. */
export function familyOf({ imbalance }: Comparison, model: Family['model']): Family {
  const found = imbalance.find((one) => one.model === model)
  if (!found || found.outcomes.length < 2)
    throw new Error(
      `the comparison holds fewer than two strategies for ${model}: add to compare.imbalance.${model} in params.yaml`,
    )
  return found
}

const noneOf = ({ model, outcomes }: Family): Outcome => named(outcomes, `${model}_none`) ?? (outcomes[0] as Outcome)
const treated = (family: Family): Outcome[] => family.outcomes.filter((one) => one !== noneOf(family))
const kind = ({ model }: Family) => (model === 'boosting' ? 'boosting' : 'logistic regression')

/** The notebook's question answered in two sentences. */
export function balanceAnswer(found: Comparison): string {
  const families = found.imbalance.filter(({ outcomes }) => outcomes.length > 1)
  const all = families.flatMap((family) => treated(family))
  const up = all.filter(({ against }) => against?.significant && against.difference > 0)
  const down = all.filter(({ against }) => against?.significant && against.difference < 0)
  const worst = [...all].sort((a, b) => b.figures.ece_raw.mean - a.figures.ece_raw.mean)[0]
  const first = `**${percent(found.defaults / found.clients)}** of the clients default, and of ${all.length} treatments that balance the classes **${up.length}** rank significantly better than doing nothing${up.length > 0 ? ` (${list(up.map(({ label }) => label))})` : ''}, **${down.length}** significantly worse.`
  return worst
    ? `${first} What they surely change is the probabilities: the worst, ${worst.label}, says ${percent(worst.figures.mean_raw.mean)} on average, so the unequal costs are left to the threshold.`
    : first
}

/** Nobody declined, against models that decline: accuracy and what it hides. */
export const accuracyTable = (found: Comparison) =>
  ['baseline', 'logistic', 'scorecard', 'boosting'].flatMap((name) => {
    const one = named(found.candidates, name)
    if (!one) return []
    const { accuracy, recall, approval_rate: approved, cost } = one.figures
    return [
      {
        model: one.label,
        accuracy: percent(accuracy.mean),
        'defaults declined': percent(recall.mean),
        approved: percent(approved.mean),
        'cost per client': number(cost.mean, { digits: 3 }),
      },
    ]
  })

export function accuracySentence(found: Comparison): string {
  const [baseline, model] = ['baseline', 'boosting'].map((name) => named(found.candidates, name)?.figures)
  if (!baseline || !model) return ''
  const more = baseline.accuracy.mean > model.accuracy.mean
  const saved = baseline.cost.mean - model.cost.mean
  return `Knowing nothing of a client is right **${percent(baseline.accuracy.mean)}** of the time and declines ${percent(baseline.recall.mean)} of the defaults; boosting is right ${percent(model.accuracy.mean)} of the time, refuses **${percent(model.recall.mean)}** of them and costs ${number(Math.abs(saved), { digits: 3 })} ${saved > 0 ? 'less' : 'more'} per client. ${more && saved > 0 ? 'By accuracy the useless model wins: accuracy is the wrong question.' : 'Here accuracy and cost do not contradict each other.'}`
}

/** Differences from doing nothing with what could have been called. */
export function rankingFigure(found: Comparison): Figure {
  const families = found.imbalance.filter(({ outcomes }) => outcomes.length > 1)
  const labels = [...new Set(families.flatMap((family) => treated(family).map(({ label }) => label)))]
  const up = families.flatMap(treated).filter(({ against }) => against?.significant && against.difference > 0).length
  const traces = families.map(
    (family, i): Trace => ({
      type: 'scatter',
      mode: 'markers',
      name: kind(family),
      y: treated(family).map(({ label }) => label),
      x: treated(family).map(({ against }) => against?.difference ?? null),
      error_x: {
        type: 'data',
        array: treated(family).map(({ against }) => against?.minimumDetectable ?? 0),
        color: palette.series[i] as string,
        thickness: 1.2,
        width: 0,
      },
      marker: { size: 10, color: palette.series[i] as string, symbol: i === 0 ? 'circle' : 'diamond' },
      hovertemplate: '%{y}: %{x:+.4f}<extra>%{fullData.name}</extra>',
    }),
  )
  return [
    up === 0
      ? 'No treatment ranks significantly better than doing nothing'
      : `${up} treatments rank significantly better than doing nothing`,
    traces,
    {
      subtitle: `Difference of ${measureWords[found.measure]} from doing nothing; the bar is the smallest difference that could be called, so one that crosses 0 may be luck`,
      height: 200 + 44 * labels.length,
      showlegend: true,
      legend: { orientation: 'h', x: 0, y: -0.12 },
      xaxis: { tickformat: '+.3f', zeroline: true, zerolinecolor: palette.muted },
      yaxis: nameAxis(labels),
    },
  ]
}

/** Before and after calibration, one family. */
export const probabilitiesTable = (family: Family) =>
  family.outcomes.map(({ label, figures: f }) => ({
    strategy: label,
    'mean probability, raw': percent(f.mean_raw.mean),
    'Brier, raw': number(f.brier_raw.mean, { digits: 4 }),
    calibrated: number(f.brier.mean, { digits: 4 }),
    'calibration error, raw': number(f.ece_raw.mean, { digits: 4 }),
    'calibrated ': number(f.ece.mean, { digits: 4 }),
  }))

/** Reliability before calibration: doing nothing and the two that are furthest off. */
export function reliabilityFigure({ reliability }: Comparison, family: Family): Figure {
  const worst = treated(family)
    .sort((a, b) => b.figures.ece_raw.mean - a.figures.ece_raw.mean)
    .slice(0, 2)
  const shown = [noneOf(family), ...worst]
  const lines = shown.flatMap(({ name, label }, i): Trace[] => {
    const found = reliability.find((one) => one.name === name)
    const line = (bins: Comparison['reliability'][number], raw: boolean): Trace => {
      const filled = (raw ? bins.raw : bins.calibrated).filter(({ clients }) => clients > 0)
      return {
        type: 'scatter',
        mode: 'lines+markers',
        name: `${label}${raw ? '' : ', calibrated'}`,
        x: filled.map(({ predicted }) => predicted),
        y: filled.map(({ observed }) => observed),
        line: { color: palette.series[i] as string, width: 2, dash: raw ? 'solid' : 'dot' },
        marker: { size: 6 },
        hovertemplate: 'said %{x:.1%}, happened %{y:.1%}<extra>%{fullData.name}</extra>',
      }
    }
    return found ? [line(found, true), line(found, false)] : []
  })
  const off = worst[0]
  return [
    off
      ? `Under ${off.label} the model says ${percent(off.figures.mean_raw.mean)} on average; calibration brings it back`
      : 'Probabilities before and after calibration',
    lines,
    {
      subtitle:
        'Share of defaults against mean probability by tenth of clients; on the grey line probabilities are right',
      height: 480,
      showlegend: true,
      legend: { orientation: 'h', x: 0, y: -0.14 },
      xaxis: { tickformat: '.0%', range: [0, 1] },
      yaxis: { tickformat: '.0%', rangemode: 'tozero' },
      shapes: [{ type: 'line', x0: 0, y0: 0, x1: 0.6, y1: 0.6, line: { color: palette.quiet, width: 1.5 } }],
    },
  ]
}

export function probabilitiesSentence(found: Comparison, family: Family): string {
  const rate = found.defaults / found.clients
  const none = noneOf(family).figures
  const shifted = treated(family).filter(({ figures }) => figures.mean_raw.mean > 1.25 * rate)
  const after = maximum(family.outcomes.map(({ figures }) => figures.ece.mean))
  return `${percent(rate)} of the clients default. Left alone, ${kind(family)} says ${percent(none.mean_raw.mean)} on average; **${shifted.length}** of ${family.outcomes.length - 1} treatments say more than a quarter too much. After calibration on the other folds no calibration error is above **${number(after, { digits: 4 })}**.`
}

/** Cost at 1/11 with probabilities as the model says them, and at the threshold that each strategy chose for itself. */
export function costFigure(found: Comparison, family: Family): Figure {
  const labels = family.outcomes.map(({ label }) => label)
  const { falsePositive, falseNegative } = found.costs
  const at = `${number(falsePositive)}/${number(falsePositive + falseNegative)}`
  const dot = (name: string, pick: (one: Outcome) => number, color: string, symbol: string): Trace => ({
    type: 'scatter',
    mode: 'markers',
    name,
    y: labels,
    x: family.outcomes.map(pick),
    marker: { size: 11, color, symbol },
    hovertemplate: '%{y}: %{x:.3f}<extra>%{fullData.name}</extra>',
  })
  const dearest = [...family.outcomes].sort(
    (a, b) => b.figures.cost_theoretical_raw.mean - a.figures.cost_theoretical_raw.mean,
  )[0] as Outcome
  return [
    `At the threshold ${at}, ${dearest.label} costs ${number(dearest.figures.cost_theoretical_raw.mean, { digits: 2 })} per client with its raw probabilities`,
    [
      dot(
        `at ${at}, raw probabilities`,
        ({ figures }) => figures.cost_theoretical_raw.mean,
        palette.series[3],
        'diamond',
      ),
      dot(
        'calibrated, threshold chosen on the other folds',
        ({ figures }) => figures.cost.mean,
        palette.accent,
        'circle',
      ),
    ],
    {
      subtitle: `Cost per client: ${number(falseNegative)} for an approved loan that defaults, ${number(falsePositive)} for a good client declined`,
      height: 190 + 38 * labels.length,
      showlegend: true,
      legend: { orientation: 'h', x: 0, y: -0.14 },
      xaxis: { tickformat: '.2f' },
      yaxis: nameAxis(labels),
    },
  ]
}

export function costSentence(found: Comparison, family: Family): string {
  const { falsePositive, falseNegative } = found.costs
  const none = noneOf(family).figures
  const least = [...family.outcomes].sort((a, b) => a.figures.cost.mean - b.figures.cost.mean)[0] as Outcome
  const gain = none.cost.mean - least.figures.cost.mean
  return `Approving a loan of risk p costs ${number(falseNegative)} · p, declining it ${number(falsePositive)} · (1 − p): the two are equal at p = **${number(falsePositive)}/${number(falsePositive + falseNegative)}**, whatever the share of defaults. Without any treatment that threshold costs ${number(none.cost_theoretical_raw.mean, { digits: 3 })} per client; the cheapest strategy with a threshold of its own, ${least.label}, costs ${number(least.figures.cost.mean, { digits: 3 })}${least === noneOf(family) ? '' : `, ${number(gain, { digits: 3 })} less than doing nothing, with a standard deviation between folds of ${number(none.cost.sd, { digits: 3 })}`}.`
}
