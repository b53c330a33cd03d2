/** The one error for data that cannot be used: it names every problem that was found, where, and what was expected. */

export interface Problem {
  readonly file: string
  readonly expected: string
  readonly column?: string
  /** Line in the file, counted from 1 (the header). */
  readonly line?: number
  /** Row of a Parquet file, counted from 1. */
  readonly row?: number
  /** What came instead. */
  readonly value?: string
  /** How many more of this kind were found and are not listed. */
  readonly more?: number
}

const shown = 30

const describe = ({ file, line, row, column, value, expected }: Problem): string => {
  const place = [
    file,
    line === undefined ? null : `line ${line}`,
    row === undefined ? null : `row ${row}`,
    column ?? null,
  ].filter((part) => part !== null)
  return `${place.join(', ')}: expected ${expected}${value === undefined ? '' : `, found ${value}`}`
}

export class DataError extends Error {
  override readonly name = 'DataError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const lines = problems.slice(0, shown).map((problem) => `- ${describe(problem)}`)
    const all = problems.reduce((sum, { more = 0 }) => sum + 1 + more, 0)
    const count =
      lines.length < all ? `${lines.length} of ${all} problems shown` : `${all} ${all === 1 ? 'problem' : 'problems'}`
    super([`the data cannot be used (${count}):`, ...lines].join('\n'))
    this.problems = problems
  }
}
