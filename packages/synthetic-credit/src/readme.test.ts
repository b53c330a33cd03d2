/** The compiled package works in a project of its own: the README's example type-checks, runs and prints what the README says. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const here = join(import.meta.dirname, '..')
const readme = readFileSync(join(here, 'README.md'), 'utf8')
const tsc = resolve('node_modules/typescript/bin/tsc')
const run = (folder: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

/** A project with the compiled package and what it needs installed. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'synthetic-credit-readme-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const modules = join(folder, 'node_modules')
  const installed = join(modules, 'synthetic-credit')
  mkdirSync(join(modules, '@stdlib'), { recursive: true })
  run(here, tsc, '-p', join(here, 'tsconfig.json'), '--outDir', join(installed, 'dist'))
  cpSync(join(here, 'package.json'), join(installed, 'package.json'))
  for (const name of ['zod', 'nodejs-polars', '@stdlib/stats-base-dists-normal-cdf'])
    symlinkSync(resolve('node_modules', name), join(modules, name))
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  return folder
}

test('compiled and installed elsewhere, the example type-checks, runs without TypeScript sources and prints what the README says', () => {
  const [, example, printed] = /^```ts\n([\s\S]*?)^```\n\nprints\n\n```text\n([\s\S]*?)^```/m.exec(readme) ?? []
  assert.ok(example && printed, 'README.md has an example and what it prints')
  const folder = project()
  writeFileSync(join(folder, 'example.ts'), example!)
  run(folder, tsc, '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck', 'example.ts')
  assert.is(run(folder, 'example.ts'), printed)

  const { exports } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { source: string; types: string; default: string }>
  }
  for (const [path, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue
    assert.ok(existsSync(join(here, target.source)), target.source)
    for (const file of [target.types, target.default])
      assert.ok(existsSync(join(folder, 'node_modules/synthetic-credit', file)), `${path}: ${file}`)
    const name = path === '.' ? 'synthetic-credit' : `synthetic-credit${path.slice(1)}`
    assert.match(readme, `\`${name}\``)
    run(folder, '--input-type=module', '-e', `await import('${name}')`)
  }
  assert.not.ok(existsSync(join(folder, 'node_modules/synthetic-credit/dist/small.test-data.js')))
})

test('the files that the README names are there', () => {
  for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)) assert.ok(existsSync(join(here, path!)), path)
  for (const [, file] of readme.matchAll(/^\| `(\w+\.json)` \|/gm))
    assert.ok(existsSync(join(here, 'src/published/statistics', file!)), file)
})

test.run()
