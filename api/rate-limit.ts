/** How many requests one caller may send a minute; the rest are refused with 429 and told when to come back. */
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { rateLimiter } from 'hono-rate-limiter'
import { callerOf } from './access.ts'
import type { Env } from './env.ts'
import { Problem } from './problems.ts'

const minute = 60_000

/** The caller's key, else the address that the request came from (that of the balancer where one stands in front). */
function addressOf(c: Context<Env>): string {
  const caller = callerOf(c)
  if (caller !== '') return caller
  const overNetwork = typeof c.env === 'object' && c.env !== null && 'incoming' in c.env
  return overNetwork ? (getConnInfo(c).remote.address ?? '') : ''
}

/** `perMinute` for each caller, counted in this process; health, metrics and what the page loads are not counted. */
export function rateLimit(perMinute: number): MiddlewareHandler<Env> {
  return rateLimiter<Env>({
    windowMs: minute,
    limit: perMinute,
    standardHeaders: 'draft-6',
    keyGenerator: addressOf,
    skip: (c) => /^\/(health|metrics|docs|page)(\/|$)/.test(c.req.path),
    handler: (c) => {
      const reset = Number(c.res.headers.get('ratelimit-reset')) || minute / 1000
      throw new Problem('too-many-requests', { headers: { 'retry-after': String(reset) } })
    },
  })
}
