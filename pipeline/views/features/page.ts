/** The page of the features stage: the catalogue for people. */

import {
  barChart,
  columns,
  type Html,
  html,
  join as joined,
  keyFigures,
  number,
  type Page,
  percent,
  table,
} from 'report-kit'
import type { Catalogue, CatalogueEntry, FeaturesReport } from '../../features/catalogue.ts'

/** The catalogue for people: what there is, then the features of each reason group as they are called, computed and missing. */
export function featuresView(report: FeaturesReport): Page {
  const { data, features, groups, excluded, excludedColumns } = report
  const all = Object.entries(groups).map(([name, { label, sensitive }]) => {
    const members = features.filter(({ group }) => group === name)
    return { name, label, sensitive, members }
  })
  const shown = all.filter(({ members }) => members.length > 0).sort((a, b) => b.members.length - a.members.length)
  const reads = new Set(features.flatMap(({ sources }) => sources))
  const often = features.filter(({ missing }) => missing.train > 0.5).length
  const count = number(features.length)
  const unseen = features.filter((feature) => (feature.unseen ?? 0) > 0)
  return {
    stage: 'features',
    title: 'Catalogue of the features',
    lead: {
      fr: `${count} variables en ${shown.length} thèmes, calculées à partir de ${reads.size} colonnes ; chacune est écrite une fois, en une règle.`,
      en: `${count} features in ${shown.length} reason groups, computed from ${reads.size} columns; each is written once, as one rule.`,
    },
    source: { data: `${number(data.clients)} clients, data ${data.hash.slice(0, 8)}`, synthetic: data.synthetic },
    figures: [
      { label: 'Features', value: count },
      { label: 'Columns read', value: number(reads.size) },
      { label: 'Missing for most', value: number(often), note: 'for more than half of the training clients' },
    ],
    sections: [
      {
        id: 'groups',
        title: `What the ${count} features speak of`,
        body: columns(
          barChart({
            title: 'Features by reason group',
            rows: shown.map(({ label, members }) => ({ label: label.en, value: members.length })),
            head: ['Reason group', 'Features'],
          }),
          html`${keyFigures([
            { label: 'Features', value: count },
            { label: 'Columns read', value: number(reads.size) },
            {
              label: 'Missing for most',
              value: number(often),
              note: 'without a value for more than half of the training clients',
            },
            {
              label: 'Categories with new levels',
              value: number(unseen.length),
              note: 'where a new client has a level that no training client has; it counts as missing',
            },
          ])}<p>
            A rule reads as its definition: <code>share(late &gt; 7 of instalments where late is known last 365 days)</code>.
            The batch and the API compute it from this same text.
            Kept away from the model: ${codes(excludedColumns)},
            and so ${excluded.length === 0 ? 'no feature' : codes(excluded.map(({ name }) => name))}.
          </p>`,
        ),
      },
      { id: 'sets', title: 'The rows that features count and add up', body: setsTable(report) },
      ...shown.map(({ name, label, sensitive, members }) => ({
        id: name,
        title: `${capital(label.en)} (${members.length})`,
        body: html`<p lang="fr">
            ${capital(label.fr)}${sensitive && html`, <strong>proche d’un critère protégé</strong>`}
          </p>
          ${featuresTable(members)}`,
      })),
    ],
    files: data.synthetic ? ['features.json', 'sample.json'] : ['features.json'],
  }
}

const codes = (names: readonly string[]): Html =>
  joined(
    names.map((name) => html`<code>${name}</code>`),
    ', ',
  )

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const setsTable = ({ sets }: Catalogue): Html =>
  table({
    label: 'Sets',
    columns: [{ label: 'Set' }, { label: 'One row is', wide: true }, { label: 'Made from', wide: true }],
    rows: Object.entries(sets).map(([name, { label, row, from, per, parent, columns: derived }]) => [
      html`<code>${name}</code><span class="note">${label.en}</span>`,
      html`${row.en}<span class="note" lang="fr">${row.fr}</span>`,
      html`<code>${from}</code>
        ${per && html`per <code>${per.join(', ')}</code>`}
        ${parent && html`with <code>${parent.set}</code>`}
        ${Object.entries(derived ?? {}).map(
          ([column, rule]) => html`<span class="note"><code>${column} = ${rule}</code></span>`,
        )}`,
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
    rows: members.map(({ name, label, rule, unit, missing, levels, unseen = 0, fitted }) => [
      html`<span class="name">${label.en}</span>
        <span class="note" lang="fr">${label.fr}</span>
        <code>${rule}</code>
        ${fitted && html`<span class="note">with figures taken from training clients</span>`}`,
      html`<code class="nw">${name}</code>`,
      levels === undefined
        ? unit
        : html`${levels} levels${unseen > 0 && html`<span class="note">${number(unseen)} new clients have another</span>`}`,
      percent(missing.train),
      percent(missing.new),
    ]),
    fold: true,
  })
