/** One table in a file that may be packed: .gz, or a .zip with nothing else in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DataError } from './data-error.ts'
import { type Archive, gunzip, isOfNoInterest, openArchive } from './unpack.ts'

/** Calls `use` with where the table lies on the disk and the name that it has there; messages call the file `file`. */
export async function withUnpacked<T>(
  path: string,
  file: string,
  use: (path: string, name: string) => Promise<T>,
): Promise<T> {
  const name = basename(path)
  const packed = /\.(gz|zip)$/i.exec(name)?.[1]?.toLowerCase()
  if (!packed) return use(path, name)
  const scratch = mkdtempSync(join(tmpdir(), 'unpacked-'))
  try {
    if (packed === 'zip') return await fromZip(path, file, scratch, use)
    const inner = name.slice(0, -'.gz'.length)
    await gunzip(path, join(scratch, inner), file)
    return await use(join(scratch, inner), inner)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function fromZip<T>(
  path: string,
  file: string,
  scratch: string,
  use: (path: string, name: string) => Promise<T>,
): Promise<T> {
  const archive = await openArchive(path, file)
  try {
    const { target, name } = await onlyEntry(archive, file, scratch)
    return await use(target, name)
  } finally {
    archive.close()
  }
}

/** Unpacks the only file of an archive. @throws DataError where there is none, or more than one */
export async function onlyEntry(
  archive: Archive,
  file: string,
  scratch: string,
): Promise<{ target: string; name: string }> {
  const entries = archive.entries.filter(({ fileName }) => !isOfNoInterest(fileName))
  const [entry] = entries
  if (!entry || entries.length > 1)
    throw new DataError([
      {
        file,
        expected: 'one table in the archive',
        value: entries.map(({ fileName }) => fileName).join(', ') || 'none',
      },
    ])
  const name = basename(entry.fileName)
  const target = join(scratch, name)
  await archive.unpack(entry, target, `${entry.fileName} in ${basename(file)}`)
  return { target, name }
}
