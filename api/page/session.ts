/** Signing in to the page with an API key: a signed cookie that holds a role and an end, and the token of its forms. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { type Key, type Role, roles } from '../settings.ts'

const lasts = 12 * 3600 // seconds
const name = 'session'

export interface Session {
  readonly role: Role
  /** What a form must send back; null where no key is set and nobody signs in. */
  readonly token: string | null
}

/** Follows from the keys: every container knows it, and changing a key ends all sessions. */
const secretOf = (keys: readonly Key[]): Buffer =>
  createHmac('sha256', 'session')
    .update(Buffer.concat(keys.map(({ hash }) => hash)))
    .digest()

const sign = (secret: Buffer, text: string): string => createHmac('sha256', secret).update(text).digest('base64url')

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** The session of a request, or null when it must sign in. */
export function sessionOf(c: Context, keys: readonly Key[], now: number): Session | null {
  if (keys.length === 0) return { role: 'admin', token: null }
  const cookie = getCookie(c, name)
  const [role, end, nonce, signature = ''] = cookie?.split('.') ?? []
  const secret = secretOf(keys)
  if (!same(signature, sign(secret, `${role}.${end}.${nonce}`)) || Number(end) * 1000 < now) return null
  const known = roles.find((one) => one === role)
  return known ? { role: known, token: sign(secret, `form.${signature}`) } : null
}

export function startSession(c: Context, role: Role, keys: readonly Key[], now: number): void {
  const text = `${role}.${Math.floor(now / 1000) + lasts}.${randomBytes(9).toString('base64url')}`
  setCookie(c, name, `${text}.${sign(secretOf(keys), text)}`, {
    httpOnly: true,
    sameSite: 'Strict',
    secure: isSecure(c),
    path: '/',
    maxAge: lasts,
  })
}

export const endSession = (c: Context): void => {
  deleteCookie(c, name, { path: '/' })
}

/** Whether the browser came over TLS, here or at the balancer. */
const isSecure = (c: Context): boolean =>
  new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https'

/** Whether a form comes from this page: same origin by the browser's word (Fetch Metadata), and the session's token. */
export function isOwnForm(c: Context, session: Session, token: unknown): boolean {
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  const host = c.req.header('host')
  const fromHere = site ? site === 'same-origin' || site === 'none' : !origin || URL.parse(origin)?.host === host
  return fromHere && (session.token === null || (typeof token === 'string' && same(token, session.token)))
}
