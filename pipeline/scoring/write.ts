/** Writes a bundle, whole or not at all (polars). Not part of the service, which only reads bundles. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pl from 'nodejs-polars'
import type { Applicant } from '../data/applicant.ts'
import { makeWhole } from '../data/write-whole.ts'
import { calibrate } from '../models/calibration.ts'
import type { Evaluation } from '../models/evaluate.ts'
import type { Matrix } from '../models/matrix.ts'
import { openMembers } from '../models/members/predictor.ts'
import { random, shuffled } from '../models/random.ts'
import { rowMajor } from '../models/row-major.ts'
import { type Bundle, type BundleDescription, bundleFiles, hashedFiles, versionOf } from './bundle.ts'
import { clientsFile, writeClients } from './clients.ts'
import { decide } from './decision.ts'
import { portfolioOf } from './reference.ts'

export interface Contents {
  /** The bytes of the members' files. */
  readonly models: ReadonlyMap<string, Uint8Array>
  readonly description: Omit<BundleDescription, 'clients' | 'reference'>
  /** SK_ID_CURR, TARGET and features of the training clients, with what was found out of fold for each row. */
  readonly frame: pl.DataFrame
  readonly margin: ArrayLike<number>
  readonly fold: Int32Array
  readonly evaluation: Evaluation
  /** The new clients, to be scored, and those of them whose raw rows travel. */
  readonly recent: Matrix
  readonly applicants: readonly Applicant[]
  /** How many training clients travel as the reference, and the seed that picks them. */
  readonly reference: number
  readonly seed: number
  /** Further files by path, such as MLflow's. */
  readonly files: Readonly<Record<string, string>>
}

const float64 = (name: string, values: ArrayLike<number>) => pl.Series(name, Array.from(values), pl.Float64)
const int32 = (name: string, values: ArrayLike<number>) => pl.Series(name, Array.from(values), pl.Int32)
const text = (name: string, values: readonly string[]) => pl.Series(name, [...values], pl.Utf8)

/** Writes under a temporary name, then puts the folder in place of an older one. */
export function writeBundle(folder: string, contents: Contents): Bundle {
  return makeWhole(folder, (unfinished) => filled(unfinished, contents))
}

/** Makes the folder and writes all files of the bundle into it. */
function filled(folder: string, contents: Contents): Bundle {
  mkdirSync(folder)
  const path = (name: string) => join(folder, name)
  for (const [name, content] of Object.entries(contents.files)) {
    mkdirSync(dirname(path(name)), { recursive: true })
    writeFileSync(path(name), content)
  }
  const parquet = (frame: pl.DataFrame, name: string) => frame.writeParquet(path(name), { compression: 'snappy' })
  parquet(outOfFoldFrame(contents), 'oof.parquet')
  const reference = referenceFrame(contents)
  parquet(reference, bundleFiles.reference)
  parquet(scoresFrame(contents), bundleFiles.scores)
  const { applicants } = contents
  if (applicants.length > 0) writeClients(path(clientsFile), applicants)
  const description = {
    ...contents.description,
    reference: described(reference, contents.description),
    clients: applicants.length,
  }
  const version = versionOf([...contents.models.values()], description)
  const bundle = { version, ...description, files: hashedFiles(folder) }
  for (const [name, bytes] of contents.models) writeFileSync(path(name), bytes)
  writeFileSync(path(bundleFiles.description), `${JSON.stringify(bundle, null, 1)}\n`)
  return bundle
}

/** How each training client was judged: from it, the reported figures can be computed again. */
function outOfFoldFrame({ frame, evaluation: { nested }, margin, fold }: Contents): pl.DataFrame {
  const decision = Array.from(nested.declined, (declined) => (declined ? 'declined' : 'approved'))
  return frame
    .select('SK_ID_CURR', 'TARGET')
    .withColumns(
      float64('probability', nested.probability),
      float64('margin', margin),
      int32('fold', fold),
      text('decision', decision),
    )
}

/** A sample of training clients without their numbers: outcome, features, out-of-fold probability. */
function referenceFrame({ frame, description, evaluation, reference, seed }: Contents): pl.DataFrame {
  const every = Array.from(evaluation.nested.probability, (_, row) => row)
  const sampled = new Uint8Array(every.length)
  for (const row of shuffled(every, random(seed)).slice(0, reference)) sampled[row] = 1
  return frame
    .withColumns(float64('probability', evaluation.nested.probability), int32('sampled', sampled))
    .filter(pl.col('sampled').eq(1))
    .select('TARGET', ...description.definitions.features.map(({ name }) => name), 'probability')
}

/** What bundle.json says of the reference. */
function described(frame: pl.DataFrame, { definitions }: Pick<BundleDescription, 'definitions'>) {
  const column = (name: string) => frame.getColumn(name).toArray() as (number | null)[]
  const numeric = definitions.features.filter(({ kind }) => kind !== 'category')
  return portfolioOf(
    column('probability') as number[],
    Object.fromEntries(numeric.map(({ name }) => [name, column(name)])),
  )
}

/** Clients scored at once: their rows are held twice. */
const atOnce = 20_000

/** The new clients as the final model decides them. */
function scoresFrame({ models, description, recent }: Contents): pl.DataFrame {
  using predictor = openMembers(description.members, recent.names, (file) => models.get(file) as Uint8Array)
  const probability: number[] = []
  for (let from = 0; from < recent.ids.length; from += atOnce) {
    const to = Math.min(from + atOnce, recent.ids.length)
    for (const margin of predictor.margins(rowMajor(recent, from, to), to - from))
      probability.push(calibrate(description.calibration, margin))
  }
  const decision = probability.map((p) => decide(p, description.threshold))
  return pl.DataFrame([
    int32('SK_ID_CURR', recent.ids),
    float64('probability', probability),
    text('decision', decision),
  ])
}
