/** What bench:api found, line by line on the terminal and as Markdown. */
import { cpus } from 'node:os'
import { markdownTable } from './markdown.ts'

/** One figure beside its bar, which it may not exceed or, with `least`, not fall below. */
export interface ApiFigures {
  readonly value: number
  readonly digits: number
  readonly most?: number | null
  readonly least?: number
}

const isMissed = ({ value, most, least }: ApiFigures): boolean =>
  (typeof most === 'number' && !(value <= most)) || (least !== undefined && !(value >= least))

const shown = (figure: ApiFigures): string => {
  const bar = figure.most ?? figure.least
  const text = figure.value.toFixed(figure.digits)
  return bar === undefined ? text : `${text} (${bar})${isMissed(figure) ? ' MISSED' : ''}`
}

const heads = [
  ['case', 21],
  ['requests/s', 10],
  ['p50 ms', 7],
  ['p99 ms', 11],
  ['processor ms', 13],
  ['FastAPI: requests/s', 19],
  ['p99 ms', 8],
  ['processor ms', 13],
  ['times as many', 13],
] as const

/** Rows as they come: each is printed at once, and all are kept for the Markdown. */
export class Table {
  missed = 0
  readonly #rows: string[][] = []
  readonly #lines: string[] = []

  /** A sentence beside the table; `fine: false` counts as a missed bar. */
  say(text: string, fine = true): void {
    if (!fine) this.missed++
    const line = fine ? text : `${text} MISSED`
    this.#lines.push(line)
    console.log(line)
  }

  head(): void {
    console.log(heads.map(([head, width], i) => (i === 0 ? head.padEnd(width) : head.padStart(width))).join('  '))
  }

  row(name: string, figures: readonly (ApiFigures | null)[]): void {
    for (const figure of figures) if (figure && isMissed(figure)) this.missed++
    const cells = [name, ...figures.map((figure) => (figure ? shown(figure) : ''))]
    this.#rows.push(cells)
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(heads[0][1]) : cell.padStart(heads[i]![1]))).join('  '))
  }

  markdown(title: string, made: string): string {
    const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'a processor'}, Node ${process.versions.node}`
    return [
      `# ${title}`,
      `${made} ${machine}. Bars in brackets.`,
      markdownTable(
        heads.map(([head]) => head),
        this.#rows,
      ),
      `${this.#lines.map((one) => `- ${one}`).join('\n')}\n`,
    ].join('\n\n')
  }
}
