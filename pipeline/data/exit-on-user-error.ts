/** How a program that a person starts tells an error that the person can mend: by its message alone, which says what to do. */

const userErrors = ['BundleError', 'DataError', 'DvcError', 'ParamsError', 'RuleError', 'TrackingError']

/** Whether an error is about what somebody wrote or handed in, not about this code. */
export const isUserError = (error: unknown): error is Error => error instanceof Error && userErrors.includes(error.name)

/** Runs a stage of the pipeline; a user error becomes its message on stderr and exit code 1, any other is thrown. */
export async function exitOnUserError(stage: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isUserError(error)) throw error
    process.stderr.write(`${stage}: ${error.message}\n`)
    process.exitCode = 1
  }
}
