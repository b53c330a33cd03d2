/** Whether the files that SQLite has open are still the journal at its path: not deleted, not replaced, not written over. */
import { openSync, readSync, renameSync, statSync } from 'node:fs'
import { JournalMoved } from './journal.ts'

/** What tells a journal's file from another at the same path; plain values, so that the checkpoint worker knows them too. */
export interface JournalFiles {
  readonly path: string
  /**
   * Of the file, open for reading as long as the process lives: closing it would drop SQLite's locks
   * (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
   */
  readonly descriptor: number
  readonly device: bigint
  readonly inode: bigint
  /** SQLite's application_id, made at random for each journal: a copy of another journal over this one keeps the inode. */
  readonly id: number
}

const idOffset = 68 // https://www.sqlite.org/fileformat.html#application_id
const beside = ['-wal', '-shm'] as const

/** Makes the file where it is not, readable by its owner only: it holds what applicants said. SQLite gives its log the same mode. */
export const openJournalFile = (path: string): number => openSync(path, 'a+', 0o600)

export function journalFiles(path: string, descriptor: number, id: number): JournalFiles {
  const { dev: device, ino: inode } = statSync(path, { bigint: true })
  return { path, descriptor, device, inode, id }
}

export interface FileGuard {
  /** Null while the files are those that were opened; costs a few microseconds. Once they are not, they never are again. */
  moved(): JournalMoved | null
}

/** `onMoved` is called once, with whether the file is still the one that is open, its contents being another's. */
export function guardFiles(
  files: JournalFiles,
  onMoved: (o: { readonly writtenOver: boolean }) => void = () => {},
): FileGuard {
  const { path, descriptor, device, inode, id } = files
  const header = new DataView(new ArrayBuffer(4))
  const idAtStart = idInFile()
  let idSeen = idAtStart
  let largest = 0n
  const seen = new Map<string, bigint>()
  let found: JournalMoved | null = null

  function idInFile(): number {
    return readSync(descriptor, header, 0, 4, idOffset) === 4 ? header.getInt32(0) : 0
  }

  /** What is wrong, in words, or null. */
  function fault(): { readonly what: string; readonly writtenOver: boolean } | null {
    const now = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (!now) return { what: 'was deleted or moved', writtenOver: false }
    if (now.ino !== inode || now.dev !== device) return { what: 'was replaced by another file', writtenOver: false }
    // An older journal is shorter: nothing is ever taken out of one.
    if (now.size < largest) return { what: 'was cut short or written over', writtenOver: true }
    largest = now.size
    // The id reaches the file with the first checkpoint after it was given.
    const current = idInFile()
    if (current !== id && (current !== idAtStart || idSeen === id))
      return { what: 'was written over with another journal', writtenOver: true }
    idSeen = current
    for (const suffix of beside) {
      const one = statSync(path + suffix, { bigint: true, throwIfNoEntry: false })?.ino
      const before = seen.get(suffix)
      if (before === undefined ? one === undefined : before === one) continue
      if (before !== undefined)
        return { what: `lost its ${suffix} file, which was deleted or replaced`, writtenOver: false }
      seen.set(suffix, one!)
    }
    return null
  }

  return {
    moved() {
      if (found) return found
      const wrong = fault()
      if (!wrong) return null
      found = new JournalMoved(
        `The journal ${path} ${wrong.what} while the service had it open. Nothing is recorded or answered any more. Stop the service, put the right files at this path and start it again`,
      )
      onMoved({ writtenOver: wrong.writtenOver })
      return found
    },
  }
}

/** Puts the log of a file that was written over aside: SQLite would replay it into whatever the file holds now, whoever opens it. */
export function putLogAside({ path }: JournalFiles, at: number): void {
  for (const suffix of beside) {
    try {
      renameSync(path + suffix, `${path}${suffix}.of-lost-journal-${at}`)
    } catch {
      // Gone with the file.
    }
  }
}
