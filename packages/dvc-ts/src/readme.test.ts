/** The package as npm packs it works in an empty project, and the README's first example does what the README says. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { command, commit, emptyRepository, write } from './testing/repository.ts'

const here = join(import.meta.dirname, '..')
const readme = readFileSync(join(here, 'README.md'), 'utf8')
const tsc = resolve('node_modules/typescript/bin/tsc')

/** Code of the README's fences of a language, in order. */
const fences = (language: string): string[] =>
  [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].filter((each) => each[1] === language).map((each) => each[2]!)

/** Packs the package, compiled, and unpacks it into `project/node_modules`; the names of its files. */
function install(project: string): string[] {
  const staged = mkdtempSync(join(tmpdir(), 'dvc-ts-pack-'))
  command(here, process.execPath, tsc, '-p', join(here, 'tsconfig.json'), '--outDir', join(staged, 'dist'))
  for (const file of ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'])
    cpSync(join(here, file), join(staged, file))
  command(staged, 'npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', staged)
  const modules = join(project, 'node_modules')
  mkdirSync(modules, { recursive: true })
  const archive = readdirSync(staged).find((name) => name.endsWith('.tgz'))!
  command(modules, 'tar', '-xzf', join(staged, archive))
  cpSync(join(modules, 'package'), join(modules, 'dvc-ts'), { recursive: true })
  for (const dependency of ['zod', 'yaml']) symlinkSync(resolve('node_modules', dependency), join(modules, dependency))
  return command(join(modules, 'dvc-ts'), 'find', '.', '-type', 'f').trim().split('\n').sort()
}

test('packed and installed in an empty project, the first example type-checks, runs under the real dvc and prints what the README says', () => {
  const project = emptyRepository()
  const files = install(project)
  for (const file of ['./LICENSE', './README.md', './CHANGELOG.md', './dist/index.js', './dist/index.d.ts'])
    assert.ok(files.includes(file), file)
  assert.equal(
    files.filter((file) => /test|src\//.test(file)),
    [],
  )
  const [stage, day] = fences('ts')
  const [parameters, pipeline] = fences('yaml')
  write(project, {
    'package.json': '{"type": "module"}',
    '.gitignore': 'node_modules\n',
    'train.ts': stage!,
    'day.ts': day!,
    'params.yaml': parameters!,
    'dvc.yaml': pipeline!,
  })
  command(
    project,
    process.execPath,
    tsc,
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--skipLibCheck',
    'train.ts',
    'day.ts',
  )
  command(project, process.execPath, 'train.ts')
  command(project, 'dvc', 'repro', '-q')
  commit(project, 'first')
  const said = /prints `(.+)`\./.exec(readme)?.[1]
  assert.is(command(project, process.execPath, 'day.ts').trim(), said)
  assert.is(readFileSync(join(project, 'reports/train/plots/metrics/loss.tsv'), 'utf8').split('\n')[1], '0\t0.75')
})

test('the README names every reason that an error can have', () => {
  const source = readFileSync(join(import.meta.dirname, 'error.ts'), 'utf8')
  const reasons = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map((each) => each[1]!)
  assert.ok(reasons.length > 5)
  for (const reason of reasons) assert.match(readme, `\`${reason}\``)
})

test.run()
