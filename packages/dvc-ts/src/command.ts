/** Running the real dvc: where it is, how it is started and stopped, and what its failures mean. */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { DvcError, type Reason } from './error.ts'

export interface RunOptions {
  readonly cwd: string
  /** Called with each line of both streams as it comes. */
  readonly onLine?: (line: string) => void
  /** Aborting stops dvc and the stage that it runs. */
  readonly signal?: AbortSignal
  readonly input?: string
  /** The arguments of dvc, for messages, where the program that is run is another. */
  readonly asked?: readonly string[]
}

const EXECUTABLES = process.platform === 'win32' ? ['dvc.exe', 'dvc.cmd'] : ['dvc']
const SECONDS_TO_STOP = 10

/** Path of the dvc command: on PATH, else in `.venv` of one of `folders`. Says where it looked when there is none. */
export function findDvc(folders: readonly string[]): string {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const bin = process.platform === 'win32' ? 'Scripts' : 'bin'
  const places = [...onPath, ...folders.map((folder) => resolve(folder, '.venv', bin))]
  for (const place of places)
    for (const name of EXECUTABLES) {
      const command = join(place, name)
      try {
        accessSync(command, constants.X_OK)
        return command
      } catch {} // not here
    }
  throw new DvcError(`expected the dvc command (pip install dvc), but it is in none of: ${places.join(', ')}`, {
    reason: 'no-dvc',
  })
}

const SAYS: readonly (readonly [RegExp, Reason])[] = [
  [/not inside of a DVC repository/i, 'not-a-repository'],
  [/is busy, it is being blocked by|Unable to acquire lock/i, 'locked'],
  [/unknown Git revision|(?:bad|unknown) revision/i, 'unknown-revision'],
  [/only supported for Git|not a git repository|SCM is not/i, 'no-git'],
  [/no remote specified|No remote provided|no default remote/i, 'no-remote'],
  [/is invalid\.|validation failed|Unable to parse|YAML file structure is corrupted/i, 'invalid-file'],
  [
    /missing-files|missing data|No storage files available|failed to load directory|not in cache|FileMissingError/i,
    'missing-data',
  ],
]

/** What a failure means: a sentence, with dvc's own words below it. */
export function failure(args: readonly string[], code: number | null, stderr: string): DvcError {
  const reason = SAYS.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'failed'
  const words = stderr
    .replaceAll(/\r/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !/Having any troubles|%\|/.test(line))
  const hint: Partial<Record<Reason, string>> = {
    locked: 'another dvc is at work in this repository; wait until it ends',
    'missing-data':
      'the data are neither in the cache nor on a remote that was asked: dvc repro makes them, dvc pull fetches them',
    'no-remote': 'there is no remote: dvc remote add -d NAME URL',
  }
  const what = `dvc ${args.join(' ')} failed (exit code ${code ?? 'none'})`
  return new DvcError([hint[reason] ? `${what}: ${hint[reason]}` : what, ...words.slice(-12)].join('\n'), {
    reason,
    stderr,
  })
}

/** Environment without usage reports, update checks, colours and progress bars. */
export const quiet = (): NodeJS.ProcessEnv => ({ ...process.env, DVC_NO_ANALYTICS: '1', NO_COLOR: '1', TERM: 'dumb' })

/** Runs a program to its end; resolves with what it printed, throws `fault` of what went wrong. */
export function run(
  command: string,
  args: readonly string[],
  o: RunOptions,
  fault: (code: number | null, stderr: string) => DvcError = (code, stderr) => failure(o.asked ?? args, code, stderr),
): Promise<string> {
  o.signal?.throwIfAborted()
  return new Promise((resolved, rejected) => {
    // With a signal: a group of its own, so that stopping it also stops the stage that dvc runs. Without: the terminal's Ctrl-C reaches both.
    const child = spawn(command, args, {
      cwd: o.cwd,
      env: quiet(),
      detached: o.signal !== undefined,
      stdio: [o.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    const printed = { stdout: '', stderr: '' }
    const unended: (() => void)[] = []
    for (const name of ['stdout', 'stderr'] as const) {
      let line = ''
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        printed[name] += text
        if (!o.onLine) return
        const lines = (line + text).split(/\r?\n|\r/)
        line = lines.pop() ?? ''
        for (const each of lines) o.onLine(each)
      })
      unended.push(() => {
        if (line !== '') o.onLine?.(line)
      })
    }
    if (o.input !== undefined) child.stdin?.end(o.input)
    const unlisten = stopping(child, o.signal)
    child.once('error', (error) => {
      unlisten()
      rejected(new DvcError(`${command} cannot be started: ${error.message}`, { reason: 'no-dvc' }))
    })
    child.once('close', (code) => {
      unlisten()
      for (const rest of unended) rest()
      if (o.signal?.aborted)
        rejected(
          new DvcError(`dvc ${(o.asked ?? args).join(' ')} was stopped: ${String(o.signal.reason)}`, {
            reason: 'aborted',
            stderr: printed.stderr,
          }),
        )
      else if (code === 0) resolved(printed.stdout)
      else rejected(fault(code, printed.stderr))
    })
  })
}

/** Ends the child's group when the signal says so or when this process ends: interrupted first, so that dvc gives back its locks. */
function stopping(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  const end = (how: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, how)
    } catch {} // it has ended
  }
  let timer: NodeJS.Timeout | undefined
  const abort = () => {
    end('SIGINT')
    timer = setTimeout(() => end('SIGKILL'), SECONDS_TO_STOP * 1000)
  }
  const exit = () => end('SIGTERM')
  signal?.addEventListener('abort', abort, { once: true })
  process.once('exit', exit)
  return () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    process.off('exit', exit)
  }
}
