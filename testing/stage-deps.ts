/** The code that a stage of dvc.yaml depends on, in addition to the code that it loads when it runs. */
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { reachable, sourceFiles } from './imports.ts'

const isCode = (dep: string): boolean => /^(pipeline|packages)\//.test(dep)
const covers = (dep: string, file: string): boolean => file === dep || file.startsWith(`${dep}/`)

/** As .dvcignore leaves them: what only tests use is no dependency. */
const sources = sourceFiles().filter((file) => !/\/(testing|oracles)\//.test(file))

/** Whether a folder may stand for what is reached in it: at least half of the files of each of its folders are. */
function standsFor(folder: string, reached: ReadonlySet<string>): boolean {
  const inside = Map.groupBy(
    sources.filter((file) => covers(folder, file)),
    (file) => dirname(file),
  )
  if (![...reached].some((file) => covers(folder, file))) return false
  return [...inside.values()].every((files) => 2 * files.filter((file) => reached.has(file)).length >= files.length)
}

/** Fewest files and folders that stand for what is reached. */
function fewest(reached: ReadonlySet<string>): string[] {
  const top = (file: string) => {
    let found = file
    for (let up = dirname(file); /^(pipeline\/.+|packages\/[^/]+\/src.*)$/.test(up); up = dirname(up))
      if (standsFor(up, reached)) found = up
    return found
  }
  return [...new Set([...reached].map(top))].sort()
}

/**
 * What is wrong with the code among a stage's `deps`: a file that runs and is not among them, a file that never runs, a folder of which less than
 * half runs. Types are erased before a program runs, so what only they come from is no dependency. Empty where nothing is wrong.
 */
export function wrongDeps(stage: string, deps: readonly string[]): string[] {
  const reached = reachable(`pipeline/${stage}.ts`, { types: false }).files
  const code = deps.filter(isCode)
  const isFolder = (dep: string) => existsSync(dep) && statSync(dep).isDirectory()
  const wrong = [
    ...[...reached].filter((file) => !code.some((dep) => covers(dep, file))).map((file) => `lacks ${file}`),
    ...code
      .filter((dep) => (isFolder(dep) ? !standsFor(dep, reached) : !reached.has(dep)))
      .map(
        (dep) => `has ${dep}, ${isFolder(dep) ? 'where less than half of a folder is loaded' : 'which is not loaded'}`,
      ),
  ]
  return wrong.length === 0
    ? []
    : [
        `${stage}: ${wrong.join('; ')}. It should have:\n${fewest(reached)
          .map((dep) => `      - ${dep}`)
          .join('\n')}`,
      ]
}
