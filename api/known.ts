/** The features of the bundle's clients that were asked for lately: their rows do not change, so neither do these. */
import type { Value } from '../pipeline/portfolio/applicant.ts'

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
