/** The same data, parameters and models in Python xgboost, live: what is trained, predicted, explained and logged there and here. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  Booster,
  cv,
  DMatrix,
  type FeatureType,
  type ImportanceKind,
  libraryPath,
  libraryVersion,
  type Params,
  train,
} from './index.ts'
import { rowMajor } from './row-major.ts'
import { near } from './testing/compare.ts'
import { made } from './testing/made.ts'

interface Case {
  readonly params: Params
  readonly label: Float32Array
  readonly types?: readonly FeatureType[]
  readonly group?: readonly number[]
  readonly folds?: readonly (readonly number[])[]
}

interface Answer {
  readonly model: string
  readonly log: Record<string, number[]>
  readonly prediction: number[]
  readonly margin: number[]
  readonly contributions: number[]
  readonly theirs: number[]
  readonly interactions: number[]
  readonly leaf: number[]
  readonly importance: Partial<Record<ImportanceKind, Record<string, number>>>
  readonly dump: string[]
  readonly cv?: Record<string, number[]>
}

const [rows, numeric, rounds] = [500, 6, 8]
const { columns, label, score } = made(rows, numeric, 2)
const types: readonly FeatureType[] = ['q', 'q', 'q', 'q', 'q', 'q', 'c', 'c']
const shared = { nthread: 1, max_depth: 4, eta: 0.3, seed: 3 } as const
const grades = score.map((value) => Math.max(0, Math.min(3, Math.round(value + 1))))
const folds = [0, 1, 2].map((fold) => Array.from({ length: rows }, (_, row) => row).filter((row) => row % 3 === fold))

const cases: Record<string, Case> = {
  'binary:logistic': {
    params: {
      objective: 'binary:logistic',
      eval_metric: ['logloss', 'auc', 'aucpr', 'error@0.3'],
      subsample: 0.7,
      colsample_bytree: 0.8,
    },
    label,
    types,
    folds,
  },
  'reg:squarederror': {
    params: { objective: 'reg:squarederror', monotone_constraints: [1, 0, 0, -1, 0, 0, 0, 0] },
    label: score,
    types,
    folds,
  },
  'multi:softprob': {
    params: { objective: 'multi:softprob', num_class: 4, eval_metric: ['mlogloss', 'merror'] },
    label: grades,
    types,
  },
  'rank:ndcg': {
    params: { objective: 'rank:ndcg', eval_metric: ['ndcg@5', 'ndcg'] },
    label: grades,
    types,
    group: Array.from({ length: 25 }, () => 20),
  },
  'survival:cox': {
    params: { objective: 'survival:cox' },
    label: score.map((value, i) => (i % 4 ? 1 : -1) * (Math.abs(value) + 0.1)),
    types,
  },
  dart: {
    params: { booster: 'dart', objective: 'binary:logistic', rate_drop: 0.3, normalize_type: 'forest' },
    label,
    types,
  },
  'gblinear, logistic': {
    params: { booster: 'gblinear', objective: 'binary:logistic', lambda: 0.5, updater: 'coord_descent' },
    label,
  },
  'gblinear, squared error': {
    params: { booster: 'gblinear', objective: 'reg:squarederror', alpha: 0.01, updater: 'coord_descent' },
    label: score,
  },
  'dart, squared error': {
    params: { booster: 'dart', objective: 'reg:squarederror', rate_drop: 0.1, one_drop: true },
    label: score,
    types,
  },
  'random forest': {
    params: { objective: 'binary:logistic', num_parallel_tree: 5, subsample: 0.6, colsample_bynode: 0.7, eta: 1 },
    label,
    types,
  },
  'exact, no categories': { params: { objective: 'binary:logistic', tree_method: 'exact', gamma: 0.5 }, label },
}

interface Widths {
  readonly value: number
  readonly margin: number
  readonly model: string
}

const positive = score.map((value) => Math.abs(value) + 0.1)
const two = Float32Array.from({ length: rows * 2 }, (_, i) => score[i >> 1]! * (i % 2 ? 1 : -1))
const groups = Array.from({ length: 25 }, () => 20)
/** Every objective, and what else makes a row of several values. */
const objectives: Record<string, { params: Params; label: Float32Array; targets?: number; group?: readonly number[] }> =
  {
    ...Object.fromEntries(
      (
        [
          ['reg:squarederror', score],
          ['reg:squaredlogerror', positive],
          ['reg:logistic', label],
          ['reg:pseudohubererror', score],
          ['reg:absoluteerror', score],
          ['reg:gamma', positive],
          ['reg:tweedie', positive],
          ['binary:logistic', label],
          ['binary:logitraw', label],
          ['binary:hinge', label],
          ['count:poisson', grades],
          ['survival:cox', positive],
          ['survival:aft', positive],
        ] as const
      ).map(([objective, values]) => [objective, { params: { objective }, label: values }]),
    ),
    ...Object.fromEntries(
      (['rank:ndcg', 'rank:map', 'rank:pairwise'] as const).map((objective) => [
        objective,
        { params: { objective }, label: objective === 'rank:map' ? label : grades, group: groups },
      ]),
    ),
    'reg:quantileerror, one': { params: { objective: 'reg:quantileerror', quantile_alpha: 0.5 }, label: score },
    'reg:quantileerror, three': {
      params: { objective: 'reg:quantileerror', quantile_alpha: [0.1, 0.5, 0.9] },
      label: score,
    },
    'multi:softmax': { params: { objective: 'multi:softmax', num_class: 4 }, label: grades },
    'multi:softprob': { params: { objective: 'multi:softprob', num_class: 4 }, label: grades },
    'multi:softmax, linear': {
      params: { objective: 'multi:softmax', num_class: 4, booster: 'gblinear' },
      label: grades,
    },
    'multi:softmax, dart': { params: { objective: 'multi:softmax', num_class: 4, booster: 'dart' }, label: grades },
    'multi:softmax, vectors in the leaves': {
      params: { objective: 'multi:softmax', num_class: 4, multi_strategy: 'multi_output_tree' },
      label: grades,
    },
    'two targets': { params: { objective: 'reg:squarederror' }, label: two, targets: 2 },
    'two targets, vectors in the leaves': {
      params: { objective: 'reg:squarederror', multi_strategy: 'multi_output_tree' },
      label: two,
      targets: 2,
    },
    'two flags': { params: { objective: 'binary:logistic' }, label: two.map((value) => Number(value > 0)), targets: 2 },
  }

const width = ({ types: given }: Case) => (given ? types.length : numeric)
const matrixOf = (one: Case) =>
  DMatrix.fromColumns(columns.slice(0, width(one)), {
    label: one.label,
    ...(one.types && { featureTypes: one.types }),
    ...(one.group && { group: one.group }),
    nthread: 1,
  })

/** The interpreter of the environment that the library lies in. */
function python(): string {
  const root = dirname(dirname(dirname(dirname(dirname(dirname(libraryPath()))))))
  const found = [join(root, 'bin', 'python3'), join(root, 'Scripts', 'python.exe')].find(existsSync)
  if (!found)
    throw new Error(
      `no Python beside ${libraryPath()}: the comparison needs the environment that holds xgboost, numpy and scipy`,
    )
  return found
}

const base64 = (values: Float32Array | Uint8Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')

interface Answers {
  readonly cases: Readonly<Record<string, Answer>>
  readonly widths: Readonly<Record<string, Widths>>
}

function ask(): Answers {
  const job = {
    rows,
    values: base64(rowMajor(columns, rows)),
    widths: Object.fromEntries(
      Object.entries(objectives).map(([name, { params, label: values, targets = 1, group }]) => [
        name,
        { params: { ...shared, ...params }, label: base64(values), columns: numeric, targets, ...(group && { group }) },
      ]),
    ),
    cases: Object.fromEntries(
      Object.entries(cases).map(([name, one]) => {
        const dtrain = matrixOf(one)
        const { booster } = train({ params: { ...shared, ...one.params }, dtrain, rounds })
        const { params, group, folds: held } = one
        const monotone = params.monotone_constraints
          ? { monotone_constraints: `(${(params.monotone_constraints as number[]).join(',')})` }
          : {}
        return [
          name,
          {
            params: { ...shared, ...params, ...monotone },
            label: base64(one.label),
            columns: width(one),
            ...(one.types && { types: one.types }),
            ...(group && { group }),
            ...(held && { folds: held }),
            rounds,
            model: base64(booster.toBuffer()),
          },
        ]
      }),
    ),
  }
  const { version, ...reply }: Answers & { version: string } = JSON.parse(
    execFileSync(python(), [join(import.meta.dirname, 'testing', 'reference.py')], {
      input: JSON.stringify(job),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    }),
  )
  assert.is(version, libraryVersion())
  return reply
}

let answers: Answers | null = null

for (const [name, one] of Object.entries(cases))
  test(`${name}: training, predictions, explanations and logs are Python's`, () => {
    answers ??= ask()
    const theirs = answers.cases[name]!
    const dtrain = matrixOf(one)
    const params = { ...shared, ...one.params }
    const { booster, evaluations } = train({ params, dtrain, rounds, evals: { train: dtrain } })
    for (const [metric, values] of Object.entries(theirs.log)) near(evaluations.train![metric]!, values, 1e-6, metric)
    near(booster.predict(dtrain), theirs.prediction, 1e-5, 'predictions')
    near(booster.predict(dtrain, { output: 'margin' }), theirs.margin, 1e-5, 'margins')
    near(booster.contributions(dtrain), theirs.contributions, 1e-5, 'SHAP values')
    near(theirs.theirs, booster.predict(dtrain), 1e-6, 'the model trained here, loaded there')
    const loaded = Booster.load(Buffer.from(theirs.model, 'base64'))
    near(loaded.predict(dtrain), theirs.prediction, 1e-6, 'the model trained there, loaded here')
    near(loaded.contributions(dtrain), theirs.contributions, 1e-6, 'its SHAP values')
    const linear = one.params.booster === 'gblinear'
    if (!linear) {
      near(booster.interactions(dtrain), theirs.interactions, 1e-5, 'interactions')
      assert.equal(Array.from(booster.leaf(dtrain)), theirs.leaf)
    }
    for (const [kind, scores] of Object.entries(theirs.importance) as [ImportanceKind, Record<string, number>][]) {
      const importance = booster.importance(kind)
      assert.equal(Object.keys(importance).sort(), Object.keys(scores).sort())
      near(
        Object.keys(scores).map((feature) => importance[feature]! / scores[feature]!),
        Object.keys(scores).map(() => 1),
        1e-5,
        kind,
      )
    }
    assert.equal(loaded.dump({ stats: !linear }), theirs.dump)
    if (one.folds && theirs.cv) {
      const { mean, deviation } = cv({ params, data: dtrain, folds: one.folds.map((held) => ({ test: held })), rounds })
      for (const [key, values] of Object.entries(theirs.cv)) {
        const [, set, metric, what] = /^(train|test)-(.*)-(mean|std)$/.exec(key)!
        near((what === 'mean' ? mean : deviation)[set!]![metric!]!, values, 1e-6, key)
      }
    }
  })

for (const [name, { params, label: values, targets = 1, group }] of Object.entries(objectives))
  test(`${name}: a row has as many outputs as Python predicts`, () => {
    answers ??= ask()
    const theirs = answers.widths[name]!
    using dtrain = DMatrix.fromColumns(columns.slice(0, numeric), {
      label: values,
      targets,
      ...(group && { group }),
      ...(params.objective === 'survival:aft' && { labelLowerBound: values, labelUpperBound: values }),
    })
    using loaded = Booster.load(Buffer.from(theirs.model, 'base64'))
    using trained = train({ params: { ...shared, ...params }, dtrain, rounds: 2 }).booster
    for (const booster of [trained, loaded]) {
      assert.is(booster.outputs, theirs.value)
      assert.is(booster.predict(dtrain).length, rows * theirs.value)
      assert.is(booster.predict(dtrain, { output: 'margin' }).length, rows * theirs.margin)
    }
  })

test.run()
