/** The note that a generated portfolio carries: generator, parameters, and the hash of each file. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

export const noteFile = 'synthetic.json'

/** What is said of a portfolio that is wholly synthetic. */
export const syntheticSchema = z.object({
  generator: z.string(),
  parameters: z.object({ clients: z.int(), new_clients: z.int(), seed: z.int() }),
})
const noteSchema = syntheticSchema.extend({ files: z.record(z.string(), z.string()) })

export type Synthetic = z.output<typeof syntheticSchema>
/** `files` holds the SHA-256 of each file that was written, by name. */
export type Note = z.output<typeof noteSchema>

/** The note of a folder, or null where there is none. Throws where it cannot be read. */
export function readNote(folder: string): Note | null {
  const path = join(folder, noteFile)
  if (!existsSync(path)) return null
  const parsed = noteSchema.safeParse(contentOf(path))
  if (parsed.success) return parsed.data
  const [problem] = parsed.error.issues
  const where = problem?.path.length ? `${problem.path.join('.')}: ` : ''
  throw new Error(
    `${path} is not a note of generated data (${where}${problem?.message}): delete it if the files beside it are real`,
  )
}

function contentOf(path: string): unknown {
  const text = readFileSync(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no JSON at all: refused like any other content that is no note
  }
}
