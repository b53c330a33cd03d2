/** Prints user errors of a benchmark, such as a bundle of an earlier version, as their message without a stack. */
import { isUserError } from '../pipeline/data/exit-on-user-error.ts'

export function tellUserErrors(bench: string): void {
  process.once('uncaughtException', (error: unknown) => {
    console.error(isUserError(error) ? `${bench}: ${error.message}` : error)
    process.exit(1)
  })
}
