/** `npm run typecheck`: TypeScript's compiler on every project of the repository: all of it from its sources, then each as it is built. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { argumentsOf } from './usage.ts'

const usage =
  'npm run typecheck: checks the types of all code, tests too, and of each package and dist/ as they are built'

argumentsOf(usage, {})
const projects = ['tsconfig.json', ...globSync('packages/*/tsconfig.json').sort(), 'tsconfig.build.json']
const failed = projects.filter((project) => {
  const compiler = ['node_modules/typescript/bin/tsc', '-p', project, '--noEmit']
  return spawnSync(process.execPath, compiler, { stdio: 'inherit' }).status !== 0
})
for (const project of failed) console.error(`${project}: the types do not fit, see above`)
process.exitCode = failed.length === 0 ? 0 : 1
