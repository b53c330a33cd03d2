/** Where the bytes of a table come from: a file, or memory. */
import { closeSync, openSync, readSync } from 'node:fs'

/** Bytes in their order, and again by their place. */
export interface ByteSource {
  /** Fills `into` with what follows; how many bytes that are. */
  readonly next: (into: Buffer) => number
  /** The bytes from `start` to `end`, or fewer. */
  readonly between: (start: number, end: number) => Buffer
  readonly close: () => void
}

export function fileSource(path: string): ByteSource {
  const handle = openSync(path, 'r')
  return {
    next: (into) => readSync(handle, into, 0, into.length, null),
    between: (start, end) => {
      const bytes = Buffer.alloc(end - start)
      return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, start))
    },
    close: () => closeSync(handle),
  }
}

export function memorySource(bytes: Buffer): ByteSource {
  let at = 0
  return {
    next: (into) => {
      const size = bytes.copy(into, 0, at)
      at += size
      return size
    },
    between: (start, end) => bytes.subarray(start, end),
    close: () => {},
  }
}
