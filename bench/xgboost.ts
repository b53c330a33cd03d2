/**
 * `npm run bench:xgboost`: xgboost-node against Python xgboost of the same environment, the same library file, matrix and threads.
 * The two take turns in one run, and what counts is the median of the turns' ratios: of processor time, which other work on the machine does not
 * add to (as the clock does; its ratio is printed too, and on an idle machine it is the same).
 * Exit code 1 when a bar is missed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DMatrix, libraryVersion, train } from 'xgboost-node'
import { argumentsOf } from '../commands/usage.ts'
import { made } from '../packages/xgboost-node/src/testing/made.ts'
import { median } from '../pipeline/data/quantile.ts'
import { compared, python, seconds, type TurnComparison } from './turns.ts'

const usage = `usage: npm run bench:xgboost

BENCH_ROWS (20000), BENCH_COLUMNS (50), BENCH_THREADS (1) and BENCH_TURNS (9) change the sizes.`

argumentsOf(usage, {})

// Threads that spin while they wait would measure the machine's other work. The library is opened after this line, in both processes.
process.env.OMP_WAIT_POLICY ??= 'passive'

const rows = Number(process.env.BENCH_ROWS ?? 20_000)
const columnCount = Number(process.env.BENCH_COLUMNS ?? 50)
const nthread = Number(process.env.BENCH_THREADS ?? 1)
const turns = Number(process.env.BENCH_TURNS ?? 9)
const wide = 300

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-xgboost-'))
  const { columns, label } = made(rows, columnCount)
  const params = { objective: 'binary:logistic', max_depth: 6, eta: 0.1, nthread, seed: 1 } as const
  const dtrain = DMatrix.fromColumns(columns, { label, nthread })
  const few = dtrain.slice(Array.from({ length: Math.min(rows, 1000) }, (_, i) => i))
  const { booster } = train({ params, dtrain, rounds: 60 })
  const broad = made(2000, wide, 0, 2)
  const single = train({
    params: { ...params, max_depth: 4, nthread: 1 },
    dtrain: DMatrix.fromColumns(broad.columns, { label: broad.label }),
    rounds: 300,
  }).booster
  const row = Float32Array.from(broad.columns, (column) => column[0] ?? Number.NaN)
  const files = {
    'columns.f4': Buffer.concat(columns.map((column) => Buffer.from(column.buffer))),
    'label.f4': Buffer.from(label.buffer),
    'row.f4': Buffer.from(row.buffer),
    'model.ubj': booster.toBuffer(),
    'wide.ubj': single.toBuffer(),
  }
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)

  const reference = python('xgboost_reference.py', [folder, ...[rows, columnCount, nthread, wide].map(String)])
  await reference.ready
  console.log(
    `libxgboost ${libraryVersion()}, ${rows} rows of ${columnCount} columns, nthread ${nthread}, ${turns} turns each`,
  )
  const comparisons: TurnComparison[] = [
    {
      what: 'training, 30 rounds of depth 6',
      theirs: ['train'],
      ours: () => train({ params, dtrain, rounds: 30 }).booster.close(),
      times: 1,
      bar: 1.05,
    },
    {
      what: 'SHAP values of 1,000 rows',
      theirs: ['shap'],
      ours: () => void booster.contributions(few),
      times: 1,
      bar: 1.05,
    },
    {
      what: 'matrix from columns',
      theirs: ['matrix_stacked', 'matrix_frame'],
      ours: () => DMatrix.fromColumns(columns, { label, nthread }).close(),
      times: 20,
      bar: 1,
    },
    {
      what: `one row in place, ${wide} features, 300 trees`,
      theirs: ['one_row'],
      ours: () => void single.predictRows(row, 1),
      times: 500,
      bar: null,
    },
  ]
  let missed = await compared(comparisons, reference, turns)
  const micro = Array.from({ length: 5000 }, () => seconds(1, () => single.predictRows(row, 1)).clock * 1e6)
  const middle = median(micro)
  missed += middle < 150 ? 0 : 1
  console.log(`one row in place: median ${middle.toFixed(1)} us, bar 150 us: ${middle < 150 ? 'met' : 'MISSED'}`)
  reference.end()
  rmSync(folder, { recursive: true })
  process.exitCode = missed > 0 ? 1 : 0
}

if (import.meta.main) await main()
