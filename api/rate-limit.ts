/** How many requests one caller may send a minute; the rest are refused with 429 and Retry-After. */
import type { Context, MiddlewareHandler } from 'hono'
import { rateLimiter, type Store } from 'hono-rate-limiter'
import { callerOf } from './access.ts'
import { networkOf, type TrustedProxies } from './address.ts'
import type { Env } from './env.ts'
import { Problem } from './problems.ts'

const minute = 60_000
const attempts = 20 // keys that are no keys, a minute

/** Whoever has shown a key or a session counts by it: what others send from the same address does not hold him back. */
const keyedBy = (trusted: TrustedProxies) => (c: Context<Env>) => {
  const key = callerOf(c)
  if (key !== '') return `key ${key}`
  const cookie = c.get('cookie')
  return cookie ? `session ${cookie.id}` : `address ${networkOf(c, trusted)}`
}

/** `perMinute` for each caller, counted in this process; health, metrics and what the page loads are not counted. */
export function rateLimit(perMinute: number, trusted: TrustedProxies): MiddlewareHandler<Env> {
  return limiter(perMinute, {
    keyGenerator: keyedBy(trusted),
    skip: (c) => /^\/(health|metrics|docs|page)(\/|$)/.test(c.req.path),
  })
}

/** For POST /sign-in: after some wrong keys from one address none is looked at for the rest of the minute. */
export function signInLimit(perMinute: number, trusted: TrustedProxies): MiddlewareHandler<Env> {
  return limiter(Math.min(attempts, perMinute), {
    keyGenerator: (c) => networkOf(c, trusted),
    skip: (c) => c.req.method !== 'POST',
    skipSuccessfulRequests: true,
  })
}

function limiter(
  limit: number,
  o: {
    readonly keyGenerator: (c: Context<Env>) => string
    readonly skip: (c: Context<Env>) => boolean
    readonly skipSuccessfulRequests?: boolean
  },
): MiddlewareHandler<Env> {
  return rateLimiter<Env>({
    windowMs: minute,
    limit,
    standardHeaders: 'draft-6',
    store: new Counts(),
    ...o,
    handler: (c) => {
      const reset = Number(c.res.headers.get('ratelimit-reset')) || minute / 1000
      throw new Problem('too-many-requests', { headers: { 'retry-after': String(reset) } })
    },
  })
}

interface Count {
  hits: number
  /** When it starts again, on the steady clock. */
  until: number
}

/** Requests of the current minute by caller. The library's own counts by the machine's clock: set back, it would hold callers back for as long. */
class Counts implements Store<Env> {
  readonly #counts = new Map<string, Count>()
  #swept = performance.now()

  increment(key: string) {
    const now = performance.now()
    if (now - this.#swept > minute) this.#sweep(now)
    let count = this.#counts.get(key)
    if (!count || count.until <= now) {
      count = { hits: 0, until: now + minute }
      this.#counts.set(key, count)
    }
    count.hits++
    return { totalHits: count.hits, resetTime: new Date(Date.now() + count.until - now) }
  }

  decrement(key: string): void {
    const count = this.#counts.get(key)
    if (count && count.hits > 0) count.hits--
  }

  resetKey(key: string): void {
    this.#counts.delete(key)
  }

  #sweep(now: number): void {
    this.#swept = now
    for (const [key, { until }] of this.#counts) if (until <= now) this.#counts.delete(key)
  }
}
