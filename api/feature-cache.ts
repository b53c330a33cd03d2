/** The features of the bundle's clients that were asked for lately: their rows do not change, so neither do these. */
import type { ClientFeatures } from '../pipeline/scoring/scorer.ts'

const most = 1000 // clients, about 6 kB each

/** Features by client; the client that was asked for longest ago goes first. */
export class KnownFeatures {
  readonly #features = new Map<number, ClientFeatures>()

  get(client: number): ClientFeatures | undefined {
    const features = this.#features.get(client)
    if (features) {
      this.#features.delete(client)
      this.#features.set(client, features)
    }
    return features
  }

  set(client: number, features: ClientFeatures): void {
    this.#features.set(client, features)
    const [oldest] = this.#features.keys()
    if (this.#features.size > most && oldest !== undefined) this.#features.delete(oldest)
  }
}
