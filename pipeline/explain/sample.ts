/** The training clients that a model is explained on, their contributions, and those that models are fitted again on. */
import { join } from 'node:path'
import pl from 'nodejs-polars'
import type { Definitions } from '../features/rules/check/definitions.ts'
import { evenlySpread } from '../models/applicants.ts'
import { rowsOf } from '../models/candidates/sample.ts'
import { type Matrix, matrixOf, targetOf } from '../models/matrix.ts'
import type { Predictor } from '../models/members/predictor.ts'
import { random, shuffled } from '../models/random.ts'
import { rowMajor } from '../models/row-major.ts'
import { type Contributions, checkAdditivity } from './attribution.ts'
import type { ExplainSettings } from './settings.ts'

/** Clients with their outcomes. */
export interface Labelled {
  readonly matrix: Matrix
  readonly target: Int8Array
}

export interface Samples {
  /** Training clients in all. */
  readonly of: number
  /** Explained by the final model. */
  readonly explained: Matrix
  /** For models that are fitted again. */
  readonly refitted: Labelled
}

/** Draws both samples by one seed from `folder`/train.parquet; each is in the order of the file. */
export function drawSamples(folder: string, { features }: Definitions, settings: ExplainSettings): Samples {
  const frame = pl.readParquet(join(folder, 'train.parquet'))
  const [whole, target] = [matrixOf(frame, features), targetOf(frame)]
  const order = shuffled([...whole.ids.keys()], random(settings.seed))
  const first = (count: number) => order.slice(0, count).toSorted((a, b) => a - b)
  const again = first(settings.refits.clients)
  return {
    of: frame.height,
    explained: rowsOf(whole, first(settings.clients)),
    refitted: { matrix: rowsOf(whole, again), target: Int8Array.from(again, (row) => target[row]!) },
  }
}

/** The first clients of a matrix, at most `count`. */
export const firstRows = (matrix: Matrix, count: number): Matrix =>
  rowsOf(matrix, [...matrix.ids.keys()].slice(0, count))

/** At most `count` clients spread evenly over a matrix, which is in the order of the clients' numbers. */
export const spreadRows = (matrix: Matrix, count: number): Matrix =>
  rowsOf(matrix, evenlySpread([...matrix.ids.keys()], count))

/** Contributions of the clients of a matrix, and by how much at most they miss the margins, which is checked. */
export function contributionsOf(
  predictor: Predictor,
  matrix: Matrix,
  { features }: Definitions,
): { contributions: Contributions; error: number } {
  const { margins, contributions: values } = predictor.explain(rowMajor(matrix), matrix.ids.length)
  const contributions: Contributions = { values, rows: matrix.ids.length, features }
  return { contributions, error: checkAdditivity(contributions, margins) }
}
