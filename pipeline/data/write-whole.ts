/** Makes a file or folder whole or not at all: first under a temporary name of this process in the same folder, then renamed. */
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What this process makes at the moment, by its temporary name. */
const making = new Set<string>()
let made = 0

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it runs, under another user
  }
}

/** Removes what ended processes began of `path` and did not finish. */
function removeStale(path: string): void {
  const [folder, start] = [dirname(path), `${basename(path)}.`]
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(start)) continue
    const owner = /^(\d+)-\d+\.unfinished$/.exec(name.slice(start.length))?.[1]
    if (owner === undefined) continue
    const left = join(folder, name)
    const stale = Number(owner) === process.pid ? !making.has(left) : !isAlive(Number(owner))
    if (stale) rmSync(left, { recursive: true, force: true })
  }
}

/**
 * Makes the folder that `path` lies in and answers the name under which to make the file or folder itself: `putInPlace` renames it.
 * No other process, and no other call, has that name: of two runs at once each leaves a whole result.
 */
export function begin(path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  removeStale(path)
  const unfinished = join(dirname(path), `${basename(path)}.${process.pid}-${++made}.unfinished`)
  making.add(unfinished)
  return unfinished
}

/** Gives what was made under `unfinished` its name. A folder cannot replace one that holds files: the older one goes first. */
export function putInPlace(path: string, unfinished: string): void {
  try {
    renameSync(unfinished, path)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM', 'EISDIR', 'ENOTDIR'].includes(code)) throw error
    rmSync(path, { recursive: true, force: true })
    renameSync(unfinished, path)
  }
  making.delete(unfinished)
}

/** Removes what was begun and shall not be finished. */
export function abandon(unfinished: string): void {
  rmSync(unfinished, { recursive: true, force: true })
  making.delete(unfinished)
}

/** Makes a file or folder by `make`, which is given the name to make it under. When it throws, nothing is left and `path` is as it was. */
export function makeWhole<T>(path: string, make: (unfinished: string) => T): T {
  const unfinished = begin(path)
  try {
    const result = make(unfinished)
    putInPlace(path, unfinished)
    return result
  } catch (error) {
    abandon(unfinished)
    throw error
  }
}

/** Writes a text or bytes. */
export const writeWhole = (path: string, content: string | Uint8Array): void =>
  makeWhole(path, (unfinished) => writeFileSync(unfinished, content))

/** Copies a file. */
export const copyWhole = (from: string, path: string): void =>
  makeWhole(path, (unfinished) => copyFileSync(from, unfinished))
