/** A registered bundle served by `mlflow models serve` answers raw category strings with the probabilities of Node. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DMatrix, libraryVersion, train } from 'xgboost-node'
import { parse } from 'yaml'
import { type Calibration, calibrate } from '../learning/calibration.ts'
import { encoder } from '../learning/encode.ts'
import { mlmodel } from './mlmodel.ts'
import { freePort, LocalServer, mlflowCommand } from './server.ts'
import { track } from './track.ts'

delete process.env.MLFLOW_TRACKING_URI // the test brings its own server
const features = [
  { name: 'ext_source', kind: 'number' as const },
  { name: 'occupation', kind: 'category' as const, levels: ['Accountants', 'Core staff', 'Élevage'] },
  { name: 'loans', kind: 'count' as const },
]
type Row = readonly [number | null, string | null, number | null]

const folder = mkdtempSync(join(tmpdir(), 'mlmodel-'))
const store = join(folder, 'store')
const opening = LocalServer.open(store) // while the first tests run
opening.catch(() => {})

/** Rows of 500 made-up applicants: all levels, one that training never saw, and every column missing at times. */
function rows(): Row[] {
  let state = 7
  const random = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  const names = ['Accountants', 'Core staff', 'Élevage', 'Never seen', null]
  return Array.from({ length: 500 }, () => [
    random() < 0.1 ? null : random(),
    names[Math.floor(random() * names.length)] ?? null,
    random() < 0.1 ? null : Math.floor(random() * 9),
  ])
}
const calibration: Calibration = { method: 'beta', a: 0.9, b: 1.2, c: -0.4 }

/** A small bundle of MLflow's side only, and what Node says of the rows. */
function bundleOf(folder: string, applicants: readonly Row[]): number[] {
  const encode = encoder(features)
  const matrix = new Float32Array(applicants.length * features.length)
  applicants.forEach((row, i) => {
    encode(row, matrix, i * features.length)
  })
  const columns = features.map((_, j) => Float32Array.from(applicants, (_row, i) => matrix[i * features.length + j]!))
  const label = applicants.map(([external, occupation], i) =>
    Number((external ?? 0.5) + (occupation === 'Core staff' ? 0.4 : 0) + (i % 7) / 10 < 0.9),
  )
  using data = DMatrix.fromColumns(columns, {
    label,
    featureNames: features.map(({ name }) => name),
    featureTypes: features.map(({ kind }) => (kind === 'category' ? 'c' : 'q')),
  })
  const params = {
    objective: 'binary:logistic',
    tree_method: 'hist',
    max_depth: 3,
    eta: 0.3,
    seed: 1,
    nthread: 1,
  } as const
  using booster = train({ params, dtrain: data, rounds: 20 }).booster
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'model.ubj'), booster.toBuffer())
  writeFileSync(join(folder, 'bundle.json'), JSON.stringify({ calibration, definitions: { features } }))
  for (const [path, text] of Object.entries(mlmodel({ features, xgboost: libraryVersion() }))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return Array.from(booster.predictRows(matrix, applicants.length, { output: 'margin' }), (x) =>
    calibrate(calibration, x),
  )
}

test('MLmodel names both flavours and every column with its type, and is the same text each time', () => {
  const files = mlmodel({ features, xgboost: '3.2.0' })
  assert.equal(mlmodel({ features, xgboost: '3.2.0' }), files)
  const model = parse(files.MLmodel!)
  assert.equal(Object.keys(model.flavors), ['python_function', 'xgboost'])
  assert.equal(
    JSON.parse(model.signature.inputs).map(({ name, type }: { name: string; type: string }) => [name, type]),
    [
      ['ext_source', 'double'],
      ['occupation', 'string'],
      ['loans', 'double'],
    ],
  )
})

test('the loader calibrates by the formulas of Node, for each method', () => {
  const margins = Array.from({ length: 201 }, (_, i) => (i - 100) / 10)
  const all: Calibration[] = [
    { method: 'none' },
    { method: 'platt', slope: 0.8, intercept: -0.3 },
    calibration,
    { method: 'isotonic', x: [0.05, 0.2, 0.2000001, 0.7], y: [0.01, 0.01, 0.3, 0.9] },
  ]
  const program = `import json, sys, numpy as np
sys.path.insert(0, sys.argv[1])
from credit_pyfunc import calibrate
given = json.load(sys.stdin)
print(json.dumps([calibrate(c, np.array(given["margins"])).tolist() for c in given["all"]]))`
  const python = join(dirname(mlflowCommand()), 'python')
  const answer: number[][] = JSON.parse(
    execFileSync(python, ['-B', '-c', program, import.meta.dirname], {
      input: JSON.stringify({ all, margins }),
      encoding: 'utf8',
    }),
  )
  all.forEach((method, i) => {
    margins.forEach((margin, j) => {
      const [ours, theirs] = [calibrate(method, margin), answer[i]![j]!]
      assert.ok(Math.abs(ours - theirs) <= 1e-14, `${method.method} of ${margin}: ${ours} and ${theirs}`)
    })
  })
})

test('mlflow models serve gives 500 applicants, categories as text, the probabilities of Node', async () => {
  const applicants = rows()
  const expected = bundleOf(join(folder, 'bundle'), applicants)
  const server = await opening
  try {
    await track({ experiment: 'serving', runName: 'r', store, onMessage: () => {} }, async (run) =>
      run.registerModel({
        name: 'credit-scoring',
        folder: join(folder, 'bundle'),
        version: '0123456789ab',
        alias: 'champion',
      }),
    )
    const port = await freePort()
    const log = openSync(join(folder, 'serve.log'), 'w')
    const serving = spawn(
      mlflowCommand(),
      [
        'models',
        'serve',
        '-m',
        'models:/credit-scoring@champion',
        '--env-manager',
        'local',
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
      ],
      {
        stdio: ['ignore', log, log],
        detached: true,
        env: {
          ...process.env,
          MLFLOW_TRACKING_URI: server.uri,
          MLFLOW_DISABLE_TELEMETRY: 'true',
          PATH: `${dirname(mlflowCommand())}:${process.env.PATH}`,
        },
      },
    )
    const ended = new Promise((done) => serving.once('exit', done))
    try {
      const url = `http://127.0.0.1:${port}`
      const up = () => fetch(`${url}/ping`).then(({ ok }) => ok, () => false) // biome-ignore format: one thought
      for (let polls = 0; !(await up()); polls++) {
        if (polls > 720 || serving.exitCode !== null)
          throw new Error(
            `mlflow models serve did not come up: ${readFileSync(join(folder, 'serve.log'), 'utf8').slice(-2000)}`,
          )
        await pause(250)
      }
      const body = JSON.stringify({ dataframe_split: { columns: features.map(({ name }) => name), data: applicants } })
      const answer = await fetch(`${url}/invocations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      const text = await answer.text()
      assert.is(answer.status, 200, text)
      const { predictions }: { predictions: number[] } = JSON.parse(text)
      assert.is(predictions.length, 500)
      assert.ok(new Set(predictions).size > 50)
      const worst = Math.max(...predictions.map((p, i) => Math.abs(p - expected[i]!)))
      assert.ok(worst <= 1e-12, `largest difference ${worst}`)
      const short = JSON.stringify({ dataframe_split: { columns: ['ext_source'], data: [[0.5]] } })
      const refused = await fetch(`${url}/invocations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: short,
      })
      assert.is(refused.status, 400)
      assert.match(await refused.text(), 'occupation')
    } finally {
      if (serving.pid) process.kill(-serving.pid, 'SIGTERM')
      await ended
    }
  } finally {
    await server.close()
  }
})

test.run()
