/** How well a classifier tells synthetic application rows from real ones: jointly, and by each column alone. */
import pl from 'nodejs-polars'
import { DMatrix, type Params, train } from 'xgboost-node'
import { stratifiedFolds } from '../../pipeline/models/folds.ts'
import { random } from '../../pipeline/models/random.ts'
import { rocAuc } from '../../pipeline/models/ranking.ts'

export interface Giveaway {
  readonly column: string
  /** ROC AUC of a classifier that sees this column alone. */
  readonly alone: number
  /** Part of the joint classifier's total gain. */
  readonly gain: number
}

export interface Separation {
  readonly real: number
  readonly synthetic: number
  readonly joint: number
  /** Of the joint ROC AUC: half the width of a 95% interval (Hanley and McNeil 1982). */
  readonly margin: number
  /** Worst first. */
  readonly columns: readonly Giveaway[]
}

const base: Params = {
  objective: 'binary:logistic',
  tree_method: 'hist',
  subsample: 0.8,
  lambda: 3,
  seed: 1,
  nthread: 2,
}
const jointly = { params: { ...base, max_depth: 4, eta: 0.1, min_child_weight: 3, colsample_bytree: 0.5 }, rounds: 200 }
const alone = { params: { ...base, max_depth: 3, eta: 0.1, min_child_weight: 5 }, rounds: 60 }
const folds = 5

interface Column {
  readonly name: string
  readonly values: Float32Array
  readonly type: 'q' | 'c'
}

/** Both frames below one another, without number and outcome: numbers as they are, texts by level, NaN where missing. */
function columnsOf(real: pl.DataFrame, synthetic: pl.DataFrame): Column[] {
  const names = real.columns.filter((name) => name !== 'SK_ID_CURR' && name !== 'TARGET')
  return names.map((name) => {
    const values = [real, synthetic].flatMap((frame) => frame.getColumn(name).toArray() as (number | string | null)[])
    const levels = new Map<string, number>()
    for (const value of values) if (typeof value === 'string' && !levels.has(value)) levels.set(value, levels.size)
    const code = (value: number | string | null) =>
      value === null ? Number.NaN : typeof value === 'string' ? levels.get(value)! : Number(value)
    return { name, values: Float32Array.from(values, code), type: levels.size > 0 ? 'c' : 'q' }
  })
}

function outOfFold(
  columns: readonly Column[],
  isSynthetic: Int8Array,
  { params, rounds }: typeof jointly | typeof alone,
  gains?: Map<string, number>,
): Float64Array {
  const featureNames = columns.map(({ name }) => name)
  const featureTypes = columns.map(({ type }) => type)
  using data = DMatrix.fromColumns(
    columns.map(({ values }) => values),
    { label: isSynthetic, featureNames, featureTypes },
  )
  const fold = stratifiedFolds(isSynthetic, folds, 7)
  const score = new Float64Array(isSynthetic.length)
  const rows = Array.from(isSynthetic, (_, i) => i)
  for (let k = 0; k < folds; k++) {
    const held = rows.filter((i) => fold[i] === k)
    using dtrain = data.slice(rows.filter((i) => fold[i] !== k))
    using judged = data.slice(held)
    using booster = train({ params, dtrain, rounds }).booster
    booster.predict(judged).forEach((p, i) => {
      score[held[i]!] = p
    })
    if (gains)
      for (const [name, gain] of Object.entries(booster.importance('total_gain')))
        gains.set(name, (gains.get(name) ?? 0) + gain)
  }
  return score
}

/** As many rows of either kind, in an order of its own: neighbours in a file are alike. */
function drawn(frame: pl.DataFrame, rows: number, seed: number): pl.DataFrame {
  const next = random(seed)
  const order = Array.from({ length: frame.height }, (_, i) => [next(), i] as const).sort(([a], [b]) => a - b)
  const chosen = order.slice(0, rows).map(([, i]) => i)
  return frame.withRowIndex('place').filter(pl.col('place').isIn(chosen)).drop('place')
}

/** Five-fold, on as many synthetic rows as real ones. */
export function separation(
  real: pl.DataFrame,
  synthetic: pl.DataFrame,
  seed: number,
  say: (text: string) => void,
): Separation {
  const others = drawn(synthetic.select(...real.columns), real.height, seed)
  const columns = columnsOf(real, others)
  const isSynthetic = new Int8Array(real.height + others.height).fill(1, real.height)
  const gains = new Map<string, number>()
  const joint = rocAuc(isSynthetic, outOfFold(columns, isSynthetic, jointly, gains))
  const total = [...gains.values()].reduce((sum, gain) => sum + gain, 0)
  const found = columns.map((column, i): Giveaway => {
    if (i % 20 === 19) say(`column ${i + 1} of ${columns.length}`)
    const auc = rocAuc(isSynthetic, outOfFold([column], isSynthetic, alone))
    return { column: column.name, alone: auc, gain: (gains.get(column.name) ?? 0) / total }
  })
  const [q1, q2] = [joint / (2 - joint), (2 * joint * joint) / (1 + joint)]
  const n = real.height
  const variance = (joint * (1 - joint) + (n - 1) * (q1 + q2 - 2 * joint * joint)) / (n * n)
  return {
    real: n,
    synthetic: others.height,
    joint,
    margin: 1.96 * Math.sqrt(variance),
    columns: found.sort((a, b) => b.alone - a.alone),
  }
}
