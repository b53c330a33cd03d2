/**
 * Long commands stop at once. Native code (polars, libxgboost) holds its thread for minutes, and no signal handler of JavaScript runs meanwhile:
 * so the work is done by a child process, and this one waits, passes the end on, and removes what the child left half made.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** Of the child: the folder for temporary files, which its parent removes. */
const scratchVariable = 'STOPPABLE_SCRATCH'

const grace = 1500 // milliseconds that what was started has to end by itself

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Whether this process does the work, not the waiting. */
const isChild = (): boolean => process.env[scratchVariable] !== undefined && process.send !== undefined

/** In the work: a path that is removed when the command is stopped, such as an output under its temporary name. */
export function unfinished(path: string): string {
  if (isChild()) process.send?.({ unfinished: path })
  return path
}

/** In the work: a path that stays, whatever becomes of the folder for temporary files that it lies in. */
export function kept(path: string): string {
  const scratch = process.env[scratchVariable]
  if (!isChild() || scratch === undefined || dirname(path) !== scratch) return path
  const stays = join(dirname(scratch), basename(path))
  renameSync(path, stays)
  return stays
}

/** Runs `work` in a child process of the same script and arguments; ends as it ends, or with 128 + the number of the signal that stopped it. */
export async function stoppable(work: () => Promise<void>): Promise<void> {
  if (isChild()) {
    for (const signal of signals) process.removeAllListeners(signal)
    const orphaned = () => process.kill(process.pid, 'SIGKILL') // the parent is gone: nobody waits for the result
    process.once('disconnect', orphaned)
    await work()
    process.off('disconnect', orphaned)
    process.disconnect()
    return
  }
  const scratch = mkdtempSync(join(tmpdir(), 'credit-scoring-'))
  const leftovers = [scratch]
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true, // a group of its own, so that whatever it started goes with it
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, TMPDIR: scratch, [scratchVariable]: scratch },
  })
  child.on('message', (message) => {
    if (typeof message === 'object' && 'unfinished' in message) leftovers.push(String(message.unfinished))
  })
  let stoppedBy: (typeof signals)[number] | null = null
  const tell = (signal: NodeJS.Signals) => {
    try {
      process.kill(-(child.pid as number), signal)
    } catch {
      // it has ended by itself
    }
  }
  for (const signal of signals)
    process.on(signal, () => {
      stoppedBy ??= signal
      tell(signal)
      setTimeout(() => tell('SIGKILL'), grace).unref()
    })
  const code = await new Promise<number>((done, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => done(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
  })
  if (stoppedBy !== null) tell('SIGKILL') // what outlived its parent
  if (stoppedBy !== null || code > 128) for (const path of leftovers) rmSync(path, { recursive: true, force: true })
  rmSync(scratch, { recursive: true, force: true })
  process.exitCode = stoppedBy === null ? code : 128 + constants.signals[stoppedBy]
  if (stoppedBy !== null) process.stderr.write(`stopped by ${stoppedBy}\n`)
}
