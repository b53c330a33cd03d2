/** Signing in to the page with an API key: a signed cookie that holds a role, whose key and an end, and the token of its forms. */
import { createHmac, randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { callerName } from '../access.ts'
import type { Env, Service, SignedCookie } from '../env.ts'
import { JournalError } from '../journal/journal.ts'
import { sameSecret } from '../same-secret.ts'
import type { Key, Role } from '../settings.ts'

const lasts = 12 * 3600 // seconds
const name = 'session'

export interface Session {
  readonly role: Role
  /** Whose key it is; null where the key names nobody. */
  readonly name: string | null
  /** By which the journal knows whose key it is; null where no key is set. */
  readonly caller: string | null
  /** What a form must send back; null where no key is set and nobody signs in. */
  readonly token: string | null
}

const sign = (secret: Buffer, text: string): string => createHmac('sha256', secret).update(text).digest('base64url')

/** Tells a key from the others in the cookie; of no use without it. */
const idOf = ({ hash }: Key): string => hash.toString('hex').slice(0, 12)

/** The cookie of a request, or null where it has none that is of any use. */
export function signedCookie(c: Context, { keys, sessionSecret, now }: Service): SignedCookie | null {
  if (keys.length === 0) return null
  const [role, end, nonce = '', id, signature = ''] = getCookie(c, name)?.split('.') ?? []
  if (signature === '' || !sameSecret(signature, sign(sessionSecret, `${role}.${end}.${nonce}.${id}`))) return null
  const until = Number(end) * 1000
  const key = keys.find((one) => one.role === role && idOf(one) === id)
  if (!key || !(until > now())) return null
  return { key, id: nonce, until, token: sign(sessionSecret, `form.${signature}`) }
}

/** Milliseconds for which a session that was found open goes on while the journal does not answer, in which nothing can be recorded. */
const trusted = 600_000
const foundOpen = new WeakMap<Service['journal'], Map<string, number>>()

/**
 * The session of a request, or null when it must sign in.
 * @throws JournalError where the journal does not answer and this process has not seen the session before
 */
export async function sessionOf(c: Context<Env>, service: Service): Promise<Session | null> {
  if (service.keys.length === 0) return { role: 'admin', name: null, caller: null, token: null }
  const cookie = c.get('cookie')
  if (!cookie || (await isEnded(cookie, service))) return null
  const { key, token } = cookie
  const caller = callerName(key)
  c.set('caller', caller)
  return { role: key.role, name: key.name ?? null, caller, token }
}

async function isEnded({ id }: SignedCookie, { journal }: Service): Promise<boolean> {
  const open = foundOpen.get(journal) ?? new Map<string, number>()
  foundOpen.set(journal, open)
  try {
    const ended = await journal.sessionEnded(id)
    open.delete(id)
    if (!ended) open.set(id, performance.now())
    // Those seen longest ago stand first.
    for (const [other, at] of open) {
      if (performance.now() - at < trusted) break
      open.delete(other)
    }
    return ended
  } catch (error) {
    const seen = open.get(id)
    if (!(error instanceof JournalError) || seen === undefined || performance.now() - seen > trusted) throw error
    return false
  }
}

export function startSession(c: Context, key: Key, { sessionSecret, now }: Service): void {
  const text = `${key.role}.${Math.floor(now() / 1000) + lasts}.${randomBytes(9).toString('base64url')}.${idOf(key)}`
  setCookie(c, name, `${text}.${sign(sessionSecret, text)}`, {
    httpOnly: true,
    sameSite: 'Strict',
    secure: isSecure(c),
    path: '/',
    maxAge: lasts,
  })
}

/** Ends a session here and in every other process on the journal, also after a restart. @throws JournalError */
export async function endSession(c: Context<Env>, { journal, now }: Service): Promise<void> {
  deleteCookie(c, name, { path: '/' })
  const cookie = c.get('cookie')
  if (!cookie) return
  foundOpen.get(journal)?.delete(cookie.id)
  await journal.endSession(cookie.id, cookie.until, now())
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
  return fromHere && (expected === null || (typeof token === 'string' && sameSecret(token, expected)))
}
