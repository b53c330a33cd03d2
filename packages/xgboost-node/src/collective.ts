/** Training over several processes or hosts with libxgboost's own collective: a tracker that brings workers together, and their communicator. */
import { libraryJson } from './array-interface.ts'
import { XGBoostError } from './error.ts'
import { call, callAsync } from './gate.ts'
import { library } from './library.ts'
import { copyText, out, pointer } from './memory.ts'

/** What a worker needs to know to join; plain JSON, to be sent to it in whatever way. */
export type WorkerArguments = Readonly<Record<string, string | number>>

export interface TrackerOptions {
  readonly workers: number
  /** The address that workers reach this process at; default: 127.0.0.1. */
  readonly host?: string
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** Seconds that the workers have to come together and to part; 0, the default, is without end. */
  readonly timeout?: number
  /** Ranks in the order of the hosts, or of the `dmlc_task_id` that each worker joins with. */
  readonly sortBy?: 'host' | 'task'
}

/** Brings workers together. It listens on a network address, unencrypted and unauthenticated: on a trusted network only. */
export class Tracker {
  #address: bigint | null
  readonly workerArguments: WorkerArguments

  private constructor(address: bigint, workerArguments: WorkerArguments) {
    this.#address = address
    this.workerArguments = workerArguments
  }

  /** Starts to listen for that many workers. */
  static start(options: TrackerOptions): Tracker {
    const { workers, host = '127.0.0.1', port = 0, timeout = 0, sortBy = 'host' } = options
    if (!Number.isInteger(workers) || workers < 1)
      throw new XGBoostError('Tracker.start', `workers must be an integer from 1, not ${workers}`)
    const created = out()
    const config = {
      host,
      n_workers: workers,
      port,
      dmlc_communicator: 'rabit',
      sortby: sortBy === 'task' ? 1 : 0,
      timeout,
    }
    call('XGTrackerCreate', libraryJson(config), created)
    const address = pointer(created)
    try {
      call('XGTrackerRun', address, '{}')
      const text = out()
      call('XGTrackerWorkerArgs', address, text)
      return new Tracker(address, JSON.parse(copyText(text)))
    } catch (error) {
      call('XGTrackerFree', address)
      throw error
    }
  }

  /** Resolves when all workers have come and gone; rejects after `timeout` seconds, if any are given, or when the tracker failed. */
  async wait(timeout = 0): Promise<void> {
    if (this.#address === null) throw new XGBoostError('Tracker', 'this Tracker was closed')
    const seconds = timeout > 0 ? ` within ${timeout} s` : ''
    await callAsync(
      'XGTrackerWaitFor',
      `the workers did not come, work and part${seconds}`,
      this.#address,
      libraryJson({ timeout }),
    )
  }

  /** Stops listening and frees the tracker. A second close does nothing. */
  close(): void {
    if (this.#address === null) return
    const address = this.#address
    this.#address = null
    try {
      call('XGTrackerFree', address)
    } catch {
      // The library reports here that a tracker was stopped before its workers had come, or what wait() has reported already.
    }
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

export type Reducible =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
export type Operation = 'max' | 'min' | 'sum'

/** libxgboost's numbers of types (ArrayInterfaceHandler::Type) and operations (collective::Op). */
const operations: Readonly<Record<Operation, number>> = { max: 0, min: 1, sum: 2 }
function typeOf(values: Reducible): number {
  if (values instanceof Float32Array) return 1
  if (values instanceof Float64Array) return 2
  if (values instanceof Int8Array) return 4
  if (values instanceof Int16Array) return 5
  if (values instanceof Int32Array) return 6
  if (values instanceof Uint8Array) return 8
  return values instanceof Uint16Array ? 9 : 10
}

/**
 * This thread's place among the workers: while it is open, `train` on this thread trains one model together with the others, each on its own rows.
 * Every worker must make the same calls in the same order; each waits for the others.
 */
export class Communicator {
  static #open: Communicator | null = null

  /** Joins the workers that a tracker waits for, with its `workerArguments` (and, if wanted, `dmlc_task_id`, `dmlc_timeout` in seconds, `dmlc_retry`). */
  static join(workerArguments: WorkerArguments): Communicator {
    if (Communicator.#open)
      throw new XGBoostError('Communicator.join', 'this thread has joined already: close its communicator first')
    call('XGCommunicatorInit', JSON.stringify({ dmlc_communicator: 'rabit', ...workerArguments }))
    Communicator.#open = new Communicator()
    return Communicator.#open
  }

  private constructor() {}

  #check(method: string): void {
    if (Communicator.#open !== this) throw new XGBoostError(`Communicator.${method}`, 'this Communicator was closed')
  }

  /** Counted from 0. */
  get rank(): number {
    this.#check('rank')
    return library().rank()
  }

  get worldSize(): number {
    this.#check('worldSize')
    return library().worldSize()
  }

  /** Has the tracker's process print a line. */
  print(message: string): void {
    this.#check('print')
    call('XGCommunicatorPrint', message)
  }

  /** The bytes that the worker of rank `root` gives; what the others give is not looked at. */
  broadcast(bytes: Uint8Array, root = 0): Uint8Array {
    this.#check('broadcast')
    const length = new Float64Array([bytes.length])
    call('XGCommunicatorBroadcast', length, 8, root)
    const shared = library().rank() === root ? bytes.slice() : new Uint8Array(length[0] ?? 0)
    if (shared.length > 0) call('XGCommunicatorBroadcast', shared, shared.length, root)
    return shared
  }

  /** The elementwise sum, least or most of what all workers give, as a new array. */
  allreduce<T extends Reducible>(values: T, operation: Operation): T {
    this.#check('allreduce')
    const reduced = values.slice() as T
    if (reduced.length > 0)
      call('XGCommunicatorAllreduce', reduced, reduced.length, typeOf(reduced), operations[operation])
    return reduced
  }

  /** Parts from the others. A second close does nothing. */
  close(): void {
    if (Communicator.#open !== this) return
    Communicator.#open = null
    call('XGCommunicatorFinalize')
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
