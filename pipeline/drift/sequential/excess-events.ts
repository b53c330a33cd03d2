/**
 * An e-process for "no more events than the stated risks say": defaults of loans, or a share against its limit. Events may become known late: who is not
 * known to have one counts as without, so that what is known is never more than what comes, and no loan has to grow old first. For risks p and odds
 * raised by a factor r the capital is the product of r ^ event ÷ (1 + p (r − 1)), averaged over factors and over the windows in which the rise may have
 * begun (weighted 1 ÷ k(k+1)). It grows with each event only, and under the stated risks or lower ones it ever passes 1 ÷ alpha with probability
 * alpha at most, whenever it is looked at (Ville's inequality).
 */

const factors = [1.25, 1.5, 2, 3, 5] as const

/** Plain data: by window, counted from 1, what was staked against each factor and the events known so far. */
export type ExcessEvents = readonly {
  readonly staked: readonly number[]
  readonly events: number
}[]

/** One more window of cases by their stated risks, or `count` cases of one risk; none is known to have an event yet. */
export function addCases(state: ExcessEvents, risks: readonly number[], count = 1): ExcessEvents {
  const wrong = risks.find((risk) => !(risk >= 0 && risk <= 1))
  if (wrong !== undefined) throw new RangeError(`expected risks from 0 to 1, got ${wrong}`)
  const staked = factors.map((factor) => count * risks.reduce((sum, risk) => sum + Math.log1p(risk * (factor - 1)), 0))
  return [...state, { staked, events: 0 }]
}

/** Events that are known now of cases of one of the windows. */
export function addEvents(state: ExcessEvents, window: number, events: number): ExcessEvents {
  const found = state[window - 1]
  if (!found) throw new RangeError(`expected one of ${state.length} windows, got ${window}`)
  return state.with(window - 1, { ...found, events: found.events + events })
}

/** Log of the capital, started at 1, and the window in which a rise has most likely begun. */
export function excess(state: ExcessEvents): { readonly log: number; readonly since: number } {
  const sums = factors.map(() => 0)
  const logs = [-Math.log(state.length + 1)] // what is kept for starts to come
  let [since, most] = [1, Number.NEGATIVE_INFINITY]
  for (let k = state.length - 1; k >= 0; k--) {
    const { staked, events } = state[k]!
    for (const [i, factor] of factors.entries()) {
      sums[i]! += events * Math.log(factor) - staked[i]!
      logs.push(sums[i]! - Math.log(factors.length * (k + 1) * (k + 2)))
      // By likelihood alone: the weights are for the error rate, and prefer early starts.
      if (sums[i]! > most) [since, most] = [k + 1, sums[i]!]
    }
  }
  const top = logs.reduce((a, b) => Math.max(a, b))
  return { log: top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0)), since }
}
