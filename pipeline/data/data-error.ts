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
    const more = problems.length > shown ? [`- and ${problems.length - shown} more`] : []
    super(
      [
        `the data cannot be used (${problems.length} problem${problems.length > 1 ? 's' : ''}):`,
        ...lines,
        ...more,
      ].join('\n'),
    )
    this.problems = problems
  }
}
