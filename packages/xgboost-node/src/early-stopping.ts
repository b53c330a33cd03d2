/** When to stop: a score that has not improved for a number of rounds (the rule of xgboost.callback.EarlyStopping). */
import { XGBoostError } from './error.ts'
import { ownField, type Scores } from './evaluation-log.ts'

export interface EarlyStopping {
  /** Rounds without improvement after which training stops. */
  readonly rounds: number
  /** The metric to watch; default: the last one. */
  readonly metric?: string
  /** The name of the evaluation matrix to watch; default: the last one. */
  readonly on?: string
  /** Whether more is better; known for XGBoost's own metrics. */
  readonly maximize?: boolean
  /** The least change that counts as an improvement; default: 0. */
  readonly minDelta?: number
}

/** Whether more is better, by the metric's name; any other metric is a loss. */
export const moreIsBetter = (metric: string): boolean =>
  metric !== 'mape' && /^(auc|aucpr|pre|map|ndcg)(@|$)/.test(metric)

export class Watch {
  readonly #options: EarlyStopping
  #waited = 0
  #best: { round: number; score: number } | null = null

  constructor(fn: string, options: EarlyStopping) {
    if (!Number.isInteger(options.rounds) || options.rounds < 1)
      throw new XGBoostError(fn, `earlyStopping.rounds must be an integer from 1, not ${options.rounds}`)
    this.#options = options
  }

  get best(): { readonly round: number; readonly score: number } | null {
    return this.#best
  }

  /** Looks at the scores of a round; says whether they are the best so far, and whether to stop. */
  see(fn: string, round: number, scores: Scores): { improved: boolean; stop: boolean } {
    const { on = Object.keys(scores).at(-1), rounds, minDelta = 0 } = this.#options
    const metrics = on === undefined ? null : ownField(scores, on)
    if (!metrics)
      throw new XGBoostError(
        fn,
        `earlyStopping watches ${on ?? 'nothing'}, the evaluations are ${Object.keys(scores).join(', ') || 'none'}`,
      )
    const { metric = Object.keys(metrics).at(-1) } = this.#options
    const score = metric === undefined ? null : ownField(metrics, metric)
    if (metric === undefined || score === null)
      throw new XGBoostError(
        fn,
        `earlyStopping watches the metric ${metric ?? 'of none'}, ${on} has ${Object.keys(metrics).join(', ') || 'none'}`,
      )
    const maximize = this.#options.maximize ?? moreIsBetter(metric)
    const improved =
      this.#best === null || (maximize ? score - minDelta > this.#best.score : this.#best.score - minDelta > score)
    if (improved) this.#best = { round, score }
    this.#waited = improved ? 0 : this.#waited + 1
    return { improved, stop: this.#waited >= rounds }
  }
}
