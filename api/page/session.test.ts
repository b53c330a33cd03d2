/** Sessions of the page: made by one secret that no key's hash gives away, and ended for good, in every process and after a restart. */
import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../testing/bundles.ts'
import { type Journal, JournalError } from '../journal/journal.ts'
import { openSqliteJournal } from '../journal/sqlite.ts'
import { service } from '../opened.test-data.ts'
import type { Role } from '../settings.ts'
import { type App, show } from './shown.test-data.ts'

const { opened } = service(smallBundle())

const keyOf = (role: Role, name?: string) => ({
  role,
  hash: createHash('sha256').update(`key-${role}`).digest(),
  ...(name !== undefined && { name }),
})
const keys = [keyOf('score'), keyOf('review', 'M. D.'), keyOf('admin')]
const sessionSecret = createHash('sha256').update('a secret').digest()

async function signedIn(app: App, role: Role): Promise<string> {
  const answer = await app.send('/sign-in', { key: `key-${role}`, to: '/' })
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}
const isIn = async (app: App, cookie: string) => (await show(app, '/', 'fr', { cookie })).status === 200

test('a cookie made from the hashes in API_KEYS lets nobody in', async () => {
  const app = await opened({ keys, sessionSecret })
  const real = await signedIn(app, 'admin')
  assert.ok(await isIn(app, real))
  const [role, , nonce, id] = real.replace('session=', '').split('.')
  const hashes = keys.map(({ hash }) => hash)
  const guesses = [
    createHmac('sha256', 'session').update(Buffer.concat(hashes)).digest(), // how it once was made
    Buffer.concat(hashes),
    hashes[2]!,
    Buffer.alloc(0),
    Buffer.alloc(32),
  ]
  const text = `${role}.${Math.floor(Date.now() / 1000) + 315_360_000}.${nonce}.${id}`
  for (const guess of guesses) {
    const signature = createHmac('sha256', guess).update(text).digest('base64url')
    assert.not.ok(await isIn(app, `session=${text}.${signature}`))
  }
  const signature = createHmac('sha256', sessionSecret).update(text).digest('base64url')
  assert.ok(await isIn(app, `session=${text}.${signature}`), 'with the secret itself the same cookie is let in')
})

test('what was signed out of is over in this process, in another on the same journal, and after a restart; other sessions go on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-'))
  const path = join(folder, 'journal.sqlite')
  const start = () => opened({ keys, sessionSecret }, openSqliteJournal(path))
  try {
    const [one, two] = [await start(), await start()]
    const [ended, other] = [await signedIn(one, 'review'), await signedIn(one, 'review')]
    for (const app of [one, two]) assert.ok((await isIn(app, ended)) && (await isIn(app, other)))
    const out = await one.send('/sign-out', {}, { cookie: ended })
    assert.is(out.status, 303)
    assert.match(out.headers.get('set-cookie') ?? '', /session=;.*Max-Age=0/)
    const three = await start()
    for (const app of [one, two, three]) {
      assert.not.ok(await isIn(app, ended))
      assert.ok(await isIn(app, other))
      const posted = await app.send('/decisions', { as: 'client', client: '1' }, { cookie: ended })
      assert.match(posted.headers.get('location') ?? '', /^\/sign-in/)
    }
    for (const { journal } of [one, two, three]) await journal.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a session of a key that is no longer set is over, and so is one made by another secret', async () => {
  const cookie = await signedIn(await opened({ keys, sessionSecret }), 'review')
  assert.ok(await isIn(await opened({ keys, sessionSecret }), cookie))
  assert.not.ok(await isIn(await opened({ keys: [keyOf('score')], sessionSecret }), cookie))
  assert.not.ok(await isIn(await opened({ keys }), cookie))
})

test('a session ends by itself after twelve hours, also for whoever changes its end', async () => {
  let now = Date.parse('2026-11-24T08:00:00Z')
  const app = await opened({ keys, sessionSecret, now: () => now })
  const cookie = await signedIn(app, 'review')
  now += 12 * 3_600_000 - 1000
  assert.ok(await isIn(app, cookie))
  now += 2000
  assert.not.ok(await isIn(app, cookie))
  const [role, end, ...rest] = cookie.split('.')
  assert.not.ok(await isIn(app, [role, Number(end) + 3600, ...rest].join('.')))
})

test('cookies and form tokens of any bytes are refused and never an error', async () => {
  const failures: unknown[] = []
  const app = await opened({ keys, sessionSecret, log: ({ error }) => error && failures.push(error) })
  const cookie = await signedIn(app, 'review')
  const signature = cookie.split('.').at(-1) ?? ''
  const bodies = ['%C3%A9', '%FF', '%00', '%F0%9F%98%80', '%E2%82', 'é', '%']
  for (const text of bodies)
    for (const value of [
      `score.1.1.1.${text}${'a'.repeat(42)}`,
      `score.9999999999.x.1.${text}`,
      `${text}.${text}.${text}.${text}.${text}`,
      `${cookie.replace('session=', '').replace(signature, '')}${text}${signature.slice(text.length)}`,
      text,
    ]) {
      const sent = { cookie: `session=${Buffer.from(value).toString('latin1')}` }
      assert.is((await show(app, '/', 'fr', sent)).status, 303, value)
      assert.is((await show(app, '/nowhere', 'fr', sent)).status, 404, value)
      assert.is((await app.send('/sign-out', {}, sent)).status, 303, value)
    }
  const token = /name="token" value="([^"]+)"/.exec((await show(app, '/', 'fr', { cookie })).html)?.[1] ?? ''
  for (const text of ['é', '\u0000', '😀', '\ufffd'])
    for (const wrong of [text + token.slice(1), text, text.repeat(token.length), ''])
      assert.is((await app.send('/decisions', { as: 'client', client: '1', token: wrong }, { cookie })).status, 403)
  for (const authorization of [`Bearer ${Buffer.from('é').toString('latin1')}`, 'Bearer \xff\xfe', 'Bearer'])
    assert.is((await app.ask('/v1/model', undefined, { headers: { authorization } })).status, 401)
  assert.equal(failures, [])
})

test('while the journal does not answer whoever was in stays in, nobody else is let in, and signing out says that it failed', async () => {
  let down = false
  const journal = openSqliteJournal(':memory:')
  const failing = <A extends unknown[], T>(work: (...a: A) => Promise<T>) => {
    return (...a: A) => (down ? Promise.reject(new JournalError('the disk is gone')) : work(...a))
  }
  const flaky: Journal = Object.assign(Object.create(journal) as Journal, {
    sessionEnded: failing((id: string) => journal.sessionEnded(id)),
    endSession: failing((id: string, until: number, now: number) => journal.endSession(id, until, now)),
    predictions: failing((query: Parameters<Journal['predictions']>[0]) => journal.predictions(query)),
  })
  const app = await opened({ keys, sessionSecret }, flaky)
  const [seen, unseen] = [await signedIn(app, 'review'), await signedIn(app, 'review')]
  assert.ok(await isIn(app, seen))
  down = true
  assert.ok(await isIn(app, seen))
  assert.is((await show(app, '/', 'fr', { cookie: unseen })).status, 503)
  assert.is((await show(app, '/rights', 'fr', { cookie: unseen })).status, 200)
  const out = await app.send('/sign-out', {}, { cookie: seen })
  assert.is(out.status, 503)
  assert.match(out.headers.get('set-cookie') ?? '', /session=;/, 'the browser forgets it all the same')
  assert.is((await show(app, '/', 'fr', { cookie: seen })).status, 503)
})

test.run()
