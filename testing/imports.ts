/** Which files a TypeScript file imports: read from its text, so that nothing is run. */

import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { append } from '../pipeline/data/append.ts'

const statement = /^(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]/gm
/** Erased before the program runs. `import { type X }` is not: its module is still loaded. */
const typeOnly = /^(?:import|export)\s+type\s+(?:\{[^}]*\}|\*\s+as\s+\w+|\w+)\s+from\s/
/** A file that is read from the folder of the program. */
const readFromFolder = /\bjoin\(import\.meta\.dirname, '([\w.-]+\.\w+)'\)/g
const dynamic = /\b(?:import|require\.resolve|new URL)\(\s*['"]([^'"]+)['"]/g

/** By the name that is imported: the source file that a workspace package exports under it. */
const packages = new Map<string, string>()
for (const file of globSync('packages/*/package.json')) {
  const { name, exports } = JSON.parse(readFileSync(file, 'utf8')) as {
    name: string
    exports: Record<string, string | { source: string }>
  }
  for (const [path, target] of Object.entries(exports))
    if (typeof target === 'object') packages.set(join(name, path), join(dirname(file), target.source))
}

/** The project's source files, tests left out, as paths from the root. */
export const sourceFiles = (root = '.'): string[] =>
  globSync('{packages/*/src,pipeline,api,commands,bench,testing}/**/*.ts', {
    cwd: root,
    exclude: ['**/*.test.ts', '**/*.test-data.ts', '**/node_modules/**'],
  }).sort()

/** What a file imports: files of the project by path (JSON and what is read from its folder too), everything else by name. Type-only imports count unless `types` is false. */
export function importsOf(file: string, { types = true } = {}): { files: string[]; modules: string[] } {
  if (!file.endsWith('.ts')) return { files: [], modules: [] }
  const text = readFileSync(file, 'utf8')
  const names = [...text.matchAll(statement), ...text.matchAll(dynamic)]
    .filter(([found]) => types || !typeOnly.test(found))
    .map((match) => match[1]!)
  const files = [...text.matchAll(readFromFolder)]
    .map(([, name]) => join(dirname(file), name!))
    .filter((path) => existsSync(path))
  const modules: string[] = []
  for (const name of new Set(names)) {
    const own = name.startsWith('.') ? normalize(join(dirname(file), name)) : packages.get(name)
    if (own === undefined) modules.push(name)
    else if (/\.(ts|json)$/.test(own) && existsSync(own)) files.push(own)
  }
  return { files, modules }
}

/** Every file and module that can be reached from `entry`, itself included; with `types: false` only those that are loaded when it runs. */
export function reachable(
  entry: string,
  options: { types?: boolean } = {},
): { files: Set<string>; modules: Set<string> } {
  const files = new Set<string>()
  const modules = new Set<string>()
  const waiting = [entry]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue
    files.add(file)
    const found = importsOf(file, options)
    for (const name of found.modules) modules.add(name)
    append(waiting, found.files)
  }
  return { files, modules }
}
