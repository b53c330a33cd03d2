/** `npm run journal`: the journal of JOURNAL or DATABASE_URL exported, fed with outcomes, verified, erased from, backed up; also while the service writes to it. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { backupJournal, restoreJournal } from '../api/journal/backup.ts'
import { type DatasetCounts, writeDataset } from '../api/journal/dataset.ts'
import { exportJournal } from '../api/journal/export.ts'
import type { Journal } from '../api/journal/journal.ts'
import { openExistingJournal } from '../api/journal/open.ts'
import { takeOutcomes, usualMaturity } from '../api/journal/outcomes.ts'
import { outcomesOfFile } from '../api/journal/outcomes-file.ts'
import { recordsOf } from '../api/journal/records.ts'
import { erasedWords, retain } from '../api/journal/retention.ts'
import { faultText, type KnownHead, verifyJournal } from '../api/journal/verify.ts'
import { applicantOf } from '../api/request.ts'
import { type Settings, settings } from '../api/settings.ts'
import { bundleFiles } from '../pipeline/scoring/bundle.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { UsageError } from './usage.ts'

const usage = `npm run journal -- OUT
npm run journal -- dataset DIR [--from DAY] [--until DAY] [--matured DAYS]
npm run journal -- outcomes FILE.csv
npm run journal -- verify [--head POSITION:LINK]
npm run journal -- export --client ID
npm run journal -- erase --client ID | --request ID
npm run journal -- retain
npm run journal -- backup FILE
npm run journal -- restore FILE
npm run journal -- compact

Works on the journal that JOURNAL (a SQLite file, default: journal.sqlite) or DATABASE_URL (PostgreSQL) names, also while the service writes to it.
OUT        a folder for the records as Parquet files: predictions, reviews, outcomes, accesses, erasures
dataset    what was scored, as a folder like data/: npm run drift, npm run score and npm run repro -- --data take it. Clients get new numbers.
           TARGET (application_train.csv) only where an outcome is known and the application is --matured days old (365), the others lie in
           application_test.csv. decisions.csv says which request, version and decision a row belongs to, supplied.csv what was not supplied.
           Known clients' rows come from the bundle in MODEL. --from and --until: days of scoring, YYYY-MM-DD, the second not included.
outcomes   how loans ended, from columns requestId (or client), status (repaid, defaulted) and date: all lines or none; lines known already change
           nothing, corrections are kept beside what they correct. By client only where one application can be meant.
verify     whether every record is as it was recorded: names those changed, removed or replaced (exit code 3), and says the chain's head. --head: a head
           noted earlier must still be in it.
export     all that is kept of one client, and who saw it, as JSON on stdout; that it was given is recorded
erase      all that is kept of one client, or of one request, for good
retain     erases what is older than JOURNAL_RETENTION; the service does it each hour by itself
backup     the whole journal, of either database, as one SQLite file; restore brings it back into either, where no journal is yet
compact    PostgreSQL: rewrites the tables that were erased from; recording waits meanwhile
Inputs of applicants are in all that is written: files are readable by their owner only. Keep them safe.`

const options = {
  from: { type: 'string' },
  until: { type: 'string' },
  matured: { type: 'string' },
  head: { type: 'string' },
  client: { type: 'string' },
  request: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const
type Values = { readonly [K in keyof typeof options]?: string | boolean | undefined }

interface Asked {
  readonly set: Settings
  /** The path that was named, from where the command was typed. */
  readonly path: string
  readonly values: Values
  /** Opens the journal, for the time of the work. */
  readonly withJournal: (work: (journal: Journal) => Promise<void>) => Promise<void>
}

interface Action {
  readonly path: boolean
  readonly options: readonly (keyof typeof options)[]
  readonly run: (asked: Asked) => Promise<void>
}

const refused = (expected: string): never => {
  throw new UsageError(`expected ${expected}\n\n${usage}`)
}

function dayOf(values: Values, name: 'from' | 'until'): string | undefined {
  const day = values[name]
  if (day === undefined) return undefined
  const isDay = typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day))
  return isDay ? new Date(day).toISOString() : refused(`--${name} YYYY-MM-DD, found ${day}`)
}

function numberOf(values: Values, name: 'client' | 'matured', least: number): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const isNumber = typeof text === 'string' && /^\d{1,10}$/.test(text) && Number(text) >= least
  return isNumber ? Number(text) : refused(`--${name} with a whole number from ${least}, found ${text}`)
}

function headOf({ head }: Values): KnownHead | null {
  if (head === undefined) return null
  const [, position, link] = /^(\d+):([0-9a-f]{64})$/.exec(String(head)) ?? []
  return position && link
    ? { position: Number(position), link }
    : refused(`--head POSITION:LINK as verify shows it, found ${head}`)
}

const now = () => new Date().toISOString()

/** Without the commands that a folder like data/ is meant for when one of its two application files is not there. */
function datasetLines(folder: string, counts: DatasetCounts): string[] {
  const { applications, labelled, defaults, declined, withoutOutcome, young, unreadable, rows } = counts
  const lacking = (['application_train', 'application_test'] as const).filter((table) => !rows[table])
  return [
    `${folder}: ${applications} applications, ${labelled} of them with TARGET (${defaults} defaulted)`,
    `without TARGET: ${declined} declined, of whom nobody will know; ${withoutOutcome} approved and old enough, of whom nobody said how they ended; ${young} too young`,
    ...(unreadable > 0
      ? [
          `left out: ${unreadable}, whose client is not in the bundle (MODEL) or whose rows today's schema does not accept`,
        ]
      : []),
    ...lacking.map((table) => `${table}.csv is not there: no application belongs in it; npm run repro needs both`),
  ]
}

const actions: Readonly<Record<string, Action>> = {
  dataset: {
    path: true,
    options: ['from', 'until', 'matured'],
    run: ({ set, path, values, withJournal }) =>
      withJournal(async (journal) => {
        if (!existsSync(join(set.model, bundleFiles.description)))
          throw new UsageError(
            `${set.model} (MODEL): expected a bundle, by whose clients the requests by number are read`,
          )
        using clients = Clients.open(set.model)
        const counts = await writeDataset(journal, path, {
          from: dayOf(values, 'from'),
          until: dayOf(values, 'until'),
          matured: numberOf(values, 'matured', 0) ?? usualMaturity,
          now: Date.now(),
          applicantOf: (input) => applicantOf(input, clients),
        })
        for (const line of datasetLines(path, counts)) console.log(line)
      }),
  },
  outcomes: {
    path: true,
    options: [],
    run: ({ path, withJournal }) =>
      withJournal(async (journal) => {
        if (!existsSync(path)) throw new UsageError(`${path}: expected a CSV file of outcomes, found none`)
        const sent = await outcomesOfFile(journal, readFileSync(path), { file: basename(path), now: Date.now() })
        const { recorded, corrected, unchanged } = await takeOutcomes(journal, sent, now())
        console.log(`${recorded} outcomes recorded, ${corrected} of them corrections; ${unchanged} were known already`)
      }),
  },
  verify: {
    path: false,
    options: ['head'],
    run: ({ values, withJournal }) =>
      withJournal(async (journal) => {
        const { records, erased, head, faults } = await verifyJournal(journal, headOf(values))
        for (const fault of faults) console.error(faultText(fault))
        console.log(`${records} records, ${erased} erased, ${faults.length} faults; head ${head.position}:${head.link}`)
        if (faults.length > 0) process.exitCode = 3
      }),
  },
  export: {
    path: false,
    options: ['client'],
    run: ({ values, withJournal }) =>
      withJournal(async (journal) => {
        const client = numberOf(values, 'client', 1) ?? refused('--client ID')
        const records = await recordsOf(journal, client)
        await journal.access({ at: now(), caller: 'npm run journal', purpose: 'exported', client, requestId: null })
        console.log(JSON.stringify(records, null, 2))
      }),
  },
  erase: {
    path: false,
    options: ['client', 'request'],
    run: ({ set, values, withJournal }) =>
      withJournal(async (journal) => {
        const client = numberOf(values, 'client', 1)
        if ((client === undefined) === (values.request === undefined)) refused('either --client ID or --request ID')
        const erasure = { at: now(), caller: 'npm run journal', cause: 'request' } as const
        const erased =
          client === undefined
            ? await journal.eraseRequests([String(values.request)], erasure)
            : await journal.eraseClient(client, erasure)
        console.log(`erased: ${erasedWords(erased)}`)
        if (set.databaseUrl !== null)
          console.log(
            'PostgreSQL keeps deleted rows in its files until they are vacuumed: npm run journal -- compact rewrites them now',
          )
        console.log('Exports, backups and data sets that were written before still hold them.')
      }),
  },
  retain: {
    path: false,
    options: [],
    run: ({ set, withJournal }) =>
      withJournal(async (journal) => {
        if (Object.keys(set.retention).length === 0) refused('JOURNAL_RETENTION, such as predictions:1825,accesses:365')
        console.log(`erased: ${erasedWords(await retain(journal, set.retention, Date.now()))}`)
      }),
  },
  backup: {
    path: true,
    options: [],
    async run({ set, path }) {
      await backupJournal(set, path)
      console.log(`${path}: the whole journal`)
    },
  },
  restore: {
    path: true,
    options: [],
    async run({ set, path, withJournal }) {
      await restoreJournal(path, set)
      await withJournal(async (journal) => {
        const { records, faults } = await verifyJournal(journal)
        for (const fault of faults) console.error(faultText(fault))
        console.log(`restored: ${records} records, ${faults.length} faults`)
        if (faults.length > 0) process.exitCode = 3
      })
    },
  },
  compact: {
    path: false,
    options: [],
    async run({ set }) {
      if (set.databaseUrl === null) return console.log('a SQLite journal keeps nothing of what was erased')
      const { compactPostgres } = await import('../api/journal/postgres.ts')
      await compactPostgres(set.databaseUrl)
      console.log('rewritten: predictions, reviews, outcomes, answers, accesses')
    },
  },
}

const parquet: Action = {
  path: true,
  options: [],
  run: ({ path, withJournal }) =>
    withJournal(async (journal) => {
      const counts = await exportJournal(journal, path)
      for (const [table, rows] of Object.entries(counts)) console.log(`${path}/${table}.parquet: ${rows} rows`)
    }),
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) return console.log(usage)
  const named = Object.hasOwn(actions, positionals[0] ?? '') ? actions[positionals[0]!] : undefined
  const action = named ?? parquet
  const paths = named ? positionals.slice(1) : positionals
  if (paths.length !== (action.path ? 1 : 0))
    refused(`${action.path ? 'one path' : 'no path'} after ${positionals[0] ?? 'the command'}, found ${paths.length}`)
  const strange = Object.keys(values).find((name) => !action.options.some((known) => known === name))
  if (strange !== undefined) refused(`no --${strange} here`)
  const set = settings({ ...process.env, HOST: '', API_KEYS: '' }, process.cwd())
  const path = resolve(process.env.INIT_CWD || process.cwd(), paths[0] ?? '.')
  async function withJournal(work: (journal: Journal) => Promise<void>): Promise<void> {
    const journal = await openExistingJournal(set)
    try {
      await work(journal)
    } finally {
      await journal.close()
    }
  }
  await action.run({ set, path, values, withJournal })
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isArgument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  const message = error instanceof Error ? error.message : String(error)
  console.error(isArgument ? `${message}\n\n${usage}` : message)
  process.exitCode = 1
})
