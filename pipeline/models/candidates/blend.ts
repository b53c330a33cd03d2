/** Models that are added in log-odds, their weights chosen inside the sample; a weight of 0 leaves a model out. */
import { sigmoid } from '../calibration.ts'
import { weighted } from '../members/member.ts'
import { logLoss } from '../probability.ts'
import { innerParts, type Named } from './boosting.ts'
import type { Candidate, Model } from './candidate.ts'

/** Weights tried: tenths. */
const steps = 10

/** Two models; each must give its log-odds of the first inner part (`inner`), on which the weight with the least log loss is found. */
export function blend(named: Named, [first, second]: readonly [Candidate, Candidate], innerShare: number): Candidate {
  return {
    ...named,
    fit: (sample, seed, onRound) => {
      using stack = new DisposableStack()
      const models = [stack.use(first.fit(sample, seed)), stack.use(second.fit(sample, seed, onRound))] as const
      const { held } = sample.split(0, innerParts(innerShare), seed)
      const weights = leastLoss(held.target, innerOf(first, models[0]), innerOf(second, models[1]))
      const kept = stack.move()
      return {
        margins: (rows) => {
          const [one, other] = models.map((model) => model.margins(rows))
          return Float64Array.from(one!, (margin, i) => weights[0] * margin + weights[1] * (other![i] as number))
        },
        members: () => models.flatMap((model, i) => (weights[i] === 0 ? [] : weighted(model.members(), weights[i]!))),
        rounds: models[1].rounds ?? models[0].rounds,
        [Symbol.dispose]: () => kept.dispose(),
      }
    },
  }
}

function innerOf({ name }: Candidate, { inner }: Model): ArrayLike<number> {
  if (!inner) throw new Error(`blend: ${name} gives no log-odds of the clients held out inside its sample`)
  return inner
}

/** The weights of two models, of sum 1, with the least log loss; of equals those that lean most on the first. */
function leastLoss(
  target: ArrayLike<number>,
  one: ArrayLike<number>,
  other: ArrayLike<number>,
): readonly [number, number] {
  const losses = Array.from({ length: steps + 1 }, (_, k) => {
    const share = k / steps
    const risks = Float64Array.from(one, (margin, i) => sigmoid((1 - share) * margin + share * (other[i] as number)))
    return logLoss(target, risks)
  })
  const best = losses.reduce((least, loss, k) => (loss < losses[least]! ? k : least), 0)
  return [(steps - best) / steps, best / steps]
}
