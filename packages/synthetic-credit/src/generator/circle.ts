/** The client's acquaintances who were watched for arrears, and how many fell behind by 30 and by 60 days. */
import { type Group, missingOf } from './groups.ts'
import { partAt } from './part-at.ts'
import type { Stream } from './random.ts'

/** Shares of clients with 0, 1 … acquaintances who were observed (printed of OBS_30_CNT_SOCIAL_CIRCLE); the rest thin out by a quarter each. */
const observedShares = [0.5348, 0.15917, 0.09726, 0.06631, 0.04615, 0.03117, 0.02105]

function drawObserved(stream: Stream): number {
  const count = partAt(stream.uniform(), observedShares)
  return count < observedShares.length ? count : count + Math.min(40, stream.geometric(0.27))
}

export function drawCircle(stream: Stream, group: Group, discipline: number) {
  if (stream.chance(missingOf(group, 'OBS_30_CNT_SOCIAL_CIRCLE')))
    return { observed: null, defaulted30: 0, defaulted60: 0 }
  const observed = stream.chance(0.00003) ? 200 + stream.whole(0, 148) : drawObserved(stream)
  let [thirty, sixty] = [0, 0]
  const share = Math.min(0.9, 0.102 * Math.exp(0.35 * discipline - 0.06))
  for (let i = 0; i < Math.min(observed, 34); i++)
    if (stream.chance(share)) {
      thirty++
      if (stream.chance(0.7)) sixty++
    }
  return { observed, defaulted30: thirty, defaulted60: sixty }
}
