/** The environment, read once: what is refused and why. */
import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { keyFor } from './access.ts'
import { settings } from './settings.ts'

const hash = (key: string) => createHash('sha256').update(key).digest('hex')

test('with an empty environment it serves artifacts/model to this machine only', () => {
  const { model, journal, host, port, keys } = settings({}, '/place')
  assert.equal(
    { model, journal, host, port, keys },
    { model: '/place/artifacts/model', journal: '/place/journal.sqlite', host: '127.0.0.1', port: 8000, keys: [] },
  )
})

test('relative paths count from where npm was typed, absolute ones stay', () => {
  const { model, journal } = settings({ MODEL: 'm', JOURNAL: '/var/j.sqlite', INIT_CWD: '/typed' }, '/place')
  assert.equal([model, journal], ['/typed/m', '/var/j.sqlite'])
})

test('records are kept for the days that each kind is given, and what is no kind or no number is named', () => {
  assert.equal(settings({}, '/').retention, {})
  assert.equal(settings({ JOURNAL_RETENTION: 'predictions:1825, answers:30' }, '/').retention, {
    predictions: 1825,
    answers: 30,
  })
  for (const wrong of ['chain:3', 'answers:0', 'answers'])
    assert.throws(() => settings({ JOURNAL_RETENTION: wrong }, '/'), new RegExp(`JOURNAL_RETENTION.*found ${wrong}`))
})

test('the monitor looks each hour unless told otherwise, and tells nobody over an open line', () => {
  const { monitorEvery, monitorMaturity, webhook } = settings({}, '/')
  assert.equal([monitorEvery, monitorMaturity, webhook], [3_600_000, 365, null])
  assert.is(settings({ MONITOR_EVERY: 'off' }, '/').monitorEvery, null)
  assert.is(settings({ MONITOR_EVERY: '30m' }, '/').monitorEvery, 1_800_000)
  for (const MONITOR_EVERY of ['1', '0h', '5s', '8d', '1w'])
    assert.throws(() => settings({ MONITOR_EVERY }, '/'), new RegExp(`MONITOR_EVERY.*found ${MONITOR_EVERY}`))
  assert.throws(() => settings({ MONITOR_WEBHOOK: 'http://example.test/a' }, '/'), /MONITOR_WEBHOOK: expected https/)
  assert.is(settings({ MONITOR_WEBHOOK: 'http://127.0.0.1:9/a' }, '/').webhook?.secret, null)
  const short = { MONITOR_WEBHOOK: 'https://example.test/a', MONITOR_WEBHOOK_SECRET: 'short' }
  assert.throws(() => settings(short, '/'), /MONITOR_WEBHOOK_SECRET: expected 32/)
  assert.throws(() => settings({ MONITOR_MATURITY: '0' }, '/'), /MONITOR_MATURITY/)
})

test('an address beyond this machine needs keys, or the word that anyone may score', () => {
  for (const HOST of ['0.0.0.0', '::', '192.168.1.4', 'example.test', '127.0.0.1.example.test'])
    assert.throws(() => settings({ HOST }, '/'), /ALLOW_ANONYMOUS=1/)
  for (const HOST of ['127.0.0.1', '127.8.8.8', 'localhost', '::1']) assert.is(settings({ HOST }, '/').host, HOST)
  assert.is(settings({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: '1' }, '/').host, '0.0.0.0')
  assert.is(settings({ HOST: '0.0.0.0', API_KEYS: `score:${hash('a')}` }, '/').keys.length, 1)
})

test('without keys it answers under this machine’s own names only, unless anyone may score', () => {
  assert.is(settings({}, '/').loopbackOnly, true)
  assert.is(settings({ ALLOW_ANONYMOUS: '1' }, '/').loopbackOnly, false)
  assert.is(settings({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: '1' }, '/').loopbackOnly, false)
  assert.is(settings({ API_KEYS: `score:${hash('a')}` }, '/').loopbackOnly, false)
})

test('keys that cannot be read are refused, all at once, and never shown', () => {
  const API_KEYS = `chief:${hash('a')},score:xyz,score:${hash('b')}`
  assert.throws(
    () => settings({ API_KEYS, PORT: 'http' }, '/'),
    (error: Error) => {
      return (
        /entry 1/.test(error.message) &&
        /entry 2/.test(error.message) &&
        /PORT/.test(error.message) &&
        !error.message.includes(hash('a'))
      )
    },
  )
})

test('a key has the role of its own hash and no other', () => {
  const { keys } = settings({ API_KEYS: `score:${hash('s')}, admin:${hash('a').toUpperCase()}` }, '/')
  assert.equal(
    ['s', 'a', 'A', ''].map((key) => keyFor(key, keys)?.role ?? null),
    ['score', 'admin', null, null],
  )
})

test('a key may carry the name of whose it is, of forty characters at most', () => {
  const { keys } = settings({ API_KEYS: `review:${hash('m')}: M. D., score:${hash('s')}` }, '/')
  assert.equal([keyFor('m', keys)?.name, keyFor('s', keys)?.name], ['M. D.', undefined])
  for (const name of ['', 'x'.repeat(41), 'a:b', 'a\u0007'])
    assert.throws(() => settings({ API_KEYS: `review:${hash('m')}:${name}` }, '/'), /API_KEYS, entry 1/)
})

test('the journal’s database must be a PostgreSQL address, and is not repeated where it is refused', () => {
  assert.is(settings({}, '/app').databaseUrl, null)
  const url = 'postgresql://u:secret@db:5432/journal'
  assert.is(settings({ DATABASE_URL: url }, '/app').databaseUrl, url)
  const refused = (value: string) => {
    try {
      settings({ DATABASE_URL: value }, '/app')
      return ''
    } catch (error) {
      return String(error)
    }
  }
  assert.match(refused('mysql://u:secret@db/journal'), /DATABASE_URL: expected postgres:/)
  assert.not.match(refused('mysql://u:secret@db/journal'), /secret/)
})

test('callers are held back wherever others can reach the service, unless the limit is set', () => {
  const keys = `score:${'a'.repeat(64)}`
  assert.is(settings({}, '/app').rateLimit, 0)
  assert.is(settings({ API_KEYS: keys }, '/app').rateLimit, 6000)
  assert.is(settings({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: '1' }, '/app').rateLimit, 6000)
  assert.is(settings({ API_KEYS: keys, RATE_LIMIT: '0' }, '/app').rateLimit, 0)
  assert.is(settings({ RATE_LIMIT: '10' }, '/app').rateLimit, 10)
  assert.throws(() => settings({ RATE_LIMIT: 'many' }, '/app'), /RATE_LIMIT/)
})

test('trusted proxies are a number or addresses, a secret of sessions is long, a delay is in seconds; what is none is refused', () => {
  const usual = settings({}, '/app')
  assert.equal([usual.trustedProxies, usual.sessionSecret, usual.stopDelay], [0, null, 2000])
  assert.is(settings({ TRUSTED_PROXIES: '2' }, '/app').trustedProxies, 2)
  const { trustedProxies } = settings({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }, '/app')
  assert.ok(
    typeof trustedProxies === 'object' && trustedProxies.check('10.1.2.3') && trustedProxies.check('::1', 'ipv6'),
  )
  const secret = 'x'.repeat(32)
  assert.equal(settings({ SESSION_SECRET: secret }, '/app').sessionSecret, Buffer.from(secret))
  assert.is(settings({ STOP_DELAY: '0' }, '/app').stopDelay, 0)
  const refused = { TRUSTED_PROXIES: 'balancer', SESSION_SECRET: 'short-one', STOP_DELAY: '-1' }
  for (const [name, value] of Object.entries(refused))
    assert.throws(
      () => settings({ [name]: value }, '/app'),
      (error: Error) => error.message.includes(`${name}: expected`) && !error.message.includes('short-one'),
    )
})

test.run()
