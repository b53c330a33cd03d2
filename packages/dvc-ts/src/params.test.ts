/** Parameters are read as DVC reads them, and a wrong one is named with file, line, section and key. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { ParamsError } from './error.ts'
import { params } from './params.ts'

const folder = mkdtempSync(join(tmpdir(), 'dvc-ts-params-'))
function file(text: string, name = 'params.yaml'): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const messageOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof ParamsError) return error.message.replaceAll(`${folder}/`, '')
    throw error
  }
  throw new Error('expected a ParamsError')
}
const train = z.strictObject({ folds: z.int().min(2), booster: z.strictObject({ eta: z.number().positive().max(1) }) })
const good = '# all\ntrain: # the model\n  folds: 5\n  booster:\n    eta: 3e-2\nother: {a: 1}\n'

test('a section comes back typed, with its numbers as numbers', () => {
  const read: { folds: number; booster: { eta: number } } = params('train', train, { file: file(good) })
  assert.equal(read, { folds: 5, booster: { eta: 0.03 } })
})

test('a dotted section is a section inside a section and the empty one is the whole file', () => {
  assert.is(params('train.booster', z.object({ eta: z.number() }), { file: file(good) }).eta, 0.03)
  assert.is(params('', z.object({ other: z.object({ a: z.number() }) }), { file: file(good) }).other.a, 1)
})

test('the schema changes what comes out: defaults and transforms apply', () => {
  const schema = z.object({ folds: z.number().transform((n) => n * 2), missing: z.number().default(7) })
  assert.equal(params('train', schema, { file: file(good) }), { folds: 10, missing: 7 })
})

test('anchors, merge keys and JSON files are read', () => {
  const merged = file('base: &base {a: 1, b: 2}\ntrain:\n  <<: *base\n  b: 3\n')
  assert.equal(params('train', z.record(z.string(), z.number()), { file: merged }), { a: 1, b: 3 })
  assert.is(params('train', z.object({ a: z.number() }), { file: file('{"train": {"a": 4}}', 'p.json') }).a, 4)
})

test('every wrong key is named at once, with file, line, section, expectation and value', () => {
  const message = messageOf(() =>
    params('train', train, { file: file('train:\n  folds: five\n  booster:\n    eta: 3\n    depth: 4\n') }),
  )
  assert.is(
    message,
    [
      'params.yaml:2: train.folds: Invalid input: expected number, received string',
      'params.yaml:4: train.booster.eta: Too big: expected number to be <=1, received 3',
      'params.yaml:3: train.booster: Unrecognized key: "depth", received {"eta":3,"depth":4}',
    ].join('\n'),
  )
})

test('a key that is not there is named on the line of its section', () => {
  assert.is(
    messageOf(() => params('train', train, { file: file('\ntrain:\n  folds: 5\n') })),
    'params.yaml:2: train.booster: Invalid input: expected object, received undefined',
  )
})

test('the error for a missing section names the sections that exist', () => {
  assert.is(
    messageOf(() => params('drift', train, { file: file(good) })),
    'params.yaml:1: expected a section drift, but the file has train, other',
  )
  assert.is(
    messageOf(() => params('train.boost', train, { file: file(good) })),
    'params.yaml:2: expected a section train.boost, but section train has folds, booster',
  )
})

test('the error for a missing file, and for one that is not YAML, names its place', () => {
  assert.match(
    messageOf(() => params('train', train, { file: join(folder, 'none.yaml') })),
    'none.yaml: expected a file of parameters, but there is no such file',
  )
  assert.match(
    messageOf(() => params('train', train, { file: file('train:\n  folds: 5\n bad: [\n') })),
    /^params\.yaml:\d+:\d+: expected YAML, but /,
  )
  assert.match(
    messageOf(() => params('train', train, { file: file('a: 1\na: 2\n') })),
    /params\.yaml:2:1: expected YAML, but Map keys must be unique/,
  )
})

test.run()
