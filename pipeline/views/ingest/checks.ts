/** The checks of the ingest stage in words: what was expected and what was seen. */
import { badge, type Html, number, percent, table } from 'report-kit'
import type { QualityCheck } from '../../data/quality-checks.ts'

interface Worded {
  readonly name: string
  readonly expected: string
  readonly seen: string
}

const count = (found: QualityCheck['found']): number => (typeof found === 'number' ? found : (found?.length ?? 0))
const names = (found: QualityCheck['found']): string =>
  Array.isArray(found) && found.length > 0 ? found.join(', ') : 'none'
const shareOf = ({ found, of = 0 }: QualityCheck): number => count(found) / of

const words: Readonly<Record<QualityCheck['check'], (check: QualityCheck) => Worded>> = {
  tables: () => ({ name: 'Tables', expected: 'eight files, every column, at least one row', seen: 'all' }),
  lines: () => ({ name: 'Lines', expected: 'as many fields as the header, UTF-8', seen: 'all' }),
  values: () => ({
    name: 'Values',
    expected: 'readable, inside the bounds and closed lists of the dictionary',
    seen: 'all',
  }),
  clients: () => ({ name: 'Clients', expected: 'each once, in one of the two application files', seen: 'all' }),
  target: (check) => ({
    name: 'TARGET',
    expected: '0 or 1',
    seen: `${percent(shareOf(check), { digits: 2 })} are 1`,
  }),
  unknown_clients: ({ found, limit = 0 }) => ({
    name: 'History of unknown clients',
    expected: `at most ${percent(limit)} of a table's rows`,
    seen: number(count(found)),
  }),
  unknown_loans: ({ found }) => ({
    name: 'Months of unknown loans',
    expected: 'bureau_balance speaks of loans in bureau',
    seen: number(count(found)),
  }),
  ignored_columns: ({ found }) => ({
    name: 'Columns left out',
    expected: 'no column that the dictionary does not know',
    seen: names(found),
  }),
  unknown_levels: ({ found }) => ({
    name: 'Levels that nobody published',
    expected: 'texts of the levels in the dictionary',
    seen: Array.isArray(found) && found.length > 0 ? found.join('; ') : 'none',
  }),
  empty_columns: ({ found }) => ({ name: 'Columns without any value', expected: 'none', seen: names(found) }),
  sparse_columns: ({ found }) => ({
    name: 'Columns nearly without values',
    expected: 'none with more than 90% of its values missing',
    seen: `${number(count(found))} columns`,
  }),
  published_figures: (check) => ({
    name: 'Published figures',
    expected: `at most ${percent(check.limit ?? 0, { digits: 0 })} away from those of the Home Credit data`,
    seen: `${number(count(check.found))} of ${number(check.of ?? 0)} (${percent(shareOf(check))})`,
  }),
}

const severityBadge = (severity: QualityCheck['severity']): Html =>
  severity === 'fine' ? badge('approve', 'fine') : badge('review', 'to know')

export const checksTable = (checks: readonly QualityCheck[]): Html =>
  table({
    caption: 'What was checked',
    fold: true,
    columns: [
      { label: 'Check' },
      { label: 'Expected' },
      { label: 'Seen' },
      { label: 'Rows', align: 'end' },
      { label: 'Severity' },
    ],
    rows: checks.map((check) => {
      const { name, expected, seen } = words[check.check](check)
      return [name, expected, seen, check.rows > 0 ? number(check.rows) : '', severityBadge(check.severity)]
    }),
  })
