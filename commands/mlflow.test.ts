/** What the real pipeline tells MLflow, the commands on its registry, the model served by MLflow itself, and the UI walked. One server. */
// biome-ignore-all lint/performance/useDomNodeTextContent: what a reader sees is asked for, not what the document holds

import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { maximum } from '../pipeline/data/extremes.ts'
import { readParquetTable, scanParquetTable } from '../pipeline/data/tables.ts'
import { applicants } from '../pipeline/models/applicants.ts'
import { encoder } from '../pipeline/models/encode.ts'
import { openBundle } from '../pipeline/scoring/bundle.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { MlflowClient, type TrackedRun } from '../pipeline/tracking/client.ts'
import { filesOf } from '../pipeline/tracking/outbox.ts'
import { freePort, LocalServer, mlflowCommand } from '../pipeline/tracking/server.ts'
import { track } from '../pipeline/tracking/track.ts'
import { smallWorkspace } from '../testing/bundles.ts'
import { mlflowPages, walk } from './screenshots/mlflow.ts'

delete process.env.MLFLOW_TRACKING_URI // the test brings its own server
const folder = mkdtempSync(join(tmpdir(), 'mlflow-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const workspace = join(folder, 'workspace') // other tests use the original
cpSync(smallWorkspace(), workspace, { recursive: true, verbatimSymlinks: true })
const store = join(workspace, 'mlflow')
const bundle = join(workspace, 'artifacts', 'model')
const name = 'credit-scoring'

const opening = LocalServer.open(store, { share: true })
opening.catch(() => {}) // reported by the first test
const client = async () => new MlflowClient({ uri: (await opening).uri })

/** Runs a program; the server of this process is the one it uses, for it is shared. */
async function ran(
  program: string,
  args: readonly string[],
  cwd = process.cwd(),
): Promise<{ code: number | null; text: string }> {
  await opening
  const env = { ...process.env, DVC_NO_ANALYTICS: '1', PATH: `${dirname(mlflowCommand())}:${process.env.PATH}` }
  const child = spawn(program, args, { cwd, env })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part))
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, text }
}
const command = (file: string, ...args: string[]) =>
  ran(process.execPath, ['--conditions=source', file, ...args, '--store', store])
const dvc = (...args: string[]) => ran('dvc', args, workspace)
const championOf = async () => (await (await client()).alias(name, 'champion'))?.version ?? null

/** The runs of `train`: those of `compare` and its children are in the same experiment. */
const trainings = async (mlflow: MlflowClient) =>
  mlflow.searchRuns([await mlflow.experiment(name)], "attributes.run_name = 'train'")

const reportsOf = async (mlflow: MlflowClient, { info }: TrackedRun) =>
  (await mlflow.artifacts(info.artifact_uri)).filter((file) => file.startsWith('reports/'))

/** What dvc.yaml says that a stage writes into its report folder, files of folders one by one. */
function outsOf(stage: string): string[] {
  const { stages } = parse(readFileSync('dvc.yaml', 'utf8')) as {
    stages: Record<string, { outs: (string | object)[] }>
  }
  return stages[stage]!.outs.map((out) => (typeof out === 'string' ? out : Object.keys(out)[0]!))
    .filter((path) => path.startsWith('reports/'))
    .flatMap((path) =>
      path.endsWith('.json') ? [path] : filesOf(join(workspace, path)).map((file) => `${path}/${file}`),
    )
    .map((path) => path.replace(`reports/${stage}/`, 'reports/'))
    .sort()
}

test('train logs its parameters, figures, curves, data, reports and the model', async () => {
  const mlflow = await client()
  const [run, ...more] = await trainings(mlflow)
  assert.equal(more, [])
  const { params, metrics, tags } = run!.data
  const described = openBundle(bundle)
  described.predictor[Symbol.dispose]()
  const { version, metrics: figures, training } = described.bundle
  assert.is(run!.info.status, 'FINISHED')
  assert.is(params.find(({ key }) => key === 'booster.max_depth')?.value, '4')
  for (const [figure, value] of Object.entries(figures))
    assert.is(metrics.find(({ key }) => key === figure)?.value, value, figure)
  const curve = await mlflow.history(run!.info.run_id, 'log_loss/fold_1')
  assert.ok(curve.length > 20 && curve.at(-1)!.value < curve[0]!.value, `${curve.length} rounds`)
  assert.is(tags.find(({ key }) => key === 'bundle_version')?.value, version)
  assert.match(tags.find(({ key }) => key === 'dvc.data')!.value, /^[0-9a-f]{32}\.dir$/)
  assert.equal(await reportsOf(mlflow, run!), outsOf('train'))
  const [compared] = await mlflow.searchRuns([await mlflow.experiment(name)], "attributes.run_name = 'compare'")
  assert.equal(await reportsOf(mlflow, compared!), outsOf('compare'))
  const [registered, ...others] = await mlflow.versions(name)
  assert.equal(others, [])
  assert.is((await mlflow.alias(name, 'challenger'))?.version, registered!.version)
  assert.is(registered!.tags.find(({ key }) => key === 'data.hash')?.value, training.data)
  const files = await mlflow.artifacts(await mlflow.modelArtifactUri(registered!.source.replace('models:/', '')))
  for (const file of [
    'MLmodel',
    'model.ubj',
    'bundle.json',
    'oof.parquet',
    'input_example.json',
    'code/credit_pyfunc.py',
  ])
    assert.ok(files.includes(file), file)
})

test('an unchanged stage logs nothing; one that runs again shows its curves meanwhile and makes no second version', async () => {
  const mlflow = await client()
  const runs = async () => (await trainings(mlflow)).length
  const skipped = await dvc('repro', 'train')
  assert.match(skipped.text, "Stage 'train' didn't change, skipping")
  assert.is(await runs(), 1)
  const curve = 'reports/train/plots/metrics/log_loss/fold_1.tsv'
  const summary = join(workspace, 'reports/train/train.json')
  writeFileSync(join(workspace, 'reports/train/index.html'), 'the page of the run before')
  let over = false
  const training = dvc('repro', '--force', '--single-item', 'train').finally(() => {
    over = true
  })
  try {
    while (existsSync(join(workspace, curve)) && !over) await pause(20) // that of the run before: dvc removes it last
    while (!existsSync(join(workspace, curve)) && !over) await pause(20)
    const drawn = await dvc('plots', 'show', '--json', curve)
    assert.not(existsSync(summary))
    assert.match(drawn.text, /"fold_1": "0\.\d+"/)
  } finally {
    await training // the tests below need what it makes
  }
  const { code, text } = await training
  assert.is(code, 0, text)
  assert.match(text, /is in the registry already, as version 1; it is @challenger/)
  assert.is(await runs(), 2)
  for (const run of await trainings(mlflow)) assert.equal(await reportsOf(mlflow, run), outsOf('train'))
  assert.is((await mlflow.versions(name)).length, 1)
})

test('promote, promote by force and rollback move the champion and print what they compared', async () => {
  const nothing = await command('commands/rollback.ts')
  assert.is(nothing.code, 1)
  assert.match(nothing.text, 'there is no champion to roll back')
  const first = await command('commands/promote.ts')
  assert.is(first.code, 0, first.text)
  assert.match(first.text, /there was no champion\nversion 1 of credit-scoring is the champion in/)
  await track({ experiment: 'copies', runName: 'copy', store, onMessage: () => {} }, async (run) =>
    run.registerModel({ name, folder: bundle, version: 'abcdefabcdef' }),
  )
  const equal = await command('commands/promote.ts')
  assert.is(equal.code, 3, equal.text)
  assert.match(equal.text, /on the 3000 clients that both versions were evaluated on/)
  assert.match(equal.text, /measure +version 1 +version 2 +better by +standard error\ncost .* 0\.00000 +0\.00000/)
  assert.match(equal.text, 'version 2 of credit-scoring was not promoted; version 1 stays the champion')
  const forced = await command('commands/promote.ts', 'abcdefabcdef', '--force', 'a drill')
  assert.is(forced.code, 0, forced.text)
  assert.match(forced.text, 'promoted all the same: a drill')
  assert.is(await championOf(), '2')
  const back = await command('commands/rollback.ts', '--reason', 'the drill is over')
  assert.is(back.code, 0, back.text)
  assert.match(back.text, /measure +version 2 +version 1/)
  assert.match(back.text, 'version 1 of credit-scoring is the champion in')
  assert.is(await championOf(), '1')
  for (const [file, args, message] of [
    ['commands/promote.ts', ['7'], /promote: .*version/i],
    ['commands/promote.ts', ['--no-such'], /Unknown option/],
    ['commands/mlflow.ts', ['sned'], /expected send or nothing, received sned/],
  ] as const) {
    const wrong = await command(file, ...args)
    assert.is(wrong.code, 1, wrong.text)
    assert.match(wrong.text, message)
  }
  assert.match((await command('commands/mlflow.ts', 'send')).text, 'nothing waits in')
})

test('mlflow models serve gives 500 clients, categories as text, the probabilities of the Node scorer', async () => {
  const port = await freePort()
  const log = join(folder, 'serve.log')
  const serve = ['models', 'serve', '-m', 'models:/credit-scoring@champion', '--env-manager', 'local']
  const out = openSync(log, 'w')
  const serving = spawn(mlflowCommand(), [...serve, '-h', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', out, out],
    detached: true,
    env: {
      ...process.env,
      MLFLOW_TRACKING_URI: (await opening).uri,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      PATH: `${dirname(mlflowCommand())}:${process.env.PATH}`,
    },
  })
  const ended = new Promise((done) => serving.once('exit', done))
  try {
    using scorer = Scorer.open(bundle)
    const { features } = scorer.bundle.definitions
    const portfolio = join(workspace, 'artifacts', 'portfolio')
    const idsOf = (table: 'application_train' | 'application_test') =>
      readParquetTable(portfolio, table, ['SK_ID_CURR']).getColumn('SK_ID_CURR').toArray() as number[]
    const recent = applicants(idsOf('application_test'), (table) => scanParquetTable(portfolio, table))
    const earlier = applicants(idsOf('application_train').slice(0, 100), (table) =>
      scanParquetTable(portfolio, table === 'application_test' ? 'application_train' : table),
    )
    const clients = [...recent, ...earlier]
    const expected = scorer.scoreMany(clients).map(({ probability }) => probability)
    const url = `http://127.0.0.1:${port}`
    const up = () => fetch(`${url}/ping`).then(({ ok }) => ok, () => false) // biome-ignore format: one thought
    for (let polls = 0; !(await up()); polls++) {
      if (polls > 720 || serving.exitCode !== null)
        throw new Error(`mlflow models serve did not come up: ${readFileSync(log, 'utf8').slice(-2000)}`)
      await pause(250)
    }
    const invoke = async (body: string) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${url}/invocations`, { method: 'POST', headers, body })
      return { status: answer.status, text: await answer.text() }
    }
    const columns = features.map((feature) => feature.name)
    const data = clients.map((one) => scorer.values(one))
    assert.ok(data.flat().some((value) => typeof value === 'string'))
    const { status, text } = await invoke(JSON.stringify({ dataframe_split: { columns, data } }))
    assert.is(status, 200, text)
    const { predictions }: { predictions: number[] } = JSON.parse(text)
    assert.is(predictions.length, 500)
    assert.ok(new Set(predictions).size > 400)
    const worst = maximum(predictions.map((p, i) => Math.abs(p - expected[i]!)))
    assert.ok(worst <= 1e-12, `largest difference ${worst}`)
    const short = await invoke(
      JSON.stringify({ dataframe_split: { columns: columns.slice(1), data: [data[0]!.slice(1)] } }),
    )
    assert.is(short.status, 400)
    assert.match(short.text, columns[0]!)
    const example = await invoke(readFileSync(join(bundle, 'serving_input_example.json'), 'utf8'))
    assert.is(example.status, 200, example.text)
    const [probability] = (JSON.parse(example.text) as { predictions: number[] }).predictions
    assert.ok(probability! > 0 && probability! < 1)
  } finally {
    if (serving.pid) process.kill(-serving.pid, 'SIGTERM')
    await ended
  }
})

test('the stock flavour of the same files gives the raw score of the booster, and MLflow reads the input example', () => {
  const { bundle: described, predictor } = openBundle(bundle)
  const { booster } = predictor.trees[0]!
  const { features } = described.definitions
  using scorer = Scorer.open(bundle)
  using known = Clients.open(bundle)
  const encode = encoder(features)
  const rows = new Float32Array(50 * features.length)
  known.search('', 50).forEach(({ id }, i) => {
    encode(scorer.values(known.get(id)!), rows, i * features.length)
  })
  const expected = Array.from(booster.predictRows(rows, 50))
  predictor[Symbol.dispose]()
  const program = `import json, sys, numpy, xgboost, mlflow.xgboost
from mlflow.models import Model
given = json.load(sys.stdin)
booster = mlflow.xgboost.load_model(given["folder"])
rows = numpy.array(given["rows"], dtype=numpy.float32)
data = xgboost.DMatrix(rows, feature_names=booster.feature_names, feature_types=booster.feature_types, enable_categorical=True)
example = Model.load(given["folder"]).load_input_example(given["folder"])
print(json.dumps({"scores": booster.predict(data).tolist(), "columns": list(example.columns), "rows": len(example)}))`
  const table = Array.from({ length: 50 }, (_, i) =>
    Array.from(rows.subarray(i * features.length, (i + 1) * features.length), (x) => (Number.isNaN(x) ? null : x)),
  )
  const printed = execFileSync(join(dirname(mlflowCommand()), 'python'), ['-B', '-c', program], {
    input: JSON.stringify({ folder: bundle, rows: table }),
    encoding: 'utf8',
    env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true' },
  })
  const answer: { scores: number[]; columns: string[]; rows: number } = JSON.parse(printed.trim().split('\n').at(-1)!)
  assert.equal(answer.scores, expected)
  assert.equal(answer.columns, features.map((feature) => feature.name)) // biome-ignore format: one thought
  assert.is(answer.rows, 1)
})

test('the UI shows the run, its curves and the registry, and asks nobody else', async () => {
  const walked: string[] = []
  const complaints = await walk(
    await client(),
    { experiment: name, model: name, runName: 'train' },
    async (page, shown) => {
      walked.push(page)
      const text = await shown.locator('body').innerText()
      if (page === 'run') assert.match(text, 'Finished')
      if (page === 'curves') for (const fold of [1, 2, 3, 4, 5]) assert.match(text, `fold_${fold}`)
      if (page === 'registry') assert.match(text, /@\s*champion/)
      if (page === 'version') assert.match(text, /git\.dirty|data\.hash/)
    },
  )
  assert.equal(walked, [...mlflowPages])
  assert.equal(complaints, [])
})

test('the server is closed', async () => {
  await (await opening).close()
  assert.is(await (await client()).reachable(), false)
})

test.run()
