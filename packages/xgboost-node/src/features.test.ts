/** Features at every door: training, evaluation, continuing, predictions and shared bins want the same number, order, names and kinds. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Booster, cv, DMatrix, type MatrixOptions, QuantileDMatrix, train, trainAsync, XGBoostError } from './index.ts'
import { made } from './testing/made.ts'

const { columns, label } = made(80, 2, 1)
const options = { label, featureNames: ['income', 'rate', 'sector'], featureTypes: ['q', 'q', 'c'] } as const
const params = { objective: 'binary:logistic', nthread: 1, max_depth: 3 } as const
const dtrain = DMatrix.fromColumns(columns, options)
const { booster } = train({ params, dtrain, rounds: 2 })

const of = (changed: MatrixOptions, picked: readonly number[] = [0, 1, 2]) =>
  DMatrix.fromColumns(
    picked.map((i) => columns[i]!),
    { ...options, ...changed },
  )
const strange: [string, DMatrix, RegExp][] = [
  [
    'fewer columns',
    of({ featureNames: ['income', 'rate'], featureTypes: ['q', 'q'] }, [0, 1]),
    /has 2 columns, .* 3 features/,
  ],
  [
    'another order',
    of({ featureNames: ['rate', 'income', 'sector'] }, [1, 0, 2]),
    /column 0 is "rate", .* expects "income"/,
  ],
  ['another name', of({ featureNames: ['income', 'rate', 'job'] }), /column 2 is "job", .* expects "sector"/],
  ['numbers for categories', of({ featureTypes: ['q', 'q', 'q'] }), /column 2 is of type q, .* expects c/],
  [
    'categories for numbers',
    DMatrix.fromColumns([columns[2]!, columns[1]!, columns[2]!], { ...options, featureTypes: ['c', 'q', 'c'] }),
    /column 0 is of type c, .* expects q/,
  ],
]

type Door = (matrix: DMatrix) => unknown
const doors: Record<string, Door> = {
  predict: (matrix) => booster.predict(matrix),
  'predict, margins': (matrix) => booster.predict(matrix, { output: 'margin' }),
  contributions: (matrix) => booster.contributions(matrix),
  approxContributions: (matrix) => booster.approxContributions(matrix),
  interactions: (matrix) => booster.interactions(matrix),
  leaf: (matrix) => booster.leaf(matrix),
  'a copy of the model': (matrix) => booster.clone().predict(matrix),
  'a slice of the model': (matrix) => booster.slice(0, 1).predict(matrix),
  'the model, saved and loaded': (matrix) => Booster.load(booster.toBuffer()).predict(matrix),
  evaluation: (matrix) => train({ params, dtrain, rounds: 1, evals: { train: dtrain, other: matrix } }),
  continuing: (matrix) => train({ params, dtrain: matrix, rounds: 1, from: booster }),
  'evaluation, in a worker thread': (matrix) => trainAsync({ params, dtrain, rounds: 1, evals: { other: matrix } }),
  'continuing, in a worker thread': (matrix) => trainAsync({ params, dtrain: matrix, rounds: 1, from: booster }),
  'bins of another matrix': ({ featureNames, featureTypes, ...matrix }) =>
    QuantileDMatrix.fromBatches([{ columns: columns.slice(0, matrix.columns), label }], {
      ...(featureNames && { featureNames }),
      ...(featureTypes && { featureTypes }),
      ref: binned,
    }),
}
const binned = QuantileDMatrix.fromBatches([{ columns, label }], {
  featureNames: options.featureNames,
  featureTypes: options.featureTypes,
})

async function refused(run: () => unknown, message: RegExp, what: string): Promise<void> {
  let error: unknown = null
  try {
    await run()
  } catch (thrown) {
    error = thrown
  }
  assert.instance(error, XGBoostError, `${what}: ${error}`)
  assert.match((error as XGBoostError).message, message, what)
}

for (const [door, open] of Object.entries(doors))
  test(`${door}: a matrix of other features is refused, one of the same is not`, async () => {
    await open(dtrain)
    for (const [what, matrix, message] of strange) {
      // The columns of that door are the same throughout: codes are read as numbers there, not the reverse.
      if (door === 'bins of another matrix' && what === 'categories for numbers') continue
      await refused(() => open(matrix), message, `${door}, ${what}`)
    }
  })

for (const [door, open] of Object.entries(doors))
  test(`${door}: what is no matrix is refused with what it is`, async () => {
    if (door === 'bins of another matrix') return
    for (const [value, name] of [
      [columns[0], 'Float32Array'],
      [null, 'null'],
      [{ rows: 1, columns: 3 }, 'Object'],
      [booster, 'Object'],
    ] as const)
      await refused(() => open(value as never), new RegExp(` is ${name}, expected a DMatrix`), door)
  })

test('numbers are continued as numbers: a matrix without types goes on from a model without, and from no model with categories', async () => {
  const untyped = DMatrix.fromColumns(columns, { label })
  const numeric = train({ params, dtrain: untyped, rounds: 1 }).booster
  assert.is(train({ params, dtrain: untyped, rounds: 1, from: numeric }).booster.rounds, 2)
  await refused(
    () => train({ params, dtrain: untyped, rounds: 1, from: booster }),
    /column 2 is of type q \(none was given\), the booster to continue from expects c/,
    'untyped',
  )
  await refused(() => train({ params, dtrain, rounds: 1, from: numeric }), /column 2 is of type c/, 'typed')
})

test('what is no booster to continue from, and no matrix to validate, is refused', async () => {
  await refused(
    () => train({ params, dtrain, rounds: 1, from: booster.toBuffer() as never }),
    /from is Uint8Array/,
    'a',
  )
  await refused(() => trainAsync({ params, dtrain, rounds: 1, from: 'model.ubj' as never }), /from is a string/, 'b')
  await refused(() => Reflect.construct(Booster, [{}]), /use train or Booster.load/, 'c')
  await refused(() => cv({ params, data: label as never, folds: [], rounds: 1 }), /data is Float32Array/, 'd')
  await refused(() => QuantileDMatrix.fromBatches([{ columns }], { ref: {} as never }), /ref is Object/, 'e')
})

test('an evaluation may have any name, and no name reaches what objects inherit', () => {
  const names = ['__proto__', 'constructor', 'toString', 'a-b:c\td']
  const evals = Object.fromEntries(names.map((name) => [name, dtrain]))
  const metric = { name: '__proto__', evaluate: () => 7 }
  const { evaluations } = train({ params, dtrain, rounds: 2, evals, metric })
  for (const name of names) {
    const log = Object.getOwnPropertyDescriptor(evaluations, name)?.value
    assert.is(log?.logloss?.length, 2, name)
    assert.equal(Object.getOwnPropertyDescriptor(log, '__proto__')?.value, [7, 7], name)
  }
  assert.equal(Object.keys(Object.prototype), [])
  assert.not(Object.hasOwn(Object, 'logloss'))
})

test('a metric that returns no number is refused', async () => {
  const metric = { name: 'mine', evaluate: () => '0.5' as never }
  await refused(
    () => train({ params, dtrain, rounds: 1, evals: { dtrain }, metric }),
    /the metric mine returned a string/,
    'text',
  )
})

test.run()
