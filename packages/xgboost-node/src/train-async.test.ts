/** Training in a worker thread. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DMatrix, type Round, train, trainAsync } from './index.ts'
import { same } from './testing/compare.ts'
import { made } from './testing/made.ts'

const params = { objective: 'binary:logistic', max_depth: 4, nthread: 1, seed: 1 } as const

function matrices(): { dtrain: DMatrix; dtest: DMatrix } {
  const [a, b] = [made(3000, 10, 0, 1), made(500, 10, 0, 2)]
  const featureNames = a.columns.map((_, i) => `feature ${i}`)
  return {
    dtrain: DMatrix.fromColumns(a.columns, { label: a.label, featureNames }),
    dtest: DMatrix.fromColumns(b.columns, { label: b.label, featureNames }),
  }
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('the promise did not reject')
}

test('a training in a worker thread gives the model, log and best round of train', async () => {
  const { dtrain, dtest } = matrices()
  const options = { params, dtrain, rounds: 60, evals: { test: dtest }, earlyStopping: { rounds: 3 } }
  const rounds: Round[] = []
  const [away, here] = [await trainAsync({ ...options, onRound: (round) => rounds.push(round) }), train(options)]
  same(away.booster.toBuffer(), here.booster.toBuffer())
  assert.equal([away.evaluations, away.bestRound, away.bestScore], [here.evaluations, here.bestRound, here.bestScore])
  assert.equal(
    rounds.map(({ scores }) => scores.test!.logloss),
    here.evaluations.test!.logloss,
  )
  assert.equal(away.booster.featureNames, dtrain.featureNames)
})

test('the event loop turns while a training runs, and predictions can be made meanwhile', async () => {
  const { dtrain, dtest } = matrices()
  const { booster } = train({ params, dtrain, rounds: 2 })
  const expected = booster.predict(dtest)
  let [turns, same, training] = [0, true, true]
  const ended = trainAsync({ params, dtrain, rounds: 40, evals: { test: dtest } }).finally(() => {
    training = false
  })
  while (training) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    turns += 1
    same &&= booster.predict(dtest).every((value, i) => value === expected[i])
  }
  await ended
  assert.ok(turns > 10, `${turns} turns`)
  assert.ok(same)
})

test('trainings at once, on shared and on separate matrices, each give their own result', async () => {
  const [one, two] = [matrices(), matrices()]
  const runs = [1, 2, 3, 4].map((depth) => ({
    params: { ...params, max_depth: depth },
    dtrain: depth % 2 ? one.dtrain : two.dtrain,
    rounds: 8,
    evals: { test: one.dtest },
  }))
  const away = await Promise.all(runs.map((options) => trainAsync(options)))
  for (const [i, options] of runs.entries())
    same(away[i]!.booster.predict(one.dtest), train(options).booster.predict(one.dtest))
})

test('continuing from a booster works across threads', async () => {
  const { dtrain, dtest } = matrices()
  const first = train({ params, dtrain, rounds: 5 })
  const away = await trainAsync({ params, dtrain, rounds: 5, from: first.booster })
  same(away.booster.predict(dtest), train({ params, dtrain, rounds: 10 }).booster.predict(dtest))
})

test('an aborted signal rejects with its reason and stops the rounds', async () => {
  const { dtrain } = matrices()
  const controller = new AbortController()
  let rounds = 0
  const running = trainAsync({
    params,
    dtrain,
    rounds: 100_000,
    signal: controller.signal,
    onRound: () => {
      rounds += 1
      if (rounds === 3) controller.abort(new Error('no longer wanted'))
    },
  })
  assert.is((await rejection(running)).message, 'no longer wanted')
  assert.ok(rounds < 100_000)
  assert.match(
    (await rejection(trainAsync({ params, dtrain, rounds: 1, signal: AbortSignal.abort(new Error('before')) })))
      .message,
    'before',
  )
  dtrain.close()
})

test('errors cross the thread: of the library, of a parameter, of the progress callback', async () => {
  const { dtrain } = matrices()
  assert.match(
    (await rejection(trainAsync({ params: { objective: 'no:such' }, dtrain, rounds: 1 }))).message,
    /Unknown objective/,
  )
  assert.match(
    (await rejection(trainAsync({ params: { max_dept: 1 } as object, dtrain, rounds: 1 }))).message,
    /did you mean "max_depth"/,
  )
  const onRound = () => {
    throw new Error('the caller failed')
  }
  assert.is((await rejection(trainAsync({ params, dtrain, rounds: 50, onRound }))).message, 'the caller failed')
  assert.match(
    (await rejection(trainAsync({ params, dtrain, rounds: 1, objective: () => ({}) } as never))).message,
    /use train/,
  )
})

test('a matrix cannot be closed, nor trained on by train, while a worker uses it', async () => {
  const { dtrain } = matrices()
  const running = trainAsync({ params, dtrain, rounds: 3 })
  assert.throws(() => dtrain.close(), /in use by trainAsync/)
  assert.throws(() => train({ params, dtrain, rounds: 1 }), /in use by trainAsync/)
  await running
  dtrain.close()
})

test.run()
