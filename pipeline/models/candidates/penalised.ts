/** A logistic regression whose penalties are chosen inside the sample: of a short list those with the least log loss on a part held out. */
import { sigmoid } from '../calibration.ts'
import { strategies } from '../imbalance/strategy.ts'
import { logLoss } from '../probability.ts'
import { innerParts, type Named } from './boosting.ts'
import type { Candidate } from './candidate.ts'
import { linear } from './linear.ts'
import type { Sample } from './sample.ts'

export interface Penalised {
  /** Passes over all coefficients. */
  readonly rounds: number
  /** See Linear in candidates/linear.ts; of equals the first is taken. */
  readonly penalties: readonly { readonly lambda: number; readonly alpha: number }[]
  /** Of the sample, held out to choose. */
  readonly innerShare: number
}

export function penalised(named: Named, { rounds, penalties, innerShare }: Penalised): Candidate {
  const fitted = (sample: Sample, seed: number, penalty: Penalised['penalties'][number]) =>
    linear(named, { rounds, ...penalty }, strategies.none).fit(sample, seed)
  return {
    ...named,
    fit: (sample, seed) => {
      const { kept, held } = sample.split(0, innerParts(innerShare), seed)
      const tried = penalties.map((penalty) => {
        using model = fitted(kept, seed, penalty)
        const inner = Float64Array.from(model.margins(held))
        return { penalty, inner, loss: logLoss(held.target, inner.map(sigmoid)) }
      })
      const best = tried.reduce((least, one) => (one.loss < least.loss ? one : least))
      return { ...fitted(sample, seed, best.penalty), inner: best.inner }
    },
  }
}
