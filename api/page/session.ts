/** Signing in to the page with an API key: a signed cookie that holds a role, whose key and an end, and the token of its forms. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Key, Role } from '../settings.ts'

const lasts = 12 * 3600 // seconds
const name = 'session'

export interface Session {
  readonly role: Role
  /** Whose key it is; null where the key names nobody. */
  readonly name: string | null
  /** What a form must send back; null where no key is set and nobody signs in. */
  readonly token: string | null
}

/** Follows from the keys: every container knows it, and changing a key ends all sessions. */
const secretOf = (keys: readonly Key[]): Buffer =>
  createHmac('sha256', 'session')
    .update(Buffer.concat(keys.map(({ hash }) => hash)))
    .digest()

const sign = (secret: Buffer, text: string): string => createHmac('sha256', secret).update(text).digest('base64url')

/** Compared as bytes: texts of one length may be of several. */
const same = (...texts: [string, string]): boolean => {
  const [a, b] = texts.map((text) => Buffer.from(text)) as [Buffer, Buffer]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Tells a key from the others in the cookie; of no use without it. */
const idOf = ({ hash }: Key): string => hash.toString('hex').slice(0, 12)

/** The session of a request, or null when it must sign in. */
export function sessionOf(c: Context, keys: readonly Key[], now: number): Session | null {
  if (keys.length === 0) return { role: 'admin', name: null, token: null }
  const cookie = getCookie(c, name)
  const [role, end, nonce, id, signature = ''] = cookie?.split('.') ?? []
  const secret = secretOf(keys)
  if (!same(signature, sign(secret, `${role}.${end}.${nonce}.${id}`)) || Number(end) * 1000 < now) return null
  const key = keys.find((one) => one.role === role && idOf(one) === id)
  return key ? { role: key.role, name: key.name ?? null, token: sign(secret, `form.${signature}`) } : null
}

export function startSession(c: Context, key: Key, keys: readonly Key[], now: number): void {
  const text = `${key.role}.${Math.floor(now / 1000) + lasts}.${randomBytes(9).toString('base64url')}.${idOf(key)}`
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

/** Whether a form comes from this page: same origin by the browser's word (Fetch Metadata), and the session's token where there is one. */
export function isOwnForm(c: Context, session: Session | null, token: unknown): boolean {
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  const host = c.req.header('host')
  const fromHere = site ? site === 'same-origin' || site === 'none' : !origin || URL.parse(origin)?.host === host
  const expected = session?.token ?? null
  return fromHere && (expected === null || (typeof token === 'string' && same(token, expected)))
}
