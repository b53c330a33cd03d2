/** Training: round after round, with an evaluation log, early stopping, custom objectives and metrics. */
import { arrayInterface } from './array-interface.ts'
import { Booster, handleOf as boosterHandle, boosterOf, isBooster, snapshotOf } from './booster.ts'
import { nameOf } from './columns.ts'
import { defaultThreads } from './configure.ts'
import { type EarlyStopping, Watch } from './early-stopping.ts'
import { XGBoostError } from './error.ts'
import { append, type Log, parseEvaluation, put, type Scores } from './evaluation-log.ts'
import { checkFeatures, checkIsMatrix } from './features.ts'
import { call } from './gate.ts'
import { type DMatrix, handleOf as matrixHandle } from './matrix.ts'
import { copyText, out, pointer } from './memory.ts'
import { type Params, parameterPairs } from './params.ts'
import { predictMatrix } from './predict.ts'

export interface Round {
  /** Counted from 0; a continued training goes on counting where the booster it started from ends. */
  readonly round: number
  readonly scores: Scores
}

/** First and second derivative of the loss by the margin, one a row (or one a row and class, row-major). */
export interface Gradient {
  readonly gradient: ArrayLike<number>
  readonly hessian: ArrayLike<number>
}

export type Objective = (margins: Float32Array, matrix: DMatrix) => Gradient

export interface Metric {
  readonly name: string
  /** Takes predictions, or margins when the objective is a function too. */
  readonly evaluate: (predictions: Float32Array, matrix: DMatrix) => number
}

export interface TrainOptions {
  readonly params: Params
  readonly dtrain: DMatrix
  readonly rounds: number
  /** Matrices to evaluate after each round, by name. */
  readonly evals?: Readonly<Record<string, DMatrix>>
  readonly earlyStopping?: EarlyStopping
  readonly objective?: Objective
  readonly metric?: Metric
  readonly onRound?: (round: Round) => void
  /** Stops before the next round and throws the signal's reason. */
  readonly signal?: AbortSignal
  /** The booster to continue from; it stays as it is. */
  readonly from?: Booster
}

/** The options as the loop takes them: the booster to start from is bytes, for it may live in another thread. */
export type LoopOptions = Omit<TrainOptions, 'from' | 'onRound' | 'signal'> & {
  readonly snapshot?: Uint8Array
  readonly signal?: Pick<AbortSignal, 'throwIfAborted'>
}

export function checkIsBooster(from: unknown): void {
  if (!isBooster(from)) throw new XGBoostError(fn, `from is ${nameOf(from)}, expected a Booster`)
}

/** Turns a booster to continue from into bytes. */
export function loopOptions(options: TrainOptions): LoopOptions {
  const { from, onRound: _, ...rest } = options
  if (from !== undefined) checkIsBooster(from)
  return from ? { ...rest, snapshot: snapshotOf(from) } : rest
}

export interface Training {
  /** With early stopping it holds the rounds up to the best one only. */
  readonly booster: Booster
  /** Every round's value, by evaluation matrix and metric. */
  readonly evaluations: Log
  /** The round with the best watched score, or the last round without early stopping; counted from 0. */
  readonly bestRound: number
  readonly bestScore: number | null
}

const fn = 'train'

/** A new booster with the parameters set and the feature names and types of the training matrix. */
function create(options: LoopOptions, matrices: readonly DMatrix[]): Booster {
  const { dtrain, params, snapshot } = options
  const pairs = parameterPairs(fn, params, dtrain.featureNames)
  const created = out()
  call(
    'XGBoosterCreate',
    BigUint64Array.from(matrices, (matrix) => matrixHandle(matrix).address),
    matrices.length,
    created,
  )
  const booster = boosterOf(pointer(created))
  try {
    const address = pointer(created)
    if (snapshot) {
      call('XGBoosterUnserializeFromBuffer', address, snapshot, snapshot.length)
      checkFeatures(fn, ['the matrix', dtrain], ['the booster to continue from', booster], 'numbers')
    }
    if (params.nthread === undefined && defaultThreads() > 0)
      call('XGBoosterSetParam', address, 'nthread', String(defaultThreads()))
    for (const [name, value] of pairs) call('XGBoosterSetParam', address, name, value)
    const { featureNames: names, featureTypes: types } = dtrain
    if (names) call('XGBoosterSetStrFeatureInfo', address, 'feature_name', names, names.length)
    if (types) call('XGBoosterSetStrFeatureInfo', address, 'feature_type', types, types.length)
    return booster
  } catch (error) {
    booster.close()
    throw error
  }
}

function updateWith(objective: Objective, booster: bigint, matrix: DMatrix, round: number): void {
  const { values, shape } = predictMatrix(booster, matrixHandle(matrix).address, {
    type: 'margin',
    rounds: [0, 0],
    training: true,
  })
  const { gradient, hessian } = objective(values, matrix)
  const parts = { gradient, hessian }
  const [first, second] = (['gradient', 'hessian'] as const).map((name) => {
    const part = parts[name]
    if (part?.length !== values.length)
      throw new XGBoostError(
        fn,
        `the objective returned a ${name} of ${part?.length} values, expected ${values.length}`,
      )
    const floats = Float32Array.from(part)
    const wrong = floats.findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0) throw new XGBoostError(fn, `the objective returned ${name}[${wrong}] = ${part[wrong]}`)
    return floats
  }) as [Float32Array, Float32Array]
  const [a, b] = [JSON.stringify(arrayInterface(first, shape)), JSON.stringify(arrayInterface(second, shape))]
  call('XGBoosterTrainOneIter', booster, matrixHandle(matrix).address, round, a, b)
}

function evaluate(
  booster: bigint,
  round: number,
  evals: Readonly<Record<string, DMatrix>>,
  options: LoopOptions,
): Scores {
  const names = Object.keys(evals)
  if (names.length === 0) return {}
  const handles = BigUint64Array.from(Object.values(evals), (matrix) => matrixHandle(matrix).address)
  const line = out()
  call(
    'XGBoosterEvalOneIter',
    booster,
    round,
    handles,
    names.map((_, i) => String(i)),
    names.length,
    line,
  )
  const scores = parseEvaluation(copyText(line), names)
  const { metric, objective } = options
  if (metric)
    for (const [name, matrix] of Object.entries(evals)) {
      const type = objective ? 'margin' : 'value'
      const { values } = predictMatrix(booster, matrixHandle(matrix).address, { type, rounds: [0, 0] })
      const score: unknown = metric.evaluate(values, matrix)
      if (typeof score !== 'number')
        throw new XGBoostError(fn, `the metric ${metric.name} returned ${nameOf(score)}, expected a number`)
      put(scores[name]!, metric.name, score)
    }
  return scores
}

/** Throws unless the matrices have the same features and the options make sense. */
export function check(options: Pick<TrainOptions, 'dtrain' | 'rounds' | 'evals' | 'earlyStopping'>): void {
  const { dtrain, rounds, evals = {} } = options
  checkIsMatrix(fn, 'dtrain', dtrain)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new XGBoostError(fn, `rounds must be an integer from 1, not ${rounds}`)
  for (const [name, matrix] of Object.entries(evals)) {
    checkIsMatrix(fn, `the evaluation ${name}`, matrix)
    checkFeatures(fn, [`the evaluation ${name}`, matrix], ['dtrain', dtrain])
  }
  if (options.earlyStopping && Object.keys(evals).length === 0)
    throw new XGBoostError(fn, 'earlyStopping needs a matrix in evals')
}

/** Trains round by round: each step of the generator is one round, its return value the training. Closed early, it frees the booster. */
export function* boosting(options: LoopOptions): Generator<Round, Training, void> {
  check(options)
  const { dtrain, evals = {}, objective, signal, earlyStopping } = options
  signal?.throwIfAborted()
  const watch = earlyStopping ? new Watch(fn, earlyStopping) : null
  let booster = create(options, [...new Set([dtrain, ...Object.values(evals)])])
  let done = false
  try {
    const address = boosterHandle(booster).address
    const linear = options.params.booster === 'gblinear'
    const first = options.snapshot ? booster.rounds : 0
    const evaluations: Log = {}
    // A linear model has no rounds to cut off: the best one is kept as bytes.
    let bestLinear: Uint8Array | null = null
    let round = first
    for (; round < first + options.rounds; round++) {
      signal?.throwIfAborted()
      if (objective) updateWith(objective, address, dtrain, round)
      else call('XGBoosterUpdateOneIter', address, round, matrixHandle(dtrain).address)
      const scores = evaluate(address, round, evals, options)
      for (const [name, metrics] of Object.entries(scores))
        for (const [metric, score] of Object.entries(metrics)) append(evaluations, name, metric, score)
      const { improved, stop } = watch?.see(fn, round, scores) ?? { improved: false, stop: false }
      if (linear && improved) bestLinear = booster.toBuffer()
      yield { round, scores }
      if (stop) {
        round += 1
        break
      }
    }
    const best = watch?.best ?? null
    const bestRound = best?.round ?? round - 1
    if (best && bestRound + 1 < round) {
      const cut = bestLinear ? Booster.load(bestLinear, { verify: false }) : booster.slice(0, bestRound + 1)
      booster.close()
      booster = cut
    }
    if (best) {
      booster.setAttribute('best_iteration', String(bestRound))
      booster.setAttribute('best_score', String(best.score))
    }
    done = true
    return { booster, evaluations, bestRound, bestScore: best?.score ?? null }
  } finally {
    if (!done) booster.close()
  }
}

/** Trains a booster and returns it with its evaluation log. It keeps the thread busy until it is done: see trainAsync for a server. */
export function train(options: TrainOptions): Training {
  check(options)
  for (const matrix of [options.dtrain, ...Object.values(options.evals ?? {})])
    if (matrixHandle(matrix).busy)
      throw new XGBoostError(
        fn,
        'a matrix is in use by trainAsync: await its promise first, or train with trainAsync too',
      )
  const rounds = boosting(loopOptions(options))
  for (;;) {
    const step = rounds.next()
    if (step.done) return step.value
    try {
      options.onRound?.(step.value)
    } catch (error) {
      rounds.throw(error)
    }
  }
}
