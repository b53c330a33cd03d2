/** The page of the ingest stage: what was checked, how the data compare with the published ones, what is missing, what each column means. */

import { barChart, type Html, html, more, number, type Page, percent, table } from 'report-kit'
import { type Figure, isOutside, strangeness } from 'synthetic-credit/published'
import type { IngestReport } from '../../data/quality-checks.ts'
import { tables } from '../../data/schema/tables.ts'
import { checksTable } from './checks.ts'
import { dictionary } from './dictionary.ts'

function publishedTable(figures: readonly Figure[]): Html {
  const shown = (value: number) => number(value, { significant: 4 })
  return table({
    caption: 'The 60 figures that are furthest from the published ones, worst first',
    fold: true,
    columns: [
      { label: 'Column', sort: 'text', wide: true },
      { label: 'Table', sort: 'text' },
      { label: 'Figure', sort: 'text' },
      { label: 'Published', align: 'end', sort: 'number' },
      { label: 'Here', align: 'end', sort: 'number' },
      { label: 'Distance in tolerances', align: 'end', sort: 'number' },
    ],
    rows: figures
      .slice(0, 60)
      .map((figure) => [
        figure.column,
        figure.table,
        figure.measure,
        { text: shown(figure.published), value: figure.published },
        { text: shown(figure.found), value: figure.found },
        { text: number(strangeness(figure), { digits: 2 }), value: strangeness(figure) },
      ]),
  })
}

/** `report` is ingest.json, `figures` published.json. */
export function ingestView(report: IngestReport, figures: readonly Figure[]): Page {
  const { tables: read, clients, hash, checks, synthetic } = report
  const known = checks.filter(({ severity }) => severity === 'to know').length
  const outside = figures.filter(isOutside).length
  const rows = read.reduce((sum, each) => sum + each.rows, 0)
  const worst = [...read].sort((a, b) => b.missing - a.missing)
  const pointsFr = known === 0 ? 'aucun point à savoir' : `${known} point${known > 1 ? 's' : ''} à savoir`
  const pointsEn = known === 0 ? 'no point to know' : `${known} point${known > 1 ? 's' : ''} to know`
  const missing = (share: number) => ({ text: percent(share), value: share })
  return {
    title: 'Nothing in the data prevents training',
    lead: {
      fr: `Rien n’empêche d’entraîner ; ${pointsFr}. Lus : ${number(rows, { lang: 'fr' })} lignes, ${number(clients.train, { lang: 'fr' })} clients dont l’issue est connue (${percent(clients.defaults / clients.train, { lang: 'fr' })} en difficulté) et ${number(clients.new, { lang: 'fr' })} nouveaux clients.`,
      en: `Nothing prevents training; ${pointsEn}. Read: ${number(rows)} rows, ${number(clients.train)} clients whose outcome is known (${percent(clients.defaults / clients.train)} in difficulty) and ${number(clients.new)} new clients.`,
    },
    source: {
      data: `${number(clients.train + clients.new)} clients, ${hash.slice(0, 8)}`,
      synthetic: synthetic !== null,
    },
    stage: 'ingest',
    figures: [
      { label: 'Rows read', value: number(rows) },
      { label: 'Training clients', value: number(clients.train) },
      { label: 'New clients', value: number(clients.new) },
      { label: 'In difficulty', value: percent(clients.defaults / clients.train), note: 'of the training clients' },
    ],
    files: ['ingest.json', 'published.json'],
    sections: [
      {
        id: 'checks',
        title: `${checks.length} checks, ${pointsEn}`,
        body: html`${barChart({
          title: `${tables[worst[0]!.table].label.en} have the most gaps`,
          note: 'Share of missing cells by table, sentinels counted as missing',
          rows: worst.map(({ table: name, missing: share }) => ({ label: name, value: share })),
          format: (value) => percent(value),
          head: ['Table', 'Missing'],
        })}${checksTable(checks)}`,
      },
      {
        id: 'published',
        title: `${number(outside)} of ${number(figures.length)} figures lie away from the published ones`,
        body: html`<p>
            Missing shares, levels, means or medians, rows per client, default rates and correlations,
            against the statistics published of the Home Credit data
            (their sources stand in <code>packages/synthetic-credit/src/published/statistics</code>).
            A figure lies away when it differs by more than its bar and more than three standard errors.
          </p>
          ${publishedTable(figures)}`,
      },
      {
        id: 'tables',
        title: `${number(read.length)} tables, ${number(rows)} rows`,
        body: table({
          caption: 'The tables as read',
          columns: [
            { label: 'Table' },
            { label: 'Rows', align: 'end' },
            { label: 'Columns', align: 'end' },
            { label: 'Clients (loans)', align: 'end' },
            { label: 'Rows each', align: 'end' },
            { label: 'Unknown', align: 'end' },
            { label: 'Missing', align: 'end' },
          ],
          rows: read.map((each) => [
            each.table,
            number(each.rows),
            number(each.columns.length),
            number(each.clients),
            number(each.rows / each.clients, { digits: 1 }),
            number(each.unknown),
            percent(each.missing),
          ]),
        }),
      },
      {
        id: 'missing',
        title: 'Missing values, column by column',
        body: html`${read.map((each) =>
          more(
            `${tables[each.table].file}: ${percent(each.missing)} missing`,
            table({
              label: `Missing values of ${each.table}`,
              columns: [
                { label: 'Column', sort: 'text' },
                { label: 'Missing', align: 'end', sort: 'number' },
              ],
              rows: [...each.columns]
                .sort((a, b) => b.missing - a.missing)
                .map(({ name, missing: share }) => [name, missing(share)]),
            }),
          ),
        )}`,
      },
      { id: 'dictionary', title: 'The data dictionary: what each column means', body: dictionary() },
    ],
  }
}
