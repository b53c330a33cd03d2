/**
 * `npm run bench:full`: everything at the size of the real data, 307,511 + 48,744 clients: every stage, `score`, `drift`, the notebooks, the service.
 * Exit code 1 when a command fails or takes more than three hours or 10 GB.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { writeWhole } from '../pipeline/data/write-whole.ts'
import { served } from './full-service.ts'
import { markdownTable } from './markdown.ts'
import { measured, type Taken } from './process-tree.ts'

const usage = `usage: npm run bench:full -- --work DIR [--data DIR] [--runs short,full] [--report FILE] [--only COMMAND,…]

--work DIR     where the runs lie, some 15 GB; what is already there is used again: an interrupted bench goes on
--data DIR     the eight tables (default: generated in DIR/data, 307,511 + 48,744 clients)
--runs LIST    short: --set train.rounds=400 --set train.booster.eta=0.1; full: --params full (both)
--report FILE  the tables as Markdown (reports/bench/full.md)
An hour and more for each run on two cores.`

const root = join(import.meta.dirname, '..')
const say = (text: string) => process.stderr.write(`bench:full: ${text}\n`)
const limits = { seconds: 3 * 3600, gigabytes: 10 }
const size = { clients: 307_511, new_clients: 48_744 }

const runs: Readonly<Record<string, readonly string[]>> = {
  short: ['--set', 'train.rounds=400', '--set', 'train.booster.eta=0.1'],
  full: ['--params', 'full'],
}

/** What is checked out; figures of an earlier, interrupted bench keep theirs. */
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()

interface Row extends Omit<Taken, 'output'> {
  readonly command: string
  readonly commit: string
}

/** Runs one command of this project unless an earlier, interrupted bench did; its figures are kept in DIR/figures.json. */
async function step(work: string, command: string, args: readonly string[]): Promise<Row> {
  const file = join(work, 'figures.json')
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Row>) : {}
  const before = known[command]
  if (before) return before
  say(command)
  const { output, ...taken } = await measured(process.execPath, ['--conditions=source', ...args], {
    cwd: root,
    env: { INIT_CWD: root },
    onLine: (line) => say(`  ${line}`),
  })
  mkdirSync(work, { recursive: true })
  writeFileSync(join(work, `${command.replace(/\W+/g, '-')}.log`), output)
  const row = { command, commit, ...taken }
  say(`${command}: ${taken.wall.toFixed(0)} s, ${taken.peak.toFixed(1)} GB${taken.code === 0 ? '' : ', FAILED'}`)
  if (taken.code === 0) writeWhole(file, `${JSON.stringify({ ...known, [command]: row }, null, 1)}\n`)
  return row
}

async function dataOf(work: string): Promise<string> {
  const folder = join(work, 'data')
  const params = parse(readFileSync(join(root, 'params.yaml'), 'utf8')) as { portfolio: object }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(work, 'params.yaml'), JSON.stringify({ portfolio: { ...params.portfolio, ...size } }))
  const row = await step(work, 'generate the portfolio', [join(root, 'bench/full-data.ts'), work])
  if (row.code !== 0) throw new Error('the portfolio could not be made')
  return folder
}

async function run(name: string, data: string, work: string): Promise<{ rows: Row[]; notes: string[] }> {
  const out = join(work, name)
  const rows: Row[] = []
  for (const stage of Object.keys((parse(readFileSync(join(root, 'dvc.yaml'), 'utf8')) as { stages: object }).stages)) {
    const args = ['commands/repro.ts', stage, '--data', data, '--out', out, ...runs[name]!]
    const row = await step(work, `${name}: dvc repro ${stage}`, args)
    rows.push(row)
    if (row.code !== 0) return { rows, notes: [`${stage} failed: see ${name}-dvc-repro-${stage}.log`] }
  }
  const model = join(out, 'artifacts', 'model')
  const scores = join(work, `${name}-scores.csv`)
  rows.push(await step(work, `${name}: score`, ['commands/score.ts', data, scores, '--model', model]))
  const [before, now] = ['application_train', 'application_test'].map((table) => join(data, `${table}.csv`))
  const drift = await step(work, `${name}: drift, both application files`, ['commands/drift.ts', before!, now!])
  rows.push(drift.code === 3 ? { ...drift, code: 0 } : drift) // 3 says that the data have moved
  rows.push(await step(work, `${name}: notebooks`, ['commands/notebooks.ts', '--workspace', out]))
  const { taken, note } = await served(root, model)
  rows.push({ command: `${name}: serve, answer and show a client`, commit, ...taken })
  const metrics = JSON.parse(readFileSync(join(out, 'reports/train/metrics.json'), 'utf8')) as Record<string, number>
  const figures = `ROC AUC ${metrics.roc_auc?.toFixed(4)}, cost ${metrics.cost?.toFixed(4)} a client, out of fold`
  return { rows, notes: [figures, note] }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      work: { type: 'string' },
      data: { type: 'string' },
      runs: { type: 'string', default: 'short,full' },
      report: { type: 'string', default: 'reports/bench/full.md' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help || !values.work) {
    console.log(usage)
    return values.help ? 0 : 1
  }
  const typed = process.env.INIT_CWD ?? process.cwd()
  const names = values.runs.split(',')
  const strange = names.filter((name) => !Object.hasOwn(runs, name))
  if (strange.length > 0) throw new Error(`--runs: expected ${Object.keys(runs).join(' or ')}, found ${strange.join()}`)
  const work = resolve(typed, values.work)
  mkdirSync(work, { recursive: true })
  const data = values.data === undefined ? await dataOf(work) : resolve(typed, values.data)
  const parts: string[] = []
  let missed = 0
  for (const name of names) {
    const { rows, notes } = await run(name, data, work)
    const faults = rows.filter((row) => row.code !== 0 || row.wall > limits.seconds || row.peak > limits.gigabytes)
    missed += faults.length
    const cells = rows.map((row) => [
      row.command.replace(`${name}: `, ''),
      row.wall.toFixed(0),
      row.processor.toFixed(0),
      row.peak.toFixed(1),
      row.code !== 0 ? 'FAILED' : faults.includes(row) ? 'over the limit' : 'ok',
    ])
    const total = rows.reduce((sum, { wall }) => sum + wall, 0)
    parts.push(
      `## \`npm run repro -- --data DATA --out OUT ${runs[name]!.join(' ')}\``,
      markdownTable(['command', 'wall clock (s)', 'processor (s)', 'peak memory (GB)', ''], cells),
      `${(total / 60).toFixed(0)} minutes in all, on commit ${[...new Set(rows.map((row) => row.commit))].join(', ')}. ${notes.join('. ')}.`,
    )
  }
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB`
  const head = `# Everything at the size of the real data\n\n\`npm run bench:full\`: ${size.clients.toLocaleString('en')} training and ${size.new_clients.toLocaleString('en')} new clients, made by the generator; ${machine}. Peak memory is of the largest process. No command may take more than ${limits.seconds / 3600} hours or ${limits.gigabytes} GB.`
  writeWhole(resolve(root, values.report), `${[head, ...parts].join('\n\n')}\n`)
  say(`written to ${values.report}${missed > 0 ? `; ${missed} commands failed or are over the limit` : ''}`)
  return missed === 0 ? 0 : 1
}

if (import.meta.main)
  main().then(
    (code) => {
      process.exitCode = code
    },
    (error) => {
      say(error instanceof Error ? error.message : String(error))
      process.exitCode = 1
    },
  )
