/** All that the journal keeps of one client, as that person may ask for it. */
import type { Access, Journal, LoanOutcome, Prediction, Review } from './journal.ts'

const page = 100

export interface ClientRecords {
  readonly client: number
  /** Oldest first. */
  readonly predictions: readonly (Prediction & {
    readonly reviews: readonly Review[]
    readonly outcomes: readonly LoanOutcome[]
  })[]
  /** Who saw them. */
  readonly accesses: readonly Access[]
}

export async function recordsOf(journal: Journal, client: number): Promise<ClientRecords> {
  const ids: string[] = []
  for (let before: number | undefined; ; ) {
    const some = await journal.predictions({ client, limit: page, before })
    for (const { requestId } of some) ids.push(requestId)
    if (some.length < page) break
    before = some.at(-1)?.position
  }
  ids.reverse()
  const predictions: ClientRecords['predictions'][number][] = []
  for (const id of ids) {
    const [prediction, reviews, outcomes] = await Promise.all([
      journal.prediction(id),
      journal.reviews(id),
      journal.outcomes(id),
    ])
    if (prediction) predictions.push({ ...prediction, reviews, outcomes })
  }
  return { client, predictions, accesses: await journal.accesses(client, ids) }
}
