/** Three clients told in words and in a picture, in French and in English, as the loan officer would. */
import {
  badge,
  barChart,
  type Html,
  html,
  icon,
  type Lang,
  more,
  number,
  percent,
  points,
  roundToSum,
  type Section,
  table,
} from 'report-kit'
import type { ClientStory, Explanation, StoryReason } from '../../explain/findings.ts'

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const logOdds = (value: number): string => number(value, { digits: 2, signed: true })

const words = {
  fr: {
    approved: 'Accord proposé',
    declined: 'Refus proposé',
    risk: (risk: string, cut: string, over: boolean) =>
      `Risque de non-remboursement\u00a0: ${risk}, ${over ? 'au moins' : 'moins que'} le seuil de ${cut}.`,
    against: 'Ce qui augmente le risque',
    for: 'Ce qui diminue le risque',
    none: 'Aucun élément ne ressort nettement.',
    change: 'Ce qui changerait la proposition',
    steps: (start: string, end: string) => `D’un client typique (${start}) à ce client (${end})`,
    note: 'Points de risque par thème, du plus grand au plus petit',
    other: 'autres éléments',
  },
  en: {
    approved: 'Approval suggested',
    declined: 'Decline suggested',
    risk: (risk: string, cut: string, over: boolean) =>
      `Risk of non-repayment: ${risk}, ${over ? 'at or above' : 'below'} the cut-off of ${cut}.`,
    against: 'What raises the risk',
    for: 'What lowers the risk',
    none: 'Nothing stands out.',
    change: 'What would change the suggestion',
    steps: (start: string, end: string) => `From a typical client (${start}) to this one (${end})`,
    note: 'Risk points by theme, largest first',
    other: 'other elements',
  },
} as const

/** Decimals that keep a risk on its own side of the cut-off. */
function digitsFor(risk: number, threshold: number): number {
  let digits = 1
  while (digits < 6 && risk !== threshold && percent(risk, { digits }) === percent(threshold, { digits })) digits++
  return digits
}

const shownSteps = 8

function stepsFigure({ start, steps, probability }: ClientStory, lang: Lang, digits: number): Html {
  const t = words[lang]
  const named = steps.filter(({ group }) => group !== 'other')
  const bySize = named.toSorted((a, b) => Math.abs(b.shift) - Math.abs(a.shift))
  const kept = bySize.slice(0, shownSteps).map(({ label, shift }) => ({ label: label[lang], shift }))
  const rest = probability - start - kept.reduce((sum, step) => sum + step.shift, 0)
  const all = steps.length > kept.length ? [...kept, { label: t.other, shift: rest }] : kept
  // Start and steps are rounded together, so that what is shown adds up.
  const [, ...rounded] = roundToSum([start, ...all.map((step) => step.shift)], 3)
  const rows = all.map(({ label }, i) => ({ label, shift: rounded[i]! }))
  const share = (value: number, d = 1) => percent(value, { digits: d, lang })
  return barChart({
    title: t.steps(share(start), share(probability, digits)),
    note: t.note,
    widths: [300],
    rows: rows.map(({ label, shift: worth }) => ({
      label: capital(label),
      value: worth,
      text: points(worth, { lang }),
      tone: worth > 0 ? ('up' as const) : ('down' as const),
    })),
  })
}

function told(story: ClientStory, threshold: number, lang: Lang): Html {
  const t = words[lang]
  const digits = digitsFor(story.probability, threshold)
  const share = (value: number) => percent(value, { digits, lang })
  const list = (title: string, tone: 'up' | 'down', side: readonly StoryReason[]) =>
    html`<h4>${icon(tone)} ${title}</h4>${
      side.length === 0
        ? html`<p>${t.none}</p>`
        : html`<ul>${side.map(({ headline, text }) => html`<li><b>${headline[lang]}.</b>${text && html` ${text[lang]}`}</li>`)}</ul>`
    }`
  const changes =
    story.alternatives &&
    html`<h4>${t.change}</h4>${
      story.alternatives.length === 0
        ? html`<p>${story.none?.[lang]}</p>`
        : html`<ul>${story.alternatives.map(({ text, probability }) => html`<li>${text[lang]}${lang === 'fr' ? '\u00a0: ' : ': '}${percent(probability, { lang })}</li>`)}</ul>`
    }`
  return html`<div lang="${lang}" class="stack"><p><b>${t[story.decision]}.</b> ${t.risk(share(story.probability), share(threshold), story.probability >= threshold)}</p>
${stepsFigure(story, lang, digits)}${list(t.against, 'up', story.against)}${list(t.for, 'down', story.for)}${changes}</div>`
}

const kindWords = {
  approved: 'A client approved',
  declined: 'A client declined',
  borderline: 'A client at the cut-off',
} as const

const compact = (value: number): string =>
  Math.abs(value) >= 1e6 ? `${number(value / 1e6, { significant: 3 })}\u00a0M` : number(value, { significant: 3 })

function clientBlock(story: ClientStory, { synthetic, threshold }: Explanation): Html {
  const strongest = table({
    label: `Strongest features: ${kindWords[story.kind]}`,
    columns: [
      { label: 'Feature' },
      ...(synthetic ? [{ label: 'Value', align: 'end' as const }] : []),
      { label: 'Effect, log-odds', align: 'end' },
    ],
    rows: story.features
      .slice(0, 8)
      .map(({ label, value, contribution }) => [
        label,
        ...(synthetic
          ? [value === null || value === undefined ? 'missing' : typeof value === 'number' ? compact(value) : value]
          : []),
        logOdds(contribution),
      ]),
  })
  return html`<h3>${kindWords[story.kind]} ${badge(story.decision === 'approved' ? 'approve' : 'decline', story.decision)}</h3>
<div class="columns even">${told(story, threshold, 'fr')}${told(story, threshold, 'en')}</div>
${more(
  'For the modeller: the strongest features',
  html`${strongest}<p class="note">Bias ${logOdds(story.bias)}, margin ${logOdds(story.margin)}; score ${String(story.score)}${synthetic && story.client !== undefined && `; synthetic client ${story.client}`}.</p>`,
)}`
}

export const clientsSection = (explanation: Explanation): Section => ({
  id: 'clients',
  title: `${capital(['no', 'one', 'two', 'three'][explanation.clients.length] ?? String(explanation.clients.length))} new client${explanation.clients.length === 1 ? '' : 's'}, told in French and English`,
  body: html`<p>A risk of ${percent(explanation.threshold)} or more is declined. The first client of each kind among the new ones, by client number; at the cut-off, the one whose risk lies nearest to it.${!explanation.synthetic && ' These are real people: no identity and no value is shown.'}</p><div class="stack">${explanation.clients.map((story) => clientBlock(story, explanation))}</div>`,
})
