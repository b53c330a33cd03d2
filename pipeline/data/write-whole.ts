/** Writes a file whole or not at all: under another name first, then renamed. Makes its folder. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.unfinished`, text)
  renameSync(`${path}.unfinished`, path)
}
