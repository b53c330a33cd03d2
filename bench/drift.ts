/**
 * `npm run bench:drift`: `npm run drift -- --policy evidently` against Evidently itself on the same CSV files, each a process of its own from
 * reading them to a report written as page and JSON, taking turns on the same machine.
 *
 * What counts is the median of the turns' ratios: of processor time, which other work on the machine does not add to (as the clock does; its
 * ratio is printed too), once of the whole process and once without starting up and importing; and peak memory (VmHWM). The number of
 * drifted columns must be the same. Bars: 307,511 × 48,744 rows of 120 columns at least 10 times faster and at most a quarter of the
 * memory; 2,500 × 2,500 at least 20 times faster. Exit code 1 when one is missed.
 *
 * Needs Evidently in an environment outside this project: python3 -m venv DIR && DIR/bin/pip install -r bench/requirements-drift.txt, then
 * EVIDENTLY_PYTHON=DIR/bin/python npm run bench:drift.
 */

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { argumentsOf } from '../commands/usage.ts'
import { maximum, minimum } from '../pipeline/data/extremes.ts'
import { draw } from './drift-data.ts'

const usage = `usage: EVIDENTLY_PYTHON=PYTHON npm run bench:drift

EVIDENTLY_PYTHON is a Python with bench/requirements-drift.txt installed; BENCH_TURNS changes how often the two alternate (default: 3).`

argumentsOf(usage, {})

const root = join(import.meta.dirname, '..')

const figures = z.object({
  /** Seconds: of the processor over the whole process and without its start; of the clock over the whole process. */
  processor: z.number(),
  work: z.number(),
  clock: z.number(),
  /** kB. */
  peak: z.number(),
  drifted: z.number(),
})
type Figures = z.output<typeof figures>

interface Setting {
  readonly rows: readonly [number, number]
  /** How many times faster, and the largest share of the memory. */
  readonly faster: number
  readonly memory: number | null
}

const settings: readonly Setting[] = [
  { rows: [2500, 2500], faster: 20, memory: null },
  { rows: [307_511, 48_744], faster: 10, memory: 0.25 },
]

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Runs one side and reads the last line that it prints. */
function measured(program: string, args: readonly string[]): Promise<Figures> {
  // Some hosts tell OpenBLAS which kernels to use, for builds older than Evidently's; left in place it would slow Evidently down.
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...env } = process.env
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, faults] = ['', '']
    child.stdout.on('data', (text) => {
      out += text
    })
    child.stderr.on('data', (text) => {
      faults += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${program} ended with ${code}: ${faults.slice(-2000)}`))
      else resolve(figures.parse(JSON.parse(out.trim().split('\n').at(-1) ?? '')))
    })
  })
}

async function alternate(python: string, setting: Setting, turns: number, folder: string): Promise<boolean> {
  const [reference, current] = [join(folder, 'reference.csv'), join(folder, 'current.csv')]
  draw(join(root, 'data/application_train.csv'), reference, setting.rows[0], 1)
  draw(join(root, 'data/application_test.csv'), current, setting.rows[1], 2)
  const [ours, theirs]: [Figures[], Figures[]] = [[], []]
  const sides = [
    async () => void ours.push(await measured(process.execPath, ['bench/drift-ours.mjs', reference, current, folder])),
    async () => void theirs.push(await measured(python, ['bench/drift_reference.py', reference, current, folder])),
  ]
  for (let turn = 0; turn < turns; turn++) {
    process.stderr.write(`bench: ${setting.rows.join(' × ')} rows, turn ${turn + 1} of ${turns}\n`)
    for (const side of turn % 2 ? sides : sides.toReversed()) await side()
  }
  const ratios = (of: (one: Figures) => number) => theirs.map((one, turn) => of(one) / of(ours[turn] ?? one))
  const timesFaster = (values: readonly number[]) =>
    `${middle(values).toFixed(1)} (${minimum(values).toFixed(1)} to ${maximum(values).toFixed(1)})`
  const [whole, work, clock] = [
    ratios(({ processor }) => processor),
    ratios(({ work }) => work),
    ratios(({ clock }) => clock),
  ]
  const share = middle(ratios(({ peak }) => peak).map((ratio) => 1 / ratio))
  const faster = middle(whole) >= setting.faster && middle(work) >= setting.faster
  const lighter = setting.memory === null || share <= setting.memory
  const same = ours.every(({ drifted }, turn) => drifted === theirs[turn]?.drifted)
  const seconds = (all: readonly Figures[], of: (one: Figures) => number) => middle(all.map(of)).toFixed(2)
  const verdict = (met: boolean) => (met ? 'met' : 'MISSED')
  console.log(`${setting.rows.map((rows) => rows.toLocaleString('en')).join(' × ')} rows of 120 columns, ${turns} turns
  whole process, processor: ${seconds(ours, (one) => one.processor)} s, Evidently ${seconds(theirs, (one) => one.processor)} s; times faster ${timesFaster(whole)}
  without the start:        ${seconds(ours, (one) => one.work)} s, Evidently ${seconds(theirs, (one) => one.work)} s; times faster ${timesFaster(work)}
  bar ${setting.faster}: ${verdict(faster)}
  whole process, clock:     ${seconds(ours, (one) => one.clock)} s, Evidently ${seconds(theirs, (one) => one.clock)} s; times faster ${timesFaster(clock)}
  peak memory: ${(middle(ours.map(({ peak }) => peak)) / 1024).toFixed(0)} MiB, Evidently ${(middle(theirs.map(({ peak }) => peak)) / 1024).toFixed(0)} MiB; share ${share.toFixed(3)}${setting.memory === null ? '' : `, bar ${setting.memory}: ${verdict(lighter)}`}
  drifted columns: ${ours[0]?.drifted}, Evidently ${theirs[0]?.drifted}: ${same ? 'the same' : 'DIFFERENT'}`)
  return faster && lighter && same
}

async function main(): Promise<void> {
  const python = process.env.EVIDENTLY_PYTHON
  if (!python || !existsSync(python)) {
    process.stderr.write(
      'bench:drift: Evidently is needed, in an environment outside this project. Create it once:\n  python3 -m venv DIR && DIR/bin/pip install -r bench/requirements-drift.txt\nthen: EVIDENTLY_PYTHON=DIR/bin/python npm run bench:drift\n',
    )
    process.exitCode = 1
    return
  }
  const turns = Number(process.env.BENCH_TURNS ?? 3)
  let met = true
  for (const setting of settings) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-drift-'))
    try {
      met = (await alternate(python, setting, turns, folder)) && met
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  process.exitCode = met ? 0 : 1
}

if (import.meta.main) await main()
