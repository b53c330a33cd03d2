/**
 * The frame of every HTML report: one self-contained document, readable without script and without network, same bytes every time.
 *
 *   page({ title, lead: { fr, en }, source, sections, stage, files? }): string
 *     lead      one sentence each, filled from the figures: the French summary stands on top, the English below it
 *     source    { model?: version, data: words such as '20,000 clients, data 1a2b3c4d', synthetic: true puts a banner on the page }
 *     sections  { id, title: a finding, body }[]; the first one belongs to the first screen: columns(figure, table)
 *     stage     as in dvc.yaml: named in the foot, `dvc repro STAGE`
 *     files     names of the files next to the page to link; default: `STAGE.json`
 *     reproduce how to make the page again, where it is not a stage's
 *     figures   the page's key figures, for a list of pages: they are not shown on the page itself
 *     home      address of the list that the page belongs to, linked in its head
 *   columns(left, right, { even? }): Html         7 | 5 (or halves) from 1200 px, else one under the other
 *   keyFigures([{ label, value, note?, tone? }])  a row of large numbers
 *   callout(tone, text)                           a tinted box with the tone's sign: 'approve' 'review' 'decline' or 'note'
 *   more(summary, body)                           folded details, open on paper
 * The meta CSP allows nothing but this file's own style and script (by hash): no style="" attribute, no handler attribute works in it.
 */
import { createHash } from 'node:crypto'
import { fontFace } from './font.ts'
import { type Html, html, join, type Part, raw } from './html.ts'
import { script } from './script.ts'
import { style } from './style.ts'
import { type Icon, icon, type Tone } from './tone.ts'

export interface Section {
  readonly id: string
  readonly title: string
  readonly body: Html
}

export interface Page {
  readonly title: string
  readonly lead: { readonly fr: string; readonly en: string }
  readonly source: { readonly model?: string; readonly data: string; readonly synthetic: boolean }
  readonly sections: readonly Section[]
  readonly stage: string
  readonly files?: readonly string[]
  readonly reproduce?: Html
  readonly figures?: readonly KeyFigure[]
  readonly home?: string
}

/** A large number with what it counts. */
export interface KeyFigure {
  readonly label: string
  readonly value: string
  readonly note?: string
  readonly tone?: Tone
}

const linked = (file: string): Html => html`<a href="${file}">${file}</a>`

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** French with its punctuation kept on the line of the word before. */
export const frenchSpaced = (text: string): string => text.replace(/ (?=[;:!?»%])/g, '\u00a0').replace(/« /g, '«\u00a0')

export function page({
  title,
  lead,
  source,
  sections,
  stage,
  files = [`${stage}.json`],
  reproduce,
  home,
}: Page): string {
  const sheet = fontFace() + style
  const scripted = sections.some(({ body }) => /\bdata-(sort|for)\b/.test(body.markup))
  const policy = [
    `default-src 'none'`,
    `style-src ${hashOf(sheet)}`,
    ...(scripted ? [`script-src ${hashOf(script)}`] : []),
    `img-src data:`,
    `font-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ')
  const contents = html`<ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol>`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Prêt à dépenser</title>
<style>${raw(sheet)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar"><div>
  <b lang="fr">Prêt à dépenser</b>
  <span>Report: ${stage}</span>
  ${source.model && html`<span>Model ${source.model}</span>`}
  <span>${source.synthetic ? 'Synthetic data' : 'Data'}: ${source.data}</span>
  ${home !== undefined && html`<a href="${home}">All reports</a>`}
</div></header>
${
  source.synthetic &&
  html`<aside class="made" aria-label="Synthetic data">
    <p>${icon('review')}<span>
      <strong>Synthetic data.</strong> Every client on this page was generated; no figure says anything about real people.
      <span lang="fr">Données synthétiques : aucun chiffre ne décrit des personnes réelles.</span>
    </span></p>
  </aside>`
}
<main class="frame" id="main">
<div class="lead"><h1>${title}</h1><p lang="fr">${frenchSpaced(lead.fr)}</p><p lang="en">${lead.en}</p></div>
<nav class="contents" aria-label="Contents">
  <div class="wide">${contents}</div>
  <details><summary>Contents</summary>${contents}</details>
</nav>
${sections.map(
  ({ id, title, body }) => html`<section class="card" id="${id}"><h2>${title}</h2>
${body}
</section>
`,
)}<footer>
    <p>
      To make this page again: ${reproduce ?? html`<code>dvc repro ${stage}</code>, or <code>npm run repro</code> for the whole pipeline`}.
      It holds no date and no row of data; the same inputs give the same bytes.
    </p>
    ${files.length > 0 && html`<p>The same figures for programs: ${join(files.map(linked), ', ')}.</p>`}
  </footer>
</main>
${scripted && html`<script>${raw(script)}</script>`}
</body>
</html>
`.markup
}

export const columns = (left: Part, right: Part, options: { even?: boolean } = {}): Html =>
  html`<div class="columns${options.even ? ' even' : ''}"><div>${left}</div><div>${right}</div></div>`

export const keyFigures = (figures: readonly KeyFigure[]): Html =>
  html`<dl class="figures">${figures.map(
    ({ label, value, note, tone }) => html`<div${tone && html` class="t-${tone}"`}>
      <dt>${label}</dt>
      <dd class="value">${value}</dd>
      ${note && html`<dd class="small">${note}</dd>`}
    </div>`,
  )}</dl>`

export const callout = (tone: Extract<Icon, 'approve' | 'review' | 'decline' | 'note'>, text: Part): Html =>
  html`<div class="callout t-${tone}">${icon(tone)}<div>${text}</div></div>`

export const more = (summary: Part, body: Part): Html =>
  html`<details class="more"><summary>${summary}</summary>${body}</details>`
