/** The defaults of this thread: number of threads and verbosity. */
import { XGBoostError } from './error.ts'
import { call } from './gate.ts'

export interface Configuration {
  /** Threads for matrices and boosters that do not name their own; 0 (the default) leaves the choice to the library. */
  readonly nthread?: number
  /** What the library prints to stderr: 0 nothing, 1 warnings (the library's own default), 2 information, 3 debugging. */
  readonly verbosity?: 0 | 1 | 2 | 3
}

const current: { nthread: number; verbosity: 0 | 1 | 2 | 3 | null } = { nthread: 0, verbosity: null }

/** Sets the defaults for everything that is made or loaded afterwards. A worker started by `trainAsync` inherits them. */
export function configure(options: Configuration): void {
  const { nthread, verbosity } = options
  if (nthread !== undefined) {
    if (!Number.isInteger(nthread) || nthread < 0)
      throw new XGBoostError('configure', `nthread must be an integer from 0, not ${nthread}`)
    current.nthread = nthread
  }
  if (verbosity !== undefined) {
    if (![0, 1, 2, 3].includes(verbosity))
      throw new XGBoostError('configure', `verbosity must be 0, 1, 2 or 3, not ${verbosity}`)
    call('XGBSetGlobalConfig', JSON.stringify({ verbosity }))
    current.verbosity = verbosity
  }
}

/** The defaults as they are, to hand to a worker. */
export const configuration = (): Configuration =>
  current.verbosity === null ? { nthread: current.nthread } : { nthread: current.nthread, verbosity: current.verbosity }

export const defaultThreads = (): number => current.nthread
