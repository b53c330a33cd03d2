/** The one error of the algebra: what is wrong in a rule, with a caret under the word. */

export interface Span {
  readonly start: number
  readonly end: number
}

/** A rule that cannot be read or makes no sense; the message shows the rule and points at the word. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
}

/** Thrown inside the parser and the checker, which do not know whose rule they read; `inRule` adds that. */
export class Fault extends Error {
  readonly at: Span
  constructor(message: string, at: Span) {
    super(message)
    this.at = at
  }
}

/** Runs `read` and turns its fault into a RuleError that names the owner and shows the rule. */
export function inRule<T>(owner: string, rule: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { start, end } = error.at
    const caret = ' '.repeat(start) + '^'.repeat(Math.max(1, end - start))
    throw new RuleError(`${owner}: ${error.message}\n  ${rule}\n  ${caret}`)
  }
}

/** `; did you mean "late"?`, or nothing when no known word is near. */
export function suggestion(word: string, known: Iterable<string>): string {
  let best: string | null = null
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase())
    if (edits < least) [best, least] = [candidate, edits]
  }
  return best === null ? '' : `; did you mean "${best}"?`
}

/** Levenshtein distance: insertions, deletions and substitutions. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
