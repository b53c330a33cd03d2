/** Files out of gzip and zip, streamed to disk; what is cut off, damaged or something else is a DataError. */
import { closeSync, createReadStream, createWriteStream, openSync, readSync } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createGunzip } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { DataError } from './data-error.ts'
import { formatOf, formatWords } from './file-format.ts'

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : '')

/** Refuses with one problem, unless the cause is the system's (no space, no permission), which says enough itself. */
function refuse(file: string, expected: string, cause: unknown): never {
  if (/^E[A-Z]+$/.test(codeOf(cause))) throw cause
  const cut = codeOf(cause) === 'Z_BUF_ERROR' || /unexpected EOF|unexpected end/i.test(messageOf(cause))
  throw new DataError([{ file, expected, value: cut ? 'one that is cut off' : messageOf(cause) }])
}

/** Unpacks the gzip file `path` to `target`; messages call it `file`. */
export async function gunzip(path: string, target: string, file: string): Promise<void> {
  const format = formatOf(headOf(path))
  if (format !== 'gzip')
    throw new DataError([{ file, expected: 'a gzip file', value: format ? formatWords(format).en : 'other data' }])
  try {
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(target))
  } catch (cause) {
    refuse(file, 'a whole gzip file', cause)
  }
}

/** Folders, hidden files and what macOS adds to an archive. */
export const isOfNoInterest = (entry: string): boolean =>
  entry.endsWith('/') || entry.startsWith('__MACOSX/') || /(^|\/)\./.test(entry)

/** An open zip: its entries by name. To be closed. */
export interface Archive {
  readonly entries: readonly Entry[]
  /** Unpacks one entry to `target` and compares its checksum; messages call it `file`. */
  readonly unpack: (entry: Entry, target: string, file: string) => Promise<void>
  readonly close: () => void
}

/** The first bytes of a file, by which its format is recognised. */
export function headOf(path: string): Buffer {
  const head = Buffer.alloc(1024)
  const handle = openSync(path, 'r')
  try {
    return head.subarray(0, readSync(handle, head))
  } finally {
    closeSync(handle)
  }
}

/** Opens the zip `path`; messages call it `file`. */
export async function openArchive(path: string, file: string): Promise<Archive> {
  let zip: ZipFile
  const entries: Entry[] = []
  try {
    zip = await yauzl.openPromise(path, { autoClose: false })
  } catch (cause) {
    const format = formatOf(headOf(path))
    if (format && format !== 'zip')
      throw new DataError([{ file, expected: 'a zip archive', value: formatWords(format).en }])
    return refuse(file, 'a whole zip archive', cause)
  }
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry)
  } catch (cause) {
    zip.close()
    refuse(file, 'a whole zip archive', cause)
  }
  const unpack = async (entry: Entry, target: string, inside: string) => {
    if (entry.isEncrypted())
      throw new DataError([{ file: inside, expected: 'a file without password', value: 'an encrypted one' }])
    let sum = 0
    const summing = new Transform({
      transform(chunk: Buffer, _, done) {
        sum = crc32(chunk, sum)
        done(null, chunk)
      },
    })
    try {
      await pipeline(await zip.openReadStreamPromise(entry), summing, createWriteStream(target))
      if (sum !== entry.crc32) throw new Error('other bytes than its checksum is of')
    } catch (cause) {
      refuse(inside, 'a sound file in the archive', cause)
    }
  }
  return { entries, unpack, close: () => zip.close() }
}
