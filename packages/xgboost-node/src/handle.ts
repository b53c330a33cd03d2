/** A C handle with an end: closed once, refused after, freed by the garbage collector when it was forgotten. */
import { XGBoostError } from './error.ts'
import { call } from './gate.ts'

declare global {
  // Declared here too, so that the types of this package stand without `lib: esnext.disposable`.
  interface SymbolConstructor {
    readonly dispose: unique symbol
  }
}

type Free = 'XGDMatrixFree' | 'XGBoosterFree'

const forgotten = new FinalizationRegistry<{ free: Free; address: bigint }>(({ free, address }) => call(free, address))

export class Handle {
  readonly #kind: string
  readonly #free: Free
  readonly #owned: boolean
  #address: bigint | null
  #users = 0
  #turn: Promise<void> = Promise.resolve()

  /** `owned: false` is for a worker thread that uses what another thread will free. */
  constructor(kind: string, free: Free, address: bigint, owned = true) {
    this.#kind = kind
    this.#free = free
    this.#address = address
    this.#owned = owned
    if (owned) forgotten.register(this, { free, address }, this)
  }

  /** The address for a C call. Throws after close. */
  get address(): bigint {
    if (this.#address === null) throw new XGBoostError(this.#kind, `this ${this.#kind} was closed`)
    return this.#address
  }

  /** Whether a training in a worker thread uses it, or waits for it. */
  get busy(): boolean {
    return this.#users > 0
  }

  /** Waits until it is free of other workers, and keeps it from being closed until `done` is called. */
  enter(): { readonly turn: Promise<void>; readonly done: () => void } {
    const turn = this.#turn
    let done = () => {}
    this.#users += 1
    this.#turn = new Promise((resolve) => {
      done = () => {
        this.#users -= 1
        resolve()
      }
    })
    return { turn, done }
  }

  /** Gives the address away: whoever takes it frees it. */
  release(): bigint {
    const { address } = this
    this.#address = null
    forgotten.unregister(this)
    return address
  }

  /** Frees it. A second close does nothing; a close during a training in a worker thread is refused. */
  close(): void {
    if (this.#address === null) return
    if (this.busy)
      throw new XGBoostError(this.#kind, `this ${this.#kind} is in use by trainAsync: await its promise before close()`)
    const address = this.release()
    if (this.#owned) call(this.#free, address)
  }
}
