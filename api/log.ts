/** The log: one JSON line a request (pino), with the route instead of the address and never a value of the applicant. */
import { pino } from 'pino'
import { JournalError } from './journal/journal.ts'
import { Problem } from './problems.ts'

/** One answered request: the route's pattern instead of the address, so that no client's id is in it. */
export interface LogEntry {
  readonly requestId: string
  /** Of the caller's own trace, where he sent one (traceIdOf). */
  readonly traceId?: string | undefined
  /** Whose key or session it was (callerName in access.ts). */
  readonly caller?: string | undefined
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
  /** Events that are not requests, such as a signal. */
  say(message: string): void
  /** Writes what is still held back. */
  flush(): void
}

/** The trace that a request belongs to, from its traceparent header (https://www.w3.org/TR/trace-context/#traceparent-header); undefined without one. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  const found = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-|$)/.exec(traceparent ?? '')
  const [, trace = '', parent = ''] = found ?? []
  return /[^0]/.test(trace) && /[^0]/.test(parent) ? trace : undefined
}

/** An error in words: its kind, the codes that systems and databases give, and the message of those errors that never quote what was sent. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${error === null ? 'null' : typeof error}`
  const codes = ['code', 'errcode', 'syscall'].flatMap((name) => {
    const value: unknown = Reflect.get(error, name)
    return typeof value === 'number' || (typeof value === 'string' && /^[\w-]+$/.test(value)) ? [String(value)] : []
  })
  const speaks = error instanceof JournalError || error instanceof Problem
  return (
    [error.name, ...(error instanceof Problem ? [error.code] : codes)].join(' ') + (speaks ? `: ${error.message}` : '')
  )
}

const mostCauses = 8

/** What failed, why, and where: the error, the causes it was given, and the frames of the innermost. */
export function failureOf(error: unknown): { error: string; causes?: string[]; at: string[] } {
  const chain: unknown[] = [error]
  while (chain.length < mostCauses) {
    const last = chain.at(-1)
    if (!(last instanceof Error) || last.cause === undefined || chain.includes(last.cause)) break
    chain.push(last.cause)
  }
  const innermost = chain.findLast((one) => one instanceof Error)
  const frames = (innermost?.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const [first = '', ...causes] = chain.map(wordsOf)
  return {
    error: first,
    ...(causes.length > 0 && { causes }),
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
    else logger.error({ ...line, ...failureOf(error) })
  }
  return Object.assign(log, { say: (message: string) => logger.warn(message), flush: () => stream.flushSync() })
}
