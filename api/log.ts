/** The log: one JSON line a request (pino), with the route instead of the address and never a value of the applicant. */
import { pino } from 'pino'

/** One answered request: the route's pattern instead of the address, so that no client's id is in it. */
export interface LogEntry {
  readonly requestId: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly milliseconds: number
  /** A code of what deserves a look. */
  readonly note?: string | undefined
  readonly error?: unknown
}

export interface Log {
  (entry: LogEntry): void
  /** Writes what is still held back. */
  flush(): void
}

/** The kind and place of an error; of its message only what the journal says: others may quote what was sent. */
function traceOf(error: unknown): { error: string; at: string[] } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return { error: typeof cause, at: [] }
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    error: cause.name === 'JournalError' ? cause.message : cause.name,
    at: frames.slice(0, 8).map((line) => line.trim()),
  }
}

/** Lines are gathered to 4 kB and written at most a second later; `destination` is a file descriptor (1, standard output) or a path. */
export function openLog(destination: number | string = 1): Log {
  const stream = pino.destination({ dest: destination, sync: false, minLength: 4096, periodicFlush: 1000 })
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' }, stream)
  const log = ({ error, milliseconds, ...rest }: LogEntry) => {
    const line = { ...rest, milliseconds: Math.round(milliseconds * 100) / 100 }
    if (error === undefined) logger.info(line)
    else logger.error({ ...line, ...traceOf(error) })
  }
  return Object.assign(log, { flush: () => stream.flushSync() })
}
