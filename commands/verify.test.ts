/** What verify calls the same, and what it leaves for the next `dvc repro`. */
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { difference, linkModules, share } from './verify.ts'

test('numbers within the tolerance are the same, beyond it they are named with their place', () => {
  assert.is(difference({ auc: [0.75] }, { auc: [0.7515] }, 'metrics.json'), null)
  assert.match(String(difference({ auc: [0.75] }, { auc: [0.755] }, 'metrics.json')), '$.auc[0]: 0.75 became 0.755')
})

test('the features of the sample clients are held to a millionth', () => {
  assert.is(difference([1000], [1000.0005], 'reports/features/sample.json'), null)
  assert.ok(difference([1000], [1000.005], 'reports/features/sample.json'))
})

test('a number that became a text, a lost key or another length is a difference', () => {
  assert.ok(difference({ a: 1 }, { a: '1' }, 'x.json'))
  assert.ok(difference({ a: 1, b: 2 }, { a: 1 }, 'x.json'))
  assert.ok(difference([1, 2], [1], 'x.json'))
  assert.ok(difference({ a: 1 }, { a: null }, 'x.json'))
})

test('the version of the model is left out', () => {
  assert.is(difference({ version: 'aa', x: 1 }, { version: 'bb', x: 1 }, 'x.json'), null)
})

const folder = mkdtempSync(join(tmpdir(), 'verify-test-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** A workspace of two stages, each of which notes in `runs` that it has run; as in dvc.yaml, one file is kept by git and not by DVC. */
function workspace(name: string, factor: number): string {
  const at = join(folder, name)
  mkdirSync(join(at, '.dvc'), { recursive: true })
  writeFileSync(join(at, '.dvc', 'config'), '[core]\n    analytics = false\n    no_scm = true\n')
  writeFileSync(join(at, 'factor'), `${factor}\n`)
  writeFileSync(join(at, 'data'), '21\n')
  writeFileSync(
    join(at, 'dvc.yaml'),
    `stages:
  first: { cmd: cp data model && echo first >> runs, deps: [data], outs: [model] }
  second:
    cmd: echo $(( $(cat model) * $(cat factor) )) > report.json && echo second >> runs
    deps: [model, factor]
    outs: [{ report.json: { cache: false } }]
`,
  )
  return at
}

test('what a clone made is shared: dvc repro then runs a stage only where its inputs are others', () => {
  const [clone, same, changed] = [workspace('verified', 2), workspace('same', 2), workspace('changed', 3)]
  const text = (at: string, file: string) => (existsSync(join(at, file)) ? readFileSync(join(at, file), 'utf8') : '')
  const repro = (at: string) =>
    execFileSync('dvc', ['repro', '--quiet'], { cwd: at, env: { ...process.env, DVC_NO_ANALYTICS: '1' } })
  repro(clone)
  assert.is(text(clone, 'runs'), 'first\nsecond\n')
  for (const at of [same, changed]) {
    share(clone, at, ['dvc.lock', 'report.json'])
    assert.is(text(at, 'model'), '21\n')
    repro(at)
  }
  assert.equal([text(same, 'runs'), text(same, 'report.json')], ['', '42\n'])
  assert.equal([text(changed, 'runs'), text(changed, 'report.json')], ['second\n', '63\n'])
  assert.is(text(same, 'dvc.lock'), text(clone, 'dvc.lock'))
})

test('the clone has what is installed in the checkout, and packages of its own', () => {
  const [checkout, clone] = [join(folder, 'checkout'), join(folder, 'clone')]
  for (const at of [checkout, clone]) mkdirSync(join(at, 'packages', 'ours'), { recursive: true })
  mkdirSync(join(checkout, 'node_modules', 'theirs'), { recursive: true })
  symlinkSync('../packages/ours', join(checkout, 'node_modules', 'ours'))
  linkModules(checkout, clone)
  const found = (name: string) => realpathSync(join(clone, 'node_modules', name))
  assert.is(found('ours'), realpathSync(join(clone, 'packages', 'ours')))
  assert.is(found('theirs'), realpathSync(join(checkout, 'node_modules', 'theirs')))
})

test.run()
