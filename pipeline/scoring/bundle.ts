/** The bundle: everything that a decision needs, in one folder. Its description (bundle.json), its version, and reading it with every check. */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Booster } from 'xgboost-node'
import { z } from 'zod'
import { historyTables } from '../data/schema/tables.ts'
import { algebraVersion, definitionsSchema } from '../features/rules/check/definitions.ts'
import { featureTypes } from '../models/encode.ts'
import { type Member, memberSchema } from '../models/members/member.ts'
import { openMembers, type Predictor, UnknownFeature } from '../models/members/predictor.ts'
import { clientsFile } from './clients.ts'
import { portfolioSchema } from './reference.ts'
import { strategicSchema } from './strategic.ts'

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
export const bundleFormat = 4 as const

const described = z.strictObject({
  format: z.literal(bundleFormat),
  algebra: z.literal(algebraVersion, {
    error: (issue) => `rules of algebra ${String(issue.input)}: this program reads algebra ${algebraVersion} only`,
  }),
  /** What is known of the generator of the portfolio, or null for real clients. */
  synthetic: z.record(z.string(), z.unknown()).nullable(),
  definitions: definitionsSchema,
  /** What the log-odds are added up from. */
  members: z.array(memberSchema).min(1).readonly(),
  /** Which of the compared candidates it is, what it was fitted with, and why it was chosen; null where nothing was compared. */
  model: z.strictObject({
    name: z.string(),
    label: z.string(),
    settings: z.record(z.string(), z.unknown()),
    because: z.strictObject({ fr: z.string(), en: z.string() }).nullable(),
  }),
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
    /** Of the boosted trees; null where there are none. */
    rounds: z.int().positive().nullable(),
    params: z.record(z.string(), z.unknown()),
    /** History tables that training did not have; left out where it had all. */
    absent: z.array(z.enum(historyTables)).optional(),
    /** Smallest and largest value of each feature that is not a category, null where training saw none. */
    ranges: z.record(z.string(), z.tuple([number, number]).nullable()),
  }),
  /** What must not buy an approval (strategic.ts). */
  strategic: strategicSchema.optional(),
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
  description: 'bundle.json',
  reference: 'reference.parquet',
  scores: 'scores.parquet',
} as const

/** First 12 hex digits of SHA-256 over the bytes of the members' files followed by the compact JSON of the description without its version and hashes of files. */
export function versionOf(models: readonly Uint8Array[], description: Readonly<Record<string, unknown>>): string {
  const { version: _, files: __, ...rest } = description
  const hash = createHash('sha256')
  for (const model of models) hash.update(model)
  return hash.update(JSON.stringify(rest)).digest('hex').slice(0, 12)
}

/** The files of the members that have one, in their order. */
export const modelFiles = (members: readonly Member[]): string[] =>
  members.flatMap((member) => (member.family === 'trees' ? [member.file] : []))

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
 * Opens a bundle: files present and as training wrote them, description readable, algebra known, version right, members and definitions in
 * agreement. The predictor is the caller's to close. Throws BundleError. `forest: false` asks the library of trees for every client.
 */
export function openBundle(
  folder: string,
  options: { readonly forest?: boolean } = {},
): { bundle: Bundle; predictor: Predictor } {
  if (!existsSync(folder))
    throw new BundleError(
      `${folder}: expected the folder of a model's bundle, and it is not there. Make it with: npm run repro`,
    )
  for (const file of Object.values(bundleFiles)) mustExist(folder, file)
  const raw = json(join(folder, bundleFiles.description))
  const bundle = parsed(folder, raw)
  if (bundle.clients > 0 && !existsSync(join(folder, clientsFile)))
    throw new BundleError(
      `${folder}: expected ${clientsFile} with ${bundle.clients} clients, and it is not there. Make the bundle again with: dvc repro train`,
    )
  const names = modelFiles(bundle.members)
  for (const file of names) mustExist(folder, file)
  const models = new Map(names.map((file) => [file, readFileSync(join(folder, file))]))
  const version = versionOf([...models.values()], raw)
  if (version !== bundle.version)
    throw new BundleError(
      `${folder}: bundle.json states version ${bundle.version}, but ${[...names, 'bundle.json'].join(' and ')} ${names.length > 0 ? 'are those' : 'is that'} of version ${version}: a file was changed or mixed up. Make the bundle again with: dvc repro train`,
    )
  const found = hashedFiles(folder)
  const changed = Object.keys({ ...bundle.files, ...found }).filter((file) => bundle.files[file] !== found[file])
  if (changed.length > 0)
    throw new BundleError(
      `${folder}: ${changed.join(', ')} ${changed.length > 1 ? 'are' : 'is'} not what training of version ${bundle.version} wrote (the SHA-256 in bundle.json is another): edited, cut short or mixed up. Put the folder back as it was (dvc checkout), or make it again with: dvc repro train`,
    )
  return { bundle, predictor: predictorOf(folder, bundle, models, options) }
}

function mustExist(folder: string, file: string): void {
  if (!existsSync(join(folder, file)))
    throw new BundleError(
      `${folder}: expected the file ${file} in the bundle, and it is not there. Make the bundle again with: dvc repro train`,
    )
}

function predictorOf(
  folder: string,
  { members, definitions }: Bundle,
  models: ReadonlyMap<string, Uint8Array>,
  options: { readonly forest?: boolean },
): Predictor {
  const { features } = definitions
  const lacking = features.find(({ kind, levels }) => kind === 'category' && !levels)
  if (lacking) throw new BundleError(`${folder}: feature ${lacking.name} is a category without levels in bundle.json`)
  try {
    const names = features.map(({ name }) => name)
    const predictor = openMembers(members, names, (file) => models.get(file) as Uint8Array, options)
    const fault = predictor.trees.map(({ booster }) => disagreement(booster, features)).find((one) => one !== null)
    if (!fault) return predictor
    predictor[Symbol.dispose]()
    throw new BundleError(`${folder}: ${fault}`)
  } catch (error) {
    if (error instanceof UnknownFeature) throw new BundleError(`${folder}: ${error.message}`, { cause: error })
    throw error
  }
}

/** Where the features of trees and the definitions differ, or null. */
function disagreement(booster: Booster, features: Bundle['definitions']['features']): string | null {
  const [names, types] = [booster.featureNames ?? [], booster.featureTypes ?? []]
  if (names.length !== features.length)
    return `the model has ${names.length} features, the definitions in bundle.json ${features.length}`
  const wanted = featureTypes(features)
  for (const [i, feature] of features.entries()) {
    if (names[i] !== feature.name)
      return `feature ${i} of the model is ${names[i]}, in bundle.json it is ${feature.name}`
    if ((types[i] === 'c') !== (wanted[i] === 'c'))
      return `feature ${feature.name} has type ${types[i]} in the model and kind ${feature.kind} in bundle.json`
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
