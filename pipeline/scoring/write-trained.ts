/** Writes the bundle of a newly trained model: with what was found out of fold, the new clients' scores, and what travels with it. Workshop only. */
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { scanParquetTable } from '../data/tables.ts'
import { applicants, evenlySpread } from '../models/applicants.ts'
import type { TrainPaths } from '../models/training/settings.ts'
import type { Bundle } from './bundle.ts'
import { descriptionOf, type Trained } from './description.ts'
import { writeBundle } from './write.ts'

export interface Written extends Trained {
  readonly fold: Int32Array
  /** The bytes of the members' files. */
  readonly models: ReadonlyMap<string, Uint8Array>
  /** Further files by path, such as MLflow's. */
  readonly files: Readonly<Record<string, string>>
}

export function writeTrained(paths: TrainPaths, trained: Written, say: (text: string) => void): Bundle {
  const { clients, settings, fold, run, evaluation, models } = trained
  const { recent } = clients
  const travelling = evenlySpread(Array.from(recent.ids), settings.bundle.clients)
  if (travelling.length > 0) say(`raw rows of ${travelling.length} new clients`)
  return writeBundle(paths.model, {
    models,
    description: descriptionOf(trained),
    frame: pl.readParquet(join(paths.features, 'train.parquet')),
    margin: run.margin,
    fold,
    evaluation,
    recent,
    applicants: travelling.length > 0 ? applicants(travelling, (name) => scanParquetTable(paths.portfolio, name)) : [],
    reference: settings.bundle.reference,
    seed: settings.train.seed,
    files: trained.files,
  })
}
