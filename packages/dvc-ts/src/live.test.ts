/** What Live writes has DVCLive's layout, and the real dvc reads it. */
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DvcError } from './error.ts'
import { Live } from './live.ts'
import { command, commit, emptyRepository } from './testing/repository.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'dvc-ts-live-'))

/** A picture of one point. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Logs a little of everything; `shift` moves the values as a second experiment would. */
function logAll(dir: string, shift = 0): Live {
  const live = new Live({ dir })
  for (let round = 0; round < 3; round++) {
    live.logMetric('train/logloss', 0.5 - round / 10 + shift)
    live.logMetric('auc', 0.7 + round / 100 + shift)
    live.nextStep()
  }
  live.summary.clients = 3
  live.logCurve('roc', [
    { fpr: 0, tpr: 0, threshold: Number.POSITIVE_INFINITY },
    { fpr: 0.25, tpr: 0.75 + shift, threshold: 0.4 },
    { fpr: 1, tpr: 1, threshold: 0.1 },
  ])
  live.logCurve('precision_recall', [{ precision: 0.5 + shift, recall: 1, threshold: 0.1 }])
  live.logCurve('det', [{ fpr: 0.5, fnr: 0.25, threshold: 0.1 }])
  live.logCurve('calibration', [
    { prob_true: 0.1, prob_pred: 0.11 },
    { prob_true: 0.5, prob_pred: 0.48 },
  ])
  live.logCurve('confusion_matrix', [
    { actual: 1, predicted: 0 },
    { actual: 'granted', predicted: 'refused' },
  ])
  const gains = [
    { feature: 'EXT_SOURCE_2', gain: 12.5 + shift },
    { feature: 'âge', gain: 1 },
  ]
  live.logPlot('importance', gains, { template: 'bar_horizontal', x: 'gain', y: 'feature' })
  live.logImage('dot.png', dot)
  live.logParams({ depth: 4, booster: { eta: 0.03, kinds: ['q', 'c'] } })
  live.end()
  return live
}
const read = (dir: string, path: string): string => readFileSync(join(dir, path), 'utf8')

test('each file has the name, the columns and the fields that DVCLive gives it', () => {
  const dir = folder()
  logAll(dir)
  assert.is(read(dir, 'plots/metrics/train/logloss.tsv'), 'step\tlogloss\n0\t0.5\n1\t0.4\n2\t0.3\n')
  assert.is(read(dir, 'plots/metrics/auc.tsv'), 'step\tauc\n0\t0.7\n1\t0.71\n2\t0.72\n')
  assert.equal(JSON.parse(read(dir, 'metrics.json')), { train: { logloss: 0.3 }, auc: 0.72, step: 2, clients: 3 })
  const keys = (kind: string): string[] => {
    const parsed = JSON.parse(read(dir, `plots/sklearn/${kind}.json`))
    return Object.keys(Array.isArray(parsed) ? parsed[0] : parsed[kind][0])
  }
  assert.equal(keys('roc'), ['fpr', 'tpr', 'threshold'])
  assert.equal(keys('precision_recall'), ['precision', 'recall', 'threshold'])
  assert.equal(keys('det'), ['fpr', 'fnr', 'threshold'])
  assert.equal(keys('calibration'), ['prob_true', 'prob_pred'])
  assert.equal(JSON.parse(read(dir, 'plots/sklearn/confusion_matrix.json')), [
    { actual: '1', predicted: '0' },
    { actual: 'granted', predicted: 'refused' },
  ])
  assert.is(JSON.parse(read(dir, 'plots/sklearn/roc.json')).roc[0].threshold, null)
  assert.is(read(dir, 'params.yaml'), 'depth: 4\nbooster:\n  eta: 0.03\n  kinds:\n    - q\n    - c\n')
})

test('metrics.json and the curves are on disk after each step, before the end', () => {
  const dir = folder()
  const live = new Live({ dir })
  live.logMetric('auc', 0.6)
  live.nextStep()
  live.logMetric('auc', 0.65)
  assert.equal(JSON.parse(read(dir, 'metrics.json')), { auc: 0.6, step: 0 })
  assert.is(read(dir, 'plots/metrics/auc.tsv'), 'step\tauc\n0\t0.6\n1\t0.65\n')
})

test('the same calls give the same bytes, and no temporary file stays', () => {
  const [one, two] = [folder(), folder()]
  logAll(one)
  logAll(two)
  const files = (dir: string) =>
    globSync('**/*', { cwd: dir, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name).slice(dir.length + 1))
      .sort()
  assert.equal(files(one), files(two))
  assert.is(files(one).length, 11)
  for (const file of files(one)) assert.is(read(one, file), read(two, file), file)
})

test('a run without steps writes no step, as DVCLive', () => {
  const dir = folder()
  const live = new Live({ dir })
  live.logMetric('auc', 0.7)
  live.end()
  assert.equal(JSON.parse(read(dir, 'metrics.json')), { auc: 0.7 })
})

test('a run that ends with figures of its own leaves the step out where asked to, and keeps the curves', () => {
  const dir = folder()
  const live = new Live({ dir })
  live.logMetric('loss', 0.5)
  live.nextStep()
  live.summary = { auc: 0.7 }
  live.end({ step: false })
  assert.equal(JSON.parse(read(dir, 'metrics.json')), { auc: 0.7 })
  assert.is(read(dir, 'plots/metrics/loss.tsv'), 'step\tloss\n0\t0.5\n')
})

test('a number that is not finite is text as DVCLive writes it, never null and never 0', () => {
  const dir = folder()
  const live = new Live({ dir })
  live.logMetric('nan', Number.NaN)
  live.logMetric('up', Number.POSITIVE_INFINITY)
  live.summary.down = Number.NEGATIVE_INFINITY
  live.end()
  assert.equal(JSON.parse(read(dir, 'metrics.json')), { nan: 'nan', up: 'inf', down: '-inf' })
  assert.is(read(dir, 'plots/metrics/nan.tsv'), 'step\tnan\n0\tnan\n')
})

test('a resumed run goes on after the last step and appends', () => {
  const dir = folder()
  const first = new Live({ dir })
  first.logMetric('auc', 0.6)
  first.nextStep()
  first.end()
  const second = new Live({ dir, resume: true })
  assert.is(second.step, 1)
  second.logMetric('auc', 0.7)
  second.nextStep()
  second.end()
  assert.is(read(dir, 'plots/metrics/auc.tsv'), 'step\tauc\n0\t0.6\n1\t0.7\n')
  assert.equal(JSON.parse(read(dir, 'metrics.json')), { auc: 0.7, step: 1 })
  assert.is(new Live({ dir: folder(), resume: true }).step, 0)
})

test('inside a run of dvc each step is signalled, and the end takes the signal back', () => {
  const root = folder()
  mkdirSync(join(root, '.dvc'))
  const file = join(root, '.dvc', 'tmp', 'exps', 'run', 'DVCLIVE_STEP_COMPLETED')
  process.env.DVC_ROOT = root
  try {
    const live = new Live({ dir: join(root, 'out') })
    live.nextStep()
    live.nextStep()
    assert.equal(JSON.parse(readFileSync(file, 'utf8')), { pid: process.pid, step: 1 })
    live.end()
    assert.not(existsSync(file))
  } finally {
    delete process.env.DVC_ROOT
  }
})

test('opening removes what an earlier run wrote and keeps every other file', () => {
  const dir = folder()
  logAll(dir)
  writeFileSync(join(dir, 'index.html'), 'report')
  mkdirSync(join(dir, 'plots', 'mine'))
  new Live({ dir })
  assert.not(existsSync(join(dir, 'metrics.json')))
  assert.not(existsSync(join(dir, 'plots/sklearn')))
  assert.ok(existsSync(join(dir, 'index.html')))
  assert.ok(existsSync(join(dir, 'plots/mine')))
})

test('an image is kept as it is, from its bytes or from a file', () => {
  const dir = folder()
  const live = new Live({ dir })
  live.logImage('dot.png', dot)
  live.logImage('sous/copie.png', join(dir, 'plots/images/dot.png'))
  for (const name of ['dot.png', 'sous/copie.png'])
    assert.ok(readFileSync(join(dir, 'plots/images', name)).equals(dot), name)
})

test('a name that every object inherits is a metric like any other, and changes no other object', () => {
  const dir = folder()
  const live = new Live({ dir })
  const names = [
    '__proto__/x',
    'constructor',
    'toString/x',
    'a/__proto__/b',
    'a/constructor/prototype/c',
    'hasOwnProperty',
  ]
  for (const name of names) live.logMetric(name, 1)
  live.logMetric('__proto__/x', 2)
  live.logParams(JSON.parse('{"__proto__": {"x": 3}, "constructor": 4}'))
  live.nextStep()
  live.end()
  const empty: Record<string, unknown> = {}
  assert.equal([empty.x, empty.b, Object.keys(Object.prototype)], [undefined, undefined, []])
  assert.not(Object.hasOwn(Function.prototype, 'c') || Object.hasOwn(Object, 'x'))
  const written = read(dir, 'metrics.json').replaceAll(/\s+/g, '')
  assert.is(
    written,
    '{"__proto__":{"x":2},"constructor":1,"toString":{"x":1},"a":{"__proto__":{"b":1},"constructor":{"prototype":{"c":1}}},"hasOwnProperty":1,"step":0}',
  )
  assert.is(read(dir, 'plots/metrics/__proto__/x.tsv'), 'step\tx\n0\t1\n0\t2\n')
  assert.is(read(dir, 'params.yaml'), '__proto__:\n  x: 3\nconstructor: 4\n')
  const resumed = new Live({ dir, resume: true })
  resumed.logMetric('__proto__/x', 5)
  resumed.nextStep()
  assert.match(read(dir, 'metrics.json'), /"__proto__": \{\s+"x": 5\s+\}/)
  assert.throws(() => live.logMetric('constructor/x', 1), /constructor is a metric already/)
  assert.throws(() => live.logCurve('toString' as never, []), /expected a curve \(roc, .*received "toString"/)
})

test('names that leave the folder, clash or mean nothing are refused', () => {
  const live = new Live({ dir: folder() })
  for (const name of ['', '../auc', '/auc', 'a//b', 'a\tb', 'a/..'])
    assert.throws(
      () => live.logMetric(name, 1),
      (error: unknown) => error instanceof DvcError,
      name,
    )
  live.logMetric('auc', 1)
  live.logMetric('fold/auc', 1)
  assert.throws(() => live.logMetric('auc/mean', 1), /auc is a metric already/)
  assert.throws(() => live.logMetric('fold', 1), /other metrics are named below it/)
  assert.throws(() => live.logImage('curve.txt', new Uint8Array()), /expected a name in .png/)
  assert.throws(() => live.logImage('curve.png', '/nowhere.png'), /there is no file/)
  assert.throws(() => {
    live.step = 0.5
  }, /whole number/)
})

test('the real dvc shows the metrics and draws the curves, and tells two revisions apart', () => {
  const root = emptyRepository()
  const live = logAll(join(root, 'out'))
  writeFileSync(join(root, 'dvc.yaml'), live.dvcyaml(root))
  commit(root, 'one')
  logAll(join(root, 'out'), 0.01)

  const metrics = JSON.parse(command(root, 'dvc', 'metrics', 'show', '--json'))
  assert.equal(metrics[''].data['out/metrics.json'].data.clients, 3)
  const difference = JSON.parse(command(root, 'dvc', 'metrics', 'diff', '--json'))
  assert.equal(difference['out/metrics.json'].auc, { old: 0.72, new: 0.73, diff: 0.010000000000000009 })

  interface Plots {
    data: Record<string, { revisions: string[]; datapoints?: Record<string, unknown[]> }[]>
  }
  const shown: Plots = JSON.parse(command(root, 'dvc', 'plots', 'show', '--json'))
  assert.equal(Object.keys(shown.data).sort(), [
    'out/plots/custom/importance.json',
    'out/plots/images/dot.png',
    'out/plots/metrics/auc.tsv',
    'out/plots/metrics/train/logloss.tsv',
    'out/plots/sklearn/calibration.json',
    'out/plots/sklearn/confusion_matrix.json',
    'out/plots/sklearn/det.json',
    'out/plots/sklearn/precision_recall.json',
    'out/plots/sklearn/roc.json',
  ])
  for (const [name, drawn] of Object.entries(shown.data)) assert.ok(drawn.length > 0, name)
  const compared: Plots = JSON.parse(command(root, 'dvc', 'plots', 'diff', '--json', 'HEAD'))
  assert.equal(
    compared.data['out/plots/sklearn/roc.json']?.map((each) => each.revisions),
    [['workspace', 'HEAD']],
  )
})

test.run()
