/** The features of the bundle's clients that were asked for lately: their rows do not change, so neither do these. */
import type { Value } from '../pipeline/portfolio/applicant.ts'
import type { Service } from './env.ts'
import type { Asked } from './request.ts'

const most = 1000 // clients, about 6 kB each

/** Feature values by client, in the order of the definitions; the client that was asked for longest ago goes first. */
export class KnownFeatures {
  readonly #values = new Map<number, readonly Value[]>()

  get(client: number): readonly Value[] | undefined {
    const values = this.#values.get(client)
    if (values) {
      this.#values.delete(client)
      this.#values.set(client, values)
    }
    return values
  }

  set(client: number, values: readonly Value[]): void {
    this.#values.set(client, values)
    const [oldest] = this.#values.keys()
    if (this.#values.size > most && oldest !== undefined) this.#values.delete(oldest)
  }
}

/** The feature values of whoever is asked for. */
export function featuresOf(service: Service, asked: Asked): readonly Value[] {
  if (asked.features) return asked.features
  const values = service.scorer.values(asked.applicant)
  if (asked.byId) service.known.set(asked.byId, values)
  return values
}
