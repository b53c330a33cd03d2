/**
 * Makes sure that the data exist: `node --conditions=source commands/data.ts [FOLDER]` (set-up calls it for data/).
 *
 * A folder that is missing or empty gets the synthetic portfolio of params.yaml (section portfolio). A portfolio that is wholly synthetic is made
 * anew when parameters or generator have changed. Anything else is never touched. With nothing to do it takes a fraction of a second:
 * a stamp in artifacts/ next to the folder remembers size and time of the files whose hashes were last compared with synthetic.json.
 */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { params } from 'dvc-ts'
import { type Note, noteFile, readNote } from 'synthetic-credit/note'
import { generatorVersion } from 'synthetic-credit/version'
import { z } from 'zod'
import { tableNames, tables } from '../pipeline/data/schema/tables.ts'
import { writeWhole } from '../pipeline/data/write-whole.ts'

export const portfolioSection = z.object({
  clients: z.int().min(1).max(10_000_000),
  new_clients: z.int().min(1).max(10_000_000),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
})

export type PortfolioParameters = z.output<typeof portfolioSection>

/** What was found and done. `kept`: the portfolio is as the parameters say. `other`: there are data that are not this generator's. */
export type Outcome = 'made' | 'remade' | 'kept' | 'other'

const files = tableNames.map((name) => tables[name].file)
/** What an empty folder may hold: leftovers of an interrupted run, and what git or DVC put there. */
const nothing = new Set(['.making', '.gitignore', '.gitkeep', '.DS_Store'])

function hashOf(path: string): string {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(1 << 22)
  const handle = openSync(path, 'r')
  try {
    for (let size = readSync(handle, chunk); size > 0; size = readSync(handle, chunk))
      hash.update(chunk.subarray(0, size))
  } finally {
    closeSync(handle)
  }
  return hash.digest('hex')
}

const stampOf = (folder: string) => join(dirname(resolve(folder)), 'artifacts', '.data-stamp.json')

/** Name, size and time of the files, as one text. */
function lookOf(folder: string): string {
  const looks = [...files, noteFile]
    .filter((file) => existsSync(join(folder, file)))
    .map((file) => {
      const { size, mtimeMs } = statSync(join(folder, file))
      return [file, size, mtimeMs]
    })
  return JSON.stringify({ folder: resolve(folder), looks })
}

function remember(folder: string, wholly: boolean): void {
  const stamp = stampOf(folder)
  writeWhole(stamp, JSON.stringify({ look: lookOf(folder), wholly }))
}

const stampSchema = z.object({ look: z.string(), wholly: z.boolean() })

/** Whether every table that is there is the one that the note speaks of. */
function isWhollySynthetic(folder: string, note: Note): boolean {
  const stamp = stampOf(folder)
  if (existsSync(stamp)) {
    const known = stampSchema.safeParse(JSON.parse(readFileSync(stamp, 'utf8')))
    if (known.success && known.data.look === lookOf(folder)) return known.data.wholly
  }
  const present = files.filter((file) => existsSync(join(folder, file)))
  const wholly = present.every((file) => hashOf(join(folder, file)) === note.files[file])
  remember(folder, wholly)
  return wholly
}

/** Makes, remakes or leaves the portfolio of a folder. */
export async function seeToData(
  folder: string,
  wanted: PortfolioParameters,
  say: (text: string) => void,
): Promise<Outcome> {
  const content = existsSync(folder) ? readdirSync(folder).filter((name) => !nothing.has(name)) : []
  if (content.length > 0) {
    const note = readNote(folder)
    const ours = new Set([...files, noteFile])
    if (!note || !content.every((name) => ours.has(name) || nothing.has(name)) || !isWhollySynthetic(folder, note))
      return 'other'
    const { clients, new_clients, seed } = note.parameters
    const same =
      note.generator === generatorVersion &&
      clients === wanted.clients &&
      new_clients === wanted.new_clients &&
      seed === wanted.seed
    if (same && files.every((file) => content.includes(file))) return 'kept'
  }
  say(`making a synthetic portfolio of ${wanted.clients} + ${wanted.new_clients} clients in ${folder}`)
  const { generate } = await import('synthetic-credit')
  const start = performance.now()
  let reported = start
  generate({
    clients: wanted.clients,
    newClients: wanted.new_clients,
    seed: wanted.seed,
    folder,
    onProgress: (done, all, rows) => {
      const now = performance.now()
      if (now - reported < 2000 && done < all) return
      reported = now
      say(`${done} of ${all} clients, ${rows} rows`)
    },
  })
  say(`done in ${((performance.now() - start) / 1000).toFixed(0)} s`)
  remember(folder, true)
  return content.length > 0 ? 'remade' : 'made'
}

if (import.meta.main) {
  const [folder = 'data'] = process.argv.slice(2)
  await seeToData(folder, params('portfolio', portfolioSection), (text) => process.stderr.write(`data: ${text}\n`))
}
