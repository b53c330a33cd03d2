/** The list of reports (reports/index.html): what each page says first, with its key figures and a link to it. */
import { columns, frenchSpaced, type Html, html, keyFigures, type Page } from 'report-kit'

/** What each stage's report is about. */
const subjects: Readonly<Record<string, string>> = {
  ingest: 'The data: what was read, checked and missing',
  features: 'Features: the catalogue',
  compare: 'Model comparison, class-imbalance strategies and hyper-parameter search',
  train: 'The served model: ranking, calibration, cost',
  explain: 'SHAP explanations: what the model relies on',
  drift: 'Data drift: new clients against training clients',
}

const summary = ({ stage, title, lead, figures = [] }: Page): Html =>
  html`<p><strong>${title}</strong></p>${figures.length > 0 && keyFigures(figures)}${columns(
    html`<p lang="en">${lead.en}</p>`,
    html`<p lang="fr">${frenchSpaced(lead.fr)}</p>`,
    { even: true },
  )}<p><a href="${stage}/index.html">Read the report: ${stage}</a></p>`

/** In the order of the pipeline. */
export function reportsView(pages: readonly Page[]): Page {
  const [first] = pages
  if (!first) throw new Error('expected the page of one report at least')
  const model = pages.map(({ source }) => source.model).find((version) => version !== undefined)
  return {
    title: 'Reports of the pipeline',
    lead: {
      fr: `${pages.length} rapports, un par étape du pipeline\u00a0; chacun ouvre sur ce qu’il a trouvé.`,
      en: `${pages.length} reports, one for each stage of the pipeline; each opens with what it found.`,
    },
    source: { ...first.source, ...(model ? { model } : {}) },
    stage: 'pages',
    files: [],
    sections: pages.map((page) => ({ id: page.stage, title: subjects[page.stage] ?? page.stage, body: summary(page) })),
  }
}
