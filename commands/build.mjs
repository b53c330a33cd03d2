/** Compiles the packages, then the project, into dist/ (JavaScript and .d.ts), and copies what the page serves. */
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
process.chdir(root)
const projects = ['packages/xgboost-node/tsconfig.json', 'packages/dvc-ts/tsconfig.json', 'tsconfig.build.json']

for (const folder of ['packages/xgboost-node/dist', 'packages/dvc-ts/dist', 'dist'])
  rmSync(folder, { recursive: true, force: true })
for (const project of projects) {
  // node_modules/.bin/tsc is the compiler that tslab brings; this is the project's own.
  const compiled = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], { stdio: 'inherit' })
  if (compiled.status !== 0) process.exit(compiled.status ?? 1)
}
for (const file of globSync('api/page/**/*.{css,js,woff2,svg}')) {
  mkdirSync(dirname(join('dist', file)), { recursive: true })
  cpSync(file, join('dist', file))
}
