/** Boosters: identities of what they predict, what is saved, and what is refused. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Booster, DMatrix, type Params, train, XGBoostError } from './index.ts'
import { rowMajor } from './row-major.ts'
import { near, same } from './testing/compare.ts'
import { made } from './testing/made.ts'

const rows = 300
const { columns, label, score } = made(rows, 5, 1)
const featureTypes = ['q', 'q', 'q', 'q', 'q', 'c'] as const
const featureNames = ['income', 'credit', 'âge', 'années', 'price', 'sector']
const matrix = DMatrix.fromColumns(columns, { label, featureTypes, featureNames })
const fit = (params: Params, dtrain = matrix, rounds = 6) =>
  train({ params: { nthread: 1, max_depth: 3, ...params }, dtrain, rounds }).booster
const logistic = fit({ objective: 'binary:logistic' })

const sums = (values: Float32Array, length: number) =>
  Float64Array.from({ length: values.length / length }, (_, i) =>
    values.subarray(i * length, (i + 1) * length).reduce((sum, value) => sum + value, 0),
  )

test('SHAP values add up to the margin, exact or approximate, and interactions to SHAP values', () => {
  const margins = logistic.predict(matrix, { output: 'margin' })
  const contributions = logistic.contributions(matrix)
  assert.is(contributions.length, rows * 7)
  near(sums(contributions, 7), margins, 1e-5)
  near(sums(logistic.approxContributions(matrix), 7), margins, 1e-5)
  near(sums(logistic.interactions(matrix), 7), contributions, 1e-5)
})

test('SHAP values of each class add up to its margin', () => {
  const classes = DMatrix.fromColumns(columns, {
    label: label.map((value, i) => value + Number(score[i]! > 1)),
    featureTypes,
  })
  const booster = fit({ objective: 'multi:softprob', num_class: 3 }, classes)
  assert.is(booster.outputs, 3)
  const [margins, contributions] = [booster.predict(classes, { output: 'margin' }), booster.contributions(classes)]
  assert.equal([margins.length, contributions.length], [rows * 3, rows * 3 * 7])
  near(sums(contributions, 7), margins, 1e-5)
  near(sums(booster.predict(classes), 3), new Float64Array(rows).fill(1), 1e-5)
})

test('SHAP values of a linear model add up to the margin', () => {
  const numeric = DMatrix.fromColumns(columns, { label })
  const booster = fit({ booster: 'gblinear', objective: 'binary:logistic' }, numeric)
  near(sums(booster.contributions(numeric), 7), booster.predict(numeric, { output: 'margin' }), 1e-5)
  assert.equal(Object.keys(booster.importance('weight')).length, 6)
  assert.throws(() => booster.importance('gain'), /XGBoosterFeatureScore/)
})

test('margins of ranges of rounds add up to the margin of all, above the base score', () => {
  const [all, first, rest] = [undefined, [0, 2], [2, 6]].map((rounds) =>
    logistic.predict(matrix, { output: 'margin', ...(rounds && { rounds: rounds as [number, number] }) }),
  )
  const base =
    logistic.contributions(matrix, { rounds: [0, 1] }).length > 0
      ? all!.map((value, i) => first![i]! + rest![i]! - value)
      : all!
  near(base, new Float32Array(rows).fill(base[0]!), 1e-5)
  same(logistic.slice(0, 2).predict(matrix, { output: 'margin' }), first!)
})

test('predictions in place are those of a matrix, and their sigmoid is the probability', () => {
  const values = rowMajor(columns, rows)
  same(logistic.predictRows(values, rows), logistic.predict(matrix))
  const margins = logistic.predictRows(values, rows, { output: 'margin' })
  near(
    margins.map((margin) => 1 / (1 + Math.exp(-margin))),
    logistic.predict(matrix),
    1e-6,
  )
  same(logistic.predictRows(values.subarray(0, 6), 1), logistic.predict(matrix).subarray(0, 1))
})

test('each caller keeps its own result: a later call does not change an earlier one', () => {
  const first = logistic.predict(matrix)
  const kept = first.slice()
  const row = logistic.predictRows(rowMajor(columns, 1), 1)
  logistic.contributions(matrix)
  logistic.predictRows(Float32Array.of(1, 1, 1, 1, 1, 3), 1)
  same(first, kept)
  same(row, kept.subarray(0, 1))
})

test('a dump has a text a tree, with the names, in each of three formats', () => {
  const texts = logistic.dump({ stats: true })
  assert.is(texts.length, 6)
  assert.match(texts.join(), /income/)
  assert.match(texts.join(), /âge/)
  assert.match(texts[0]!, /gain=/)
  assert.is(JSON.parse(logistic.dump({ format: 'json' })[0]!).nodeid, 0)
  assert.match(logistic.dump({ format: 'dot' })[0]!, /^digraph/)
})

test('weights of a feature are its splits in the dump', () => {
  const splits: Record<string, number> = {}
  for (const [, name] of logistic
    .dump()
    .join('\n')
    .matchAll(/\[([^<:\]]+)[<:]/g))
    splits[name!] = (splits[name!] ?? 0) + 1
  assert.equal(logistic.importance('weight'), splits)
  const [gain, total, weight] = (['gain', 'total_gain', 'weight'] as const).map((kind) => logistic.importance(kind))
  for (const name of Object.keys(weight!))
    assert.ok(Math.abs(total![name]! / (gain![name]! * weight![name]!) - 1) < 1e-5)
})

test('a clone and a loaded copy predict, continue and answer like the original, and outlive it', () => {
  const original = fit({ objective: 'binary:logistic' })
  original.setAttribute('purpose', 'crédit')
  original.setAttribute('gone', 'x')
  original.setAttribute('gone', null)
  const copies = [original.clone(), Booster.load(original.toBuffer()), Booster.load(original.toBuffer('json'))]
  const expected = original.predict(matrix)
  original.close()
  for (const copy of copies) {
    same(copy.predict(matrix), expected)
    assert.equal(
      [copy.featureNames, copy.featureTypes, copy.rounds, copy.columns],
      [featureNames, [...featureTypes], 6, 6],
    )
    assert.equal(
      [copy.attributeNames, copy.attribute('purpose'), copy.attribute('gone')],
      [['purpose'], 'crédit', null],
    )
    assert.is(train({ params: { nthread: 1 }, dtrain: matrix, rounds: 1, from: copy }).booster.rounds, 7)
  }
  same(copies[0]!.toBuffer(), copies[1]!.toBuffer())
})

test('a file is written whole, in the format of its name, and loads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xgboost-node-'))
  for (const name of ['model.ubj', 'model.json']) {
    const path = join(folder, name)
    writeFileSync(path, 'old')
    logistic.save(path)
    same(Booster.load(path).predict(matrix), logistic.predict(matrix))
  }
  assert.is(readFileSync(join(folder, 'model.json'), 'utf8').slice(0, 10), '{"learner"')
  assert.equal(readdirSync(folder).sort(), ['model.json', 'model.ubj'])
  assert.throws(() => logistic.save(join(folder, 'no', 'such', 'folder.ubj')), /ENOENT/)
  assert.throws(() => Booster.load(join(folder, 'absent.ubj')), /ENOENT/)
  rmSync(folder, { recursive: true })
})

test('names can be given to a model that has none', () => {
  const booster = fit({}, DMatrix.fromColumns(columns, { label }))
  assert.equal(booster.featureNames, [])
  booster.featureNames = featureNames
  assert.equal(Booster.load(booster.toBuffer()).featureNames, featureNames)
  assert.throws(() => {
    booster.featureNames = ['one']
  }, /1 featureNames for 6 columns/)
})

const values = rowMajor(columns, 2)
const refusals: [string, () => unknown, RegExp][] = [
  [
    'a matrix of other columns',
    () => logistic.predict(DMatrix.fromColumns(columns.slice(1))),
    /5 columns, the model 6 features/,
  ],
  [
    'a matrix of other names',
    () => logistic.predict(DMatrix.fromColumns(columns, { featureNames: [...featureNames.slice(1), 'x'] })),
    /column 0 is "credit", the model expects "income"/,
  ],
  ['too few values', () => logistic.predictRows(values, 3), /12 values for 3 rows of 6 features, expected 18/],
  ['no rows', () => logistic.predictRows(new Float32Array(0), 0), /rows must be an integer from 1/],
  ['doubles', () => logistic.predictRows(new Float64Array(6) as never, 1), /must be a Float32Array/],
  [
    'an infinite value',
    () => logistic.predictRows(Float32Array.of(1, 1, 1, Infinity, 1, 1), 1),
    /row 0, feature 3 is Infinity/,
  ],
  ['a category out of range', () => logistic.predictRows(Float32Array.of(1, 1, 1, 1, 1, -1), 1), /category code -1/],
  ['rounds past the end', () => logistic.predict(matrix, { rounds: [0, 7] }), /rounds \[0, 7\] of a model of 6 rounds/],
  ['no rounds', () => logistic.predict(matrix, { rounds: [2, 2] }), /rounds \[2, 2\]/],
  ['a slice of nothing', () => logistic.slice(3, 3), /rounds \[3, 3\]/],
  ['an unknown importance', () => logistic.importance('worth' as never), /XGBoosterFeatureScore/],
  ['training on no labels', () => fit({ objective: 'binary:logistic' }, DMatrix.fromColumns(columns)), /label/i],
  [
    'labels outside the objective',
    () =>
      fit({ objective: 'binary:logistic' }, DMatrix.fromColumns(columns, { label: label.map((value) => value * 1.5) })),
    /label must be in/,
  ],
  [
    'classes past their number',
    () =>
      fit(
        { objective: 'multi:softprob', num_class: 2 },
        DMatrix.fromColumns(columns, { label: label.map((value) => value * 5) }),
      ),
    /num_class/,
  ],
  ['an empty file', () => Booster.load(new Uint8Array(0)), /neither UBJ nor JSON/],
  ['a text', () => Booster.load(Buffer.from('binf\0\0\0')), /neither UBJ nor JSON/],
  ['a model cut off', () => Booster.load(logistic.toBuffer().slice(0, -30)), /it ends at byte/],
  ['a JSON model cut off', () => Booster.load(logistic.toBuffer('json').slice(0, -30)), /character \d+ is/],
  [
    'evaluating on other columns',
    () => train({ params: {}, dtrain: matrix, rounds: 1, evals: { x: DMatrix.fromColumns([label]) } }),
    /the evaluation x has 1 columns, dtrain 6/,
  ],
  ['no rounds of training', () => train({ params: {}, dtrain: matrix, rounds: 0 }), /rounds must be an integer from 1/],
  [
    'early stopping on nothing',
    () => train({ params: {}, dtrain: matrix, rounds: 1, earlyStopping: { rounds: 1 } }),
    /needs a matrix in evals/,
  ],
  [
    'early stopping on an unknown metric',
    () =>
      train({
        params: {},
        dtrain: matrix,
        rounds: 1,
        evals: { a: matrix },
        earlyStopping: { rounds: 1, metric: 'auc' },
      }),
    /watches the metric auc, a has rmse/,
  ],
  [
    'an objective of another length',
    () => train({ params: {}, dtrain: matrix, rounds: 1, objective: () => ({ gradient: [1], hessian: [1] }) }),
    /gradient of 1 values, expected 300/,
  ],
  [
    'an objective of NaN',
    () =>
      train({
        params: {},
        dtrain: matrix,
        rounds: 1,
        objective: (m) => ({ gradient: m.map(() => Number.NaN), hessian: m }),
      }),
    /gradient\[0\] = NaN/,
  ],
]

for (const [what, use, message] of refusals)
  test(`${what}: refused with the reason`, () => {
    assert.throws(use, (error: Error) => error instanceof XGBoostError && message.test(error.message))
  })

test('a closed booster is refused by everything that would use it, and closes twice', () => {
  const booster = fit({})
  booster.close()
  booster.close()
  const uses = [
    () => booster.predict(matrix),
    () => booster.predictRows(values, 2),
    () => booster.contributions(matrix),
    () => booster.leaf(matrix),
    () => booster.featureNames,
    () => booster.columns,
    () => booster.rounds,
    () => booster.outputs,
    () => booster.importance('gain'),
    () => booster.attribute('x'),
    () => booster.setAttribute('x', 'y'),
    () => booster.toBuffer(),
    () => booster.dump(),
    () => booster.slice(0, 1),
    () => booster.clone(),
    () => train({ params: {}, dtrain: matrix, rounds: 1, from: booster }),
  ]
  for (const use of uses) assert.throws(use, /this Booster was closed/)
})

test.run()
