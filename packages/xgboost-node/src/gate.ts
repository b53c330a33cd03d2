/** The one gate: every C function that can fail is called here, and fails as an XGBoostError. */
import { unpin } from './array-interface.ts'
import { XGBoostError } from './error.ts'
import { library } from './library.ts'
import type { ArgumentsOf, StatusFunction } from './signatures.ts'

/** The gate: calls a C function and throws XGBoostError with its name and the library's message when its status is not 0. */
export function call<F extends StatusFunction>(name: F, ...values: ArgumentsOf<F>): void {
  const { status, lastError, version } = library()
  const native = status[name]
  if (native === null) throw new XGBoostError(name, `libxgboost ${version.join('.')} does not have this function`)
  const code = native(...values)
  unpin()
  if (code !== 0) throw new XGBoostError(name, tidy(lastError()))
}

/**
 * The gate for a call that waits: it runs on a thread of koffi's, so that this one stays free.
 * The library keeps its message for that other thread, where it cannot be read: the error says `otherwise` instead.
 */
export function callAsync<F extends StatusFunction>(
  name: F,
  otherwise: string,
  ...values: ArgumentsOf<F>
): Promise<void> {
  const { status, version } = library()
  const native = status[name]
  if (native === null)
    return Promise.reject(new XGBoostError(name, `libxgboost ${version.join('.')} does not have this function`))
  return new Promise((resolve, reject) => {
    native.async(...values, (error: Error | null, code: number) => {
      if (error || code !== 0) reject(new XGBoostError(name, error?.message ?? otherwise))
      else resolve()
    })
  })
}

/** Keeps the message of an error text and drops the time, the source file and the stack trace around it. */
export function tidy(text: string): string {
  const message = text
    .replace(/\n*Stack trace:[\s\S]*$/, '')
    .replace(/^\[[\d:]+\] [^\n]*?\.(?:cc|cu|h|cuh|hpp):\d+: /, '')
  return message.trim() || 'no message'
}
