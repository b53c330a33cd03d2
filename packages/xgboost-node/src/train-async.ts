/** trainAsync: a training in a worker thread, which leaves the event loop free. */
import { Worker } from 'node:worker_threads'
import { boosterOf, snapshotOf } from './booster.ts'
import { configuration } from './configure.ts'
import { XGBoostError } from './error.ts'
import { library } from './library.ts'
import { type DMatrix, handleOf, type LentMatrix } from './matrix.ts'
import { check, checkIsBooster, type Training, type TrainOptions } from './train.ts'
import type { Answer, Order } from './train-messages.ts'

/** The options of train without `objective` and `metric`: functions cannot go to another thread. */
export type TrainAsyncOptions = Omit<TrainOptions, 'objective' | 'metric'>

const fn = 'trainAsync'

// The source runs as it is (.ts) and compiled (.js); the worker's file lies next to either.
const workerFile = new URL(import.meta.url.endsWith('.ts') ? './train-worker.ts' : './train-worker.js', import.meta.url)

const lend = (matrix: DMatrix): LentMatrix => ({
  address: handleOf(matrix).address,
  featureNames: matrix.featureNames,
  featureTypes: matrix.featureTypes,
})

function start(order: Order, options: TrainAsyncOptions): Promise<Training> {
  const { signal, onRound } = options
  const worker = new Worker(workerFile, { workerData: order, execArgv: [] })
  const cancel = () => Atomics.store(order.cancelled, 0, 1)
  return new Promise<Training>((resolve, reject) => {
    let failure: unknown = null
    let training: Training | null = null
    signal?.addEventListener('abort', cancel, { once: true })
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'done') training = { ...answer.training, booster: boosterOf(answer.booster) }
      else if (answer.kind === 'failed')
        failure ??= answer.fn === null ? new Error(answer.message) : new XGBoostError(answer.fn, answer.message)
      else if (failure === null)
        try {
          onRound?.(answer.round)
        } catch (error) {
          failure = error
          cancel()
        }
    })
    worker.on('error', (error) => {
      failure ??= error
    })
    // The end of the thread is awaited: only then is it sure that no C call uses the matrices.
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', cancel)
      if (training && failure === null && !signal?.aborted) resolve(training)
      else {
        training?.booster.close()
        if (signal?.aborted) reject(signal.reason)
        else reject(failure ?? new XGBoostError(fn, `the worker thread ended with code ${code} and no answer`))
      }
    })
  })
}

/**
 * Trains like `train`, in a worker thread: the event loop stays free, `onRound` is called as the rounds come in, an aborted signal
 * rejects with its reason. The matrices stay usable for predictions meanwhile; they must not be closed before the promise settles.
 * Several trainings at once run side by side; those that share a matrix run one after the other.
 */
export async function trainAsync(options: TrainAsyncOptions): Promise<Training> {
  const { params, rounds, dtrain, evals = {}, earlyStopping, from, signal } = options
  for (const name of ['objective', 'metric'] as const)
    if (name in options) throw new XGBoostError(fn, `${name} is a function and cannot go to a worker thread: use train`)
  check({ dtrain, rounds, evals, ...(earlyStopping && { earlyStopping }) })
  if (from !== undefined) checkIsBooster(from)
  signal?.throwIfAborted()
  if (library().worldSize() > 1)
    throw new XGBoostError(fn, 'the communicator belongs to this thread, a worker thread would train alone: use train')
  const order: Order = {
    params,
    rounds,
    dtrain: lend(dtrain),
    evals: Object.fromEntries(Object.entries(evals).map(([name, matrix]) => [name, lend(matrix)])),
    earlyStopping: earlyStopping ?? null,
    snapshot: from !== undefined ? snapshotOf(from) : null,
    configuration: configuration(),
    cancelled: new Int32Array(new SharedArrayBuffer(4)),
  }
  // All turns are taken at once, before anything is awaited: two trainings cannot wait for each other.
  const entered = [...new Set([dtrain, ...Object.values(evals)])].map((matrix) => handleOf(matrix).enter())
  try {
    await Promise.all(entered.map(({ turn }) => turn))
    signal?.throwIfAborted()
    return await start(order, options)
  } finally {
    for (const { done } of entered) done()
  }
}
