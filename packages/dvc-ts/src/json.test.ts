/** JSON as Python writes it: numbers that are not finite are those numbers, and a text stays what it is. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { DvcError } from './error.ts'
import { answerOf, anyNumber, parsePythonJson } from './json.ts'
import { Repo } from './repo.ts'
import { commit, emptyRepository, write } from './testing/repository.ts'

test('NaN and Infinity are numbers, and words of that kind inside a text are text', () => {
  const text = String.raw`{"a": NaN, "b": [Infinity, -Infinity, NaN], "c": "x: NaN, [Infinity]", "d": "\"NaN\": NaN", "NaN": 1, "__proto__": {"x": NaN}}`
  const value = parsePythonJson(text)
  assert.equal(value, {
    a: Number.NaN,
    b: [Infinity, -Infinity, Number.NaN],
    c: 'x: NaN, [Infinity]',
    d: '"NaN": NaN',
    NaN: 1,
    ...JSON.parse('{"__proto__": null}'),
    ['__proto__']: { x: Number.NaN },
  })
  const empty: Record<string, unknown> = {}
  assert.is(empty.x, undefined)
})

test('a text that looks like the sign for such a number stays a text', () => {
  for (const text of ['\u0001NaN', '\u0001\u0001NaN', '\u0001'])
    assert.equal(parsePythonJson(`[NaN, ${JSON.stringify(text)}]`), [Number.NaN, text])
})

test("what Python's json module writes comes back as it was", () => {
  const program =
    'import json; print(json.dumps([float("nan"), float("inf"), -float("inf"), "é\\"NaN\\\\", {"NaN": "Infinity"}, 1e-7, -0.0]))'
  const printed = execFileSync('python3', ['-c', program], { encoding: 'utf8' })
  assert.equal(parsePythonJson(printed), [Number.NaN, Infinity, -Infinity, 'é"NaN\\', { NaN: 'Infinity' }, 1e-7, -0])
})

test('an answer that is no JSON, cut off, or of another shape is a DvcError that names the question', () => {
  const refused = (text: string, why: RegExp) =>
    assert.throws(
      () => answerOf(z.object({ diff: anyNumber }), text, 'dvc metrics diff'),
      (error: unknown) => error instanceof DvcError && why.test(error.message),
    )
  refused('', /dvc metrics diff: expected JSON, received ""/)
  refused('{"diff": NaN', /expected JSON/)
  refused('{"diff": NaNa}', /expected JSON/)
  refused('{"diff": "1"}', /an answer that this package does not know:\n.*expected a number/)
  refused('{}', /does not know/)
  assert.equal(answerOf(z.object({ diff: anyNumber }), '{"diff": -Infinity}', ''), { diff: -Infinity })
})

test('metrics and parameters that are not finite are numbers in every answer of the real dvc, as all others are', async () => {
  const root = emptyRepository()
  write(root, {
    'params.yaml': 'rate: .nan\nlimit: .inf\nlow: -.inf\nname: "a: NaN, b"\n',
    'metrics.json': '{"loss": 1.0, "auc": 0.5, "note": "x: NaN, y"}',
    'dvc.yaml': 'params: [params.yaml]\nmetrics: [metrics.json]\n',
  })
  commit(root, 'finite')
  writeFileSync(join(root, 'metrics.json'), '{"loss": NaN, "auc": 0.75, "note": "x: NaN, y"}')
  const second = commit(root, 'not finite')
  const repo = await Repo.open(root)
  assert.equal(await repo.params(), { rate: Number.NaN, limit: Infinity, low: -Infinity, name: 'a: NaN, b' })
  assert.equal(await repo.metrics(), { 'metrics.json': { loss: Number.NaN, auc: 0.75, note: 'x: NaN, y' } })
  assert.equal(await repo.metrics({ rev: second }), await repo.metrics())
  const change = (await repo.metricsDiff('HEAD~1'))['metrics.json']
  assert.equal(change?.loss, { old: 1, new: Number.NaN, diff: Number.NaN })
  assert.equal(change?.auc, { old: 0.5, new: 0.75, diff: 0.25 })
})

test.run()
