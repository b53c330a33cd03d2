/** The explain report as one HTML page: what the model weighs, how values act, and three new clients. */
import { barChart } from '../bar-chart.ts'
import { type Html, html } from '../html.ts'
import { lineChart } from '../line-chart.ts'
import { number, percent } from '../numbers.ts'
import { columns, more, page, type Section } from '../page.ts'
import { table } from '../table.ts'
import { badge } from '../tone.ts'
import type { ClientStory, Explanation } from './findings.ts'

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

const conceptTable = (concepts: Explanation['concepts'], caption?: string): Html =>
  table({
    ...(caption ? { caption } : { label: 'Other concepts' }),
    columns: [{ label: 'Concept' }, { label: 'Share', align: 'end' }, { label: 'Features', align: 'end' }],
    rows: concepts.map(({ label, share, features }) => [capital(label), percent(share), features]),
  })

function weightsSection({ concepts, sample }: Explanation): Section {
  const shown = concepts.slice(0, 12)
  const top = concepts[0]!
  return {
    id: 'concepts',
    title: `${capital(top.label)}: ${shareWords(top.share).en} of what moves the score`,
    body: columns(
      barChart({
        title: `Heaviest: ${top.label}`,
        note: `Mean |sum of SHAP values within the concept|, log-odds, over ${number(sample.clients)} training clients; line: 95% interval`,
        rows: shown.map(({ label, mean, low, high }) => ({ label: capital(label), value: mean, low, high })),
        format: (value) => number(value, { digits: 2 }),
        head: ['Concept', 'Weight, log-odds'],
      }),
      html`${conceptTable(concepts.slice(0, 8), 'Concepts')}${
        concepts.length > 8 && more(`The other ${concepts.length - 8} concepts`, conceptTable(concepts.slice(8)))
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

function featuresSection({ features, concepts, sample }: Explanation): Section {
  const conceptLabel = new Map(concepts.map(({ concept, label }) => [concept, label]))
  const ten = features.slice(0, 10).reduce((sum, { share }) => sum + share, 0)
  return {
    id: 'features',
    title: `Ten features of ${features.length} make ${percent(ten, { digits: 0 })} of the weight`,
    body: html`${barChart({
      title: `Heaviest: ${features[0]!.label}`,
      note: `Mean |SHAP value|, log-odds, over ${number(sample.clients)} training clients, the twenty heaviest; line: 95% interval`,
      rows: features
        .slice(0, 20)
        .map(({ label, mean, low, high }) => ({ label: capital(label), value: mean, low, high })),
      format: weight,
      head: ['Feature', 'Weight, log-odds'],
    })}${more(
      `All ${features.length} features`,
      table({
        id: 'all-features',
        fold: true,
        label: 'All features, heaviest first',
        columns: [
          { label: 'Feature', sort: 'text', wide: true },
          { label: 'Concept', sort: 'text' },
          { label: 'Weight', align: 'end', sort: 'number' },
          { label: 'Share', align: 'end', sort: 'number' },
          { label: 'A higher value', sort: 'number' },
          { label: 'Missing', align: 'end', sort: 'number' },
        ],
        rows: features.map((feature) => [
          {
            text: html`<span class="name">${capital(feature.label)}</span><code>${feature.feature}</code>`,
            value: feature.feature,
          },
          conceptLabel.get(feature.concept) ?? feature.concept,
          { text: weight(feature.mean), value: feature.mean },
          { text: percent(feature.share), value: feature.share },
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
  const note = 'SHAP value, log-odds, above zero raises the risk'
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
  body: html`<p>Each figure groups the sampled clients by the value of one feature and shows what that feature adds to the score in log-odds. Nothing here says that changing the value would change whether a client repays: the model has found what goes together, not what causes what.</p><div class="grid">${dependence.map((each) => html`<div>${dependenceFigure(each)}</div>`)}</div>`,
})

const kindWords = {
  granted: 'A client granted',
  refused: 'A client refused',
  borderline: 'A client at the cut-off',
} as const

function clientFigure(story: ClientStory, synthetic: boolean): Html {
  const shown = story.concepts.slice(0, 8)
  const rest = story.concepts.slice(8).reduce((sum, { contribution }) => sum + contribution, 0)
  const rows = [...shown, ...(story.concepts.length > 8 ? [{ label: 'other elements', contribution: rest }] : [])]
  const strongest = shown[0]!
  return html`<h3>${kindWords[story.kind]} ${badge(story.decision === 'granted' ? 'grant' : 'refuse', story.decision)}</h3>${barChart(
    {
      title: `Risk ${percent(story.probability)}, ${strongest.contribution > 0 ? 'raised' : 'lowered'} most by ${strongest.label}`,
      note: `Contributions by concept, log-odds; they add to ${logOdds(story.margin)} from a start of ${logOdds(story.bias)}`,
      widths: [300, 440],
      rows: rows.map(({ label, contribution }) => ({
        label: capital(label),
        value: contribution,
        text: logOdds(contribution),
        tone: contribution > 0 ? ('up' as const) : ('down' as const),
      })),
    },
  )}${table({
    label: `Strongest features: ${kindWords[story.kind]}`,
    columns: [
      { label: 'Strongest features' },
      ...(synthetic ? [{ label: 'Value', align: 'end' as const }] : []),
      { label: 'Effect', align: 'end' },
    ],
    rows: story.features
      .slice(0, 6)
      .map(({ label, value, contribution }) => [
        label,
        ...(synthetic
          ? [value === null || value === undefined ? 'missing' : typeof value === 'number' ? compact(value) : value]
          : []),
        logOdds(contribution),
      ]),
  })}${synthetic && story.client !== undefined && html`<p class="note">Synthetic client ${String(story.client)}.</p>`}`
}

const clientsSection = ({ clients, synthetic, threshold }: Explanation): Section => ({
  id: 'clients',
  title: `${capital(['no', 'one', 'two', 'three'][clients.length] ?? String(clients.length))} new client${clients.length === 1 ? '' : 's'}, in the model’s own words`,
  body: html`<p>A risk of ${percent(threshold)} or more is refused. The first client of each kind among the new ones, by client number; at the cut-off, the one whose risk lies nearest to it.${!synthetic && ' These are real people: no identity and no value is shown.'}</p><div class="grid three">${clients.map((story) => html`<div class="stack">${clientFigure(story, synthetic)}</div>`)}</div>`,
})

const methodSection = ({ additivity_error, sample }: Explanation): Section => ({
  id: 'method',
  title: 'How this was measured',
  body: html`<ul>
<li>SHAP values of the trees (TreeSHAP, exact, in log-odds of the uncalibrated model), over ${number(sample.clients)} of ${number(sample.of)} training clients drawn with seed ${String(sample.seed)}. The model has seen these clients; the page says what it uses, not how well it does.</li>
<li>Checked at run time: each client’s contributions and the start add up to the model’s margin, largest difference ${additivity_error.toExponential(1).replace('-', '−')}.</li>
<li>A concept’s weight is the mean over clients of |sum of its features’ contributions|; contributions that cancel within one client do not count twice. So shares of concepts are not sums of shares of features.</li>
<li>“A higher value raises risk” where value and contribution have a rank correlation above 0.3, “lowers” below −0.3; between, or for categories, a dash.</li>
<li>The start is the model’s bias, a typical client’s log-odds; it is no feature. Log-odds add up, probabilities do not.</li>
</ul>`,
})

export function explainPage(explanation: Explanation): string {
  const { model, data, synthetic, sample, concepts } = explanation
  const [first, second] = [concepts[0]!, concepts[1]]
  const share = shareWords(first.share)
  return page({
    title: 'What weighs in a decision?',
    lead: {
      fr: `${capital(first.label_fr)}\u00a0: ${share.fr} de ce qui fait bouger le score${second ? `\u00a0; ensuite ${second.label_fr} (${percent(second.share, { digits: 0, lang: 'fr' })})` : ''}.`,
      en: `${capital(first.label)}: ${share.en} of what moves the score${second ? `; then ${second.label} (${percent(second.share, { digits: 0 })})` : ''}.`,
    },
    source: { model, data: `${number(sample.of)} training clients, ${data.slice(0, 8)}`, synthetic },
    stage: 'explain',
    sections: [
      weightsSection(explanation),
      clientsSection(explanation),
      featuresSection(explanation),
      dependenceSection(explanation),
      methodSection(explanation),
    ],
  })
}
