/** `npm run score -- DATA OUTPUT.csv [--model DIR]`: scores every client of a folder or zip archive of tables. */
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import pl from 'nodejs-polars'
import { isUserError } from '../pipeline/data/exit-on-user-error.ts'
import { type Input, openInput } from '../pipeline/data/input.ts'
import { type UnknownLevels, unknownLevelLines } from '../pipeline/data/levels.ts'
import type { HistoryTable } from '../pipeline/data/schema/tables.ts'
import { readSupplied, type SuppliedNote } from '../pipeline/data/supplied-file.ts'
import { releaseFrames } from '../pipeline/data/tables.ts'
import { abandon, begin, putInPlace } from '../pipeline/data/write-whole.ts'
import { counted } from '../pipeline/features/coverage.ts'
import { partSteps } from '../pipeline/features/rules/polars/features.ts'
import { unseenLevels } from '../pipeline/features/unseen.ts'
import { confusion, meanCost } from '../pipeline/models/cost.ts'
import { matrixOf } from '../pipeline/models/matrix.ts'
import { figures } from '../pipeline/models/metrics.ts'
import { brier, logLoss } from '../pipeline/models/probability.ts'
import { type Bundle, bundleFiles } from '../pipeline/scoring/bundle.ts'
import type { Decision } from '../pipeline/scoring/decision.ts'
import { applicationFiles, cutIntoParts, type Part, type Parts, type PartsOptions } from '../pipeline/scoring/parts.ts'
import { valuesAt } from '../pipeline/scoring/rows.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import type { Concern } from '../pipeline/scoring/strategic.ts'
import { stoppable, unfinished } from './stoppable.ts'
import {
  absentTables,
  clientsWithUnknown,
  concernsIn,
  lacking,
  notedLines,
  referredForUnknown,
  unusualCoverage,
  withAssumed,
} from './supplied.ts'

const usage = `usage: npm run score -- DATA OUTPUT.csv [--model DIR]

Scores the clients of application_train and application_test in DATA, whichever exist, in that order. DATA is a folder of tables
(.csv or .parquet, also packed one by one as .csv.gz or .csv.zip) or a zip archive of them. The six history tables may be missing: a table that is not there was not
supplied, so its clients are referred; in a table that is there, a client without rows has none. A folder of npm run journal -- dataset also
says, in supplied.csv, of which applications a table was not supplied and what the service assumed of them: they are scored as it scored them.
OUTPUT.csv gets SK_ID_CURR,probability,decision,referral,score,reason_codes: referral is true where a person must look (inside the grey
zone, a history that the model reads was not supplied, its rows hold texts that are none of the published levels, or an approval is owed
to inputs left blank or beyond training), score is on the model's PDO scale (a higher score, less risk), codes are those of the reasons against, largest first, separated by ";".
--model DIR   the bundle to score with (default: artifacts/model)
Relative paths count from the folder where the command is typed. Messages go to stderr; where TARGET is known, the last line of
stdout is one JSON object of metrics over those clients, and stderr says them in a sentence.`

const say = (text: string) => process.stderr.write(`score: ${text}\n`)

let lastProgress = Date.now()
/** Says where the work is, every two seconds at most. */
function progress(text: string): void {
  if (Date.now() - lastProgress < 2000) return
  lastProgress = Date.now()
  say(text)
}

/** A request that cannot be carried out; its message is all that the person needs. */
class Refusal extends Error {}

export interface ScoredClient {
  readonly id: number
  readonly probability: number
  readonly decision: Decision
  readonly referral: boolean
  readonly score: number
  /** Of the reasons against, largest first. */
  readonly reasonCodes: readonly string[]
  readonly target: number | null
}

const clientsAtOnce = 20_000 // whose rows and features are in memory together
const explainedAtOnce = 2500 // a large forest makes its tables anew for each such group

/**
 * Scores both application files of a folder or archive, in the order of the files and of their rows, some clients at a time: memory does not
 * grow with the portfolio. `training`: features of the model's training clients.
 * @throws Refusal where there is no application file, DataError with all that is wrong with the tables
 */
export async function* scoreInput(
  source: string,
  scorer: Scorer,
  training: pl.DataFrame,
): AsyncGenerator<ScoredClient[]> {
  const { definitions } = scorer.bundle
  const scratch = mkdtempSync(join(tmpdir(), 'score-'))
  try {
    const input = await openInput(source, scratch)
    const notes = statSync(source).isDirectory() ? readSupplied(source) : new Map<number, SuppliedNote>()
    const completed = (form: pl.DataFrame) => withAssumed(form, notes)
    const { parts, absent, unknownLevels } = await partsOf(input, source, scratch, completed).finally(input.close)
    absentTables(absent, parts, lacking(absent, scorer)).forEach(say)
    notedLines(notes).forEach(say)
    const lacks = lacking(absent, scorer, (id) => notes.get(id)?.notSupplied ?? [])
    unknownLevels.flatMap(unknownLevelLines).forEach(say)
    const read = scorer.readBy(unknownLevels)
    const strange = parts.map((part) => clientsWithUnknown(part, read))
    if (unknownLevels.length > 0) say(referredForUnknown(strange.reduce((sum, { size }) => sum + size, 0)))
    const clients = parts.reduce((sum, { ids }) => sum + ids.length, 0)
    say(`${countOf(clients, 'client', 'clients')}, ${countOf(definitions.features.length, 'feature', 'features')}`)
    const unseen = new Map<string, number>()
    const own: pl.DataFrame[] = []
    let at = 0
    for (const step of partSteps(definitions, () => parts.map((part) => part.source), { single: true })) {
      if (typeof step === 'string') {
        progress(step)
        await releaseFrames()
        continue
      }
      const part = parts[at]!
      own.push(counted(step, definitions))
      for (const [name, count] of unseenLevels(step, definitions.features))
        unseen.set(name, (unseen.get(name) ?? 0) + count)
      yield* scoredPart(part, step, scorer, lacks(part), strange[at]!, concernsIn(part, scorer, notes))
      at++
    }
    unusualCoverage(pl.concat(own), absent, training, definitions).forEach(say)
    for (const [name, count] of unseen)
      if (count > 0)
        say(
          `${countOf(count, 'client has', 'clients have')} a value of ${name} that no training client had; it counts as missing`,
        )
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function partsOf(
  input: Input,
  source: string,
  scratch: string,
  completed: NonNullable<PartsOptions['completed']>,
): Promise<Parts> {
  if (!applicationFiles.some((name) => input.has(name)))
    throw new Refusal(`expected application_train.csv or application_test.csv in ${source}, and neither is there`)
  return cutIntoParts(input, scratch, { clientsAtOnce, onProgress: say, completed })
}

function* scoredPart(
  { ids, targets }: Part,
  values: pl.DataFrame,
  scorer: Scorer,
  lacks: (id: number) => readonly HistoryTable[],
  strange: ReadonlyMap<number, readonly UnknownLevels[]>,
  concerns: ReadonlyMap<number, readonly Concern[]>,
): Generator<ScoredClient[]> {
  const { features } = scorer.bundle.definitions
  const { ids: known, columns } = matrixOf(values, features)
  const place = new Map(Array.from(known, (id, row) => [id, row]))
  for (let from = 0; from < ids.length; from += explainedAtOnce) {
    const some = ids.slice(from, from + explainedAtOnce)
    const rows = some.map((id) => ({
      values: scorer.withoutUnknown(valuesAt(columns, features, place.get(id) as number), lacks(id)),
      notSupplied: lacks(id),
      unknownLevels: strange.get(id) ?? [],
      concerns: concerns.get(id) ?? [],
    }))
    yield scorer.scoreFeatures(rows).map((score, i) => ({
      id: some[i] as number,
      probability: score.probability,
      decision: score.decision,
      referral: score.referred,
      score: score.score,
      reasonCodes: score.reasons.against.map(({ code }) => code),
      target: targets[from + i] ?? null,
    }))
  }
}

/** Clients whose outcome is known, as columns. */
export interface KnownOutcomes {
  readonly target: number[]
  readonly probability: number[]
  /** 1 for a declined client. */
  readonly declined: number[]
}

/** Metrics over the clients whose outcome is known; null when there are none. Ranking figures need both outcomes. */
export function metricsOfKnown(
  { target, probability, declined }: KnownOutcomes,
  bundle: Bundle,
): Record<string, number | string | null> | null {
  if (target.length === 0) return null
  const defaults = target.reduce((sum, y) => sum + y, 0)
  const base = { model: bundle.version, clients: target.length, defaults, threshold: bundle.threshold }
  if (defaults > 0 && defaults < target.length)
    return { ...base, ...figures(target, probability, declined, bundle.costs) }
  const cost = meanCost(confusion(target, declined), bundle.costs)
  return { ...base, roc_auc: null, cost, brier: brier(target, probability), log_loss: logLoss(target, probability) }
}

/** The metrics for people. */
export function metricsSentence(metrics: NonNullable<ReturnType<typeof metricsOfKnown>>): string {
  const { clients, defaults, threshold, roc_auc, cost, brier } = metrics
  const shown = (value: unknown) => Number(value).toFixed(3)
  const ranking =
    roc_auc === null ? 'one outcome alone, so nothing can be said of the ranking' : `ROC AUC ${shown(roc_auc)}`
  const who = countOf(Number(clients), 'client whose outcome is known', 'clients whose outcome is known')
  return `of ${who}, ${defaults} defaulted: ${ranking}, cost ${shown(cost)} per client at the threshold ${threshold}, Brier score ${shown(brier)}`
}

const countOf = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const line = ({ id, probability, decision, referral, score, reasonCodes }: ScoredClient) =>
  `${id},${probability},${decision},${referral},${score},${reasonCodes.join(';')}\n`

async function main(args: readonly string[]): Promise<void> {
  const options = { model: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(`${usage}\n`)
    return
  }
  const [folder, output, ...rest] = positionals
  if (!folder || !output || rest.length > 0)
    throw new Refusal(
      `expected a folder or zip archive and an output file, found ${positionals.length} arguments\n\n${usage}`,
    )
  const from = process.env.INIT_CWD ?? process.cwd()
  const [source, target] = [resolve(from, folder), resolve(from, output)]
  const model = values.model === undefined ? resolve('artifacts/model') : resolve(from, values.model)
  if (!existsSync(source))
    throw new Refusal(`expected a folder of tables or a zip archive at ${source}, and it is not there`)
  using scorer = Scorer.open(model)
  say(`model ${scorer.bundle.version}`)
  const training = pl.readParquet(join(model, bundleFiles.reference))
  const partial = unfinished(begin(target))
  const file = openSync(partial, 'w')
  const judged: KnownOutcomes = { target: [], probability: [], declined: [] }
  let [clients, declined] = [0, 0]
  try {
    writeSync(file, 'SK_ID_CURR,probability,decision,referral,score,reason_codes\n')
    for await (const scored of scoreInput(source, scorer, training)) {
      writeSync(file, scored.map(line).join(''))
      for (const one of scored) {
        const isDeclined = one.decision === 'declined' ? 1 : 0
        declined += isDeclined
        if (one.target === null) continue
        judged.target.push(one.target)
        judged.probability.push(one.probability)
        judged.declined.push(isDeclined)
      }
      clients += scored.length
      progress(`${countOf(clients, 'client', 'clients')} scored`)
    }
  } catch (error) {
    abandon(partial)
    throw error
  } finally {
    closeSync(file)
  }
  putInPlace(target, partial)
  say(`${countOf(clients, 'client', 'clients')}, ${declined} declined, written to ${target}`)
  const metrics = metricsOfKnown(judged, scorer.bundle)
  if (!metrics) return
  say(metricsSentence(metrics))
  process.stdout.write(`${JSON.stringify(metrics)}\n`)
}

if (import.meta.main)
  await stoppable(async () => {
    try {
      await main(process.argv.slice(2))
    } catch (error) {
      const known = error instanceof Refusal || isUserError(error)
      const argument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
      if (!known && !argument) throw error
      say(`${(error as Error).message}${argument ? `\n\n${usage}` : ''}`)
      process.exitCode = 1
    }
  })
