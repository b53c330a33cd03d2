/** A small zip archive made in memory, files stored as they are: what tests need of an archive without a program that packs. */
import { crc32 } from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly bytes: Buffer
}

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []]
  let at = 0
  for (const { name, bytes } of entries) {
    const label = Buffer.from(name)
    const both = Buffer.alloc(26) // version, flags, method, time, date, checksum, sizes, lengths
    both.writeUInt16LE(20, 0)
    both.writeUInt32LE(crc32(bytes), 10)
    both.writeUInt32LE(bytes.length, 14)
    both.writeUInt32LE(bytes.length, 18)
    both.writeUInt16LE(label.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), both, label, bytes])
    const rest = Buffer.alloc(14) // comment, disk, attributes, place
    rest.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), both, rest, label]))
    files.push(local)
    at += local.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...files, ...directory, end])
}
