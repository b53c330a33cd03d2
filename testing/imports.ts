/** Which files a TypeScript file imports: read from its text, so that nothing is run. */

import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { append } from '../pipeline/data/append.ts'

const statement = /^(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]/gm
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

/** What a file imports: files of the project by path, everything else by name. Type-only imports count too. */
export function importsOf(file: string): { files: string[]; modules: string[] } {
  const text = readFileSync(file, 'utf8')
  const names = [...text.matchAll(statement), ...text.matchAll(dynamic)].map((match) => match[1]!)
  const files: string[] = []
  const modules: string[] = []
  for (const name of new Set(names)) {
    const own = name.startsWith('.') ? normalize(join(dirname(file), name)) : packages.get(name)
    if (own === undefined) modules.push(name)
    else if (own.endsWith('.ts') && existsSync(own)) files.push(own)
  }
  return { files, modules }
}

/** Every file and module that can be reached from `entry`, itself included. */
export function reachable(entry: string): { files: Set<string>; modules: Set<string> } {
  const files = new Set<string>()
  const modules = new Set<string>()
  const waiting = [entry]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue
    files.add(file)
    const found = importsOf(file)
    for (const name of found.modules) modules.add(name)
    append(waiting, found.files)
  }
  return { files, modules }
}
