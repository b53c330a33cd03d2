/** Programs that are no package of npm or PyPI: used where they are installed, and told where they are not. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of a program on PATH; null, and said, where it is not, with how to get it. */
export function onPath(program: string, advice: string): string | null {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path))
  if (found === undefined)
    process.stderr.write(`${program} is not on PATH: ${advice}; what needs it is left out here\n`)
  return found ?? null
}
