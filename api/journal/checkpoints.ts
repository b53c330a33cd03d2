/** A worker thread: each second it moves the journal's write-ahead log into the file (https://www.sqlite.org/wal.html#ckpt). */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { guardFiles, type JournalFiles } from './journal-files.ts'

const every = 1000 // milliseconds
const longest = 8192 // pages of 4 kB: beyond it the log is made to start again, which holds writers for the few pages left

const files = workerData as JournalFiles
const guard = guardFiles(files)
const db = guard.moved() ? null : new DatabaseSync(files.path)
db?.exec('PRAGMA busy_timeout = 100')

function checkpoint() {
  // Into no file but the journal that was opened.
  if (!db || guard.moved()) return
  const { log } = db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() ?? {}
  if (Number(log) > longest) db.exec('PRAGMA wal_checkpoint(RESTART)')
}

const timer = setInterval(() => {
  try {
    checkpoint()
  } catch {
    // A full disk: the log keeps what was recorded, and the next second tries again.
  }
}, every)

parentPort?.once('message', () => {
  clearInterval(timer)
  // The last connection to close moves the log into the file: that is not this one.
  db?.close()
  parentPort?.close()
})
