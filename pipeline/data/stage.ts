/** How a stage of the pipeline is started: its paths are arguments, all of them, and an error that a person can mend ends it with a message. */
import { exitOnUserError } from './exit-on-user-error.ts'

/** The arguments of a stage by the names in `usage`, such as "PORTFOLIO FEATURES"; throws the usage when one is missing or too many are given. */
export function stageArguments(stage: string, usage: string, given: readonly string[]): string[] {
  const names = usage.split(' ')
  if (given.length !== names.length || given.includes(''))
    throw new Error(
      `usage: ${stage}.ts ${usage}\nexpected ${names.length} paths, found ${given.length}${given.length ? `: ${given.join(' ')}` : ''}`,
    )
  return [...given]
}

/** Runs a stage with the arguments of its command line. */
export const runStage = (stage: string, usage: string, work: (...paths: string[]) => Promise<void>): Promise<void> =>
  exitOnUserError(stage, () => work(...stageArguments(stage, usage, process.argv.slice(2))))
