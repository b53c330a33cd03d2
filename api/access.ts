/** Who may do what: bearer keys known by their SHA-256, each with a role (RFC 6750). */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { Env, Service } from './env.ts'
import { Problem } from './problems.ts'
import type { Key, Role } from './settings.ts'

const anonymous: Role = 'admin' // with no keys set, whoever reaches the address may do all

/** The known key that a text is, or null; every known hash is compared, each in constant time. */
export function keyFor(key: string, keys: readonly Key[]): Key | null {
  const hash = createHash('sha256').update(key).digest()
  let found: Key | null = null
  for (const known of keys) if (timingSafeEqual(known.hash, hash)) found = known
  return found
}

const bearerOf = (c: Context): string | undefined =>
  /^Bearer ([\x21-\x7e]+)$/i.exec(c.req.header('authorization') ?? '')?.[1]

/** How log and journal name whose key it is: by its name, so that a new key of the same person is still his; else by its role and the start of its hash. */
export const callerName = ({ name, role, hash }: Key): string => name ?? `${role}-${hash.toString('hex').slice(0, 12)}`

/** Whether a role sees what was recorded for any key; `score` sees what its own key asked for. */
export const seesAll = (role: Role): boolean => role !== 'score'

/** Finds out once a request who calls: the key, or null. */
export function identify(keys: readonly Key[]): MiddlewareHandler<Env> {
  return async function identity(c, next) {
    const bearer = keys.length === 0 ? undefined : bearerOf(c)
    const key = bearer === undefined ? null : keyFor(bearer, keys)
    c.set('key', key)
    c.set('caller', key && callerName(key))
    return next()
  }
}

/** Tells callers apart without naming them: the hash of the key, or nothing where nobody has one. */
export const callerOf = (c: Context<Env>): string => c.get('key')?.hash.toString('hex') ?? ''

/** Lets `roles` and admin through. 401 without a valid key, 403 for another role. */
export function allow(keys: readonly Key[], roles: readonly Role[]): MiddlewareHandler<Env> {
  return async function access(c, next) {
    const role = keys.length === 0 ? anonymous : c.get('key')?.role
    if (role === undefined) {
      const error = bearerOf(c) === undefined ? '' : ', error="invalid_token"'
      throw new Problem('key-required', { headers: { 'www-authenticate': `Bearer realm="credit-scoring"${error}` } })
    }
    if (role !== 'admin' && !roles.includes(role)) throw new Problem('not-allowed')
    c.set('role', role)
    return next()
  }
}

/** Records that a person's file was opened, before it is shown. @throws JournalError when that cannot be recorded */
export function opened(
  c: Context<Env>,
  { journal, now }: Pick<Service, 'journal' | 'now'>,
  file: { readonly client?: number | null; readonly requestId?: string },
): Promise<void> {
  const { client = null, requestId = null } = file
  const at = new Date(now()).toISOString()
  return journal.access({ at, caller: c.get('caller'), purpose: 'opened', client, requestId })
}
