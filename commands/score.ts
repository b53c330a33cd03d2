/** `npm run score -- FOLDER OUTPUT.csv [--model DIR]`: a bundle's decisions for every client of a folder laid out like `data/`. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import pl from 'nodejs-polars'
import type { Booster } from 'xgboost-node'
import { batch } from '../pipeline/features/algebra/polars.ts'
import { calibrate } from '../pipeline/learning/calibration.ts'
import { confusion, meanCost } from '../pipeline/learning/cost.ts'
import { matrixOf } from '../pipeline/learning/matrix.ts'
import { figures } from '../pipeline/learning/metrics.ts'
import { dmatrix } from '../pipeline/learning/out-of-fold.ts'
import { brier, logLoss } from '../pipeline/learning/probability.ts'
import { historyTables } from '../pipeline/portfolio/schema/tables.ts'
import { emptyTable, readTable } from '../pipeline/portfolio/tables.ts'
import { type Bundle, openBundle } from '../pipeline/scoring/bundle.ts'
import { type Decision, decide } from '../pipeline/scoring/scorer.ts'

const usage = `usage: npm run score -- FOLDER OUTPUT.csv [--model DIR]

Scores the clients of FOLDER/application_train.csv and FOLDER/application_test.csv, whichever exist, in that order.
The six history tables may be missing. OUTPUT.csv gets SK_ID_CURR,probability,decision.
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

/** Reads an application file that may or may not know outcomes; null when the file is not there. */
function applications(folder: string, name: (typeof applicationFiles)[number]): Applications | null {
  const path = join(folder, `${name}.csv`)
  if (!existsSync(path)) return null
  const known = outcomes(path)
  if (name === 'application_train' && known?.every((target) => target !== null)) {
    return { frame: readTable(folder, name).drop('TARGET'), target: known }
  }
  if (name === 'application_test') {
    const frame = readTable(folder, name)
    return { frame, target: known ?? new Array<null>(frame.height).fill(null) }
  }
  // application_train without outcomes, or with some: the same form as application_test, whose reader asks for no TARGET.
  const place = mkdtempSync(join(tmpdir(), 'score-'))
  try {
    symlinkSync(resolve(path), join(place, 'application_test.csv'))
    const frame = readTable(place, 'application_test')
    return { frame, target: known ?? new Array<null>(frame.height).fill(null) }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** The column TARGET as 0, 1 or null; null when there is no such column or it cannot be read (then the table's reader says why). */
function outcomes(path: string): (number | null)[] | null {
  try {
    const frame = pl.readCSV(path, { columns: ['TARGET'], dtypes: { TARGET: pl.Float64 }, nullValues: [''] })
    const target = frame.getColumn('TARGET').toArray() as (number | null)[]
    return target.every((y) => y === null || y === 0 || y === 1) ? target : null
  } catch {
    return null
  }
}

/** Scores both application files of a folder with a bundle, in the order of the files and of their rows. */
export function scoreFolder(folder: string, { bundle, booster }: { bundle: Bundle; booster: Booster }): ScoredClient[] {
  const found = applicationFiles.map((name) => applications(folder, name)).filter((each) => each !== null)
  if (found.length === 0)
    throw new Refusal(`expected application_train.csv or application_test.csv in ${folder}, and neither is there`)
  const history = Object.fromEntries(
    historyTables.map((name) => {
      if (existsSync(join(folder, `${name}.csv`))) return [name, readTable(folder, name)]
      say(`${name}.csv is not there: those clients have no such history`)
      return [name, emptyTable(name)]
    }),
  )
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

function main(args: readonly string[]): void {
  const options = { model: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(`${usage}\n`)
    return
  }
  const [folder, output, ...rest] = positionals
  if (!folder || !output || rest.length > 0)
    throw new Refusal(`expected a folder and an output file, found ${positionals.length} arguments\n\n${usage}`)
  const from = process.env.INIT_CWD ?? process.cwd()
  const [source, target] = [resolve(from, folder), resolve(from, output)]
  const model = values.model === undefined ? resolve('artifacts/model') : resolve(from, values.model)
  if (!existsSync(source)) throw new Refusal(`expected a folder of tables at ${source}, and it is not there`)
  const opened = openBundle(model)
  using booster = opened.booster
  say(`model ${opened.bundle.version}`)
  const scored = scoreFolder(source, { bundle: opened.bundle, booster })
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
    main(process.argv.slice(2))
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
