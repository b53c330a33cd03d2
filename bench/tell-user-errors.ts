/** An error that a person can mend, such as a bundle of an earlier version, is told by its message alone wherever a benchmark meets it. */
import { isUserError } from '../pipeline/data/exit-on-user-error.ts'

export function tellUserErrors(bench: string): void {
  process.once('uncaughtException', (error: unknown) => {
    console.error(isUserError(error) ? `${bench}: ${error.message}` : error)
    process.exit(1)
  })
}
