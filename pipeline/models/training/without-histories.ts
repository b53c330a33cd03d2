/** The same clients judged with and without their histories, out of fold: whether a form alone is scored honestly. */
import { calibrate, fit } from '../calibration.ts'
import { type Costs, confusion, meanCost } from '../cost.ts'
import type { Evaluation } from '../evaluate.ts'
import { expectedCalibrationError, reliability } from '../probability.ts'
import { rocAuc } from '../ranking.ts'

export interface JudgedAlike {
  /** Mean probability of default. */
  readonly mean: number
  readonly ece: number
  readonly roc_auc: number
  readonly cost: number
  readonly declined: number
}

export interface WithoutHistories {
  /** Weight of the masked clients in training; see Masking. */
  readonly weight: number
  readonly default_rate: number
  readonly with: JudgedAlike
  readonly without: JudgedAlike
}

/** `bare`: margins of each client without histories, by the model of the other folds. Calibration and threshold are those of the other folds, with histories. */
export function withoutHistories(
  { margin, bare }: { readonly margin: ArrayLike<number>; readonly bare: ArrayLike<number> },
  target: ArrayLike<number>,
  fold: ArrayLike<number>,
  { nested }: Pick<Evaluation, 'nested'>,
  costs: Costs,
  weight: number,
): WithoutHistories {
  const [probability, declined] = [new Float64Array(target.length), new Uint8Array(target.length)]
  const every = Array.from(target, (_, row) => row)
  for (const { fold: k, method, threshold } of nested.folds) {
    const rest = every.filter((row) => fold[row] !== k)
    const calibration = fit(
      method,
      rest.map((row) => margin[row] as number),
      rest.map((row) => target[row] as number),
    )
    for (const row of every) {
      if (fold[row] !== k) continue
      const p = calibrate(calibration, bare[row] as number)
      probability[row] = p
      declined[row] = p >= threshold ? 1 : 0
    }
  }
  const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length
  const judged = (risk: ArrayLike<number>, score: ArrayLike<number>, decided: ArrayLike<number>): JudgedAlike => ({
    mean: meanOf(risk),
    ece: expectedCalibrationError(reliability(target, risk)),
    roc_auc: rocAuc(target, score),
    cost: meanCost(confusion(target, decided), costs),
    declined: meanOf(decided),
  })
  return {
    weight,
    default_rate: meanOf(target),
    with: judged(nested.probability, margin, nested.declined),
    without: judged(probability, bare, declined),
  }
}
