/**
 * `npm run bench:features`: the stages ingest and features against the same features in Python polars, computed by a script that is printed from
 * the feature definitions. The two take turns in one run; what counts is the median of the turns' ratios of processor time, which other work on the
 * machine adds little to (the clock's is printed too). First the values are compared, cell by cell. Exit code 1 when values differ or a bar is missed.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import pl from 'nodejs-polars'
import { z } from 'zod'
import { maximum } from '../pipeline/data/extremes.ts'
import { median } from '../pipeline/data/quantile.ts'
import { parseDefinitions } from '../pipeline/features/rules/check/definitions.ts'
import { compareFeatures, featuresOf } from './features/compare.ts'
import { pythonScript } from './features/script.ts'

const usage = `usage: npm run bench:features [-- --data FOLDER] [--turns N] [--work FOLDER]

--data FOLDER  the portfolio's CSV files (default: data/); the bars hold from 300,000 clients on
--turns N      how often each side is measured (3)
--work FOLDER  where what is made lies, some twice the size of the data (a temporary folder, removed afterwards)`

/** From so many clients on the bars count: below, starting up is most of the time. */
const fullSize = 300_000
const bars = { both: 1.25, features: 0.65, peak: 5 }

const takenSchema = z.object({ clock: z.number(), processor: z.number(), peak: z.number() })
/** Seconds of the clock and of the processor, and the peak of resident memory in GB. */
type Taken = z.output<typeof takenSchema>

const root = join(import.meta.dirname, '..')
const say = (text: string) => process.stderr.write(`bench: ${text}\n`)

class BenchError extends Error {}

function run(program: string, args: readonly string[], env: Record<string, string> = {}): string {
  const ran = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
  })
  if (ran.status !== 0)
    throw new BenchError(
      `${program} ${args.join(' ')} ended with ${ran.status ?? ran.signal ?? ran.error?.message}\n${ran.stderr}`,
    )
  return ran.stdout
}

/** A Python with polars, made once from bench/requirements-features.txt. */
function python(): string {
  const folder = join(root, 'artifacts', 'bench-python')
  const requirements = join(import.meta.dirname, 'requirements-features.txt')
  const [wanted, stamp] = [readFileSync(requirements, 'utf8'), join(folder, '.stamp')]
  const program = join(folder, 'bin', 'python')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return program
  say('making a Python environment with polars')
  run('uv', ['venv', '--quiet', '--clear', folder])
  run('uv', ['pip', 'install', '--quiet', '--python', program, '--require-hashes', '-r', requirements])
  writeFileSync(stamp, wanted)
  return program
}

function stage(name: 'ingest' | 'features', args: readonly string[], work: string): Taken {
  const meter = join(work, 'meter.json')
  const meterModule = join(import.meta.dirname, 'features', 'meter.ts')
  const file = join('pipeline', `${name}.ts`)
  run(process.execPath, ['--import', meterModule, '--conditions=source', file, ...args], { BENCH_METER: meter })
  return takenSchema.parse(JSON.parse(readFileSync(meter, 'utf8')))
}

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: 'data' },
      turns: { type: 'string', default: '3' },
      work: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const typedFrom = process.env.INIT_CWD ?? process.cwd()
  const data = resolve(typedFrom, values.data)
  const turns = Number(values.turns)
  if (!Number.isInteger(turns) || turns < 1) throw new BenchError(`--turns ${values.turns}: expected a whole number`)
  if (!existsSync(join(data, 'application_train.csv')))
    throw new BenchError(`--data ${data}: expected a folder of CSV files, application_train.csv among them`)
  if (values.work !== undefined) mkdirSync(resolve(typedFrom, values.work), { recursive: true })
  const work = mkdtempSync(join(values.work === undefined ? tmpdir() : resolve(typedFrom, values.work), 'bench-'))
  try {
    return compare(data, work, turns)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function compare(data: string, work: string, turns: number): number {
  const program = python()
  const [portfolio, features, twin] = ['portfolio', 'features', 'twin.parquet'].map((name) => join(work, name))
  const ingest = () => stage('ingest', [data, portfolio!, join(work, 'r1')], work)
  const compute = () => stage('features', [portfolio!, features!, join(work, 'r2')], work)
  const script = join(work, 'features.py')
  const reference = () => takenSchema.parse(JSON.parse(run(program, [script, data, twin!])))

  say('both sides once, to compare the values')
  ingest()
  compute()
  const definitions = parseDefinitions(JSON.parse(readFileSync(join(features!, 'definitions.json'), 'utf8')))
  writeFileSync(script, pythonScript(definitions))
  reference()
  const ours = featuresOf(features!)
  const { cells, unequal, wrong, where } = compareFeatures(ours, pl.readParquet(twin!))
  console.log(
    `${definitions.features.length} features of ${ours.height} clients: ${unequal} of ${cells} cells differ from Python's at all, ${wrong} by more than 1e-6`,
  )
  if (wrong > 0)
    throw new BenchError(`the values differ: ${where.map(([name, count]) => `${name} (${count})`).join(', ')}`)

  const [both, alone, theirs]: [Taken[], Taken[], Taken[]] = [[], [], []]
  for (let turn = 0; turn < turns; turn++) {
    if (turn % 2) theirs.push(reference()) // who goes first alternates
    const [first, second] = [ingest(), compute()]
    alone.push(second)
    both.push({
      clock: first.clock + second.clock,
      processor: first.processor + second.processor,
      peak: Math.max(first.peak, second.peak),
    })
    if (turn % 2 === 0) theirs.push(reference())
    say(
      `turn ${turn + 1} of ${turns}: ${[both, alone, theirs].map((of) => `${of[turn]!.processor.toFixed(1)} s`).join(', ')}`,
    )
  }
  const full = ours.height >= fullSize
  const verdict = (value: number, bar: number) =>
    full ? `, bar ${bar}: ${value <= bar ? 'met' : 'MISSED'}` : ` (bar ${bar} at the full size)`
  const ratios = (of: readonly Taken[], by: 'clock' | 'processor') =>
    median(of.map((one, turn) => one[by] / theirs[turn]![by]))
  const line = (what: string, of: readonly Taken[], bar: number): boolean => {
    const ratio = ratios(of, 'processor')
    console.log(
      `${what}: ${median(of.map(({ processor }) => processor)).toFixed(1)} s of processor, ratio to Python ${ratio.toFixed(2)} (by the clock ${ratios(of, 'clock').toFixed(2)})${verdict(ratio, bar)}`,
    )
    return ratio <= bar
  }
  const peak = maximum(both.map((one) => one.peak))
  console.log(
    `Python, reading and features: ${median(theirs.map(({ processor }) => processor)).toFixed(1)} s of processor, peak ${maximum(theirs.map((one) => one.peak)).toFixed(1)} GB`,
  )
  const met = [line('ingest and features', both, bars.both), line('features', alone, bars.features), peak <= bars.peak]
  console.log(`peak of memory: ${peak.toFixed(1)} GB${verdict(peak, bars.peak)}`)
  return full && met.includes(false) ? 1 : 0
}

if (import.meta.main) {
  try {
    process.exitCode = main(process.argv.slice(2))
  } catch (error) {
    const argument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (!(error instanceof BenchError) && !argument) throw error
    say(`${(error as Error).message}${argument ? `\n\n${usage}` : ''}`)
    process.exitCode = 1
  }
}
