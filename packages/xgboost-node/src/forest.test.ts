/** The forest answers as the library does: margins to the bit, SHAP values to single precision; other models have none. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Booster, DMatrix, Forest, type Params, train, XGBoostError } from './index.ts'
import { rowMajor } from './row-major.ts'
import { near, same } from './testing/compare.ts'
import { made } from './testing/made.ts'

const [rows, columns] = [400, 8]
const data = made(rows, 6, 2, 3)
const featureTypes = ['q', 'q', 'q', 'q', 'q', 'q', 'c', 'c'] as const
const matrix = DMatrix.fromColumns(data.columns, { label: data.label, featureTypes })
/** Rows that were trained on, then those with cells of other rows, missing ones and codes that no split knows. */
const strange = data.columns.map((column, j) =>
  column.map((value, i) => {
    if ((i * 7 + j * 3) % 5 === 0) return Number.NaN
    if ((i + j) % 6 === 0) return j < 6 ? 1e30 * (i % 2 ? 1 : -1) : 200 + (i % 9)
    return (i + j) % 4 === 0 ? column[(i * 13) % rows]! : value
  }),
)
const sets = [data.columns, strange].map((set) => ({
  values: rowMajor(set, rows, new Float32Array(rows * columns)),
  matrix: DMatrix.fromColumns(set, { featureTypes }),
}))

const fit = (params: Params, rounds = 40) =>
  train({ params: { objective: 'binary:logistic', nthread: 1, eta: 0.2, ...params }, dtrain: matrix, rounds }).booster
const forestOf = (booster: Booster) => Forest.read(booster.toBuffer())

const shapes: Record<string, Params> = {
  'depth 1': { max_depth: 1 },
  'depth 4': { max_depth: 4, subsample: 0.8, colsample_bytree: 0.5 },
  'depth 6': { max_depth: 6, min_child_weight: 0 },
  'lopsided trees': { max_depth: 0, max_leaves: 9, grow_policy: 'lossguide', tree_method: 'hist' },
  'categories one against the rest': { max_depth: 4, max_cat_to_onehot: 20 },
  'a base score of its own': { max_depth: 3, base_score: 0.07 },
}

for (const [shape, params] of Object.entries(shapes)) {
  const booster = fit(params)
  const forest = forestOf(booster)

  test(`${shape}: the margin of every row is the library's to the bit`, () => {
    for (const { values, matrix } of sets)
      same(
        Array.from({ length: rows }, (_, i) => forest!.margin(values, i * columns)),
        booster.predict(matrix, { output: 'margin' }),
      )
  })

  test(`${shape}: the SHAP values of every row are the library's, and add up to its margin`, () => {
    for (const { values, matrix } of sets) {
      const own = Array.from({ length: rows }, (_, i) => forest!.contributions(values, i * columns))
      near(
        own.flatMap((row) => [...row]),
        booster.contributions(matrix),
        2e-6,
      )
      const sums = own.map((row) => row.reduce((sum, value) => sum + value))
      near(sums, booster.predict(matrix, { output: 'margin' }), 1e-5)
    }
  })
}

const ends: [string, number][] = [
  ['only zeros', 0],
  ['only ones', 1],
  ['one probability', 0.3],
  ['a probability next to zero', 1e-8],
]
for (const objective of ['binary:logistic', 'binary:logitraw', 'reg:logistic'])
  for (const [what, value] of ends)
    test(`${objective} of labels that are ${what}: the margin is the library's to the bit`, () => {
      const label = new Float32Array(rows).fill(value)
      using dtrain = DMatrix.fromColumns(data.columns, { label, featureTypes })
      const { booster } = train({ params: { objective, nthread: 1, max_depth: 3 }, dtrain, rounds: 3 })
      const forest = forestOf(booster)!
      const margins = booster.predict(dtrain, { output: 'margin' })
      const [set] = sets
      same(
        Array.from({ length: rows }, (_, i) => forest.margin(set!.values, i * columns)),
        margins,
      )
      assert.ok(margins.every(Number.isFinite))
    })

for (const base_score of [1e-7, 1e-6, 2e-6, 0.999998, 0.999999, 0.9999999])
  test(`a base score of ${base_score} is the library's margin to the bit`, () => {
    const booster = fit({ base_score, max_depth: 2 }, 2)
    const [set] = sets
    assert.is(forestOf(booster)!.margin(set!.values), booster.predict(set!.matrix, { output: 'margin' })[0])
  })

test('without a single split the margin of only zeros is that of a probability of 1e-6', () => {
  using dtrain = DMatrix.fromColumns([Float32Array.of(1, 2)], { label: [0, 0] })
  const { booster } = train({ params: { objective: 'binary:logistic', eta: 0 }, dtrain, rounds: 1 })
  assert.is(Forest.read(booster.toBuffer())!.margin(Float32Array.of(1)), Math.fround(Math.log(1e-6 / (1 - 1e-6))))
})

test('a tree of one leaf alone', () => {
  const stump = fit({ max_depth: 2, min_child_weight: 1e6 }, 2)
  const [row] = sets
  assert.is(forestOf(stump)!.margin(row!.values), stump.predict(row!.matrix, { output: 'margin' })[0])
  near(forestOf(stump)!.contributions(row!.values), stump.contributions(row!.matrix).subarray(0, columns + 1), 1e-6)
})

test('many deep trees keep no tables: their margins are the library’s, and so are the SHAP values of rows together', () => {
  const booster = fit({ max_depth: 7, min_child_weight: 0, lambda: 0, eta: 0.01, subsample: 0.9 }, 300)
  const forest = forestOf(booster)!
  assert.is(forest.tabled, false)
  for (const { values, matrix } of sets) {
    const margins = Array.from({ length: rows }, (_, i) => forest.margin(values, i * columns))
    same(margins, booster.predict(matrix, { output: 'margin' }))
    near(forest.contributionsOf(values, rows), booster.contributions(matrix), 5e-6)
  }
  assert.equal(forest.contributionsOf(new Float32Array(0), 0), new Float64Array(0))
  assert.throws(() => forest.contributions(sets[0]!.values), /too large: use contributionsOf/)
  assert.throws(
    () => forest.contributionsOf(new Float32Array(15), 2),
    /expected 2 rows of 8 features from 0 on, found 15 values/,
  )
})

test('rows together have the SHAP values that each has alone', () => {
  const forest = forestOf(fit({ max_depth: 4 }))!
  const { values } = sets[1]!
  const alone = Array.from({ length: rows }, (_, i) => [...forest.contributions(values, i * columns)]).flat()
  assert.equal([...forest.contributionsOf(values, rows)], alone)
})

test('trees of more than twelve levels have no forest where their tables would be too large', () => {
  const deep = fit({ max_depth: 14, min_child_weight: 0, lambda: 0, eta: 0.01, subsample: 0.9 }, 300)
  assert.is(forestOf(deep), null)
})

test('models of another kind have no forest', () => {
  const others: Params[] = [
    { objective: 'reg:squarederror' },
    { objective: 'multi:softprob', num_class: 2 },
    { booster: 'dart' },
  ]
  for (const params of others) assert.is(forestOf(fit(params, 2)), null)
  const numeric = DMatrix.fromColumns(data.columns.slice(0, 6), { label: data.label })
  const linear = train({ params: { booster: 'gblinear', objective: 'binary:logistic' }, dtrain: numeric, rounds: 2 })
  assert.is(forestOf(linear.booster), null)
})

test('a row that is too short and a file that is not sound are refused', () => {
  const model = fit({ max_depth: 2 }, 2).toBuffer()
  assert.throws(() => Forest.read(model)!.margin(new Float32Array(7)), /expected 8 features from 0 on, found 7 values/)
  assert.throws(() => Forest.read(model)!.contributions(new Float32Array(8), 1), /found 8 values/)
  assert.throws(
    () => Forest.read(model.slice(0, -20)),
    (error: Error) => error instanceof XGBoostError,
  )
})

test.run()
