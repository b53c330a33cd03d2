/** `npm run promote [VERSION]`: a registered model becomes champion if it beats the champion in a paired comparison on the clients that both were evaluated on. */

import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { params } from 'dvc-ts'
import { maximum } from '../pipeline/data/extremes.ts'
import { withClient } from '../pipeline/tracking/connection.ts'
import { TrackingError } from '../pipeline/tracking/error.ts'
import type { Improvement } from '../pipeline/tracking/paired.ts'
import { promote, promotionRule } from '../pipeline/tracking/registry.ts'

const usage = `npm run promote [-- VERSION] [options]   moves the alias champion to a version that beats the champion

  VERSION          number in the registry, or the bundle's version (default: the one with the alias challenger)
  --force REASON   promotes whatever the rule says; the reason is recorded with the version
  --store FOLDER   local store, when no MLFLOW_TRACKING_URI names a server (default: mlflow)
  --name NAME      registered model (default: credit-scoring)

The rule is the section promotion of params.yaml.
Exit code 0: it is champion, 3: it was not promoted, 1: error.`

const root = join(import.meta.dirname, '..')

/** What was compared, as lines of a table: a measure, both versions' values, how much better the second is and how sure that is. */
export function comparisonTable(
  { champion, challenger }: { champion: string; challenger: string },
  clients: number,
  improvements: readonly Improvement[],
): string[] {
  if (improvements.length === 0) return []
  const rows = improvements.map((one) => [
    one.measure,
    ...[one.champion, one.challenger, one.improvement, one.standardError].map((value) => value.toFixed(5)),
  ])
  const header = ['measure', `version ${champion}`, `version ${challenger}`, 'better by', 'standard error']
  const widths = header.map((title, j) => maximum([title.length, ...rows.map((row) => row[j]!.length)]))
  const line = (cells: readonly string[]) =>
    cells.map((cell, j) => (j === 0 ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]!))).join('  ')
  return [
    `out of fold, on the ${clients} clients that both versions were evaluated on:`,
    ...[header, ...rows].map(line),
  ]
}

/** Runs `command`; a user error is printed to stderr as its message, with exit code 1. */
export async function telling(name: string, help: string, command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command()
  } catch (error) {
    const argument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (!(error instanceof TrackingError) && !argument) throw error
    process.stderr.write(`${name}: ${error.message}${argument ? `\n\n${help}` : ''}\n`)
    process.exitCode = 1
  }
}

/** Path of the store: relative ones count from where the command is typed, the default from the checkout. */
export const storeOf = (folder: string | undefined): string =>
  folder === undefined ? join(root, 'mlflow') : resolve(process.env.INIT_CWD ?? process.cwd(), folder)

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      force: { type: 'string' },
      store: { type: 'string' },
      name: { type: 'string', default: 'credit-scoring' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  if (positionals.length > 1)
    throw new TrackingError(`expected one version, received ${positionals.join(' ')}\n\n${usage}`)
  const { name, force } = values
  const rule = params('promotion', promotionRule, { file: join(root, 'params.yaml') })
  const say = (line: string) => process.stderr.write(`promote: ${line}\n`)
  return await withClient({ store: storeOf(values.store), onMessage: say }, async (client, where) => {
    const version = positionals[0]
    const done = await promote(client, {
      name,
      rule,
      ...(version === undefined ? {} : { version }),
      ...(force === undefined ? {} : { force }),
    })
    const versions = { champion: done.champion ?? '', challenger: done.challenger }
    for (const line of comparisonTable(versions, done.clients, done.improvements)) console.log(line)
    console.log(done.why)
    const isChampion = done.promoted || done.champion === done.challenger
    console.log(
      isChampion
        ? `version ${done.challenger} of ${name} is the champion in ${where}`
        : `version ${done.challenger} of ${name} was not promoted; version ${done.champion} stays the champion (--force REASON sets the rule aside)`,
    )
    return isChampion ? 0 : 3
  })
}

if (import.meta.main) await telling('promote', usage, main)
