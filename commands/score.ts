/** `npm run score -- DATA OUTPUT.csv [--model DIR]`: a bundle's decisions for every client of a folder or zip archive of tables. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import pl from 'nodejs-polars'
import type { Booster } from 'xgboost-node'
import { batch } from '../pipeline/features/algebra/polars.ts'
import { unseenLevels } from '../pipeline/features/unseen.ts'
import { calibrate } from '../pipeline/learning/calibration.ts'
import { confusion, meanCost } from '../pipeline/learning/cost.ts'
import { matrixOf } from '../pipeline/learning/matrix.ts'
import { figures } from '../pipeline/learning/metrics.ts'
import { dmatrix } from '../pipeline/learning/out-of-fold.ts'
import { brier, logLoss } from '../pipeline/learning/probability.ts'
import type { ReadOptions } from '../pipeline/portfolio/checks.ts'
import { DataError, type Problem } from '../pipeline/portfolio/data-error.ts'
import { type Input, openInput } from '../pipeline/portfolio/input.ts'
import { historyTables, type TableName } from '../pipeline/portfolio/schema/tables.ts'
import { emptyTable } from '../pipeline/portfolio/tables.ts'
import { type Bundle, openBundle } from '../pipeline/scoring/bundle.ts'
import { type Decision, decide } from '../pipeline/scoring/scorer.ts'

const usage = `usage: npm run score -- DATA OUTPUT.csv [--model DIR]

Scores the clients of application_train and application_test in DATA, whichever exist, in that order. DATA is a folder of tables
(.csv, .csv.gz or .parquet) or a zip archive of them. The six history tables may be missing. OUTPUT.csv gets SK_ID_CURR,probability,decision.
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
): Promise<{ found: Applications[]; history: Record<string, pl.DataFrame> }> {
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
  for (const name of historyTables) {
    const there = input.has(name)
    if (!there) say(`${name} is not there: those clients have no such history`)
    history[name] = there ? await read(name, { mayBeEmpty: true }) : emptyTable(name)
  }
  if (problems.length > 0) throw new DataError(problems)
  return { found, history }
}

/** Scores both application files of a folder or archive with a bundle, in the order of the files and of their rows. */
export async function scoreInput(
  source: string,
  { bundle, booster }: { bundle: Bundle; booster: Booster },
): Promise<ScoredClient[]> {
  const input = await openInput(source)
  process.once('exit', input.close) // an interrupted run leaves nothing unpacked either
  const { found, history } = await tablesOf(input, source).finally(input.close)
  const [first, second] = found
  const ids = (of: Applications) => of.frame.getColumn('SK_ID_CURR').toArray() as number[]
  const seen = new Set(first ? ids(first) : [])
  // Files that share a client are scored one by one, because a client's features are joined by its number.
  const apart = second !== undefined && ids(second).some((id) => seen.has(id))
  const together: readonly (readonly Applications[])[] = apart ? found.map((one) => [one]) : [found]
  return together.flatMap((files) => {
    const forms = files.map(({ frame }) => frame)
    const application = forms.length > 1 ? pl.concat(forms as pl.DataFrame[]) : (forms[0] as pl.DataFrame)
    say(`${application.height} clients, ${bundle.definitions.features.length} features`)
    const values = batch(bundle.definitions, { application, ...history }, { single: true, onProgress: say })
    for (const [name, count] of unseenLevels(values, bundle.definitions.features))
      if (count > 0) say(`${count} clients have a ${name} that no training client had; it counts as missing`)
    const matrix = matrixOf(values, bundle.definitions.features)
    using data = dmatrix(matrix)
    const margins = booster.predict(data, { output: 'margin' })
    const place = new Map(Array.from(matrix.ids, (id, row) => [id, row]))
    return files.flatMap((file) =>
      ids(file).map((id, row): ScoredClient => {
        const probability = calibrate(bundle.calibration, margins[place.get(id) as number] as number)
        return { id, probability, decision: decide(probability, bundle.threshold), target: file.target[row] ?? null }
      }),
    )
  })
}

/** Metrics over the clients whose outcome is known; null when there are none. Ranking figures need both outcomes. */
export function metricsOf(
  scored: readonly ScoredClient[],
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
  const opened = openBundle(model)
  using booster = opened.booster
  say(`model ${opened.bundle.version}`)
  const scored = await scoreInput(source, { bundle: opened.bundle, booster })
  const lines = scored.map(({ id, probability, decision }) => `${id},${probability},${decision}`)
  mkdirSync(dirname(target), { recursive: true })
  const unfinished = `${target}.unfinished`
  writeFileSync(unfinished, `SK_ID_CURR,probability,decision\n${lines.join('\n')}\n`)
  renameSync(unfinished, target)
  const refused = scored.filter(({ decision }) => decision === 'refused').length
  say(`${scored.length} clients, ${refused} refused, written to ${target}`)
  const metrics = metricsOf(scored, opened.bundle)
  if (metrics) process.stdout.write(`${JSON.stringify(metrics)}\n`)
}

if (import.meta.main) {
  try {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
    await main(process.argv.slice(2))
  } catch (error) {
    const known =
      error instanceof Refusal ||
      (error instanceof Error && ['BundleError', 'DataError', 'RuleError'].includes(error.name))
    const argument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (!known && !argument) throw error
    say(`${(error as Error).message}${argument ? `\n\n${usage}` : ''}`)
    process.exitCode = 1
  }
}
