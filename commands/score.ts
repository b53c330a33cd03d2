/** `npm run score -- DATA OUTPUT.csv [--model DIR]`: a bundle's decisions for every client of a folder or zip archive of tables. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import pl from 'nodejs-polars'
import { batch } from '../pipeline/features/algebra/polars.ts'
import { unseenLevels } from '../pipeline/features/unseen.ts'
import { confusion, meanCost } from '../pipeline/learning/cost.ts'
import { matrixOf } from '../pipeline/learning/matrix.ts'
import { figures } from '../pipeline/learning/metrics.ts'
import { brier, logLoss } from '../pipeline/learning/probability.ts'
import type { ReadOptions } from '../pipeline/portfolio/checks.ts'
import { DataError, type Problem } from '../pipeline/portfolio/data-error.ts'
import { type Input, openInput } from '../pipeline/portfolio/input.ts'
import { historyTables, type TableName } from '../pipeline/portfolio/schema/tables.ts'
import { emptyTable } from '../pipeline/portfolio/tables.ts'
import { isMendable } from '../pipeline/portfolio/told.ts'
import { type Bundle, bundleFiles } from '../pipeline/scoring/bundle.ts'
import { valuesAt } from '../pipeline/scoring/rows.ts'
import { type Decision, Scorer } from '../pipeline/scoring/scorer.ts'
import { absentTables, lacking, unusualCoverage } from './supplied.ts'

const usage = `usage: npm run score -- DATA OUTPUT.csv [--model DIR]

Scores the clients of application_train and application_test in DATA, whichever exist, in that order. DATA is a folder of tables
(.csv, .csv.gz or .parquet) or a zip archive of them. The six history tables may be missing: a table that is not there was not
supplied, so its clients are referred; in a table that is there, a client without rows has none.
OUTPUT.csv gets SK_ID_CURR,probability,decision,review,points,reason_codes: review is true where a person must look (inside the grey
zone, or a history that the model reads was not supplied), points are on the model's scale (more points, less risk), codes are those of the reasons against, largest first, separated by ";".
--model DIR   the bundle to score with (artifacts/model unless given)
Relative paths count from the folder where the command is typed. Messages go to stderr; where TARGET is known, the last line of
stdout is one JSON object of metrics over those clients.`

const say = (text: string) => process.stderr.write(`score: ${text}\n`)

/** A request that cannot be carried out; its message is all that the person needs. */
class Refusal extends Error {}

export interface ScoredClient {
  readonly id: number
  readonly probability: number
  readonly decision: Decision
  readonly review: boolean
  readonly points: number
  /** Of the reasons against, largest first. */
  readonly reasonCodes: readonly string[]
  readonly target: number | null
}

/** One application file: the form of each client in the order of the file, and the outcome where it is known. */
interface Applications {
  readonly frame: pl.DataFrame
  readonly target: readonly (number | null)[]
}

const applicationFiles = ['application_train', 'application_test'] as const

/** The form and, where the file has the column TARGET, the outcomes, which may have gaps. */
function applicationsOf(frame: pl.DataFrame): Applications {
  if (!frame.columns.includes('TARGET')) return { frame, target: new Array<null>(frame.height).fill(null) }
  return { frame: frame.drop('TARGET'), target: frame.getColumn('TARGET').toArray() as (number | null)[] }
}

/** Reads the tables that are there, all problems at once; those of the applications are null where they are not there. */
async function tablesOf(
  input: Input,
  source: string,
): Promise<{ found: Applications[]; history: Record<string, pl.DataFrame>; absent: ReadonlySet<string> }> {
  const present = applicationFiles.filter((name) => input.has(name))
  if (present.length === 0)
    throw new Refusal(`expected application_train.csv or application_test.csv in ${source}, and neither is there`)
  const problems: Problem[] = []
  const read = async (name: TableName, options: ReadOptions): Promise<pl.DataFrame> => {
    say(`reading ${name}`)
    const reading = await input.read(name, options)
    problems.push(...reading.problems)
    return reading.frame ?? emptyTable(name)
  }
  const found: Applications[] = []
  for (const name of present) found.push(applicationsOf(await read(name, { outcomes: 'optional' })))
  const history: Record<string, pl.DataFrame> = {}
  const absent = new Set<string>(historyTables.filter((name) => !input.has(name)))
  for (const name of historyTables)
    history[name] = absent.has(name) ? emptyTable(name) : await read(name, { mayBeEmpty: true })
  if (problems.length > 0) throw new DataError(problems)
  return { found, history, absent }
}

const chunk = 1000 // clients explained at a time

/**
 * Scores both application files of a folder or archive, in the order of the files and of their rows, some clients at a time.
 * `training`: features of the model's training clients.
 */
export async function* scoreInput(
  source: string,
  scorer: Scorer,
  training: pl.DataFrame,
): AsyncGenerator<ScoredClient[]> {
  const { definitions } = scorer.bundle
  const input = await openInput(source)
  process.once('exit', input.close) // an interrupted run leaves nothing unpacked either
  const { found, history, absent } = await tablesOf(input, source).finally(input.close)
  const [first, second] = found
  const ids = (of: Applications) => of.frame.getColumn('SK_ID_CURR').toArray() as number[]
  const seen = new Set(first ? ids(first) : [])
  const lacks = lacking(history, absent, scorer)
  absentTables(absent, found.flatMap(ids), lacks).forEach(say)
  // Files that share a client are scored one by one, because a client's features are joined by its number.
  const apart = second !== undefined && ids(second).some((id) => seen.has(id))
  const together: readonly (readonly Applications[])[] = apart ? found.map((one) => [one]) : [found]
  for (const files of together) {
    const forms = files.map(({ frame }) => frame)
    const application = forms.length > 1 ? pl.concat(forms as pl.DataFrame[]) : (forms[0] as pl.DataFrame)
    say(`${application.height} clients, ${definitions.features.length} features`)
    const values = batch(definitions, { application, ...history }, { single: true, onProgress: say })
    unusualCoverage(values, absent, training, definitions).forEach(say)
    for (const [name, count] of unseenLevels(values, definitions.features))
      if (count > 0) say(`${count} clients have a ${name} that no training client had; it counts as missing`)
    const { ids: known, columns } = matrixOf(values, definitions.features)
    const place = new Map(Array.from(known, (id, row) => [id, row]))
    for (const file of files) {
      const inFile = ids(file)
      for (let from = 0; from < inFile.length; from += chunk) {
        const some = inFile.slice(from, from + chunk)
        const rows = some.map((id) => ({
          values: valuesAt(columns, definitions.features, place.get(id) as number),
          notSupplied: lacks(id),
        }))
        yield scorer.scoreFeatures(rows).map((score, i) => ({
          id: some[i] as number,
          probability: score.probability,
          decision: score.decision,
          review: score.review,
          points: score.points,
          reasonCodes: score.reasons.against.map(({ code }) => code),
          target: file.target[from + i] ?? null,
        }))
      }
    }
  }
}

/** Metrics over the clients whose outcome is known; null when there are none. Ranking figures need both outcomes. */
export function metricsOf(
  scored: readonly Pick<ScoredClient, 'probability' | 'decision' | 'target'>[],
  bundle: Bundle,
): Record<string, number | string | null> | null {
  const known = scored.filter(({ target }) => target !== null)
  if (known.length === 0) return null
  const target = known.map((one) => one.target as number)
  const probability = known.map((one) => one.probability)
  const refused = known.map((one) => (one.decision === 'refused' ? 1 : 0))
  const defaults = target.reduce((sum, y) => sum + y, 0)
  const base = { model: bundle.version, clients: known.length, defaults, threshold: bundle.threshold }
  if (defaults > 0 && defaults < known.length)
    return { ...base, ...figures(target, probability, refused, bundle.costs) }
  const cost = meanCost(confusion(target, refused), bundle.costs)
  return { ...base, roc_auc: null, cost, brier: brier(target, probability), log_loss: logLoss(target, probability) }
}

const line = ({ id, probability, decision, review, points, reasonCodes }: ScoredClient) =>
  `${id},${probability},${decision},${review},${points},${reasonCodes.join(';')}\n`

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
  mkdirSync(dirname(target), { recursive: true })
  const unfinished = `${target}.unfinished`
  const file = openSync(unfinished, 'w')
  const judged: Pick<ScoredClient, 'probability' | 'decision' | 'target'>[] = []
  let told = Date.now()
  try {
    writeSync(file, 'SK_ID_CURR,probability,decision,review,points,reason_codes\n')
    for await (const scored of scoreInput(source, scorer, training)) {
      writeSync(file, scored.map(line).join(''))
      for (const { probability, decision, target } of scored) judged.push({ probability, decision, target })
      if (Date.now() - told < 2000) continue
      told = Date.now()
      say(`${judged.length} clients scored`)
    }
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  renameSync(unfinished, target)
  const refused = judged.filter(({ decision }) => decision === 'refused').length
  say(`${judged.length} clients, ${refused} refused, written to ${target}`)
  const metrics = metricsOf(judged, scorer.bundle)
  if (metrics) process.stdout.write(`${JSON.stringify(metrics)}\n`)
}

if (import.meta.main) {
  try {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
    await main(process.argv.slice(2))
  } catch (error) {
    const known = error instanceof Refusal || isMendable(error)
    const argument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (!known && !argument) throw error
    say(`${(error as Error).message}${argument ? `\n\n${usage}` : ''}`)
    process.exitCode = 1
  }
}
