/** The page of the compare stage: which model, what to do about rare defaults, which parameters, and the scorecard as practitioners print it. */

import {
  barChart,
  columns,
  dotChart,
  type Html,
  html,
  lineChart,
  more,
  number,
  type Page,
  percent,
  pValue,
  type Section,
  table,
} from 'report-kit'
import { maximum, minimum } from '../../data/extremes.ts'
import type { Comparison, Outcome } from '../../models/comparison/findings.ts'
import * as words from './words.ts'

const { four, signed } = words
const end = (labels: readonly string[]) =>
  labels.map((label, i) => (i === 0 ? { label } : { label, align: 'end' as const }))

const spread = ({ mean, sd }: { mean: number; sd: number }) => `${four(mean)} ± ${four(sd)}`

/** Mean and one standard deviation on both sides. */
const dotOf = ({ mean, sd }: { mean: number; sd: number }) => ({ value: mean, low: mean - sd, high: mean + sd })

export function compareView(found: Comparison): Page {
  const { measure, candidates, clients, defaults, folds, seeds } = found
  const label = words.measureWords[measure]
  const order = words.ranked(found)
  const axis = { format: (value: number) => number(value, { digits: 2 }) }
  const shown = order.filter(({ name }) => name !== 'baseline')
  const sections: Section[] = [
    {
      id: 'candidates',
      title: `${found.choice.label} serves; ${order[0]?.label ?? ''} has the best ${label} of ${candidates.length} candidates`,
      body: html`${columns(
        dotChart({
          title: `${label} by candidate`,
          note: `Mean and one standard deviation over ${folds} folds and ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}; the baseline, which knows nothing of a client, is at ${four(words.named(candidates, 'baseline')?.figures[measure].mean)}`,
          series: [{ name: label }],
          rows: shown.map((one) => ({
            label: one.label,
            values: [dotOf(one.figures[measure])],
            strong: one.name === found.best,
          })),
          x: axis,
          head: 'Candidate',
        }),
        html`<p>${words.chosenWords(found).en}</p>
<p>${words.bestSentence(found)}</p>
<p>${words.historiesSentence(found)}</p>
<p>${words.testedSentence(found)}</p>
<p>Differences are tested on the same folds by the corrected resampled t-test (Nadeau and Bengio 2003), two-sided at ${percent(found.alpha, { digits: 0 })};
one below the minimum detectable difference may be chance, and may exist all the same.
</p>`,
      )}${table({
        caption: `Out-of-fold figures of ${number(clients)} clients, the best first`,
        columns: end([
          'Candidate',
          'Features',
          'ROC AUC',
          'PR AUC',
          'Cost',
          'Cost at 1/11, raw',
          'Brier',
          'ECE',
          `${label} against the best`,
          'Minimum detectable difference',
          'p, adjusted',
        ]),
        rows: order.map((one) => [
          one.label,
          number(one.features),
          spread(one.figures.roc_auc),
          four(one.figures.average_precision.mean),
          four(one.figures.cost.mean),
          four(one.figures.cost_theoretical_raw.mean),
          four(one.figures.brier.mean),
          four(one.figures.ece.mean),
          one.against ? `${signed(one.against.difference)}${one.against.significant ? ' *' : ''}` : 'the best',
          four(one.against?.minimumDetectable),
          pValue(one.against?.adjusted ?? one.against?.p),
        ]),
        strong: (row) => order[row]?.name === found.best,
        fold: true,
      })}
        <p>
          * significant at ${percent(found.alpha, { digits: 0 })}.
          Cost is per client, at thresholds chosen on the other folds.
          ${number(found.monotone)} features have a known direction of risk, which the monotone candidate is held to.
        </p>`,
    },
    ...found.imbalance.map(
      (one): Section => ({
        id: `imbalance-${one.model}`,
        title: `${one.model === 'boosting' ? 'Boosting' : 'Logistic regression'}: what treating the rare defaults changes`,
        body: html`<p>${words.imbalanceSentence(found, one)}</p>${imbalanceTable(found, one.outcomes)}${reliabilityFigures(found, one.model, one.outcomes)}`,
      }),
    ),
    {
      id: 'search',
      title:
        found.search.chosen === 0
          ? 'The search finds no significant gain over the parameters in place'
          : 'The search found better parameters',
      body: html`<p>${words.searchSentence(found)}</p>${table({
        caption: 'Trials, the best first',
        columns: [
          ...end(['Trial', ...found.search.trials.flatMap(rungShares).filter(unique).map(rungLabel)]),
          { label: 'Parameters' },
        ],
        rows: found.search.ranking
          .flatMap((n) => found.search.trials.filter((trial) => trial.number === n))
          .map((trial) => [
            String(trial.number),
            ...found.search.trials
              .flatMap(rungShares)
              .filter(unique)
              .map((share) => {
                const rung = trial.rungs.find((one) => one.share === share)
                return rung ? four(rung.mean) : null
              }),
            words.settingWords(trial),
          ]),
        fold: true,
      })}`,
    },
    {
      id: 'scorecard',
      title: `A scorecard of ${found.card.characteristics.length} characteristics`,
      body: scorecardBody(found),
    },
    {
      id: 'coefficients',
      title: `The logistic regression keeps ${number(found.nonzero)} coefficients`,
      body: barChart({
        title: 'The largest coefficients',
        note: 'Log-odds of default per standard deviation; right raises the risk, left lowers it',
        rows: found.coefficients.slice(0, 20).map((one) => ({
          label: one.label,
          value: one.value,
          tone: one.value > 0 ? ('up' as const) : ('down' as const),
        })),
        format: (value) => number(value, { digits: 3, signed: true }),
        head: ['Feature', 'Coefficient'],
      }),
    },
  ]
  return {
    title: 'Comparison: which model, and why?',
    lead: words.leadWords(found),
    source: {
      data: `${number(clients)} clients, ${number(defaults)} defaults, data ${found.data.hash.slice(0, 8)}`,
      synthetic: found.data.synthetic,
    },
    sections,
    stage: 'compare',
    figures: [
      { label: 'Candidates', value: number(found.candidates.length) },
      { label: 'Best', value: words.named(found.candidates, found.best)?.label ?? found.best },
      { label: 'Trials of the search', value: number(found.search.trials.length) },
    ],
    files: ['compare.json', 'compare.md', 'metrics.json'],
  }
}

const rungShares = ({ rungs }: Comparison['search']['trials'][number]) => rungs.map(({ share }) => share)
const unique = (value: number, i: number, all: readonly number[]) => all.indexOf(value) === i
const rungLabel = (share: number) => (share >= 1 ? 'All clients' : `${percent(share, { digits: 0 })} of them`)

function imbalanceTable(found: Comparison, outcomes: readonly Outcome[]): Html {
  return table({
    caption: `Mean over ${found.folds} folds and ${outcomes[0]?.seeds ?? 0} ${outcomes[0]?.seeds === 1 ? 'seed' : 'seeds'}`,
    columns: end([
      'Strategy',
      'ROC AUC',
      'PR AUC',
      'Cost, own threshold',
      'Cost at 1/11, raw',
      'Brier raw',
      'Brier after',
      'ECE raw',
      'ECE after',
      `${words.measureWords[found.measure]} against nothing`,
      'Minimum detectable difference',
    ]),
    rows: outcomes.map(({ label, figures: f, against }) => [
      label,
      spread(f.roc_auc),
      four(f.average_precision.mean),
      four(f.cost.mean),
      four(f.cost_theoretical_raw.mean),
      four(f.brier_raw.mean),
      four(f.brier.mean),
      four(f.ece_raw.mean),
      four(f.ece.mean),
      against ? `${signed(against.difference)}${against.significant ? ' *' : ''}` : null,
      four(against?.minimumDetectable),
    ]),
    fold: true,
  })
}

/** Up to three strategies: nothing, and those whose raw probabilities are furthest off. */
function reliabilityFigures(found: Comparison, model: string, outcomes: readonly Outcome[]): Html | null {
  const others = outcomes
    .filter(({ name }) => name !== `${model}_none`)
    .toSorted((a, b) => b.figures.ece_raw.mean - a.figures.ece_raw.mean)
    .slice(0, 2)
  const lines = [...outcomes.filter(({ name }) => name === `${model}_none`), ...others]
  const axis = { format: (value: number) => percent(value, { digits: 0 }), min: 0, max: 1 }
  const draw = (which: 'raw' | 'calibrated', title: string, note: string) =>
    lineChart({
      title,
      note,
      x: which === 'raw' ? axis : { ...axis, max: 0.4 },
      y: which === 'raw' ? axis : { ...axis, max: 0.4 },
      series: lines.map(({ name, label }) => ({
        name: label,
        points: (found.reliability.find((one) => one.name === name)?.[which] ?? [])
          .filter(({ clients, predicted }) => clients > 0 && (which === 'raw' || predicted <= 0.4))
          .map(({ predicted, observed }) => [predicted, observed] as const),
        dots: true,
      })),
      diagonal: true,
    })
  if (lines.length === 0) return null
  return columns(
    draw(
      'raw',
      'Before calibration',
      'Share of defaults against mean probability, by tenth of clients; the diagonal is right',
    ),
    draw('calibrated', 'After calibration', 'The same, calibrated on the other folds; up to 40%'),
    { even: true },
  )
}

function scorecardBody(found: Comparison): Html {
  const { card } = found
  const { scale, characteristics, stability } = card
  return html`<p>
      Fitted on all ${number(card.clients)} clients:
      ${number(scale.baseScore)} points are odds of ${number(scale.baseOdds)} good clients to one default,
      and ${number(scale.pdo)} more points double the odds.
      Add up one line of each characteristic.
      A positive weight of evidence is safer than all clients together;
      an information value below 0.02 says nothing, 0.1 to 0.3 is medium, above that strong.
    </p>
    ${table({
      caption: 'Characteristics',
      columns: end(['Characteristic', 'Bins', 'Information value', 'Points from', 'to', 'PSI, new clients']),
      rows: characteristics.map((one) => [
        one.label,
        number(one.bins.length),
        number(one.iv, { digits: 3 }),
        number(minimum(one.bins.map(({ points }) => points))),
        number(maximum(one.bins.map(({ points }) => points))),
        number(one.psi, { digits: 3 }),
      ]),
    })}${more(
      'Every bin with its points',
      html`${characteristics.map((one) =>
        table({
          caption: `${one.label} (IV ${number(one.iv, { digits: 3 })})`,
          columns: end(['Bin', 'Clients', 'Share', 'Default rate', 'WoE', 'IV', 'Points']),
          rows: one.bins.map((bin) => [
            bin.label,
            number(bin.clients),
            percent(bin.share),
            percent(bin.rate),
            number(bin.woe, { digits: 3 }),
            number(bin.iv, { digits: 4 }),
            number(bin.points),
          ]),
        }),
      )}`,
    )}<p>${words.stabilitySentence(found)}</p>${table({
      caption: 'System stability: new clients in the score bands of the training clients',
      columns: end(['Score', 'Training clients', 'New clients', 'Default rate', 'PSI']),
      rows: stability.bands.map((band) => [
        band.label,
        percent(band.expected),
        percent(band.actual),
        percent(band.rate),
        number(band.psi, { digits: 4 }),
      ]),
    })}`
}
