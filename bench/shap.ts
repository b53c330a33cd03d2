/**
 * `npm run bench:shap`: SHAP values of 1,000 clients by the bundle's own model, against Python xgboost's pred_contribs on the same model, values
 * and threads. The values are compared too. Exit code 1 when a bar is missed.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { configure, DMatrix, libraryVersion } from 'xgboost-node'
import { argumentsOf } from '../commands/usage.ts'
import { matrixOf } from '../pipeline/models/matrix.ts'
import { modelFiles, openBundle } from '../pipeline/scoring/bundle.ts'
import { tellUserErrors } from './tell-user-errors.ts'
import { compared, python } from './turns.ts'

const usage = `usage: npm run bench:shap

BENCH_ROWS (1000), BENCH_THREADS (1) and BENCH_TURNS (9) change the sizes.`

argumentsOf(usage, {})
tellUserErrors('bench:shap')

process.env.OMP_WAIT_POLICY ??= 'passive'

const rows = Number(process.env.BENCH_ROWS ?? 1000)
const nthread = Number(process.env.BENCH_THREADS ?? 1)
const turns = Number(process.env.BENCH_TURNS ?? 9)
const bar = 1.05

async function main(): Promise<void> {
  const model = 'artifacts/model'
  configure({ nthread })
  const { bundle, predictor } = openBundle(model)
  const { booster } = predictor.trees[0]!
  const { features } = bundle.definitions
  const frame = pl.readParquet('artifacts/features/new.parquet')
  const { columns, names, types } = matrixOf(frame.head(rows), features)
  const folder = mkdtempSync(join(tmpdir(), 'bench-shap-'))
  try {
    writeFileSync(join(folder, 'columns.f4'), Buffer.concat(columns.map((column) => Buffer.from(column.buffer))))
    writeFileSync(join(folder, 'features.json'), JSON.stringify({ names, types }))
    const reference = python('shap_reference.py', [
      folder,
      join(model, modelFiles(bundle.members)[0]!),
      String(nthread),
    ])
    await reference.ready
    const data = DMatrix.fromColumns(columns, { featureNames: names, featureTypes: types, nthread })
    console.log(
      `libxgboost ${libraryVersion()}, model ${bundle.version}: ${bundle.training.rounds} rounds, ${features.length} features; ${data.rows} clients, nthread ${nthread}, ${turns} turns each`,
    )
    const what = `SHAP values of ${data.rows} clients`
    const ours = () => void booster.contributions(data)
    const missed = await compared([{ what, theirs: ['shap'], ours, times: 1, bar }], reference, turns)
    await reference.measure('write', 1)
    const theirs = new Float32Array(Uint8Array.from(readFileSync(join(folder, 'shap.f4'))).buffer)
    const own = booster.contributions(data)
    const worst = own.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0)
    const same = own.length === theirs.length && worst <= 1e-6
    console.log(
      `largest difference of ${own.length} values: ${worst.toExponential(1)}, bar 1e-6: ${same ? 'met' : 'MISSED'}`,
    )
    reference.end()
    data.close()
    booster.close()
    process.exitCode = missed > 0 || !same ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) await main()
