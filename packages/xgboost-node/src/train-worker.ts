/** The worker thread of trainAsync: trains what it was ordered, and answers after each round. */
import { parentPort, workerData } from 'node:worker_threads'
import { handleOf } from './booster.ts'
import { configure } from './configure.ts'
import { XGBoostError } from './error.ts'
import { borrowed } from './matrix.ts'
import { boosting } from './train.ts'
import type { Answer, Order } from './train-messages.ts'

const answer = (message: Answer) => parentPort?.postMessage(message)

function run(order: Order): void {
  configure(order.configuration)
  const rounds = boosting({
    params: order.params,
    rounds: order.rounds,
    dtrain: borrowed(order.dtrain),
    evals: Object.fromEntries(Object.entries(order.evals).map(([name, lent]) => [name, borrowed(lent)])),
    signal: {
      throwIfAborted() {
        if (Atomics.load(order.cancelled, 0) === 1) throw new Error('cancelled')
      },
    },
    ...(order.earlyStopping && { earlyStopping: order.earlyStopping }),
    ...(order.snapshot && { snapshot: order.snapshot }),
  })
  for (;;) {
    const step = rounds.next()
    if (step.done) {
      const { booster, ...training } = step.value
      answer({ kind: 'done', booster: handleOf(booster).release(), training })
      return
    }
    answer({ kind: 'round', round: step.value })
  }
}

try {
  run(workerData as Order)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  answer(
    error instanceof XGBoostError
      ? { kind: 'failed', fn: error.fn, message: message.slice(error.fn.length + 2) }
      : { kind: 'failed', fn: null, message },
  )
}
