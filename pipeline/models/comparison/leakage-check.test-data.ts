/** A proof that nothing sees the scored clients' outcomes: turn them round, and every score must stay what it was. */
import type { Candidate } from '../candidates/candidate.ts'
import type { Matrix } from '../matrix.ts'
import { marginsOf, partition } from './run.ts'

/**
 * Scores the first fold twice, the second time with its outcomes turned round (0 for 1), and throws when one margin changes. `make` is given
 * all outcomes as a program holds them, so that one that leaks by way of a table made beforehand is caught too.
 */
export function checkLeakage(
  make: (target: Int8Array) => { readonly candidate: Candidate; readonly matrix: Matrix },
  target: Int8Array,
  folds: number,
  seed: number,
): void {
  const told = make(target)
  using honest = partition(told.matrix, target, folds, seed)
  const [first] = honest.parts
  const scored = new Set(first!.rows)
  const turned = target.map((y, i) => (scored.has(i) ? 1 - y : y))
  const retold = make(turned)
  const margins = [told, retold].map(({ candidate, matrix }) => {
    using cut = partition(matrix, target, folds, seed)
    const only = { ...cut, parts: cut.parts.slice(0, 1) }
    const margin = marginsOf(candidate, only)
    return first!.rows.map((row) => margin[row] as number)
  })
  const changed = first!.rows.filter((_, i) => margins[0]![i] !== margins[1]![i]).length
  if (changed > 0)
    throw new Error(
      `compare: ${told.candidate.name} sees the outcomes of the clients it scores: ${changed} of ${first!.rows.length} scores changed ` +
        'when those outcomes were turned round. Fit everything that reads TARGET inside the training folds.',
    )
}
