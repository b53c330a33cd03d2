/** The package against the golden numbers of Python xgboost 3.2 (on real rows, so they are never copied: testing/shared.ts finds them). */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { notRun, sharedOracle } from '../../../testing/shared.ts'
import { Booster, DMatrix, type FeatureType, type ImportanceKind, type Params, train } from './index.ts'
import { near } from './testing/compare.ts'

interface Oracle {
  readonly params: Params
  readonly rounds: number
  readonly feature_names: string[]
  readonly feature_types: FeatureType[]
  readonly eval_train: Record<string, number[]>
  readonly importance: Record<ImportanceKind, Record<string, number>>
  readonly prediction: number[]
  readonly margin: number[]
  readonly contribs: number[][]
  readonly contribs_approx_first_2: number[][]
  readonly interactions_first_2: number[][][]
  readonly leaf_first_10: number[][]
}

interface Golden {
  readonly oracle: Oracle
  readonly model: string
  readonly label: Float32Array
  readonly columns: Float32Array[]
}

function golden(title: string): Golden | null {
  const [numbers, model, input] = ['xgboost.json', 'xgboost_model.ubj', 'xgboost_input.csv'].map(sharedOracle)
  if (!numbers || !model || !input) {
    notRun(title)
    return null
  }
  const lines = readFileSync(input, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
  const column = (index: number) =>
    Float32Array.from(lines, (cells) => (cells[index] === '' ? Number.NaN : Number(cells[index])))
  const oracle: Oracle = JSON.parse(readFileSync(numbers, 'utf8'))
  return { oracle, model, label: column(0), columns: oracle.feature_names.map((_, i) => column(i + 1)) }
}

const matrixOf = ({ oracle, columns, label }: Golden) =>
  DMatrix.fromColumns(columns, {
    label,
    featureNames: oracle.feature_names,
    featureTypes: oracle.feature_types,
    nthread: 1,
  })

function oracleTest(title: string, body: (golden: Golden, booster: Booster, matrix: DMatrix) => void): void {
  test(title, () => {
    const found = golden(title)
    if (!found) return
    const [booster, matrix] = [Booster.load(found.model), matrixOf(found)]
    body(found, booster, matrix)
    booster.close()
    matrix.close()
  })
}

oracleTest("a model saved by Python gives Python's predictions and margins", ({ oracle }, booster, matrix) => {
  near(booster.predict(matrix), oracle.prediction)
  near(booster.predict(matrix, { output: 'margin' }), oracle.margin)
  assert.equal(booster.featureNames, oracle.feature_names)
  assert.equal(booster.featureTypes, oracle.feature_types)
  assert.is(booster.rounds, oracle.rounds)
})

oracleTest('in-place prediction of rows equals prediction of the matrix', ({ oracle, columns }, booster) => {
  const rows = 20
  const values = Float32Array.from(
    { length: rows * columns.length },
    (_, i) => columns[i % columns.length]![Math.floor(i / columns.length)]!,
  )
  near(booster.predictRows(values, rows), oracle.prediction.slice(0, rows), 1e-7)
  near(booster.predictRows(values, rows, { output: 'margin' }), oracle.margin.slice(0, rows), 1e-6)
})

oracleTest("SHAP values are Python's, row by row", ({ oracle }, booster, matrix) => {
  const first = matrix.slice(oracle.contribs.map((_, i) => i))
  near(booster.contributions(first), oracle.contribs.flat())
  first.close()
})

oracleTest("approximate SHAP values, interactions and leaves are Python's", ({ oracle }, booster, matrix) => {
  const [two, ten] = [matrix.slice([0, 1]), matrix.slice(oracle.leaf_first_10.map((_, i) => i))]
  near(booster.approxContributions(two), oracle.contribs_approx_first_2.flat())
  near(booster.interactions(two), oracle.interactions_first_2.flat(2))
  assert.equal(Array.from(booster.leaf(ten)), oracle.leaf_first_10.flat())
  two.close()
  ten.close()
})

oracleTest("the five importances are Python's", ({ oracle }, booster) => {
  for (const [kind, scores] of Object.entries(oracle.importance) as [ImportanceKind, Record<string, number>][]) {
    const importance = booster.importance(kind)
    assert.equal(Object.keys(importance).sort(), Object.keys(scores).sort())
    for (const [name, score] of Object.entries(scores))
      assert.ok(Math.abs(importance[name]! / score - 1) < 1e-5, `${kind} of ${name}`)
  }
})

oracleTest("a model trained here has Python's evaluation log, margins and bytes", ({ oracle, model }, _, matrix) => {
  const { booster, evaluations } = train({
    params: oracle.params,
    dtrain: matrix,
    rounds: oracle.rounds,
    evals: { train: matrix },
  })
  for (const [metric, scores] of Object.entries(oracle.eval_train)) near(evaluations.train![metric]!, scores)
  near(booster.predict(matrix, { output: 'margin' }), oracle.margin)
  assert.equal(Buffer.from(booster.toBuffer()).equals(readFileSync(model)), true)
  booster.close()
})

test.run()
