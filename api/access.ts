/** Who may do what: bearer keys known by their SHA-256, each with a role (RFC 6750). */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Env } from './env.ts'
import { Problem } from './problems.ts'
import type { Key, Role } from './settings.ts'

const anonymous: Role = 'admin' // with no keys set, whoever reaches the address may do all

/** The role of a key, or null; every known hash is compared, each in constant time. */
export function roleOf(key: string, keys: readonly Key[]): Role | null {
  const hash = createHash('sha256').update(key).digest()
  let role: Role | null = null
  for (const known of keys) if (timingSafeEqual(known.hash, hash)) role = known.role
  return role
}

/** Lets `roles` and admin through. 401 without a valid key, 403 for another role. */
export function allow(keys: readonly Key[], roles: readonly Role[]): MiddlewareHandler<Env> {
  return async function access(c, next) {
    if (keys.length === 0) {
      c.set('role', anonymous)
      return next()
    }
    const bearer = /^Bearer ([\x21-\x7e]+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const role = bearer === undefined ? null : roleOf(bearer, keys)
    if (role === null) {
      const error = bearer === undefined ? '' : ', error="invalid_token"'
      throw new Problem('key-required', { headers: { 'www-authenticate': `Bearer realm="credit-scoring"${error}` } })
    }
    if (role !== 'admin' && !roles.includes(role)) throw new Problem('not-allowed')
    c.set('role', role)
    return next()
  }
}
