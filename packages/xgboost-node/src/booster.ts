/** Booster: a trained model. One class with everything that a handle of a model can do, hence the length. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { libraryJson } from './array-interface.ts'
import { checkRows, nameOf } from './columns.ts'
import { defaultThreads } from './configure.ts'
import { XGBoostError } from './error.ts'
import { checkFeatures, checkIsMatrix } from './features.ts'
import { call } from './gate.ts'
import { Handle } from './handle.ts'
import { DMatrix, handleOf as matrixHandle, own } from './matrix.ts'
import { checkCodes, checkFeatureInfo, type FeatureType } from './matrix-info.ts'
import { copyBytes, copyFloats, copySizes, copyText, copyTexts, out, pointer, size } from './memory.ts'
import { verifyModel } from './model-file/verify.ts'
import { type Prediction, type PredictionType, predictInPlace, predictMatrix } from './predict.ts'

export type ImportanceKind = 'weight' | 'gain' | 'cover' | 'total_gain' | 'total_cover'

export interface RoundRange {
  /** Which rounds take part: from the first up to, not including, the second. Default: all. */
  readonly rounds?: readonly [number, number]
}

export interface PredictOptions extends RoundRange {
  /** `probability` (the same as `value`): on the scale of the label, or of each class; `margin`: before the link function. */
  readonly output?: 'probability' | 'value' | 'margin'
}

/** The handle of a booster, and a booster for a handle, for the other files of this package. */
export let handleOf: (booster: Booster) => Handle
export let boosterOf: (address: bigint) => Booster
export let isBooster: (value: unknown) => value is Booster
/** All of a booster, its parameters included, as bytes that only the same version of the library reads. */
export let snapshotOf: (booster: Booster) => Uint8Array

const predictionType = (options: PredictOptions): PredictionType => (options.output === 'margin' ? 'margin' : 'value')

export class Booster {
  static {
    handleOf = (booster) => booster.#handle
    boosterOf = (address) => new Booster(own, address)
    snapshotOf = (booster) => booster.#snapshot()
    isBooster = (value): value is Booster => typeof value === 'object' && value !== null && #handle in value
  }

  readonly #handle: Handle
  #names: readonly string[] | null = null
  #types: readonly FeatureType[] | null = null
  #columns: number | null = null
  #outputs: number | null = null
  readonly #fn = (method: string) => `Booster.${method}`

  private constructor(by: typeof own, address: bigint) {
    if (by !== own) throw new XGBoostError('Booster', `use train or Booster.load, not new Booster(${nameOf(by)})`)
    this.#handle = new Handle('Booster', 'XGBoosterFree', address)
  }

  /**
   * Loads a model, UBJ or JSON, from a file or from bytes. The file's structure and indices are checked first: libxgboost would
   * follow whatever a file says. `verify: false` skips that for a file of one's own.
   */
  static load(source: string | Uint8Array, options: { readonly verify?: boolean } = {}): Booster {
    const bytes = typeof source === 'string' ? readFileSync(source) : source
    if (!(bytes instanceof Uint8Array)) throw new XGBoostError('Booster.load', 'expected a path or a Uint8Array')
    if (options.verify ?? true) verifyModel(bytes)
    return Booster.#from('XGBoosterLoadModelFromBuffer', bytes)
  }

  static #from(read: 'XGBoosterLoadModelFromBuffer' | 'XGBoosterUnserializeFromBuffer', bytes: Uint8Array): Booster {
    const created = out()
    call('XGBoosterCreate', new BigUint64Array(1), 0, created)
    const booster = new Booster(own, pointer(created))
    try {
      call(read, pointer(created), bytes, bytes.length)
      if (defaultThreads() > 0) call('XGBoosterSetParam', pointer(created), 'nthread', String(defaultThreads()))
      return booster
    } catch (error) {
      booster.close()
      throw error
    }
  }

  /** The feature names in the model; empty when it has none. */
  get featureNames(): string[] {
    this.#names ??= this.#featureInfo('feature_name')
    return [...this.#names]
  }

  set featureNames(names: readonly string[]) {
    checkFeatureInfo(this.#fn('featureNames'), names.length === 0 ? 0 : this.columns, { featureNames: names })
    call('XGBoosterSetStrFeatureInfo', this.#handle.address, 'feature_name', names, names.length)
    this.#names = null
  }

  /** The feature types in the model; empty when it has none. */
  get featureTypes(): FeatureType[] {
    this.#types ??= this.#featureInfo('feature_type') as FeatureType[]
    return [...this.#types]
  }

  set featureTypes(types: readonly FeatureType[]) {
    checkFeatureInfo(this.#fn('featureTypes'), types.length === 0 ? 0 : this.columns, { featureTypes: types })
    call('XGBoosterSetStrFeatureInfo', this.#handle.address, 'feature_type', types, types.length)
    this.#types = null
  }

  #featureInfo(field: 'feature_name' | 'feature_type'): string[] {
    const [length, texts] = [out(), out()]
    call('XGBoosterGetStrFeatureInfo', this.#handle.address, field, length, texts)
    return copyTexts(texts, size(length))
  }

  /** The number of features. */
  get columns(): number {
    if (this.#columns === null) {
      const columns = out()
      call('XGBoosterGetNumFeature', this.#handle.address, columns)
      this.#columns = size(columns)
    }
    return this.#columns
  }

  /**
   * The number of values a row that `predict` returns, by the objective: classes, targets or quantiles; mostly 1, also for `multi:softmax`, which
   * returns the class. (Its margins are one a class.)
   */
  get outputs(): number {
    // Asked of the library itself, with one row of missing values: what a number of classes or targets means is the objective's affair.
    if (this.#outputs === null) {
      const { columns } = this
      const row = DMatrix.fromRows(new Float32Array(columns).fill(Number.NaN), { rows: 1, columns })
      this.#outputs = this.predict(row).length
      row.close()
    }
    return this.#outputs
  }

  /** The number of boosting rounds in the model. */
  get rounds(): number {
    const rounds = new Int32Array(1)
    call('XGBoosterBoostedRounds', this.#handle.address, rounds)
    return rounds[0] ?? 0
  }

  /** Predictions of the rows of a matrix: one a row, or `classes` a row, row-major. */
  predict(matrix: DMatrix, options: PredictOptions = {}): Float32Array {
    return this.#predict('predict', matrix, predictionType(options), options).values
  }

  /**
   * Predictions of row-major values in place, without a matrix: the quick way for one or a few rows. NaN is missing.
   * Same shape as `predict`.
   */
  predictRows(values: Float32Array, rows: number, options: PredictOptions = {}): Float32Array {
    const fn = this.#fn('predictRows')
    const { columns } = this
    if (!Number.isInteger(rows) || rows < 1) throw new XGBoostError(fn, `rows must be an integer from 1, not ${rows}`)
    checkRows(fn, values, rows, columns, 'features')
    for (let i = 0; i < values.length; i++)
      if (values[i] === Number.POSITIVE_INFINITY || values[i] === Number.NEGATIVE_INFINITY)
        throw new XGBoostError(fn, `row ${Math.floor(i / columns)}, feature ${i % columns} is ${values[i]}`)
    this.#types ??= this.#featureInfo('feature_type') as FeatureType[]
    for (const [i, type] of this.#types.entries())
      if (type === 'c') checkCodes(fn, `feature ${i}`, values, Number.NaN, i, columns)
    const wanted = { type: predictionType(options), rounds: this.#range(fn, options) }
    return predictInPlace(this.#handle.address, values, rows, columns, wanted).values
  }

  /** SHAP values (exact TreeSHAP) on the margin's scale: rows × (classes ×) (features + 1); the last of each is the bias, and each adds up to the margin. */
  contributions(matrix: DMatrix, options: RoundRange = {}): Float32Array {
    return this.#predict('contributions', matrix, 'contributions', options).values
  }

  /** SHAP values by Saabas' quick approximation; same shape as `contributions`, same sums. */
  approxContributions(matrix: DMatrix, options: RoundRange = {}): Float32Array {
    return this.#predict('approxContributions', matrix, 'approxContributions', options).values
  }

  /** SHAP interaction values: rows × (classes ×) (features + 1) × (features + 1); each row of them adds up to a contribution. */
  interactions(matrix: DMatrix, options: RoundRange = {}): Float32Array {
    return this.#predict('interactions', matrix, 'interactions', options).values
  }

  /** The number of the leaf that each row reaches in each tree: rows × trees. */
  leaf(matrix: DMatrix, options: RoundRange = {}): Int32Array {
    return Int32Array.from(this.#predict('leaf', matrix, 'leaf', options).values)
  }

  #predict(method: string, matrix: DMatrix, type: PredictionType, options: RoundRange): Prediction {
    const fn = this.#fn(method)
    const address = this.#handle.address
    checkIsMatrix(fn, 'the matrix', matrix)
    checkFeatures(fn, ['the matrix', matrix], ['the model', this])
    return predictMatrix(address, matrixHandle(matrix).address, { type, rounds: this.#range(fn, options) })
  }

  #range(fn: string, options: RoundRange): readonly [number, number] {
    if (!options.rounds) return [0, 0]
    const [begin, end] = options.rounds
    if (!(Number.isInteger(begin) && Number.isInteger(end) && begin >= 0 && begin < end && end <= this.rounds))
      throw new XGBoostError(
        fn,
        `rounds [${begin}, ${end}] of a model of ${this.rounds} rounds: expected [first, last + 1]`,
      )
    return [begin, end]
  }

  /** How much each feature counts, by XGBoost's five kinds; features that no split uses are absent. gblinear knows `weight` only. */
  importance(kind: ImportanceKind): Record<string, number> {
    const [count, names, dimensions, shape, scores] = [out(), out(), out(), out(), out()]
    const config = libraryJson({ importance_type: kind, feature_map: '' })
    call('XGBoosterFeatureScore', this.#handle.address, config, count, names, dimensions, shape, scores)
    const length = copySizes(shape, size(dimensions)).reduce((product, part) => product * part, 1)
    const values = copyFloats(scores, length)
    const features = copyTexts(names, size(count))
    if (length !== features.length)
      throw new XGBoostError(
        this.#fn('importance'),
        `the linear model has ${length} coefficients for ${features.length} features: see dump()`,
      )
    return Object.fromEntries(features.map((name, i) => [name, values[i] ?? 0]))
  }

  /** An attribute: a text that is saved with the model; null when there is none of that name. */
  attribute(name: string): string | null {
    const [text, success] = [out(), new Int32Array(1)]
    call('XGBoosterGetAttr', this.#handle.address, name, text, success)
    return success[0] === 1 ? copyText(text) : null
  }

  /** The names of all attributes, sorted. */
  get attributeNames(): string[] {
    const [length, names] = [out(), out()]
    call('XGBoosterGetAttrNames', this.#handle.address, length, names)
    return copyTexts(names, size(length)).sort()
  }

  /** Sets an attribute; null removes it. */
  setAttribute(name: string, value: string | null): void {
    call('XGBoosterSetAttr', this.#handle.address, name, value)
  }

  /** The trees in words, one text a tree; a linear model is one text. */
  dump(options: { readonly format?: 'text' | 'json' | 'dot'; readonly stats?: boolean } = {}): string[] {
    const [length, trees] = [out(), out()]
    const { format = 'text', stats = false } = options
    call('XGBoosterDumpModelEx', this.#handle.address, '', Number(stats), format, length, trees)
    return copyTexts(trees, size(length))
  }

  /** The model's bytes; equal models have equal bytes. */
  toBuffer(format: 'ubj' | 'json' = 'ubj'): Uint8Array {
    const [length, bytes] = [out(), out()]
    call('XGBoosterSaveModelToBuffer', this.#handle.address, libraryJson({ format }), length, bytes)
    return copyBytes(bytes, size(length))
  }

  /** Writes the model to a file: JSON when its name ends in .json, else UBJ. An existing file is replaced at once or not at all. */
  save(path: string): void {
    const bytes = this.toBuffer(path.endsWith('.json') ? 'json' : 'ubj')
    const temporary = `${path}.${process.pid}.tmp`
    writeFileSync(temporary, bytes)
    renameSync(temporary, path)
  }

  /** The first rounds of the model, or those from `begin` up to, not including, `end`, as a new booster. */
  slice(begin: number, end: number): Booster {
    const fn = this.#fn('slice')
    const created = out()
    const [from, to] = this.#range(fn, { rounds: [begin, end] })
    call('XGBoosterSlice', this.#handle.address, from, to, 1, created)
    return this.#keepNames(new Booster(own, pointer(created)))
  }

  /** A copy that lives on its own. */
  clone(): Booster {
    return this.#keepNames(Booster.#from('XGBoosterUnserializeFromBuffer', this.#snapshot()))
  }

  #snapshot(): Uint8Array {
    const [length, bytes] = [out(), out()]
    call('XGBoosterSerializeToBuffer', this.#handle.address, length, bytes)
    return copyBytes(bytes, size(length))
  }

  #keepNames(booster: Booster): Booster {
    if (booster.featureNames.length === 0) booster.featureNames = this.featureNames
    if (booster.featureTypes.length === 0) booster.featureTypes = this.featureTypes
    return booster
  }

  /** Frees the model; any use after that throws. */
  close(): void {
    this.#handle.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
