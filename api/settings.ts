/** What the environment says, parsed once at start: addresses, paths and keys, or all that is wrong with them. */
import { isAbsolute, resolve } from 'node:path'
import { type TrustedProxies, trustedAddresses } from './address.ts'
import { type ErasableTable, erasableTables } from './journal/journal.ts'
import { usualMaturity } from './journal/outcomes.ts'
import type { Retention } from './journal/retention.ts'
import type { Webhook } from './monitor-webhook.ts'

export const roles = ['score', 'review', 'read', 'admin'] as const
export type Role = (typeof roles)[number]

/** A key is known by its SHA-256 only (32 bytes). */
export interface Key {
  readonly role: Role
  /** Whose key it is, as the page and the journal say it; left out where nobody is named. */
  readonly name?: string | undefined
  readonly hash: Buffer
}

export interface Settings {
  readonly model: string
  readonly journal: string
  readonly journalSync: 'normal' | 'full'
  /** Days for which each kind of record is kept; what is not named is kept for good. */
  readonly retention: Retention
  readonly host: string
  readonly port: number
  readonly keys: readonly Key[]
  /** PostgreSQL's address, or null: the journal is the SQLite file. */
  readonly databaseUrl: string | null
  /** Requests a minute that one caller may send; 0: any number. */
  readonly rateLimit: number
  /** Whose word on where a request came from (X-Forwarded-For) is believed; 0: nobody's. */
  readonly trustedProxies: TrustedProxies
  /** What signs the page's sessions; null: one that is kept with the journal. */
  readonly sessionSecret: Buffer | null
  /** Milliseconds between SIGTERM, from which on the service is not ready, and the end of listening. */
  readonly stopDelay: number
  /** Milliseconds between two looks of the monitor; null: only when the page asks. */
  readonly monitorEvery: number | null
  /** Days from an application after which its outcome counts. */
  readonly monitorMaturity: number
  /** Who is told of alerts. */
  readonly webhook: Webhook | null
  /** Whether it answers only under this machine's own names: without keys, unless anyone may score. */
  readonly loopbackOnly: boolean
}

const usualRate = 6000 // requests a minute
const usualDelay = 2 // seconds; Docker kills ten seconds after SIGTERM, and what was begun needs the rest
const longestDelay = 300
const shortestSecret = 32 // characters

/** What `npm start -- --help` prints. */
export const usage = `npm start: serves the model until Ctrl-C. It takes no arguments; settings come from the environment:

PORT, HOST       where it listens (8000, 127.0.0.1)
MODEL            folder of the bundle (artifacts/model)
JOURNAL          the SQLite file of the journal (journal.sqlite)
JOURNAL_SYNC     normal: safe against a killed process; full: against a power cut too (normal)
JOURNAL_RETENTION  days for which kinds of records are kept: predictions:1825,answers:30,… of predictions, reviews, outcomes, answers, accesses (all for good)
DATABASE_URL     postgres://USER:PASSWORD@HOST:PORT/DATABASE: the journal is there
API_KEYS         role:sha256[:name],… as npm run key prints them; roles score, review, read, admin
SESSION_SECRET   what signs the page's sessions, 32 characters or more; else made once and kept with the journal
ALLOW_ANONYMOUS  1: without keys, even where HOST is reachable from other machines, and under any host name
RATE_LIMIT       requests a minute for each caller (6000; on loopback without keys 0, no limit)
TRUSTED_PROXIES  how many proxies stand in front, or their addresses and networks: 1 or 10.0.0.0/8,… (0: X-Forwarded-For is ignored)
MONITOR_EVERY    how often the journal is watched: 30m, 1h, 1d, or off (1h)
MONITOR_MATURITY  days from an application after which its outcome counts (365)
MONITOR_WEBHOOK  https://… that is told of alerts: JSON by POST; MONITOR_WEBHOOK_SECRET signs it, 32 characters or more
STOP_DELAY       seconds after SIGTERM in which it still answers but is not ready, for a balancer to notice (2; none after Ctrl-C)`

type Environment = Readonly<Record<string, string | undefined>>

/** Whether a host is this machine alone; of an address its host name, with or without brackets. */
export const isLoopback = (host: string) => /^(localhost\.?|::1|\[::1\]|127(\.\d{1,3}){3})$/i.test(host)

const isRole = (name: string | undefined): name is Role => roles.some((role) => role === name)

const isName = (name: string | undefined) => name === undefined || /^[^\p{C}]{1,40}$/u.test(name.trim())

function keysOf(text: string, problems: string[]): Key[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  return entries.flatMap((entry, index) => {
    const [role, hash = '', name, ...rest] = entry.split(':')
    if (isRole(role) && /^[0-9a-f]{64}$/i.test(hash) && isName(name) && rest.length === 0)
      return [{ role, hash: Buffer.from(hash, 'hex'), ...(name !== undefined && { name: name.trim() }) }]
    problems.push(
      `API_KEYS, entry ${index + 1}: expected role:sha256 or role:sha256:name with a role of ${roles.join(', ')}, 64 hex digits and a name of at most 40 characters`,
    )
    return []
  })
}

function retentionOf(text: string, problems: string[]): Retention {
  const entries = text.split(',').filter((entry) => entry.trim() !== '')
  return Object.fromEntries(
    entries.flatMap((entry): [ErasableTable, number][] => {
      const [kind = '', days = ''] = entry.split(':').map((part) => part.trim())
      const table = erasableTables.find((name) => name === kind)
      if (table && /^[1-9]\d{0,4}$/.test(days)) return [[table, Number(days)]]
      problems.push(
        `JOURNAL_RETENTION: expected kind:days,… with a kind of ${erasableTables.join(', ')} and days from 1 to 99999, found ${entry.trim()}`,
      )
      return []
    }),
  )
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const mostOften = 10 // seconds

function everyOf(text: string, problems: string[]): number | null {
  if (text === 'off') return null
  const [, count = '', unit = ''] = /^([1-9]\d{0,3})([smhd])$/.exec(text) ?? []
  const every = Number(count) * (units[unit] ?? 0)
  if (every >= mostOften * 1000 && every <= 7 * units.d!) return every
  problems.push(`MONITOR_EVERY: expected a time such as 30m, 1h or 1d, from ${mostOften}s to 7d, or off; found ${text}`)
  return null
}

function webhookOf(url: string | null, secret: string | null, problems: string[]): Webhook | null {
  if (url === null) return null
  const parsed = URL.parse(url)
  const isSafe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname))
  if (!isSafe) problems.push('MONITOR_WEBHOOK: expected https://…, or http:// on this machine')
  if (secret !== null && secret.length < shortestSecret)
    problems.push(
      `MONITOR_WEBHOOK_SECRET: expected ${shortestSecret} characters or more, such as: openssl rand -hex 32`,
    )
  return { url, secret }
}

function proxiesOf(text: string, problems: string[]): TrustedProxies {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  try {
    return trustedAddresses(text.split(',').map((entry) => entry.trim()))
  } catch (error) {
    problems.push(`TRUSTED_PROXIES: ${(error as Error).message}; or how many proxies stand in front, from 0 to 99`)
    return 0
  }
}

/**
 * Reads every setting that `usage` lists; relative paths count from INIT_CWD (where npm was typed), else `cwd`.
 * @throws Error naming every setting that cannot be used
 */
export function settings(env: Environment, cwd: string): Settings {
  const problems: string[] = []
  const from = env.INIT_CWD || cwd
  const path = (value: string | undefined, usual: string) =>
    value ? (isAbsolute(value) ? value : resolve(from, value)) : resolve(cwd, usual)
  const host = env.HOST || '127.0.0.1'
  const port = Number(env.PORT || 8000)
  if (!Number.isInteger(port) || port < 0 || port > 65535) problems.push('PORT: expected an integer from 0 to 65535')
  const sync = env.JOURNAL_SYNC || 'normal'
  if (sync !== 'normal' && sync !== 'full') problems.push('JOURNAL_SYNC: expected normal or full')
  const retention = retentionOf(env.JOURNAL_RETENTION || '', problems)
  const databaseUrl = env.DATABASE_URL || null
  if (databaseUrl !== null && !/^postgres(ql)?:$/.test(URL.parse(databaseUrl)?.protocol ?? ''))
    problems.push('DATABASE_URL: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE')
  const keys = keysOf(env.API_KEYS ?? '', problems)
  if (keys.length === 0 && problems.length === 0 && !isLoopback(host) && env.ALLOW_ANONYMOUS !== '1')
    problems.push(
      `HOST=${host} is reachable from outside this machine and API_KEYS is empty: set API_KEYS=role:sha256,… or, where anyone may score, ALLOW_ANONYMOUS=1`,
    )
  // Where only this machine reaches the service no limit applies by default.
  const rateLimit = Number(env.RATE_LIMIT || (keys.length === 0 && isLoopback(host) ? 0 : usualRate))
  if (!Number.isInteger(rateLimit) || rateLimit < 0) problems.push('RATE_LIMIT: expected requests a minute, or 0')
  const trustedProxies = proxiesOf(env.TRUSTED_PROXIES || '0', problems)
  const secret = env.SESSION_SECRET || null
  if (secret !== null && secret.length < shortestSecret)
    problems.push(`SESSION_SECRET: expected ${shortestSecret} characters or more, such as: openssl rand -hex 32`)
  const monitorEvery = everyOf(env.MONITOR_EVERY || '1h', problems)
  const monitorMaturity = Number(env.MONITOR_MATURITY || usualMaturity)
  if (!Number.isInteger(monitorMaturity) || monitorMaturity < 1 || monitorMaturity > 3650)
    problems.push('MONITOR_MATURITY: expected days from 1 to 3650')
  const webhook = webhookOf(env.MONITOR_WEBHOOK || null, env.MONITOR_WEBHOOK_SECRET || null, problems)
  const stopDelay = Number(env.STOP_DELAY || usualDelay)
  if (!(stopDelay >= 0 && stopDelay <= longestDelay))
    problems.push(`STOP_DELAY: expected seconds from 0 to ${longestDelay}`)
  if (problems.length > 0) throw new Error(`The settings cannot be used:\n- ${problems.join('\n- ')}`)
  return {
    model: path(env.MODEL, 'artifacts/model'),
    journal: path(env.JOURNAL, 'journal.sqlite'),
    journalSync: sync === 'full' ? 'full' : 'normal',
    retention,
    host,
    port,
    keys,
    databaseUrl,
    rateLimit,
    trustedProxies,
    sessionSecret: secret === null ? null : Buffer.from(secret),
    monitorEvery,
    monitorMaturity,
    webhook,
    stopDelay: stopDelay * 1000,
    loopbackOnly: keys.length === 0 && env.ALLOW_ANONYMOUS !== '1',
  }
}
