/** What a command was asked: its options, or its usage for who asks for help or writes an argument that it does not know. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** What was asked cannot be done: the message says what was expected and what came. */
export class UsageError extends Error {}

/** Parses the arguments of this process. Ends it after --help (code 0), and with message and usage after an argument that is not known (code 1). */
export function argumentsOf<T extends ParseArgsConfig>(usage: string, config: T): ReturnType<typeof parseArgs<T>> {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    return parseArgs(config)
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`)
    process.exit(1)
  }
}
