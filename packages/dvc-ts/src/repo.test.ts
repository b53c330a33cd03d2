/** Repo asks the real dvc, and what comes back is what dvc says. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { DvcError, ParamsError, type Reason } from './error.ts'
import { Repo } from './repo.ts'
import { command, commit, emptyRepository, pipeline, write } from './testing/repository.ts'

const root = emptyRepository()
write(root, pipeline)
const opened = Repo.open(root)

async function refusal(work: Promise<unknown>, reason: Reason): Promise<DvcError> {
  try {
    await work
  } catch (error) {
    if (error instanceof DvcError && error.reason === reason) return error
    throw error
  }
  throw new Error(`expected a DvcError: ${reason}`)
}

test('a repository is found from a folder inside it, with the version of the real dvc', async () => {
  mkdirSync(join(root, 'a', 'b'), { recursive: true })
  const repo = await Repo.open(join(root, 'a', 'b'))
  assert.is(repo.root, root)
  assert.is(repo.version, command(root, 'dvc', '--version').trim())
})

test('a folder outside any repository, one that is not there, and a machine without dvc have different errors', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'dvc-ts-outside-'))
  assert.match(
    (await refusal(Repo.open(outside), 'not-a-repository')).message,
    'neither it nor one above it holds .dvc',
  )
  assert.match((await refusal(Repo.open(join(outside, 'no')), 'not-a-repository')).message, 'it is not there')
  const { PATH } = process.env
  const cwd = process.cwd()
  try {
    process.env.PATH = outside
    process.chdir(outside)
    assert.match(
      (await refusal(Repo.open(root), 'no-dvc')).message,
      /expected the dvc command .*in none of: .*dvc-ts-outside/,
    )
  } finally {
    process.env.PATH = PATH
    process.chdir(cwd)
  }
})

test('stages come with foreach and interpolation resolved, and with what they read and make', async () => {
  const stages = await (await opened).stages()
  assert.equal(
    stages.map(({ name }) => name),
    ['prepare', 'train@linear', 'train@tree'],
  )
  const [prepare, linear] = stages
  assert.is(prepare!.description, 'makes the rows')
  assert.equal(prepare!.command, ['mkdir -p data && seq 3 > "data/les lignes.txt"'])
  assert.equal(prepare!.params, { 'params.yaml': ['data.rows'] })
  assert.equal(
    linear!.outs.map(({ path, cache, metric, hash }) => ({ path, cache, metric, hash })),
    [
      { path: 'réponses/linear.txt', cache: true, metric: false, hash: null },
      { path: 'réponses/linear.json', cache: false, metric: true, hash: null },
    ],
  )
  assert.equal(linear!.deps, [{ path: 'data', hash: null }])
})

test('the graph has an edge from what makes to what needs', async () => {
  const dag = await (await opened).dag()
  assert.equal(dag.nodes, ['prepare', 'train@linear', 'train@tree'])
  assert.equal(dag.edges, [
    ['prepare', 'train@linear'],
    ['prepare', 'train@tree'],
  ])
})

test('parameters are those that DVC sees, also from files of vars, and a section is checked by a schema', async () => {
  const repo = await opened
  const all = await repo.params()
  assert.equal(all.train, { eta: 0.1, depth: 4 })
  const train: { eta: number; depth: number } = await repo.params(
    'train',
    z.object({ eta: z.number(), depth: z.int() }),
  )
  assert.equal(train, { eta: 0.1, depth: 4 })
  assert.is(await repo.params('train.eta'), 0.1)
  const extra = await repo.params('', z.object({ models: z.array(z.string()) }), { files: 'extra.yaml' })
  assert.equal(extra.models, ['tree', 'linear'])
  const wrong = await refusal(repo.params('train', z.object({ eta: z.string() })), 'invalid-file')
  assert.ok(wrong instanceof ParamsError)
  assert.match(wrong.message, 'train.eta: Invalid input: expected string, received number')
  assert.match((await refusal(repo.params('drift', z.unknown()), 'invalid-file')).message, 'drift is not among')
})

test('before anything ran, each stage is named with what is missing', async () => {
  const repo = await opened
  const status = await repo.status()
  assert.equal(Object.keys(status).sort(), ['prepare', 'train@linear', 'train@tree'])
  assert.ok(
    status.prepare!.some((change) => change.kind === 'output' && change.path === 'data' && change.state === 'deleted'),
  )
})

test('metrics, parameters and plots of two revisions are compared, and experiments listed with what they changed', async () => {
  const repo = await opened
  await repo.repro()
  const first = commit(root, 'first')
  assert.equal(await repo.status(), {})
  assert.equal(await repo.metrics(), { 'réponses/linear.json': { auc: 0.4 }, 'réponses/tree.json': { auc: 0.4 } })

  writeFileSync(join(root, 'params.yaml'), pipeline['params.yaml'].replace('depth: 4', 'depth: 6'))
  const status = await repo.status()
  assert.equal(Object.keys(status), ['train@linear', 'train@tree'])
  assert.ok(
    status['train@tree']!.some(
      (change) =>
        change.kind === 'parameter' &&
        change.path === 'params.yaml' &&
        change.name === 'train' &&
        change.state === 'modified',
    ),
  )
  assert.ok(status['train@tree']!.some((change) => change.kind === 'command'))
  assert.equal(await repo.paramsDiff(), { 'params.yaml': { 'train.depth': { old: 4, new: 6, diff: 2 } } })
  command(root, 'git', 'checkout', '-q', 'params.yaml')

  const run = await repo.runExperiment({ name: 'deeper', set: { 'train.depth': 7 } })
  assert.equal([...run.ran].sort(), ['train@linear', 'train@tree'])
  const difference = await repo.metricsDiff()
  assert.is(difference['réponses/tree.json']?.auc?.old, 0.4)
  assert.is(difference['réponses/tree.json']?.auc?.new, 0.7)
  assert.equal(await repo.metrics({ rev: 'HEAD' }), {
    'réponses/linear.json': { auc: 0.4 },
    'réponses/tree.json': { auc: 0.4 },
  })
  const experiments = await repo.experiments()
  const deeper = experiments.find((each) => each.name === 'deeper')!
  assert.is(deeper.baseline, first)
  assert.is(deeper.state, 'finished')
  assert.equal(deeper.params['params.yaml'], { train: { eta: 0.1, depth: 7 }, data: { rows: 3 } })
  assert.equal(deeper.metrics['réponses/tree.json'], { auc: 0.7 })
})

test('plots come by name with their revisions', async () => {
  const repo = await opened
  write(root, {
    'curve.tsv': 'step\tauc\n0\t0.5\n1\t0.6\n',
    'dvc.yaml': `${pipeline['dvc.yaml']}plots: [curve.tsv: {x: step}]\n`,
  })
  const shown = await repo.plots()
  assert.equal(Object.keys(shown), ['curve.tsv'])
  assert.equal(
    shown['curve.tsv']?.map(({ revisions }) => revisions),
    [['workspace']],
  )
  command(root, 'git', 'checkout', '-q', 'dvc.yaml')
})

test('a broken dvc.yaml and an unknown revision give errors with file, line and reason', async () => {
  const repo = await opened
  const good = readFileSync(join(root, 'dvc.yaml'), 'utf8')
  try {
    writeFileSync(join(root, 'dvc.yaml'), 'stages:\n  a:\n    cmd: [x\n  b: 1\n')
    const broken = await refusal(repo.status(), 'invalid-file')
    assert.match(broken.message, /dvc\.yaml' is invalid/)
    assert.match(broken.message, /line 4/)
    assert.match(broken.stderr, /line 4/)
    assert.match((await refusal(repo.stages(), 'invalid-file')).message, 'dvc.yaml')
  } finally {
    writeFileSync(join(root, 'dvc.yaml'), good)
  }
  assert.match((await refusal(repo.metricsDiff('no-such-tag'), 'unknown-revision')).message, 'no-such-tag')
  await refusal(repo.paramsDiff('--help'), 'unknown-revision')
})

test.run()
