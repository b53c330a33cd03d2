/** What the thread that asks for a training and the worker thread that trains say to each other. */
import type { Configuration } from './configure.ts'
import type { EarlyStopping } from './early-stopping.ts'
import type { LentMatrix } from './matrix.ts'
import type { Params } from './params.ts'
import type { Round, Training } from './train.ts'

/** Sent once, at the start. Matrices travel as addresses: both threads live in one process. */
export interface Order {
  readonly params: Params
  readonly rounds: number
  readonly dtrain: LentMatrix
  readonly evals: Readonly<Record<string, LentMatrix>>
  readonly earlyStopping: EarlyStopping | null
  readonly snapshot: Uint8Array | null
  readonly configuration: Configuration
  /** One number: 1 once the training shall stop. */
  readonly cancelled: Int32Array
}

export type Answer =
  | { readonly kind: 'round'; readonly round: Round }
  /** The booster travels as an address, and belongs to whoever receives it. */
  | { readonly kind: 'done'; readonly booster: bigint; readonly training: Omit<Training, 'booster'> }
  | { readonly kind: 'failed'; readonly fn: string | null; readonly message: string }
