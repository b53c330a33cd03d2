/** The clients that a model is trained on, and the new ones that it will score, as matrices. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { maximum } from '../../data/extremes.ts'
import { type PortfolioNote, readPortfolioNote } from '../../data/portfolio-note.ts'
import { releaseFrames } from '../../data/tables.ts'
import { type Definitions, parseDefinitions } from '../../features/rules/check/definitions.ts'
import { checkFolds, foldsFromCsv, stratifiedFolds } from '../folds.ts'
import { type Matrix, matrixOf, targetOf } from '../matrix.ts'
import type { TrainSettings } from './settings.ts'

export interface TrainingClients {
  readonly portfolio: PortfolioNote
  readonly definitions: Definitions
  readonly matrix: Matrix
  readonly target: Int8Array
  readonly recent: Matrix
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** `paths`: the folders of the portfolio and of its features. The frames that were read are let go of. */
export async function readClients(paths: {
  readonly portfolio: string
  readonly features: string
}): Promise<TrainingClients> {
  const portfolio = readPortfolioNote(paths.portfolio)
  const definitions = parseDefinitions(readJson(join(paths.features, 'definitions.json')))
  const { matrix, target } = encoded(join(paths.features, 'train.parquet'), definitions)
  const { matrix: recent } = encoded(join(paths.features, 'new.parquet'), definitions)
  await releaseFrames()
  return { portfolio, definitions, matrix, target, recent }
}

/** The features of a file as a matrix, and the outcomes where the file has them (else all 0). */
function encoded(path: string, { features }: Definitions): { matrix: Matrix; target: Int8Array } {
  const frame = pl.readParquet(path)
  const known = frame.columns.includes('TARGET')
  return { matrix: matrixOf(frame, features), target: known ? targetOf(frame) : new Int8Array(frame.height) }
}

/** The fold of each client: stratified by seed, or those of a file. */
export function foldsOf({ train }: TrainSettings, { matrix, target }: TrainingClients): Int32Array {
  if (train.folds_file === undefined) return stratifiedFolds(target, train.folds, train.seed)
  const fold = foldsFromCsv(train.folds_file, matrix.ids, train.folds_column)
  checkFolds(target, fold, maximum(fold) + 1)
  return fold
}
