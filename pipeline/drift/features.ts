/** Drift of the model's features: each of them, and whether a model tells the two sides apart by all of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { releaseFrames } from '../data/tables.ts'
import { parseDefinitions } from '../features/rules/check/definitions.ts'
import { matrixOf } from '../models/matrix.ts'
import { comparison } from './comparison.ts'
import type { Findings } from './findings.ts'
import { separability } from './multivariate-drift.ts'
import { featureNaming } from './naming.ts'
import { columnsOf, notInputs } from './read.ts'
import type { DriftSettings } from './settings.ts'

/** `folder` is that of the features stage; `importance` the model's mean absolute contribution by feature. */
export async function featureDrift(
  folder: string,
  importance: ReadonlyMap<string, number>,
  settings: DriftSettings,
  onProgress: (message: string) => void,
): Promise<Pick<Findings, 'features' | 'separability'>> {
  onProgress('features')
  const definitions = parseDefinitions(JSON.parse(readFileSync(join(folder, 'definitions.json'), 'utf8')))
  const frame = (file: string) => pl.readParquet(join(folder, file))
  const columns = (file: string) => columnsOf(frame(file), notInputs)
  const features = comparison(
    columns('train.parquet'),
    columns('new.parquet'),
    { ...settings, importance },
    featureNaming(definitions),
  )
  await releaseFrames()
  onProgress('a model that tells new from training clients')
  const matrix = (file: string) => matrixOf(frame(file), definitions.features)
  const both = [matrix('train.parquet'), matrix('new.parquet')] as const
  await releaseFrames()
  return { features, separability: separability(...both, settings) }
}
