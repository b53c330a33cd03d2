/** The bundle: everything that a decision needs, in one folder. Its description (bundle.json), its version, and reading it with every check. */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { Booster } from 'xgboost-node'
import { z } from 'zod'
import { algebraVersion, definitionsSchema } from '../features/rules/check/definitions.ts'
import { featureTypes } from '../models/encode.ts'
import { clientsFile } from './clients.ts'
import { portfolioSchema } from './reference.ts'

const share = z.number().min(0).max(1)
const number = z.number()

export const calibrationSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('none') }),
  z.strictObject({ method: z.literal('platt'), slope: number, intercept: number }),
  z.strictObject({ method: z.literal('beta'), a: number.min(0), b: number.min(0), c: number }),
  z
    .strictObject({
      method: z.literal('isotonic'),
      x: z.array(number).min(1).readonly(),
      y: z.array(share).min(1).readonly(),
    })
    .refine(({ x, y }) => x.length === y.length, 'x and y must be of equal length'),
])

/** Raised whenever names or meanings inside bundle.json change. */
export const bundleFormat = 3 as const

const described = z.strictObject({
  format: z.literal(bundleFormat),
  algebra: z.literal(algebraVersion, {
    error: (issue) => `rules of algebra ${String(issue.input)}: this program reads algebra ${algebraVersion} only`,
  }),
  /** What is known of the generator of the portfolio, or null for real clients. */
  synthetic: z.record(z.string(), z.unknown()).nullable(),
  definitions: definitionsSchema,
  calibration: calibrationSchema,
  /** Declined exactly when the probability is at or above it. */
  threshold: share,
  /** Probabilities that a person reviews, bounds included; equal bounds: none. */
  greyZone: z.strictObject({ lower: number, upper: number }),
  /** See models/score-scale.ts. */
  scale: z.strictObject({ baseScore: number, baseOdds: number.positive(), pdo: number.positive() }),
  costs: z.strictObject({ falseNegative: number.positive(), falsePositive: number.positive() }),
  /** Columns that no feature reads. */
  exclude: z.array(z.string()),
  libraries: z.record(z.string(), z.string()),
  training: z.strictObject({
    /** Hash of the portfolio (portfolio.json). */
    data: z.string(),
    clients: z.int().positive(),
    defaults: z.int().positive(),
    rounds: z.int().positive(),
    params: z.record(z.string(), z.unknown()),
    /** Smallest and largest value of each feature that is not a category, null where training saw none. */
    ranges: z.record(z.string(), z.tuple([number, number]).nullable()),
  }),
  /** How risks and features are spread in the reference portfolio (reference.parquet). */
  reference: portfolioSchema,
  /** How many clients travel in clients.sqlite (0: no such file). */
  clients: z.int().min(0),
  /** Out-of-fold figures (models/metrics.ts). */
  metrics: z.record(z.string(), number),
})

export const bundleSchema = described.extend({
  version: z.string().regex(/^[0-9a-f]{12}$/),
  /** SHA-256 of the files that the version does not cover: they travel with the model and are read with it. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
})
export type Bundle = z.output<typeof bundleSchema>
export type BundleDescription = Omit<Bundle, 'version' | 'files'>

export const bundleFiles = {
  model: 'model.ubj',
  description: 'bundle.json',
  reference: 'reference.parquet',
  scores: 'scores.parquet',
} as const

/** First 12 hex digits of SHA-256 over the model's bytes followed by the compact JSON of the description without its version and hashes of files. */
export function versionOf(model: Uint8Array, description: Readonly<Record<string, unknown>>): string {
  const { version: _, files: __, ...rest } = description
  return createHash('sha256').update(model).update(JSON.stringify(rest)).digest('hex').slice(0, 12)
}

/** The files of a bundle folder that the version does not cover and that decide what is shown, as `files` of bundle.json lists them. */
export function hashedFiles(folder: string): Record<string, string> {
  const beside = [bundleFiles.reference, bundleFiles.scores, clientsFile]
  return Object.fromEntries(
    beside.filter((file) => existsSync(join(folder, file))).map((file) => [file, fileHash(join(folder, file))]),
  )
}

/** SHA-256 of a file, read a piece at a time: the clients of a whole portfolio need not be held. */
function fileHash(path: string): string {
  const made = createHash('sha256')
  const piece = Buffer.alloc(1 << 20)
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) made.update(piece.subarray(0, read))
    return made.digest('hex')
  } finally {
    closeSync(file)
  }
}

/** A folder that is no usable bundle; the message says what is wrong and what to do. */
export class BundleError extends Error {
  override readonly name = 'BundleError'
}

/** Reads bundle.json alone, checked, its version not compared with the model. For reports. */
export function readDescription(folder: string): Bundle {
  return parsed(folder, json(join(folder, bundleFiles.description)))
}

/**
 * Opens a bundle: files present and as training wrote them, description readable, algebra known, version right, model and definitions in agreement.
 * The booster is the caller's to close; `model` are the bytes that it was read from. Throws BundleError.
 */
export function openBundle(folder: string): { bundle: Bundle; booster: Booster; model: Uint8Array } {
  if (!existsSync(folder))
    throw new BundleError(
      `${folder}: expected the folder of a model's bundle, and it is not there. Make it with: npm run repro`,
    )
  for (const file of Object.values(bundleFiles))
    if (!existsSync(join(folder, file)))
      throw new BundleError(
        `${folder}: expected the file ${file} in the bundle, and it is not there. Make the bundle again with: dvc repro train`,
      )
  const raw = json(join(folder, bundleFiles.description))
  const bundle = parsed(folder, raw)
  if (bundle.clients > 0 && !existsSync(join(folder, clientsFile)))
    throw new BundleError(
      `${folder}: expected ${clientsFile} with ${bundle.clients} clients, and it is not there. Make the bundle again with: dvc repro train`,
    )
  const model = readFileSync(join(folder, bundleFiles.model))
  const version = versionOf(model, raw)
  if (version !== bundle.version)
    throw new BundleError(
      `${folder}: bundle.json states version ${bundle.version}, but ${bundleFiles.model} and bundle.json are those of version ${version}: a file was changed or mixed up. Make the bundle again with: dvc repro train`,
    )
  const found = hashedFiles(folder)
  const changed = Object.keys({ ...bundle.files, ...found }).filter((file) => bundle.files[file] !== found[file])
  if (changed.length > 0)
    throw new BundleError(
      `${folder}: ${changed.join(', ')} ${changed.length > 1 ? 'are' : 'is'} not what training of version ${bundle.version} wrote (the SHA-256 in bundle.json is another): edited, cut short or mixed up. Put the folder back as it was (dvc checkout), or make it again with: dvc repro train`,
    )
  const booster = Booster.load(model)
  const fault = disagreement(booster, bundle)
  if (fault) {
    booster.close()
    throw new BundleError(`${folder}: ${fault}`)
  }
  return { bundle, booster, model }
}

/** Where the model's features and the definitions differ, or null. */
function disagreement(booster: Booster, { definitions: { features } }: Bundle): string | null {
  const [names, types] = [booster.featureNames ?? [], booster.featureTypes ?? []]
  if (names.length !== features.length)
    return `the model has ${names.length} features, the definitions in bundle.json ${features.length}`
  const wanted = featureTypes(features)
  for (const [i, feature] of features.entries()) {
    if (names[i] !== feature.name)
      return `feature ${i} of the model is ${names[i]}, in bundle.json it is ${feature.name}`
    if ((types[i] === 'c') !== (wanted[i] === 'c'))
      return `feature ${feature.name} has type ${types[i]} in the model and kind ${feature.kind} in bundle.json`
    if (feature.kind === 'category' && !feature.levels)
      return `feature ${feature.name} is a category without levels in bundle.json`
  }
  return null
}

function json(path: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new BundleError(`${path}: expected JSON, found ${(cause as Error).message}`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BundleError(`${path}: expected an object`)
  return value as Record<string, unknown>
}

function parsed(folder: string, raw: Record<string, unknown>): Bundle {
  const { format = 1 } = raw
  if (format !== bundleFormat)
    throw new BundleError(
      `${join(folder, bundleFiles.description)} has format ${String(format)}, this program reads format ${bundleFormat}: it was made by ${Number(format) > bundleFormat ? 'a later' : 'an earlier'} version. Make it again with this one: npm run repro`,
    )
  const result = bundleSchema.safeParse(raw)
  if (!result.success)
    throw new BundleError(
      `${join(folder, bundleFiles.description)} is not what this program reads. Make the bundle again with: dvc repro train\n${z.prettifyError(result.error)}`,
    )
  return result.data
}
