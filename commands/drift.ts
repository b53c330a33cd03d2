/** `npm run drift -- REFERENCE CURRENT`: has one table moved away from another? CSV or Parquet, the verdict as the exit code. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type Column, declared } from '../pipeline/drift/column.ts'
import { comparison } from '../pipeline/drift/comparison.ts'
import { type Findings, jsonOf } from '../pipeline/drift/findings.ts'
import { columnsOf, DriftInputError, readFrame } from '../pipeline/drift/read.ts'
import { driftPage } from '../pipeline/report/drift/page.ts'
import { verdictWords } from '../pipeline/report/drift/words.ts'
import { writeWhole } from '../pipeline/report/write.ts'

const usage = `usage: npm run drift -- REFERENCE CURRENT [--policy default|evidently] [--out DIR] [--json FILE] [--ignore COL,COL] [--types FILE]

Compares two tables (.csv or .parquet) column by column and says in words whether the data have moved.
--policy   default: far enough to matter and more than chance explains; evidently: Evidently's own choice of tests and limits
--out DIR  the report as a page (index.html) and as JSON (drift.json)
--json FILE  the JSON alone; "-" writes it to stdout
--ignore   columns to leave out, separated by commas
--types FILE  JSON such as {"CODE": "category"}: number, category or text instead of what the values look like
Exit code 0: no drift, 3: drift, 1: the comparison could not be made. Relative paths count from where the command is typed.`

const say = (text: string) => process.stderr.write(`drift: ${text}\n`)

const typesSchema = z.record(z.string(), z.enum(['number', 'category', 'text']))
export type Types = z.output<typeof typesSchema>

export interface Request {
  readonly reference: string
  readonly current: string
  readonly policy: 'default' | 'evidently'
  readonly ignore: readonly string[]
  readonly types: Types
}

/** Reads and compares two tables; throws DriftInputError with what to do when they cannot be compared. */
export function compareFiles({ reference, current, policy, ignore, types }: Request): Findings {
  const read = (file: string): Column[] =>
    columnsOf(readFrame(file), ignore).map((column) => {
      const kind = types[column.name]
      return kind ? declared(column, kind) : column
    })
  const [before, after] = [read(reference), read(current)]
  const names = new Set(before.map(({ name }) => name))
  if (!after.some(({ name }) => names.has(name)))
    throw new DriftInputError(
      `${basename(reference)} and ${basename(current)} have no column in common${ignore.length > 0 ? ' beside those ignored' : ''}; are they tables of the same kind?`,
    )
  const known = new Set([...names, ...after.map(({ name }) => name)])
  const strange = Object.keys(types).filter((name) => !known.has(name))
  if (strange.length > 0)
    throw new DriftInputError(`--types names columns that neither table has: ${strange.join(', ')}`)
  const sides = { reference: basename(reference), current: basename(current) }
  const command = [
    'npm run drift --',
    basename(reference),
    basename(current),
    policy === 'evidently' ? '--policy evidently' : '',
  ]
    .join(' ')
    .trim()
  const naming = (column: string) => ({ label: column, concept: null })
  return {
    policy,
    source: { data: `${sides.reference} → ${sides.current}`, model: null, synthetic: false },
    sides,
    command,
    ...comparison(before, after, { policy, share: 0.5 }, naming),
    score: null,
    features: null,
    separability: null,
    reconstruction: null,
    power: [],
  }
}

function readTypes(path: string): Types {
  if (!existsSync(path)) throw new DriftInputError(`${path}: expected a JSON file of types, found none`)
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new DriftInputError(`${path}: expected JSON, found ${(error as Error).message}`)
  }
  const result = typesSchema.safeParse(json)
  if (!result.success)
    throw new DriftInputError(
      `${path}: expected {"COLUMN": "number" | "category" | "text"}\n${z.prettifyError(result.error)}`,
    )
  return result.data
}

/** Runs the command; gives the exit code. */
export function main(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      policy: { type: 'string', default: 'default' },
      out: { type: 'string' },
      json: { type: 'string' },
      ignore: { type: 'string', default: '' },
      types: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  const [reference, current, ...rest] = positionals
  if (!reference || !current || rest.length > 0)
    throw new DriftInputError(
      `expected two tables, REFERENCE and CURRENT, found ${positionals.length} arguments\n\n${usage}`,
    )
  const { policy } = values
  if (policy !== 'default' && policy !== 'evidently')
    throw new DriftInputError(`--policy: expected default or evidently, found ${policy}`)
  const from = process.env.INIT_CWD ?? process.cwd()
  const findings = compareFiles({
    reference: resolve(from, reference),
    current: resolve(from, current),
    policy,
    ignore: values.ignore
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    types: values.types === undefined ? {} : readTypes(resolve(from, values.types)),
  })
  const json = jsonOf(findings)
  if (values.json === '-') process.stdout.write(json)
  else if (values.json !== undefined) writeWhole(resolve(from, values.json), json)
  if (values.out !== undefined) {
    const folder = resolve(from, values.out)
    writeWhole(join(folder, 'drift.json'), json)
    writeWhole(join(folder, 'index.html'), driftPage(findings))
  }
  say(verdictWords(findings).en)
  for (const column of findings.columns.filter(({ drifted }) => drifted).slice(0, 10))
    say(`  ${column.column}: ${column.test} ${column.score?.toPrecision(3)}, limit ${column.threshold}, ${column.band}`)
  return findings.dataset.verdict === 'drift' ? 3 : 0
}

if (import.meta.main) {
  try {
    process.exitCode = main(process.argv.slice(2))
  } catch (error) {
    const argument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (!(error instanceof DriftInputError) && !argument) throw error
    say(`${(error as Error).message}${argument ? `\n\n${usage}` : ''}`)
    process.exitCode = 1
  }
}
