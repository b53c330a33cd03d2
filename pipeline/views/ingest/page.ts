/** The page of the ingest stage: what was checked, how the data compare with the published ones, what is missing, what each column means. */

import { badge, barChart, type Html, html, more, number, page, percent, table } from 'report-kit'
import { type Figure, isOutside, strangeness } from 'synthetic-credit/published'
import type { Quality } from '../../data/ingestion.ts'
import type { Column } from '../../data/schema/column.ts'
import { tableNames, tables } from '../../data/schema/tables.ts'

export interface Check {
  readonly check: string
  readonly expected: string
  readonly seen: string
  /** Rows that the check speaks of. */
  readonly rows: number
  readonly severity: 'fine' | 'to know'
}

/** What was checked. Anything worse than `to know` has stopped the stage before. */
export function checksOf(quality: Quality, limit: number, figures: readonly Figure[]): Check[] {
  const { tables: read, clients } = quality
  const total = read.reduce((sum, { rows }) => sum + rows, 0)
  const history = read.filter(({ table }) => !table.startsWith('application') && table !== 'bureau_balance')
  const unknown = history.reduce((sum, each) => sum + each.unknown, 0)
  const loans = read.find(({ table }) => table === 'bureau_balance')
  const ignored = read.flatMap((each) => each.ignored.map((column) => `${tables[each.table].file}: ${column}`))
  const outside = figures.filter(isOutside).length
  const sparse = read.flatMap((each) => each.columns.filter(({ missing }) => missing > 0.9 && missing < 1)).length
  const empty = read.flatMap((each) => each.columns.filter(({ missing }) => missing === 1).map(({ name }) => name))
  const fine = (check: string, expected: string, seen: string, rows: number): Check => ({
    check,
    expected,
    seen,
    rows,
    severity: 'fine',
  })
  const known = (condition: boolean): Check['severity'] => (condition ? 'fine' : 'to know')
  return [
    fine('Tables', 'eight files, every column, at least one row', 'all', total),
    fine('Lines', 'as many fields as the header, UTF-8', 'all', total),
    fine('Values', 'readable, inside the bounds and closed lists of the dictionary', 'all', total),
    fine('Clients', 'each once, in one of the two application files', 'all', clients.train + clients.new),
    fine('TARGET', '0 or 1', `${percent(clients.defaults / clients.train, { digits: 2 })} are 1`, clients.train),
    {
      check: 'History of unknown clients',
      expected: `at most ${percent(limit)} of a table's rows`,
      seen: number(unknown),
      rows: history.reduce((sum, { rows }) => sum + rows, 0),
      severity: known(unknown === 0),
    },
    {
      check: 'Months of unknown loans',
      expected: 'bureau_balance speaks of loans in bureau',
      seen: number(loans?.unknown ?? 0),
      rows: loans?.rows ?? 0,
      severity: known((loans?.unknown ?? 0) === 0),
    },
    {
      check: 'Columns left out',
      expected: 'no column that the dictionary does not know',
      seen: ignored.length > 0 ? ignored.join(', ') : 'none',
      rows: 0,
      severity: known(ignored.length === 0),
    },
    {
      check: 'Columns without any value',
      expected: 'none',
      seen: empty.length > 0 ? empty.join(', ') : 'none',
      rows: 0,
      severity: known(empty.length === 0),
    },
    {
      check: 'Columns nearly without values',
      expected: 'none with more than 90% of its values missing',
      seen: `${number(sparse)} columns`,
      rows: 0,
      severity: known(sparse === 0),
    },
    {
      check: 'Published figures',
      expected: 'at most 2% away from those of the Home Credit data',
      seen: `${number(outside)} of ${number(figures.length)} (${percent(outside / figures.length)})`,
      rows: total,
      severity: known(outside <= 0.02 * figures.length),
    },
  ]
}

const severityBadge = (severity: Check['severity']) =>
  severity === 'fine' ? badge('grant', 'fine') : badge('review', 'to know')

function unitOf({ type, unit, bounds: [low, high] }: Column): string {
  const range =
    low !== null && high !== null
      ? `${low} to ${high}`
      : low !== null
        ? `from ${low}`
        : high !== null
          ? `up to ${high}`
          : ''
  return [type, unit, range].filter(Boolean).join(', ')
}

function dictionary(): Html {
  return html`${tableNames
    .filter((name) => name !== 'application_test') // application_train has one column more and is otherwise the same
    .map((name) => {
      const { file, label, columns: known, key } = tables[name]
      return more(
        `${file}: ${label.en} (${known.length} columns)`,
        html`<p>Rows are named by ${key.join(', ')}.</p>${table({
          label: `Columns of ${file}`,
          fold: true,
          columns: [
            { label: 'Column', wide: true },
            { label: 'Meaning' },
            { label: 'Sens' },
            { label: 'Type, unit, bounds' },
            { label: 'Levels' },
            { label: 'Means missing' },
          ],
          rows: known.map((column) => [
            column.name,
            column.label.en,
            column.label.fr,
            unitOf(column),
            column.levels ? `${column.levels.join(' · ')}${column.closed ? '' : ' …'}` : '',
            column.sentinels.join(', '),
          ]),
        })}`,
      )
    })}`
}

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

export function ingestPage(quality: Quality, checks: readonly Check[], figures: readonly Figure[]): string {
  const { tables: read, clients, hash } = quality
  const known = checks.filter(({ severity }) => severity === 'to know').length
  const outside = figures.filter(isOutside).length
  const rows = read.reduce((sum, each) => sum + each.rows, 0)
  const worst = [...read].sort((a, b) => b.missing - a.missing)
  const pointsFr = known === 0 ? 'aucun point à savoir' : `${known} point${known > 1 ? 's' : ''} à savoir`
  const pointsEn = known === 0 ? 'no point to know' : `${known} point${known > 1 ? 's' : ''} to know`
  const missing = (share: number) => ({ text: percent(share), value: share })
  return page({
    title: 'Nothing in the data prevents training',
    lead: {
      fr: `Rien n’empêche d’entraîner ; ${pointsFr}. Lus : ${number(rows, { lang: 'fr' })} lignes, ${number(clients.train, { lang: 'fr' })} clients dont l’issue est connue (${percent(clients.defaults / clients.train, { lang: 'fr' })} en difficulté) et ${number(clients.new, { lang: 'fr' })} nouveaux clients.`,
      en: `Nothing prevents training; ${pointsEn}. Read: ${number(rows)} rows, ${number(clients.train)} clients whose outcome is known (${percent(clients.defaults / clients.train)} in difficulty) and ${number(clients.new)} new clients.`,
    },
    source: {
      data: `${number(clients.train + clients.new)} clients, ${hash.slice(0, 8)}`,
      synthetic: quality.synthetic !== null,
    },
    stage: 'ingest',
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
        })}${table({
          caption: 'What was checked',
          fold: true,
          columns: [
            { label: 'Check' },
            { label: 'Expected' },
            { label: 'Seen' },
            { label: 'Rows', align: 'end' },
            { label: 'Severity' },
          ],
          rows: checks.map(({ check, expected, seen, rows: about, severity }) => [
            check,
            expected,
            seen,
            about > 0 ? number(about) : '',
            severityBadge(severity),
          ]),
        })}`,
      },
      {
        id: 'published',
        title: `${number(outside)} of ${number(figures.length)} figures lie away from the published ones`,
        body: html`<p>Missing shares, levels, means or medians, rows per client, default rates and correlations, against the statistics published of the Home Credit data
(their sources stand in <code>packages/synthetic-credit/src/published/statistics</code>). A figure lies away when it differs by more than its bar and more than three standard errors.</p>${publishedTable(figures)}`,
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
  })
}
