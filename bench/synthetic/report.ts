/** What the bench found, as a table on the terminal and as Markdown and JSON in reports/synthetic/: aggregate figures only. */

import { join } from 'node:path'
import { maximum } from '../../pipeline/data/extremes.ts'
import { writeWhole } from '../../pipeline/data/write-whole.ts'
import { markdownTable } from '../markdown.ts'
import type { Separation } from './classifier.ts'
import type { Evidence } from './evidence.ts'

/** One figure and the bounds that it should lie in; null is no bound. */
export interface Bar {
  readonly what: string
  readonly found: number
  readonly least: number | null
  readonly most: number | null
  readonly digits: number
}

export interface Found {
  readonly generator: string
  readonly seed: number
  readonly bars: readonly Bar[]
  readonly separations: Readonly<Record<string, Separation>>
  readonly evidence: readonly Evidence[]
  /** What could not be measured, and why. */
  readonly notMeasured: readonly string[]
}

export const isMet = ({ found, least, most }: Bar): boolean =>
  (least === null || found >= least) && (most === null || found <= most)

function wanted({ least, most, digits }: Bar): string {
  const text = (value: number) => value.toLocaleString('en', { maximumFractionDigits: digits })
  if (least !== null && most !== null) return `${text(least)} to ${text(most)}`
  return least === null ? `at most ${text(most ?? 0)}` : `at least ${text(least)}`
}

const value = ({ found, digits }: Bar) =>
  found.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

export function plainTable(bars: readonly Bar[]): string {
  const rows = bars.map((bar) => [bar.what, value(bar), wanted(bar), isMet(bar) ? 'met' : 'MISSED'])
  const widths = [0, 1, 2].map((i) => maximum(rows.map((row) => row[i]!.length)))
  return rows
    .map(([what, found, bounds, verdict]) =>
      [what!.padEnd(widths[0]!), found!.padStart(widths[1]!), bounds!.padEnd(widths[2]!), verdict].join('  '),
    )
    .join('\n')
}

function givenAway(name: string, { real, joint, margin, columns }: Separation): string {
  const top = (by: (c: (typeof columns)[number]) => number) => columns.toSorted((a, b) => by(b) - by(a)).slice(0, 15)
  const [alone, together] = [top((column) => column.alone), top((column) => column.gain)]
  const rows = alone.map((column, i) => [
    `${column.column}`,
    column.alone.toFixed(3),
    together[i]!.column,
    `${(100 * together[i]!.gain).toFixed(1)}%`,
  ])
  return `## What gives it away: ${name}

${real.toLocaleString('en')} real and as many synthetic rows, five folds: ROC AUC ${joint.toFixed(3)} ± ${margin.toFixed(3)} (0.5 is chance). Worst first, by a column alone and by its part of what the joint classifier gains.

${markdownTable(['column', 'alone', 'jointly', 'gain'], rows)}
`
}

function markdown({ generator, seed, bars, separations, evidence, notMeasured }: Found): string {
  const parts = [
    `# The synthetic portfolio: what is learnt from it, and what gives it away

Generator ${generator}, seed ${seed}. Made by \`npm run bench:synthetic\`; aggregate figures only.

${markdownTable(
  ['', 'found', 'wanted', ''],
  bars.map((bar) => [bar.what, value(bar), wanted(bar), isMet(bar) ? 'met' : '**missed**']),
)}
`,
    ...notMeasured.map((text) => `Not measured: ${text}\n`),
    ...Object.entries(separations).map(([name, found]) => givenAway(name, found)),
  ]
  if (evidence.length > 0)
    parts.push(`## Information values

${markdownTable(
  ['column', 'published', 'synthetic'],
  evidence.map(({ column, published, found }) => [column, published.toFixed(3), found.toFixed(3)]),
)}
`)
  return parts.join('\n')
}

export function writeReport(folder: string, found: Found): void {
  writeWhole(join(folder, 'synthetic.md'), markdown(found))
  writeWhole(join(folder, 'synthetic.json'), `${JSON.stringify(found, null, 2)}\n`)
}
