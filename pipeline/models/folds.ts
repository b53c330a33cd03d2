/** Which clients are held out together: stratified folds by seed or from a file, and a stratified hold-out. */
import { readFileSync } from 'node:fs'
import { numberTable } from '../data/csv-rows.ts'
import { type Random, random, shuffled } from './random.ts'

/** Row numbers of each class, shuffled, so that dealing them out keeps the share of defaults. */
function strata(target: ArrayLike<number>, rows: readonly number[], next: Random): number[][] {
  const classes: number[][] = [[], []]
  for (const row of rows) classes[target[row] === 1 ? 1 : 0]?.push(row)
  return classes.map((rowsOfClass) => shuffled(rowsOfClass, next))
}

const every = (n: number): number[] => Array.from({ length: n }, (_, row) => row)

/**
 * The fold (0 to folds - 1) of each row; every fold gets the same number of defaults and of good clients, give or take one.
 * Good clients are dealt in the opposite direction, so that the folds' sizes differ by one at most.
 */
export function stratifiedFolds(target: ArrayLike<number>, folds: number, seed: number): Int32Array {
  const fold = new Int32Array(target.length)
  strata(target, every(target.length), random(seed)).forEach((rows, label) => {
    rows.forEach((row, i) => {
      fold[row] = label === 1 ? i % folds : folds - 1 - (i % folds)
    })
  })
  checkFolds(target, fold, folds)
  return fold
}

/** Splits rows in two, keeping the share of defaults; `held` gets about `share` of each class, at least one of each. */
export function holdOut(
  target: ArrayLike<number>,
  rows: readonly number[],
  share: number,
  seed: number,
): { kept: number[]; held: number[] } {
  const kept: number[] = []
  const held: number[] = []
  for (const rowsOfClass of strata(target, rows, random(seed))) {
    const cut = Math.min(rowsOfClass.length - 1, Math.max(1, Math.round(rowsOfClass.length * share)))
    rowsOfClass.forEach((row, i) => {
      ;(i < cut ? held : kept).push(row)
    })
  }
  return { kept: kept.sort((a, b) => a - b), held: held.sort((a, b) => a - b) }
}

/**
 * Folds from a CSV file with a column SK_ID_CURR and one column of fold numbers (named `column`; by default the second one).
 * Every client must be in it; clients that are only in the file are ignored. @throws DataError where the file is no table
 */
export function foldsFromCsv(file: string, ids: ArrayLike<number>, column?: string): Int32Array {
  const { names, column: numbers } = numberTable(readFileSync(file), file)
  const foldAt = column === undefined ? 1 : names.indexOf(column)
  if (!names.includes('SK_ID_CURR') || foldAt < 0 || names[foldAt] === undefined)
    throw new Error(
      `folds: ${file}: expected columns SK_ID_CURR and ${column ?? 'a fold number'}, found ${names.join(', ')}`,
    )
  const [clients, folds] = [numbers('SK_ID_CURR'), numbers(names[foldAt])]
  const of = new Map(Array.from(clients, (id, i) => [id, folds[i]!]))
  return Int32Array.from(ids, (id) => {
    const fold = of.get(id)
    if (fold === undefined || !Number.isInteger(fold) || fold < 0)
      throw new Error(`folds: ${file}: client ${id} needs a fold number of 0 or more, found ${fold ?? 'none'}`)
    return fold
  })
}

/** Throws unless each fold 0 … folds - 1 holds clients of both classes. */
export function checkFolds(target: ArrayLike<number>, fold: Int32Array, folds: number): void {
  const seen = Array.from({ length: folds }, () => [0, 0])
  for (let i = 0; i < fold.length; i++) {
    const counts = seen[fold[i] as number]
    if (!counts) throw new Error(`folds: row ${i} is in fold ${fold[i]}, expected 0 to ${folds - 1}`)
    counts[target[i] === 1 ? 1 : 0]!++
  }
  seen.forEach(([good, bad], k) => {
    if (!good || !bad)
      throw new Error(
        `folds: fold ${k} holds ${bad} defaults and ${good} others; each fold needs both. Fewer folds, or more clients?`,
      )
  })
}
