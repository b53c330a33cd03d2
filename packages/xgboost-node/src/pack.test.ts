/** The package as others get it: packed, unpacked into an empty project, run as JavaScript, and type-checked by an old and a new compiler. */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { libraryPath } from './index.ts'

const root = resolve(import.meta.dirname, '..')
const modules = resolve(root, '../../node_modules')

function run(file: string, parts: readonly string[], cwd: string): string {
  try {
    return execFileSync(file, parts, {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, XGBOOST_LIBRARY: libraryPath() },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${file} ${parts.join(' ')}\n${stdout}${stderr}`)
  }
}

const node = (parts: readonly string[], cwd: string) => run(process.execPath, parts, cwd)

/** An empty project with the packed package in its node_modules, and koffi from ours: no network is needed. */
function project(): { folder: string; packed: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'xgboost-node-pack-'))
  const staged = join(folder, 'staged')
  mkdirSync(staged)
  for (const file of ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'])
    copyFileSync(join(root, file), join(staged, file))
  node([join(modules, 'typescript/bin/tsc'), '-p', root, '--outDir', join(staged, 'dist')], root)
  const npm = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
  const [{ filename, files }] = JSON.parse(
    node([npm, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder], staged),
  )
  const installed = join(folder, 'project', 'node_modules')
  mkdirSync(join(installed, 'xgboost-node'), { recursive: true })
  run('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', join(installed, 'xgboost-node')], folder)
  for (const name of readdirSync(modules).filter((entry) => entry === 'koffi' || entry === '@koromix'))
    symlinkSync(join(modules, name), join(installed, name))
  writeFileSync(join(folder, 'project', 'package.json'), '{ "name": "empty", "private": true }')
  return { folder, packed: files.map(({ path }: { path: string }) => path) }
}

test('npm pack gives JavaScript and types that work in an empty project, the first example of the README too', () => {
  const { folder, packed } = project()
  const home = join(folder, 'project')
  const strange = packed.filter(
    (path) => !/^(dist\/[\w/-]+\.(js|d\.ts)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(path),
  )
  assert.equal(strange, [])
  assert.not(packed.some((path) => /test/.test(path)))
  for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md', 'dist/index.d.ts', 'dist/train-worker.js'])
    assert.ok(packed.includes(file), file)

  const example = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))![1]!
  writeFileSync(join(home, 'example.mjs'), example)
  const lines = node(['example.mjs'], home).trim()
  assert.ok(Number(lines.split('\n')[0]) < 0.5, lines)
  assert.ok(readdirSync(home).includes('model.ubj'))

  writeFileSync(
    join(home, 'more.mjs'),
    `import { Booster, DMatrix, trainAsync } from 'xgboost-node'
    const dtrain = DMatrix.fromColumns([Float32Array.of(1, 2, 3, 4)], { label: [0, 0, 1, 1] })
    const { booster } = await trainAsync({ params: { min_child_weight: 0, nthread: 1 }, dtrain, rounds: 3 })
    console.log(booster.rounds, Booster.load('model.ubj').featureNames.join())`,
  )
  assert.is(node(['more.mjs'], home).trim(), '3 income,credit')
  writeFileSync(join(home, 'old.cjs'), "console.log(typeof require('xgboost-node').train)")
  assert.is(node(['old.cjs'], home).trim(), 'function')

  writeFileSync(
    join(home, 'typed.ts'),
    `import { Booster, DMatrix, train, type Params } from 'xgboost-node'
    const params: Params = { objective: 'binary:logistic', max_depth: 2 }
    const dtrain = DMatrix.fromColumns([Float32Array.of(1, 2)], { label: [0, 1] })
    export const scores: Float32Array = train({ params, dtrain, rounds: 1 }).booster.predict(dtrain)
    // @ts-expect-error there is no such parameter
    export const wrong: Params = { maxdepth: 2 }
    export const load = (path: string): Booster => Booster.load(path)`,
  )
  // Without skipLibCheck, and without the library of disposables: the package's own declarations must stand as they are.
  const strict = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', 'typed.ts']
  node([join(modules, '.bin/tsc'), '--moduleResolution', 'node', '--module', 'commonjs', ...strict], home)
  node([join(modules, 'typescript/bin/tsc'), '--module', 'nodenext', '--ignoreConfig', ...strict], home)
  rmSync(folder, { recursive: true })
})

test.run()
