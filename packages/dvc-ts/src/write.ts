/** Writing files so that a reader never sees half of one: a temporary name next to the target, then a rename. */
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

function replacing(path: string, write: (temporary: string) => void): void {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  try {
    write(temporary)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

export const writeWhole = (path: string, content: string | Uint8Array): void =>
  replacing(path, (temporary) => writeFileSync(temporary, content))

export const copyWhole = (from: string, path: string): void =>
  replacing(path, (temporary) => copyFileSync(from, temporary))
