/**
 * Compiles the packages, then the project, into dist/ (JavaScript and .d.ts), and copies what the page serves. Each dist is swapped whole.
 * With `--service` dist/ holds what the service loads and nothing else: what the image is made of.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

/** Compiles one project beside its dist folder, lets `finish` add to it, then puts it in place. */
function compile(project, dist, finish = () => {}) {
  const fresh = `${dist}.unfinished`
  rmSync(fresh, { recursive: true, force: true })
  // node_modules/.bin/tsc is the compiler that tslab brings; this is the project's own.
  const compiler = ['node_modules/typescript/bin/tsc', '-p', project, '--outDir', fresh]
  const compiled = spawnSync(process.execPath, compiler, { stdio: 'inherit' })
  if (compiled.status !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    process.exit(compiled.status ?? 1)
  }
  finish(fresh)
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
}

for (const name of ['xgboost-node', 'dvc-ts', 'report-kit', 'synthetic-credit'])
  compile(`packages/${name}/tsconfig.json`, `packages/${name}/dist`)
const project = process.argv.includes('--service') ? 'tsconfig.service.json' : 'tsconfig.build.json'
compile(project, 'dist', (fresh) => {
  for (const file of globSync('api/page/**/*.{css,js,woff2,svg}')) {
    mkdirSync(dirname(join(fresh, file)), { recursive: true })
    cpSync(file, join(fresh, file))
  }
})
