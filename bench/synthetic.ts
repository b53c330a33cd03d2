/**
 * `npm run bench:synthetic`: what this project's model learns from synthetic clients, and how well a classifier tells them from real ones.
 * The real sample only measures; nothing of it but counts and areas under curves is written. Exit code 1 when a bar is missed.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { params } from 'dvc-ts'
import pl from 'nodejs-polars'
import { compareWithPublished, generate, generatorVersion, isOutside } from 'synthetic-credit'
import { z } from 'zod'
import { append } from '../pipeline/data/append.ts'
import { readParquetTable, readTable, releaseFrames } from '../pipeline/data/tables.ts'
import { sharedSample } from '../testing/shared.ts'
import { type Separation, separation } from './synthetic/classifier.ts'
import { agreement, type Evidence, evidenceOf } from './synthetic/evidence.ts'
import { featuresOf, formOnly, trained, transferred } from './synthetic/models.ts'
import { type Bar, isMet, plainTable, writeReport } from './synthetic/report.ts'

const usage = `usage: npm run bench:synthetic [-- --only PART ...] [--clients N] [--mending] [--reports FOLDER]

--only PART     classifier, transfer or model; may be repeated (default: all three, some 25 minutes)
                classifier  synthetic against real application rows: jointly and column by column
                transfer    trained on the default portfolio, tested on the labelled real clients
                model       ROC AUC on --clients synthetic clients, form alone and all tables; information values
--clients N     of the model part (100,000)
--quick         the model part with larger steps and one of its five folds judged (some 8 minutes of the 25)
--mending       the classifier also on the half of the labelled clients that the generator was mended by
--reports DIR   where synthetic.md and synthetic.json go (reports/synthetic when all parts ran, else nowhere)

The real clients are read from ../shared/real-sample (SHARED names another folder than ../shared).`

const say = (text: string) => process.stderr.write(`bench: ${text}\n`)

class BenchError extends Error {}

const parts = ['classifier', 'transfer', 'model'] as const
const portfolioSection = z.object({ clients: z.int(), new_clients: z.int(), seed: z.int() })

const bar = (what: string, found: number, least: number | null, most: number | null, digits = 3): Bar => ({
  what,
  found,
  least,
  most,
  digits,
})

/** Makes a portfolio and tells how far it is. */
function portfolio(clients: number, newClients: number, seed: number, folder: string): string {
  let reported = Date.now()
  say(`making ${clients.toLocaleString('en')} + ${newClients.toLocaleString('en')} clients`)
  const onProgress = (done: number, all: number) => {
    if (Date.now() - reported < 2000) return
    reported = Date.now()
    say(`${Math.round((100 * done) / all)}% of the clients`)
  }
  generate({ clients, newClients, seed, folder, onProgress })
  return folder
}

/** Every second row of the labelled clients: the even ones, as the new clients, were looked at while the generator was mended, the odd ones never. */
const half = (frame: pl.DataFrame, odd: 0 | 1) =>
  frame.withRowIndex('place').filter(pl.col('place').modulo(2).eq(odd)).drop('place')

function classified(data: string, real: string, seed: number, mending: boolean): Record<string, Separation> {
  const [train, fresh] = (['application_train', 'application_test'] as const).map((name) => ({
    real: readTable(real, name),
    synthetic: readTable(data, name),
  }))
  const found: Record<string, Separation> = {}
  const against = (name: string, one: pl.DataFrame, other: pl.DataFrame) => {
    say(name)
    found[name] = separation(one, other, seed, say)
  }
  against('the new clients', fresh!.real, fresh!.synthetic)
  against('the half of the labelled clients that was never looked at', half(train!.real, 1), train!.synthetic)
  if (mending) against('the half of the labelled clients that was mended by', half(train!.real, 0), train!.synthetic)
  return found
}

const separationBars = (separations: Readonly<Record<string, Separation>>): Bar[] =>
  Object.entries(separations).flatMap(([name, { joint, columns }]) => [
    bar(`classifier, ${name}: joint ROC AUC`, joint, null, 0.9),
    bar(`classifier, ${name}: worst column, ${columns[0]!.column}`, columns[0]!.alone, null, 0.65),
  ])

async function outside(work: string, what: string): Promise<Bar> {
  const figures = await compareWithPublished((table, columns) => readParquetTable(work, table, columns), {
    afterTable: releaseFrames,
  })
  const share = (100 * figures.filter(isOutside).length) / figures.length
  return bar(`% of ${figures.length} published figures missed, ${what}`, share, null, 2, 2)
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      clients: { type: 'string', default: '100000' },
      mending: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      reports: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const chosen = new Set(values.only ?? parts)
  for (const part of chosen)
    if (!(parts as readonly string[]).includes(part))
      throw new BenchError(`--only ${part}: expected ${parts.join(', ')}\n\n${usage}`)
  const clients = Number(values.clients)
  if (!Number.isInteger(clients) || clients < 1000)
    throw new BenchError(`--clients ${values.clients}: expected a whole number, 1000 or more`)
  const from = process.env.INIT_CWD ?? process.cwd()
  const reports = values.reports
    ? resolve(from, values.reports)
    : chosen.size === parts.length
      ? 'reports/synthetic'
      : null
  const defaults = params('portfolio', portfolioSection)
  const real = sharedSample()
  const notMeasured: string[] = []
  if (!real || !existsSync(join(real, 'application_train.csv'))) {
    notMeasured.push(
      'the classifier and the model on real clients: they need the real sample in ../shared/real-sample (SHARED names another folder), and it is not there.',
    )
    say(`not measured: ${notMeasured[0]}`)
  }

  const work = mkdtempSync(join(tmpdir(), 'bench-synthetic-'))
  process.once('exit', () => rmSync(work, { recursive: true, force: true }))
  const place = (name: string) => join(work, name)
  const bars: Bar[] = []
  let separations: Record<string, Separation> = {}
  let evidence: Evidence[] = []
  if (chosen.has('classifier') || chosen.has('transfer')) {
    const data = portfolio(defaults.clients, defaults.new_clients, defaults.seed, place('default'))
    if (real && chosen.has('classifier')) {
      separations = classified(data, real, defaults.seed, values.mending)
      append(bars, separationBars(separations))
    }
    if (real && chosen.has('transfer')) {
      const frames = await featuresOf(data, place('default-portfolio'), say)
      bars.push(await outside(place('default-portfolio'), 'default portfolio'))
      const { finalRounds } = trained(frames, frames.definitions.features, say)
      const { auc, clients: judged } = await transferred(frames, finalRounds, real, place('real'), say)
      const trainedOn = defaults.clients.toLocaleString('en')
      bars.push(
        bar(
          `ROC AUC on ${judged.toLocaleString('en')} real clients, trained on ${trainedOn} synthetic`,
          auc,
          0.7,
          null,
        ),
      )
    }
    rmSync(data, { recursive: true })
  }
  if (chosen.has('model')) {
    const data = portfolio(clients, Math.round(clients / 25), defaults.seed, place('large'))
    const frames = await featuresOf(data, place('large-portfolio'), say)
    rmSync(data, { recursive: true })
    const many = `${clients.toLocaleString('en')} synthetic clients`
    bars.push(await outside(place('large-portfolio'), many))
    evidence = evidenceOf(readParquetTable(place('large-portfolio'), 'application_train'))
    const form = trained(frames, formOnly(frames.definitions), say, values.quick)
    const all = trained(frames, frames.definitions.features, say, values.quick)
    bars.push(
      bar(`ROC AUC, ${many}, application form (${form.features} features)`, form.auc, 0.74, 0.77),
      bar(`ROC AUC, ${many}, all tables (${all.features} features)`, all.auc, 0.775, 0.8),
      bar('what the history adds', all.auc - form.auc, 0.015, null),
      bar('rank correlation of information values with the published ones', agreement(evidence), 0.6, null),
    )
  }
  console.log(plainTable(bars))
  for (const [name, { columns }] of Object.entries(separations)) {
    const [alone, jointly] = [columns, columns.toSorted((a, b) => b.gain - a.gain)]
    console.log(`\nwhat gives it away, ${name}, worst first
  alone:   ${alone
    .slice(0, 8)
    .map(({ column, alone: auc }) => `${column} ${auc.toFixed(3)}`)
    .join(', ')}
  jointly: ${jointly
    .slice(0, 8)
    .map(({ column, gain }) => `${column} ${(100 * gain).toFixed(1)}%`)
    .join(', ')}`)
  }
  if (reports) {
    writeReport(reports, { generator: generatorVersion, seed: defaults.seed, bars, separations, evidence, notMeasured })
    say(`written to ${reports}`)
  }
  return bars.every(isMet) ? 0 : 1
}

if (import.meta.main) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    const argument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (!(error instanceof BenchError) && !argument) throw error
    process.stderr.write(`bench: ${(error as Error).message}${argument ? `\n\n${usage}` : ''}\n`)
    process.exitCode = 1
  }
}
