/** What a run logged, in order: kept in memory until the server has it, written to `<store>/unsent/` when it cannot be sent. */
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../data/write-whole.ts'
import { TrackingError } from './error.ts'

const text = z.object({ key: z.string(), value: z.string() })
const point = z.object({
  key: z.string(),
  value: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)]),
  step: z.number(),
  timestamp: z.number(),
})
const run = z.int().nonnegative()

/** One thing that a run said. Runs are numbered in the order of their start; 0 is the parent of all. */
const entry = z.discriminatedUnion('op', [
  z.object({
    run,
    op: z.literal('start'),
    name: z.string(),
    parent: run.nullable(),
    time: z.number(),
    tags: z.array(text),
  }),
  z.object({ run, op: z.literal('params'), params: z.array(text) }),
  z.object({ run, op: z.literal('metrics'), metrics: z.array(point) }),
  z.object({ run, op: z.literal('tags'), tags: z.array(text) }),
  z.object({
    run,
    op: z.literal('input'),
    name: z.string(),
    digest: z.string(),
    source: z.record(z.string(), z.string()),
    context: z.string(),
  }),
  z.object({ run, op: z.literal('artifact'), file: z.string(), as: z.string() }),
  z.object({
    run,
    op: z.literal('model'),
    name: z.string(),
    folder: z.string(),
    version: z.string(),
    alias: z.string(),
    params: z.array(text),
    tags: z.array(text),
  }),
  z.object({ run, op: z.literal('end'), status: z.enum(['FINISHED', 'FAILED']), time: z.number() }),
])
export type Entry = z.output<typeof entry>

const journal = z.object({
  format: z.literal(1),
  experiment: z.string(),
  /** Tag that makes the runs of this journal findable on the server. */
  key: z.string(),
  why: z.string(),
  /** Where the first `sent` entries went, under which run ids; null: the local store. */
  server: z.string().nullable(),
  sent: z.int().nonnegative(),
  ids: z.record(z.string(), z.string()),
  entries: z.array(entry),
})
export type Journal = z.output<typeof journal>

/** The files of a folder, with their paths inside it, sorted. */
export function filesOf(folder: string): string[] {
  if (!existsSync(folder)) throw new TrackingError(`expected a folder to log, but there is no ${folder}`)
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(join(folder, '/').length))
    .sort()
}

/**
 * Writes a journal to `<store>/unsent/NAME.json` and copies the files that it names next to it, as they are now: the next run
 * will overwrite the originals.
 *
 * @returns path of the JSON file
 */
export function keepUnsent(store: string, kept: Journal, name: string): string {
  const folder = join(store, 'unsent')
  mkdirSync(folder, { recursive: true })
  const slug = name.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'run'
  let files = ''
  for (let number = 1; files === ''; number++) {
    const free = join(folder, `${slug}-${number}`)
    if (existsSync(`${free}.json`)) continue
    try {
      mkdirSync(free) // fails when another process has just taken it
      files = free
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  const entries = kept.entries.map((each, index): Entry => {
    const path = each.op === 'artifact' ? each.file : each.op === 'model' ? each.folder : null
    if (path === null || !existsSync(path)) return each
    const copy = join(String(index), basename(path))
    cpSync(path, join(files, copy), { recursive: true })
    return each.op === 'artifact' ? { ...each, file: copy } : each.op === 'model' ? { ...each, folder: copy } : each
  })
  const file = `${files}.json`
  const json = JSON.stringify({ ...kept, entries }, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  )
  writeWhole(file, `${json}\n`)
  return file
}

/** Reads a journal back, the paths of its files made whole. */
export function readUnsent(file: string): Journal {
  const found = journal.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!found.success) {
    const [issue] = found.error.issues
    throw new TrackingError(`${file}: expected an unsent run, but ${issue?.path.join('.')}: ${issue?.message}`)
  }
  const files = join(dirname(file), basename(file, '.json'))
  const entries = found.data.entries.map((each): Entry => {
    if (each.op === 'artifact') return { ...each, file: join(files, each.file) }
    return each.op === 'model' ? { ...each, folder: join(files, each.folder) } : each
  })
  return { ...found.data, entries }
}

/** Removes a journal and its files, once the server has them. */
export function forgetUnsent(file: string): void {
  rmSync(join(dirname(file), basename(file, '.json')), { recursive: true, force: true })
  rmSync(file, { force: true })
}

/** The journals of a store, sorted. */
export function unsentOf(store: string): string[] {
  return globSync('*.json', { cwd: join(store, 'unsent') })
    .sort()
    .map((name) => join(store, 'unsent', name))
}
