/** Stage: computes every feature of every client from the portfolio, and writes them, their definitions and their catalogue. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { params } from 'dvc-ts'
import type pl from 'nodejs-polars'
import { z } from 'zod'
import type { Definitions } from './features/algebra/definitions.ts'
import { without } from './features/algebra/sources.ts'
import { type Catalogue, type CatalogueEntry, catalogueOf } from './features/catalogue.ts'
import { definitions } from './features/definitions/index.ts'
import { featureFrames } from './features/frames.ts'
import { barChart } from './report/bar-chart.ts'
import { type Html, html, join as joined } from './report/html.ts'
import { number, percent } from './report/numbers.ts'
import { columns, keyFigures, page } from './report/page.ts'
import { table } from './report/table.ts'

const section = z.object({ exclude: z.array(z.string()) })
const portfolioNote = z.object({ synthetic: z.unknown().nullable(), hash: z.string() })

/** Clients whose values sample.json shows, when no client is real. */
const sampleSize = 50

export async function features(paths: { portfolio: string; features: string; reports: string }): Promise<void> {
  const { exclude } = params('features', section)
  const note = portfolioNote.parse(JSON.parse(readFileSync(join(paths.portfolio, 'portfolio.json'), 'utf8')))
  const progress = (message: string) => process.stderr.write(`features: ${message}\n`)

  const frames = await featureFrames(without(definitions, exclude), paths.portfolio, progress)
  const kept = frames.definitions

  mkdirSync(paths.features, { recursive: true })
  writeParquet(frames.train, paths.features, 'train.parquet')
  writeParquet(frames.fresh, paths.features, 'new.parquet')
  writeText(paths.features, 'definitions.json', json(kept))
  writeText(paths.features, 'fitted.json', json(fittedOf(kept)))

  mkdirSync(paths.reports, { recursive: true })
  const catalogue = catalogueOf(definitions, kept, exclude, frames)
  writeText(paths.reports, 'features.json', json(catalogue))
  if (note.synthetic) writeText(paths.reports, 'sample.json', json(frames.train.head(sampleSize).toRecords()))
  const clients = frames.train.height + frames.fresh.height
  const data = `${number(clients)} clients, data ${note.hash.slice(0, 8)}`
  writeText(paths.reports, 'index.html', cataloguePage(catalogue, { data, synthetic: note.synthetic !== null }))
  progress(`${kept.features.length} features, ${frames.train.height} training and ${frames.fresh.height} new clients`)
}

/** The catalogue for people: what there is, then the features of each concept as they are called, computed and missing. */
function cataloguePage(catalogue: Catalogue, source: { data: string; synthetic: boolean }): string {
  const { features, concepts, excluded, excludedColumns } = catalogue
  const groups = Object.entries(concepts).map(([name, { label, sensitive }]) => {
    const members = features.filter(({ concept }) => concept === name)
    return { name, label, sensitive, members }
  })
  const shown = groups.filter(({ members }) => members.length > 0).sort((a, b) => b.members.length - a.members.length)
  const reads = new Set(features.flatMap(({ sources }) => sources))
  const often = features.filter(({ missing }) => missing.train > 0.5).length
  const count = number(features.length)
  return page({
    stage: 'features',
    title: 'Catalogue of the features',
    lead: {
      fr: `${count} variables en ${shown.length} thèmes, calculées à partir de ${reads.size} colonnes ; chacune est écrite une fois, en une règle.`,
      en: `${count} features in ${shown.length} concepts, computed from ${reads.size} columns; each is written once, as one rule.`,
    },
    source,
    sections: [
      {
        id: 'concepts',
        title: `What the ${count} features speak of`,
        body: columns(
          barChart({
            title: 'Features by concept',
            rows: shown.map(({ label, members }) => ({ label: label.en, value: members.length })),
            head: ['Concept', 'Features'],
          }),
          html`${keyFigures([
            { label: 'Features', value: count },
            { label: 'Columns read', value: number(reads.size) },
            {
              label: 'Missing for most',
              value: number(often),
              note: 'without a value for more than half of the training clients',
            },
          ])}<p>A rule reads as its definition: <code>share(late &gt; 7 of instalments where late is known last 365 days)</code>. The batch and the API compute it from this same text. Kept away from the model: ${joined(
            excludedColumns.map((column) => html`<code>${column}</code>`),
            ', ',
          )}, and so ${
            excluded.length === 0
              ? 'no feature'
              : joined(
                  excluded.map(({ name }) => html`<code>${name}</code>`),
                  ', ',
                )
          }.</p>`,
        ),
      },
      { id: 'sets', title: 'The rows that features count and add up', body: setsTable(catalogue) },
      ...shown.map(({ name, label, sensitive, members }) => ({
        id: name,
        title: `${capital(label.en)} (${members.length})`,
        body: html`<p lang="fr">${capital(label.fr)}${sensitive && html`, <strong>proche d’un critère protégé</strong>`}</p>${featuresTable(members)}`,
      })),
    ],
    files: source.synthetic ? ['features.json', 'sample.json'] : ['features.json'],
  })
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const setsTable = ({ sets }: Catalogue): Html =>
  table({
    label: 'Sets',
    columns: [{ label: 'Set' }, { label: 'One row is', wide: true }, { label: 'Made from', wide: true }],
    rows: Object.entries(sets).map(([name, { label, row, from, per, parent, columns: derived }]) => [
      html`<code>${name}</code><span class="note">${label.en}</span>`,
      html`${row.en}<span class="note" lang="fr">${row.fr}</span>`,
      html`<code>${from}</code>${per && html` per <code>${per.join(', ')}</code>`}${parent && html` with <code>${parent.set}</code>`}${Object.entries(
        derived ?? {},
      ).map(([column, rule]) => html`<span class="note"><code>${column} = ${rule}</code></span>`)}`,
    ]),
    fold: true,
  })

const featuresTable = (members: readonly CatalogueEntry[]): Html =>
  table({
    label: 'Features',
    columns: [
      { label: 'Feature and its rule' },
      { label: 'Name', wide: true },
      { label: 'Unit' },
      { label: 'Missing, training', align: 'end' },
      { label: 'Missing, new', align: 'end' },
    ],
    rows: members.map(({ name, label, rule, unit, missing, levels, fitted }) => [
      html`<span class="name">${label.en}</span><span class="note" lang="fr">${label.fr}</span><code>${rule}</code>${fitted && html`<span class="note">with figures taken from training clients</span>`}`,
      html`<code class="nw">${name}</code>`,
      levels === undefined ? unit : `${levels} levels`,
      percent(missing.train),
      percent(missing.new),
    ]),
    fold: true,
  })

/** What training clients taught, by itself: it is in the definitions too, which both evaluators read. */
function fittedOf({ tables, features }: Definitions) {
  return {
    tables: Object.fromEntries(Object.entries(tables).filter(([, { fit }]) => fit)),
    rules: Object.fromEntries(features.filter(({ fit }) => fit).map(({ name, rule, fit }) => [name, { ...fit, rule }])),
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function writeText(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, `${name}.unfinished`), text)
  renameSync(join(folder, `${name}.unfinished`), join(folder, name))
}

function writeParquet(frame: pl.DataFrame, folder: string, name: string): void {
  frame.writeParquet(join(folder, `${name}.unfinished`), { compression: 'snappy' })
  renameSync(join(folder, `${name}.unfinished`), join(folder, name))
}

if (import.meta.main) {
  const [portfolio = 'artifacts/portfolio', folder = 'artifacts/features', reports = 'reports/features'] =
    process.argv.slice(2)
  await features({ portfolio, features: folder, reports })
}
