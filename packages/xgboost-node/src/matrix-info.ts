/** What may accompany the rows of a matrix (labels, weights, groups, feature names and types), checked and handed over. */
import { arrayInterface } from './array-interface.ts'
import { nameOf } from './columns.ts'
import { XGBoostError } from './error.ts'
import { call } from './gate.ts'

/** `q` and `float`: numeric; `int`: whole numbers; `i`: 0 or 1; `c`: category codes 0, 1, … */
export type FeatureType = 'q' | 'int' | 'i' | 'c' | 'float'

export interface RowInfo {
  /** One finite number a row, or `targets` numbers a row, row-major. */
  readonly label?: ArrayLike<number>
  /** Number of labels a row; default: 1. */
  readonly targets?: number
  /** One finite number >= 0 a row (a group, when ranking). */
  readonly weight?: ArrayLike<number>
  /** The margin to start from: one number a row, or one a row and class, row-major. */
  readonly baseMargin?: ArrayLike<number>
  /** Ranking: the sizes of the consecutive groups of rows; they add up to the rows. */
  readonly group?: ArrayLike<number>
  /** Ranking, instead of `group`: the query of each row, in non-decreasing order. */
  readonly qid?: ArrayLike<number>
  /** Survival (aft): the interval of each label; the upper bound may be Infinity. */
  readonly labelLowerBound?: ArrayLike<number>
  readonly labelUpperBound?: ArrayLike<number>
}

export interface FeatureInfo {
  readonly featureNames?: readonly string[]
  readonly featureTypes?: readonly FeatureType[]
  /** One number >= 0 a feature: its chance to be drawn by the colsample parameters. */
  readonly featureWeights?: ArrayLike<number>
}

export interface MatrixOptions extends RowInfo, FeatureInfo {
  /** The number that stands for a missing value, in addition to NaN; default: NaN. */
  readonly missing?: number
  readonly nthread?: number
}

type Rule = (value: number) => boolean

// The library keeps float32: a number beyond that is infinite to it.
const finite: Rule = (value) => Number.isFinite(Math.fround(value))
const notNegative: Rule = (value) => finite(value) && value >= 0
const whole: Rule = (value) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff
const notNaN: Rule = (value) => !Number.isNaN(value)

function checked(
  fn: string,
  field: string,
  values: ArrayLike<number>,
  expected: number,
  rule: Rule,
  wanted: string,
): void {
  if (values.length !== expected)
    throw new XGBoostError(fn, `${field} has ${values.length} values, expected ${expected}`)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'number' || !rule(value))
      throw new XGBoostError(fn, `${field}[${i}] is ${value}, expected ${wanted}`)
  }
}

function set(handle: bigint, field: string, values: Float32Array | Uint32Array, shape?: readonly number[]): void {
  call('XGDMatrixSetInfoFromInterface', handle, field, JSON.stringify(arrayInterface(values, shape)))
}

const floats = (values: ArrayLike<number>) => (values instanceof Float32Array ? values : Float32Array.from(values))
const integers = (values: ArrayLike<number>) => (values instanceof Uint32Array ? values : Uint32Array.from(values))

/** Gives a matrix its labels and whatever else belongs to its rows. */
export function setRowInfo(fn: string, handle: bigint, rows: number, info: RowInfo): void {
  const { label, weight, baseMargin, group, qid, labelLowerBound, labelUpperBound, targets = 1 } = info
  if (!Number.isInteger(targets) || targets < 1)
    throw new XGBoostError(fn, `targets must be an integer from 1, not ${targets}`)
  if (group && qid) throw new XGBoostError(fn, 'give group or qid, not both')
  if (label) {
    checked(fn, 'label', label, rows * targets, finite, 'a finite number')
    set(handle, 'label', floats(label), targets === 1 ? [rows] : [rows, targets])
  }
  if (group) {
    checked(fn, 'group', group, group.length, whole, 'a whole number')
    const sum = integers(group).reduce((total, part) => total + part, 0)
    if (sum !== rows) throw new XGBoostError(fn, `group adds up to ${sum} rows, expected ${rows}`)
    set(handle, 'group', integers(group))
  }
  if (qid) {
    checked(fn, 'qid', qid, rows, whole, 'a whole number')
    set(handle, 'qid', integers(qid))
  }
  if (weight) {
    const groups = group ? group.length : qid ? new Set(Array.from(qid)).size : rows
    checked(fn, 'weight', weight, groups, notNegative, 'a finite number >= 0')
    set(handle, 'weight', floats(weight))
  }
  if (baseMargin) {
    const columns = Math.max(1, Math.round(baseMargin.length / rows))
    checked(fn, 'baseMargin', baseMargin, rows * columns, finite, 'a finite number')
    set(handle, 'base_margin', floats(baseMargin), columns === 1 ? [rows] : [rows, columns])
  }
  if (labelLowerBound) {
    checked(fn, 'labelLowerBound', labelLowerBound, rows, notNaN, 'a number')
    set(handle, 'label_lower_bound', floats(labelLowerBound))
  }
  if (labelUpperBound) {
    checked(fn, 'labelUpperBound', labelUpperBound, rows, notNaN, 'a number')
    set(handle, 'label_upper_bound', floats(labelUpperBound))
  }
}

const featureTypes: readonly string[] = ['q', 'int', 'i', 'c', 'float']

/** Throws unless names and types fit the columns: one each, names distinct, not empty and without `[`, `]` and `<`, types known. */
export function checkFeatureInfo(fn: string, columns: number, info: FeatureInfo): void {
  const { featureNames: names, featureTypes: types, featureWeights: weights } = info
  for (const [field, list] of Object.entries({ featureNames: names, featureTypes: types }))
    if (list !== undefined && !Array.isArray(list))
      throw new XGBoostError(fn, `${field} is ${nameOf(list)}, expected a list of texts, one a column`)
  if (names) {
    if (names.length !== columns) throw new XGBoostError(fn, `${names.length} featureNames for ${columns} columns`)
    const seen = new Set<string>()
    for (const name of names) {
      if (typeof name !== 'string' || name === '' || /[[\]<\0]/.test(name))
        throw new XGBoostError(
          fn,
          `the feature name ${JSON.stringify(name)} must be text, not empty, without [, ] and <`,
        )
      if (seen.has(name)) throw new XGBoostError(fn, `the feature name ${JSON.stringify(name)} occurs twice`)
      seen.add(name)
    }
  }
  if (types) {
    if (types.length !== columns) throw new XGBoostError(fn, `${types.length} featureTypes for ${columns} columns`)
    for (const [i, type] of types.entries())
      if (!featureTypes.includes(type))
        throw new XGBoostError(
          fn,
          `featureTypes[${i}] is ${JSON.stringify(type)}, expected one of ${featureTypes.join(', ')}`,
        )
  }
  if (weights) checked(fn, 'featureWeights', weights, columns, notNegative, 'a finite number >= 0')
}

/** Gives a matrix its feature names, types and weights, which have been checked. */
export function setFeatureInfo(handle: bigint, info: FeatureInfo): void {
  const { featureNames: names, featureTypes: types, featureWeights: weights } = info
  if (names) call('XGDMatrixSetStrFeatureInfo', handle, 'feature_name', names, names.length)
  if (types) call('XGDMatrixSetStrFeatureInfo', handle, 'feature_type', types, types.length)
  if (weights) set(handle, 'feature_weights', floats(weights))
}

/** Throws unless the number that stands for a missing value is one. */
export function checkMissing(fn: string, missing: number | undefined): void {
  if (missing !== undefined && typeof missing !== 'number')
    throw new XGBoostError(fn, `missing is ${nameOf(missing)} (${missing}), expected a number`)
}

/** Codes up to here fit libxgboost, which keeps them as float32. */
const largestCode = 2 ** 24 - 1

/** Throws unless every value of a column of type `c` is a code 0, 1, … or missing. */
export function checkCodes(
  fn: string,
  column: string,
  values: ArrayLike<number | bigint>,
  missing: number,
  start = 0,
  step = 1,
): void {
  for (let i = start; i < values.length; i += step) {
    const code = Number(values[i])
    if (Number.isNaN(code) || code === missing) continue
    if (!(code >= 0 && code <= largestCode && Number.isInteger(code)))
      throw new XGBoostError(
        fn,
        `category code ${code} in ${column}, row ${(i - start) / step}: expected a whole number from 0 to ${largestCode}, or missing`,
      )
  }
}
