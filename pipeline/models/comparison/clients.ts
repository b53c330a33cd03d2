/** The clients that candidates are compared on: all training clients, or a stratified part of them, cut into folds once a seed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { readPortfolioNote } from '../../data/portfolio-note.ts'
import { type Definitions, parseDefinitions } from '../../features/rules/check/definitions.ts'
import { allSources } from '../../features/rules/check/sources.ts'
import { rowsOf } from '../candidates/sample.ts'
import { holdOut } from '../folds.ts'
import { type Matrix, matrixOf, targetOf } from '../matrix.ts'
import { type Partition, partition } from './run.ts'
import type { CompareSettings } from './settings.ts'

export interface ComparedClients {
  readonly data: { readonly hash: string; readonly synthetic: boolean }
  readonly definitions: Definitions
  readonly matrix: Matrix
  readonly target: Int8Array
}

/** `paths`: the folders of the portfolio and of its features. */
export function readClients(
  paths: { readonly portfolio: string; readonly features: string },
  settings: CompareSettings,
): ComparedClients {
  const { hash, synthetic } = readPortfolioNote(paths.portfolio)
  const definitions = parseDefinitions(readJson(join(paths.features, 'definitions.json')))
  const frame = pl.readParquet(join(paths.features, 'train.parquet'))
  const { features } = definitions
  const all = { matrix: matrixOf(frame, features), target: targetOf(frame) }
  const few = { clients: settings.clients, seed: settings.seed }
  return { data: { hash, synthetic: synthetic !== null }, definitions, ...someClients(all, few) }
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

type Labelled = Pick<ComparedClients, 'matrix' | 'target'>

/** All clients (0), or a stratified part of them. */
export function someClients(
  { matrix, target }: Labelled,
  { clients, seed }: { readonly clients: number; readonly seed: number },
): Labelled {
  if (clients === 0 || clients >= target.length) return { matrix, target }
  const { held } = holdOut(target, [...target.keys()], clients / target.length, seed)
  return { matrix: rowsOf(matrix, held), target: Int8Array.from(held, (row) => target[row] as number) }
}

export interface Partitions extends Disposable {
  /** One a seed. */
  readonly all: readonly Partition[]
}

/** Makes partitions one by one; closes those that are there when one cannot be made. */
export function partitionsOf(make: Iterable<() => Partition>): Partitions {
  using stack = new DisposableStack()
  const all = Array.from(make, (one) => stack.use(one()))
  const kept = stack.move()
  return { all, [Symbol.dispose]: () => kept.dispose() }
}

/** The clients in folds, once a seed. */
export const foldsOf = ({ matrix, target }: Labelled, { seeds, seed, folds }: CompareSettings): Partitions =>
  partitionsOf(Array.from({ length: seeds }, (_, s) => () => partition(matrix, target, folds, seed + 1000 * s)))

/** Features that read the application form alone. */
export const formFeatures = (definitions: Definitions): ReadonlySet<string> =>
  new Set(
    [...allSources(definitions)]
      .filter(([, sources]) => sources.every((source) => source.startsWith('application.')))
      .map(([name]) => name),
  )
