/** Opens libxgboost once, at the first call that needs it. */
import { existsSync } from 'node:fs'
import koffi from 'koffi'
import { XGBoostError } from './error.ts'
import { candidates, type Surroundings, surroundings } from './find.ts'
import { kinds, plainFunctions, type StatusFunction, statusFunctions } from './signatures.ts'

type Native = ((...values: readonly unknown[]) => unknown) & { readonly async: (...values: readonly unknown[]) => void }

interface Library {
  readonly path: string
  readonly version: readonly [number, number, number]
  readonly status: Readonly<Record<StatusFunction, Native | null>>
  readonly lastError: () => string
  /** The rank of this thread among the workers of a training, and their number. */
  readonly rank: () => number
  readonly worldSize: () => number
}

let opened: Library | null = null

/** Binds every function of the tables. One that an older library lacks is null: the gate then says so. */
function bind(path: string): Library {
  const native = koffi.load(path)
  const bound = (name: string, returns: string, takes: readonly (keyof typeof kinds)[]): Native => {
    const func: unknown = native.func(
      name,
      returns,
      takes.map((kind) => kinds[kind]),
    )
    return func as Native
  }
  const status = Object.fromEntries(
    Object.entries(statusFunctions).map(([name, takes]) => {
      try {
        return [name, bound(name, 'int', takes)]
      } catch {
        return [name, null]
      }
    }),
  ) as Record<StatusFunction, Native | null>
  const plain = (name: keyof typeof plainFunctions) =>
    bound(name, plainFunctions[name].returns, plainFunctions[name].takes)
  const parts = [new Int32Array(1), new Int32Array(1), new Int32Array(1)] as const
  plain('XGBoostVersion')(...parts)
  const lastError = plain('XGBGetLastError')
  return {
    path,
    version: [parts[0][0] ?? 0, parts[1][0] ?? 0, parts[2][0] ?? 0],
    status,
    lastError: () => String(lastError()),
    rank: () => Number(plain('XGCommunicatorGetRank')()),
    worldSize: () => Number(plain('XGCommunicatorGetWorldSize')()),
  }
}

/** Whether this package can use a version: 2.1 or later. */
export const isSupported = ([major, minor]: readonly [number, number, number]): boolean =>
  major > 2 || (major === 2 && minor >= 1)

/** Tries each candidate; throws XGBoostError naming every path tried when none will do. */
export function openLibrary(at: Surroundings): Library {
  const tried: string[] = []
  for (const path of candidates(at)) {
    if (!existsSync(path)) {
      tried.push(`${path}: no such file`)
      continue
    }
    try {
      const library = bind(path)
      if (isSupported(library.version)) return library
      tried.push(`${path}: version ${library.version.join('.')}, at least 2.1 is needed`)
    } catch (error) {
      tried.push(`${path}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new XGBoostError(
    'libxgboost',
    [
      'the native library of XGBoost was not found. Tried:',
      ...tried.map((line) => `  ${line}`),
      'Install it with `pip install xgboost-cpu` (or xgboost) in a virtual environment in or above the working folder,',
      'or set XGBOOST_LIBRARY to the full path of libxgboost (the wheel also needs the folder xgboost_cpu.libs next to the folder xgboost).',
    ].join('\n'),
  )
}

export function library(): Library {
  opened ??= openLibrary(surroundings())
  return opened
}

/** The version of the libxgboost in use, such as `3.2.0`. Opens the library when nothing has yet. */
export function libraryVersion(): string {
  return library().version.join('.')
}

/** The path of the libxgboost in use. Opens the library when nothing has yet. */
export function libraryPath(): string {
  return library().path
}
