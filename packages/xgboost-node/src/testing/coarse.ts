/** Rows of few distinct values, on which several workers find the very cuts that one process finds. */
import type { Params } from '../index.ts'
import { type Made, made } from './made.ts'

export const collectiveParams: Params = { objective: 'binary:logistic', max_depth: 3, nthread: 1, base_score: 0.5 }
export const collectiveRounds = 5

export function coarse(): Made {
  const { columns, ...rest } = made(800, 4, 0, 3)
  return { ...rest, columns: columns.map((column) => column.map((value) => Math.round(value * 20) / 20)) }
}
