/** The explain report as one HTML page: which features matter, how their values act, and three new clients. */

import {
  badge,
  barChart,
  columns,
  type Html,
  html,
  lineChart,
  more,
  number,
  type Page,
  percent,
  type Section,
  table,
} from 'report-kit'
import { maximum, minimum } from '../../data/extremes.ts'
import type { Explanation } from '../../explain/findings.ts'
import type { Pair } from '../../explain/relations.ts'
import { clientsSection } from './clients-section.ts'
import { swarmChart } from './swarm.ts'

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const logOdds = (value: number): string => number(value, { digits: 2, signed: true })
const weight = (value: number): string => number(value, { digits: 3 })

/** A share as people say it: "a third", where one fits within two points. */
const fractions: readonly (readonly [number, { fr: string; en: string }])[] = [
  [1 / 4, { fr: 'un quart', en: 'a quarter' }],
  [1 / 3, { fr: 'un tiers', en: 'a third' }],
  [1 / 2, { fr: 'la moitié', en: 'half' }],
  [2 / 3, { fr: 'deux tiers', en: 'two thirds' }],
]

function shareWords(share: number): { fr: string; en: string } {
  const near = fractions.find(([fraction]) => Math.abs(fraction - share) < 0.02)
  return near?.[1] ?? { fr: percent(share, { digits: 0, lang: 'fr' }), en: percent(share, { digits: 0 }) }
}

/** ROC AUC in thousandths, with its interval. */
const lost = (loss: Explanation['features'][number]['permutation']): string =>
  loss === null ? '–' : number(loss.mean, { digits: 4 })

/** The column of gain, where the model has one. */
const gainCell = (gain: number | null): string => (gain === null ? '–' : percent(gain))

/** What contributions are, by the families of the members. */
const methods: Readonly<Record<Explanation['families'][number], string>> = {
  trees: 'of trees SHAP values (TreeSHAP, exact)',
  linear: 'of the linear model coefficient times distance from the mean of the training clients',
  scorecard: 'of the scorecard coefficient times distance of the weight of evidence from that mean',
}

const groupTable = (groups: Explanation['groups'], caption?: string): Html =>
  table({
    ...(caption ? { caption } : { label: 'Other reason groups' }),
    columns: [
      { label: 'Reason group' },
      { label: 'Share', align: 'end' },
      { label: 'Gain', align: 'end' },
      { label: 'AUC lost', align: 'end' },
      { label: 'Features', align: 'end' },
    ],
    rows: groups.map(({ label, share, gain, permutation, features }) => [
      capital(label),
      percent(share),
      gainCell(gain),
      lost(permutation),
      features,
    ]),
  })

function weightsSection({ groups, refits }: Explanation): Section {
  const shown = groups.slice(0, 12)
  const top = groups[0]!
  return {
    id: 'groups',
    title: `${capital(top.label)}: ${shareWords(top.share).en} of what moves the score`,
    body: columns(
      barChart({
        title: `Most important: ${top.label}`,
        note: `Mean |sum of contributions within the reason group|, log-odds, of clients that the fold’s model has not seen; line: 95% interval over ${refits.auc.length} folds`,
        rows: shown.map(({ label, mean, low, high }) => ({ label: capital(label), value: mean, low, high })),
        format: (value) => number(value, { digits: 2 }),
        head: ['Reason group', 'Mean |contribution|, log-odds'],
      }),
      html`${groupTable(groups.slice(0, 8), 'Reason groups')}${
        groups.length > 8 && more(`The other ${groups.length - 8} reason groups`, groupTable(groups.slice(8)))
      }`,
    ),
  }
}

const directionWords = (direction: number | null): Html | string =>
  direction === null || Math.abs(direction) < 0.3
    ? '–'
    : direction > 0
      ? badge('up', 'raises risk')
      : badge('down', 'lowers risk')

function featuresSection({ features, groups, refits }: Explanation): Section {
  const groupLabel = new Map(groups.map(({ group, label }) => [group, label]))
  const ten = features.slice(0, 10).reduce((sum, { share }) => sum + share, 0)
  return {
    id: 'features',
    title: `Ten features of ${features.length} make ${percent(ten, { digits: 0 })} of all contributions`,
    body: html`${barChart({
      title: `Most important: ${features[0]!.label}`,
      note: `Mean |contribution|, log-odds, of clients that the fold’s model has not seen, the twenty most important; line: 95% interval over ${refits.auc.length} folds`,
      rows: features
        .slice(0, 20)
        .map(({ label, mean, low, high }) => ({ label: capital(label), value: mean, low, high })),
      format: weight,
      head: ['Feature', 'Mean |contribution|, log-odds'],
    })}${more(
      `All ${features.length} features`,
      table({
        id: 'all-features',
        fold: true,
        label: 'All features, most important first',
        columns: [
          { label: 'Feature', sort: 'text', wide: true },
          { label: 'Reason group', sort: 'text' },
          { label: 'Mean |contribution|', align: 'end', sort: 'number' },
          { label: 'Share', align: 'end', sort: 'number' },
          { label: 'Final model', align: 'end', sort: 'number' },
          { label: 'Gain', align: 'end', sort: 'number' },
          { label: 'AUC lost', align: 'end', sort: 'number' },
          { label: 'A higher value', sort: 'number' },
          { label: 'Missing', align: 'end', sort: 'number' },
        ],
        rows: features.map((feature) => [
          {
            text: html`<span class="name">${capital(feature.label)}</span><code>${feature.feature}</code>`,
            value: feature.feature,
          },
          groupLabel.get(feature.group) ?? feature.group,
          { text: weight(feature.mean), value: feature.mean },
          { text: percent(feature.share), value: feature.share },
          { text: weight(feature.final), value: feature.final },
          { text: gainCell(feature.gain), value: feature.gain },
          { text: lost(feature.permutation), value: feature.permutation?.mean ?? null },
          { text: directionWords(feature.direction), value: feature.direction },
          { text: percent(feature.missing), value: feature.missing },
        ]),
      }),
    )}`,
  }
}

const compact = (value: number): string =>
  Math.abs(value) >= 1e6 ? `${number(value / 1e6, { significant: 3 })}\u00a0M` : number(value, { significant: 3 })

function dependenceFigure({ label, kind, points }: Explanation['dependence'][number]): Html {
  const note = 'contribution, log-odds, above zero raises the risk'
  const widths = [300, 440]
  const absent = points.find(({ at }) => at === null)
  if (kind === 'category')
    return barChart({
      title: capital(label),
      note: `Mean ${note}`,
      widths,
      rows: points.map(({ at, mean }) => ({
        label: at === null ? 'missing' : String(at),
        value: mean,
        text: logOdds(mean),
        tone: mean > 0 ? ('up' as const) : ('down' as const),
      })),
    })
  const known = points.filter((point): point is typeof point & { at: number } => typeof point.at === 'number')
  return lineChart({
    title: capital(label),
    note: `Mean ${note}, by value; band: four clients of five${absent ? `; without a value ${logOdds(absent.mean)}` : ''}`,
    widths,
    height: 180,
    series: [
      {
        name: 'Mean',
        points: known.map(({ at, mean }) => [at, mean]),
        band: known.map(({ at, low, high }) => [at, low, high]),
        dots: true,
        tone: 'accent',
      },
    ],
    levels: [{ at: 0, label: '' }],
    x: { format: compact },
    y: { format: (value) => number(value, { significant: 2 }) },
  })
}

const dependenceSection = ({ dependence }: Explanation): Section => ({
  id: 'dependence',
  title: 'How a value moves the score',
  body: html`<p>
      Each figure groups the sampled clients by the value of one feature and shows what that feature adds to the score in log-odds.
      Nothing here says that changing the value would change whether a client repays:
      the model has found what goes together, not what causes what.
    </p>
    <div class="grid">${dependence.map((each) => html`<div>${dependenceFigure(each)}</div>`)}</div>`,
})

const labelsOf = ({ features }: Explanation) => new Map(features.map(({ feature, label }) => [feature, label]))

const swarmSection = ({ swarms, sample }: Explanation): Section => ({
  id: 'swarm',
  title: 'The same feature moves clients by different amounts',
  body: swarmChart(
    swarms.map((one) => ({ ...one, label: capital(one.label) })),
    sample.clients,
  ),
})

function relationsSection(explanation: Explanation): Section {
  const { interactions, correlated } = explanation
  const label = labelsOf(explanation)
  const name = (feature: string) => capital(label.get(feature) ?? feature)
  const strongest = interactions?.pairs[0]
  const together = correlated.length
  const pairs = (caption: string, head: string, rows: readonly Pair[], format: (value: number) => string) =>
    table({
      caption,
      columns: [{ label: 'Feature' }, { label: 'with' }, { label: head, align: 'end' }],
      rows: rows.map(({ features: [a, b], value }) => [name(a), name(b), format(value)]),
    })
  return {
    id: 'relations',
    title: `${together === 0 ? 'No two important features say' : together === 1 ? 'One pair of important features says' : `${number(together)} pairs of important features say`} much the same`,
    body: html`<div class="columns even">${
      correlated.length > 0
        ? pairs(
            'Features that rise and fall together: rank correlation of 0.8 or more in size, of the 60 most important',
            'Correlation',
            correlated.slice(0, shownPairs),
            (value) => number(value, { digits: 2, signed: true }),
          )
        : html`<p>No two of the 60 most important features correlate by 0.8 or more.</p>`
    }${
      interactions && strongest
        ? pairs(
            `Strongest interactions: mean |SHAP interaction value|, log-odds, over ${number(interactions.clients)} clients, what a pair does beyond its two features alone`,
            'Interaction',
            interactions.pairs,
            weight,
          )
        : html`<p>${interactions ? 'No interactions were computed.' : 'This model adds up feature by feature: no two features interact in its log-odds.'}</p>`
    }</div>`,
  }
}

const shownPairs = 12

function stabilitySection({ stability, refits }: Explanation): Section {
  const steady = stability.filter(({ again }) => again === refits.seeds).length
  return {
    id: 'stability',
    title: `${steady} of the ${stability.length} most important features are so with every seed`,
    body: html`<p>
        ${refits.seeds} models that differ by their seed alone.
        A feature that comes and goes shares its contributions with others that say the same; its reason group stays.
      </p>
      ${table({
        label: 'Stability of the most important features over seeds',
        columns: [
          { label: 'Feature' },
          { label: `Among the ${stability.length} again`, align: 'end' },
          { label: 'Best place', align: 'end' },
          { label: 'Worst place', align: 'end' },
        ],
        rows: stability.map(({ label, again, best, worst }) => [
          capital(label),
          `${again} of ${refits.seeds}`,
          best,
          worst,
        ]),
      })}`,
  }
}

const methodSection = ({ additivity_error, sample, refits, families, groups }: Explanation): Section => {
  const auc = (value: number) => number(value, { digits: 3 })
  const gain = groups[0]!.gain !== null
  return {
    id: 'method',
    title: 'How this was measured',
    body: html`<ul>
      <li>
        Contributions are in log-odds: ${families.map((family) => methods[family]).join('; ')}${families.length > 1 && '; those of the members of a blend are added by their weights'}.
      </li>
      <li>
        Importance: ${refits.auc.length} models fitted again on ${number(refits.clients)} of ${number(sample.of)} training clients,
        each explaining the part that it has not seen;
        mean |contribution| and a 95% interval over these folds
        (Student’s t; the folds share clients, so it is rather too narrow).
        ${refits.rounds !== null && `To keep this short boosting learns in ${number(refits.rounds)} larger rounds.`}
        Their ROC AUC on unseen clients is ${auc(minimum(refits.auc))} to ${auc(maximum(refits.auc))}.
      </li>
      <li>
        Beside them: the same of the final model over ${number(sample.clients)} of its training clients (seed ${String(sample.seed)}),
        ${gain && 'the share of the total gain of its splits,'}
        and what shuffling a feature (or all of a reason group) between unseen clients costs in ROC AUC.
        Shuffling one of several features that say the same costs little; shuffling the whole group shows what they carry together.
        ${!gain && 'Gain is a measure of one model of trees: this model has none.'}
      </li>
      <li>
        Shapes, interactions and clients are the final model’s.
        Checked at run time: each client’s contributions and the start add up to the model’s margin,
        largest difference ${additivity_error.toExponential(1).replace('-', '−')}.
      </li>
      <li>
        A reason group’s importance is the mean over clients of |sum of its features’ contributions|;
        contributions that cancel within one client do not count twice.
        So shares of reason groups are not sums of shares of features.
      </li>
      <li>
        “A higher value raises risk” where value and contribution have a rank correlation above 0.3, “lowers” below −0.3;
        between, or for categories, a dash.
      </li>
      <li>
        A client’s steps are the average over all orders of adding the reason groups (Shapley 1953), in points of the calibrated risk:
        they add up exactly, from the typical client (the model’s bias) to this one.
      </li>
    </ul>`,
  }
}

export function explainView(explanation: Explanation): Page {
  const { model, data, synthetic, sample, groups } = explanation
  const [first, second] = [groups[0]!, groups[1]]
  const share = shareWords(first.share)
  return {
    title: 'What drives a decision?',
    lead: {
      fr: `${capital(first.label_fr)}\u00a0: ${share.fr} de ce qui fait bouger le score${second ? `\u00a0; ensuite ${second.label_fr} (${percent(second.share, { digits: 0, lang: 'fr' })})` : ''}.`,
      en: `${capital(first.label)}: ${share.en} of what moves the score${second ? `; then ${second.label} (${percent(second.share, { digits: 0 })})` : ''}.`,
    },
    source: { model, data: `${number(sample.of)} training clients, ${data.slice(0, 8)}`, synthetic },
    stage: 'explain',
    figures: [
      { label: 'Clients explained', value: number(sample.clients) },
      { label: `Share of “${first.label}”`, value: percent(first.share, { digits: 0 }) },
      { label: 'Reason groups', value: number(groups.length) },
    ],
    sections: [
      weightsSection(explanation),
      clientsSection(explanation),
      featuresSection(explanation),
      swarmSection(explanation),
      dependenceSection(explanation),
      relationsSection(explanation),
      stabilitySection(explanation),
      methodSection(explanation),
    ],
  }
}
