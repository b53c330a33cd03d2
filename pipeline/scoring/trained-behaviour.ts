/** Strategic behaviour of a newly trained model (polars): asked of new clients whom it declines, by their raw rows. Workshop only. */
import pl from 'nodejs-polars'
import type { TableName } from '../data/schema/tables.ts'
import { scanParquetTable } from '../data/tables.ts'
import type { Definitions } from '../features/rules/check/definitions.ts'
import { applicants, evenlySpread } from '../models/applicants.ts'
import { type Calibration, calibrate } from '../models/calibration.ts'
import { encoder } from '../models/encode.ts'
import type { Evaluation } from '../models/evaluate.ts'
import type { Predictor } from '../models/members/predictor.ts'
import { rowMajor } from '../models/row-major.ts'
import type { TrainingClients } from '../models/training/clients.ts'
import { strategicBehaviour } from './strategic-behaviour.ts'

/** Declined clients asked: shares of 1% are known within 1 point of 400. */
const most = 400

export interface AskedModel {
  readonly definitions: Definitions
  readonly calibration: Calibration
  readonly threshold: number
  /** Log-odds of rows of the matrix, one after the other. */
  readonly margins: (rows: Float32Array, count: number) => ArrayLike<number>
  /** The new clients and their log-odds by the model. */
  readonly recent: { readonly ids: ArrayLike<number>; readonly margin: ArrayLike<number> }
  /** A table of the portfolio. */
  readonly table: (name: TableName) => pl.LazyDataFrame
  readonly onProgress?: (message: string) => void
}

/** Asks as many declined clients as there are, 400 at most. */
export function trainedBehaviour(model: AskedModel): ReturnType<typeof strategicBehaviour> | null {
  const { definitions, calibration, threshold, margins, recent, table, onProgress } = model
  const { features } = definitions
  const declined = Array.from(recent.ids).filter(
    (_, i) => calibrate(calibration, recent.margin[i] as number) >= threshold,
  )
  const asked = evenlySpread(declined, most)
  if (asked.length === 0) return null
  const encode = encoder(features)
  const form = table('application_train')
  return strategicBehaviour({
    definitions,
    declined: applicants(asked, table),
    threshold,
    probabilities: (values) => {
      const rows = new Float32Array(values.length * features.length)
      for (const [i, one] of values.entries()) encode(one, rows, i * features.length)
      return Array.from(margins(rows, values.length), (margin) => calibrate(calibration, margin))
    },
    rangeOf: rangesOf(form),
    ...(onProgress && { onProgress }),
  })
}

/** The same of a model that was just trained on the clients of a portfolio on disk. */
export function behaviourOf(
  portfolio: string,
  predictor: Predictor,
  { definitions, recent }: Pick<TrainingClients, 'definitions' | 'recent'>,
  { settled }: Pick<Evaluation, 'settled'>,
): ReturnType<typeof trainedBehaviour> {
  return trainedBehaviour({
    definitions,
    calibration: settled.calibration,
    threshold: settled.threshold,
    margins: (rows, count) => predictor.margins(rows, count),
    recent: { ids: recent.ids, margin: predictor.margins(rowMajor(recent), recent.ids.length) },
    table: (name) => scanParquetTable(portfolio, name),
    onProgress: (message) => process.stderr.write(`train: ${message}\n`),
  })
}

/** Least and most of the columns of numbers of a table; null of others, and of those without a number. */
function rangesOf(rows: pl.LazyDataFrame): (column: string) => readonly [number, number] | null {
  const frame = rows.collectSync()
  return (column) => {
    const values = frame.getColumn(column)
    if (values.dtype.equals(pl.Utf8)) return null
    const [low, high] = [values.min(), values.max()]
    return typeof low === 'number' && typeof high === 'number' ? [low, high] : null
  }
}
