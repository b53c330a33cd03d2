/**
 * `npm run bench:quality -- --data FOLDER --folds FILE.csv`: how well the pipeline, with the parameters as they are, ranks and decides on other
 * people's folds: one run of ingest, features and compare, which chooses the candidate, then one of train for each column of folds, and the means.
 * Exit code 1 when a bar given by --auc or --cost is missed.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseDocument } from 'yaml'
import { build as compare } from '../pipeline/compare.ts'
import { features } from '../pipeline/features.ts'
import { ingest } from '../pipeline/ingest.ts'
import { build } from '../pipeline/train.ts'

const usage = `usage: npm run bench:quality -- --data DATA --folds FILE.csv [--auc 0.766] [--cost 0.476] [--set key=value ...]

--data DATA       a folder or zip archive of tables whose outcomes are known
--folds FILE.csv  SK_ID_CURR, then a column of fold numbers from 0 for each repetition
--auc, --cost     bars for the mean ROC AUC (at least) and the mean cost per client at the theoretical threshold (at most)
--set             another value for a parameter of the section train, such as booster.max_depth=3; may be repeated`

class QualityError extends Error {}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const spread = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / Math.max(1, values.length - 1))

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      folds: { type: 'string' },
      auc: { type: 'string' },
      cost: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  if (!values.data || !values.folds) throw new QualityError(`expected --data and --folds\n\n${usage}`)
  const from = process.env.INIT_CWD ?? process.cwd()
  const [data, folds] = [resolve(from, values.data), resolve(from, values.folds)]
  if (!existsSync(folds))
    throw new QualityError(`--folds ${folds}: expected a CSV of fold numbers, and it is not there`)
  const columns = (readFileSync(folds, 'utf8').split(/\r?\n/, 1)[0] ?? '').split(',').slice(1)
  const document = parseDocument(readFileSync('params.yaml', 'utf8'))
  for (const assignment of values.set) {
    const [key = '', value = ''] = assignment.split('=')
    const path = ['train', ...key.split('.')]
    if (!document.hasIn(path)) throw new QualityError(`--set ${assignment}: params.yaml has no train.${key}`)
    document.setIn(path, Number(value))
  }
  const work = mkdtempSync(join(tmpdir(), 'quality-'))
  try {
    const place = (name: string) => join(work, name)
    await ingest({ data, portfolio: place('portfolio'), reports: place('reports/ingest') })
    await features({ portfolio: place('portfolio'), features: place('features'), reports: place('reports/features') })
    writeFileSync(place('params.yaml'), document.toString())
    const { choice } = await compare(
      {
        portfolio: place('portfolio'),
        features: place('features'),
        chosen: place('chosen.json'),
        reports: place('reports/compare'),
      },
      place('params.yaml'),
    )
    console.log(`chosen on its own folds of these clients: ${choice.because.en}`)
    const runs: { auc: number; cost: number; chosen: number }[] = []
    for (const column of columns) {
      document.setIn(['train', 'folds_file'], folds)
      document.setIn(['train', 'folds_column'], column)
      writeFileSync(place('params.yaml'), document.toString())
      const paths = {
        portfolio: place('portfolio'),
        features: place('features'),
        chosen: place('chosen.json'),
        model: place('model'),
        reports: place('reports/train'),
      }
      const { metrics } = (await build(paths, place('params.yaml'))).bundle
      const [auc, cost, chosen] = [metrics.roc_auc!, metrics.cost_theoretical!, metrics.cost!]
      console.log(
        `${column}: ROC AUC ${auc.toFixed(4)}, cost at the theoretical threshold ${cost.toFixed(4)}, at the chosen one ${chosen.toFixed(4)}, Brier ${metrics.brier!.toFixed(4)}, ECE ${metrics.ece!.toFixed(4)}`,
      )
      runs.push({ auc, cost, chosen })
    }
    const verdict = (met: boolean, bar: string | undefined) =>
      bar === undefined ? '' : `, bar ${bar}: ${met ? 'met' : 'MISSED'}`
    const over = (of: (run: (typeof runs)[number]) => number) => runs.map(of)
    const [auc, cost] = [over((run) => run.auc), over((run) => run.cost)]
    const ranked = values.auc === undefined || mean(auc) >= Number(values.auc)
    const decided = values.cost === undefined || mean(cost) <= Number(values.cost)
    console.log(`mean ROC AUC ${mean(auc).toFixed(4)} ± ${spread(auc).toFixed(4)}${verdict(ranked, values.auc)}`)
    console.log(
      `mean cost at the theoretical threshold ${mean(cost).toFixed(4)} ± ${spread(cost).toFixed(4)}${verdict(decided, values.cost)}`,
    )
    console.log(`mean cost at the chosen threshold ${mean(over((run) => run.chosen)).toFixed(4)}`)
    return ranked && decided ? 0 : 1
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    const argument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    const known = error instanceof QualityError || (error instanceof Error && error.name === 'DataError')
    if (!known && !argument) throw error
    process.stderr.write(`quality: ${(error as Error).message}${argument ? `\n\n${usage}` : ''}\n`)
    process.exitCode = 1
  }
}
