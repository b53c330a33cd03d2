/** Which test files a file can change the outcome of: those that import it, name its path, or run a stage or command that does. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, matchesGlob, normalize, relative, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { UsageError } from '../commands/usage.ts'
import { append } from '../pipeline/data/append.ts'
import { importsOf } from './imports.ts'

const git = (...args: string[]): string[] =>
  execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] })
    .split('\0')
    .filter((file) => file !== '')

/** The repository's files: committed, added or new, those that .gitignore names left out. */
const ownFiles = (): string[] => git('ls-files', '-z', '--cached', '--others', '--exclude-standard')

function forkOf(revision: string): string {
  try {
    return git('merge-base', revision, 'HEAD')[0]!.trim()
  } catch {
    throw new UsageError(`expected a revision that shares history with HEAD, received ${revision}`)
  }
}

/** The files that differ from HEAD, or from where this branch left `revision`: committed since, edited, new or deleted. */
export function changedFiles(revision?: string): string[] {
  const base = revision === undefined ? 'HEAD' : forkOf(revision)
  const edited = git('diff', '-z', '--name-only', '--no-renames', base, '--')
  return [...new Set([...edited, ...git('ls-files', '-z', '--others', '--exclude-standard')])].sort()
}

/** A quoted path, `${name}` standing for any text; what has neither an extension nor a capital is another word. */
const quotedPath = /(['"`])((?:[\w./@*{},-]|\$\{\w+\})*\.\w+|[A-Z]\w+)\1/g
/** A path put together from its parts, the first of which says from where. */
const joinedPath = /\b(?:join|resolve)\(\s*(import\.meta\.dirname|root|here)\s*,([^()]*)\)/g
const readFolder = /\b(?:readdirSync|globSync|cpSync)\(\s*(['"`])([^'"`]+)\1/g

/** The paths that a source file names, each a pattern of `matchesGlob` from the root. What they name may not exist. */
function pathsNamedBy(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const folder = dirname(file)
  // A package does not know the repository around it.
  const home = /^packages\/[^/]+/.exec(file)?.[0] ?? '.'
  const found = new Set<string>()
  const add = (path: string) => {
    for (const from of [folder, home]) {
      const whole = normalize(join(from, path))
      found.add(whole).add(whole.replace(/^dist\/(.*)\.js$/, '$1.ts'))
    }
  }
  for (const [, , path = ''] of text.matchAll(quotedPath)) add(path.replaceAll(/\$\{\w+\}/g, '*'))
  for (const [, from, rest = ''] of text.matchAll(joinedPath)) {
    const parts = [...rest.matchAll(/(['"`])([^'"`]*)\1/g)].map((match) => match[2]!)
    if (parts.length === 0) continue
    const path = normalize(join(from === 'import.meta.dirname' ? folder : home, ...parts))
    found.add(path).add(`${path}/**`) // a folder is there to be read
  }
  for (const [, , path = ''] of text.matchAll(readFolder)) found.add(normalize(path)).add(`${normalize(path)}/**`)
  // A file that names the folder it lies in, or a file anywhere, reads some of it: which, its other paths say.
  return [...found].filter(
    (path) => !/^(\.\.?(\/|$)|[^/]*\*)/.test(path) && !file.startsWith(path.replace(/\*\*$/, '')),
  )
}

const stagesSchema = z.object({
  stages: z.record(
    z.string(),
    z.object({
      cmd: z.string(),
      deps: z.array(z.string()).default([]),
      outs: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).default([]),
    }),
  ),
})

/** The scripts that `dvc repro` runs for the stages that a text names, or for all: those before them included. */
function stageScripts(text: string): string[] {
  const { stages } = stagesSchema.parse(parse(readFileSync('dvc.yaml', 'utf8')))
  const named = Object.keys(stages).filter((name) => new RegExp(`['"]${name}['"]`).test(text))
  const outsOf = (name: string) =>
    stages[name]!.outs.flatMap((out) => (typeof out === 'string' ? [out] : Object.keys(out)))
  const wanted = new Set(named.length > 0 ? named : Object.keys(stages))
  for (const name of wanted)
    for (const before of Object.keys(stages))
      if (outsOf(before).some((out) => stages[name]!.deps.some((dep) => `${dep}/`.startsWith(`${out}/`))))
        wanted.add(before)
  return [...wanted].flatMap((name) => stages[name]!.cmd.match(/\bpipeline\/[\w-]+\.ts\b/g) ?? [])
}

const repro = 'commands/repro.ts'

/** For a file, those of `files` that its text leads to directly. No test file is among them: who names one does not run it. */
function edges(files: readonly string[]): (file: string) => readonly string[] {
  const known = new Map<string, readonly string[]>()
  const exact = new Set(files)
  const patterns = new Map<string, readonly string[]>()
  const matching = (pattern: string): readonly string[] => {
    const start = pattern.slice(0, pattern.search(/[*{]/))
    const list = patterns.get(pattern) ?? files.filter((one) => one.startsWith(start) && matchesGlob(one, pattern))
    patterns.set(pattern, list)
    return list
  }
  const direct = (file: string): string[] => {
    if (!/\.(ts|mts|mjs|js)$/.test(file) || !existsSync(file)) return []
    const named = pathsNamedBy(file)
    const found = new Set(importsOf(file).files)
    for (const path of named)
      if (exact.has(path)) found.add(path)
      else if (/[*{]/.test(path)) for (const one of matching(path)) found.add(one)
    if (found.has(repro) && file !== repro) {
      found.add('dvc.yaml')
      for (const script of stageScripts(readFileSync(file, 'utf8'))) found.add(script)
    }
    return [...found].filter((one) => !one.endsWith('.test.ts'))
  }
  return (file) => {
    const list = known.get(file) ?? direct(file)
    known.set(file, list)
    return list
  }
}

/** For each of `changed` (paths from the root; they may be deleted files) the tests that it can change the outcome of. */
export function testsReaching(tests: readonly string[], changed: readonly string[]): Map<string, string[]> {
  const of = edges([...new Set([...ownFiles(), ...changed])])
  const found = new Map<string, string[]>(changed.map((file) => [file, []]))
  for (const test of tests) {
    const seen = new Set<string>()
    const waiting = [test]
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (seen.has(file)) continue
      seen.add(file)
      append(waiting, of(file))
    }
    for (const file of changed) if (seen.has(file)) found.get(file)!.push(test)
  }
  return found
}

/** The path from the root of a file as it was typed in `folder`; an error where there is none. */
export function typedFile(path: string, folder: string): string {
  const found = [resolve(folder, path), resolve(path)].find((one) => existsSync(one))
  if (!found) throw new UsageError(`expected a file of the repository, received ${path}: there is none`)
  return relative(process.cwd(), found)
}
