/** Small synthetic portfolios in a temporary folder that goes when the test process ends. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate, noteFile } from 'synthetic-credit'

const base = mkdtempSync(join(tmpdir(), 'portfolio-'))
process.on('exit', () => rmSync(base, { recursive: true, force: true }))

let made = 0
const known = new Map<string, string>()

/** An empty path of its own. */
export const emptyFolder = (): string => join(base, `folder-${made++}`)

/** A generated portfolio, made once; not to be changed. */
export function smallPortfolio(clients = 200, newClients = 40, seed = 5): string {
  const key = `${clients} ${newClients} ${seed}`
  const found = known.get(key)
  if (found) return found
  const folder = emptyFolder()
  generate({ clients, newClients, seed, folder })
  known.set(key, folder)
  return folder
}

/** A copy of a small portfolio, to be changed; without its note it passes for real data. */
export function ownPortfolio({ note = false } = {}): string {
  const folder = emptyFolder()
  cpSync(smallPortfolio(), folder, { recursive: true })
  if (!note) rmSync(join(folder, noteFile))
  return folder
}

/** Rewrites a file of a folder. */
export function rewrite(folder: string, file: string, change: (lines: string[]) => string[]): void {
  const path = join(folder, file)
  writeFileSync(path, change(readFileSync(path, 'utf8').trimEnd().split('\n')).join('\n').concat('\n'))
}
