/** Malformed requests, made from a seed: valid ones of every route, broken in their values, text, headers, address or delivery. */
import { gzipSync } from 'node:zlib'
import { randomOf } from '../api/random.test-data.ts'
import type { Applicant } from '../pipeline/data/applicant.ts'

export interface FuzzedRequest {
  /** What was done to it. */
  readonly how: string
  readonly bytes: Buffer
  /** Sent whole, in pieces, slowly (and read late), or only up to a byte, where the caller then leaves or says no more. */
  readonly delivery: 'whole' | 'pieces' | 'slow' | 'left' | 'ended'
  /** Where it asks for scores in JSON, what and where: an answer must be that of the parsed body. */
  readonly scoring: { readonly path: string; readonly body: Buffer } | null
}

interface Draft {
  method: string
  path: string
  headers: [string, string][]
  body: Buffer | null
  how: string[]
}

type Random = () => number
const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'a/b~c', 'client', 'application', 'k'.repeat(9000)] // biome-ignore format: one list
const deepText = (levels: number) => `${'[{"a":'.repeat(levels)}1${'}]'.repeat(levels)}`
/** JSON texts that take the place of a value. */
const oddValues = ['null', 'true', '-0', '1e308', '1e400', '-1e400', '3000000000', '9007199254740993', '0.1', '""', '"450000"', '"\\u0000"', '"\\ud800"', `"${'x'.repeat(5000)}"`, '[]', '{}', '[[]]', '{"__proto__":{"client":1}}', '"__proto__"', 'NaN', '-Infinity', 'undefined', "'x'", '01', `1${'0'.repeat(100_000)}`, `0.${'3'.repeat(100_000)}`, `"${'\\u00e9'.repeat(200_000)}"`, deepText(20), deepText(3000)] // biome-ignore format: one list
const oddNumbers = ['limit=1e9', 'limit=-1', 'limit=NaN', 'before=9e99', 'lang=xx', 'lang=', 'query=%ff%fe', 'query=%00', '__proto__=1', 'explain[]=true', 'explain=TRUE', 'reasons', '%', '=&=&', `query=${'é'.repeat(90)}`, 'from=0000-13-99', 'until=%F0%9F%92%A9', 'decision=constructor', `q=${'a'.repeat(7000)}`] // biome-ignore format: one list
const oddSegments = ['constructor', '__proto__', '%ff', '%00', '%2e%2e', '..', '.', '', '%c0%af', '%', 'a'.repeat(3000), '0', '-1', '01ARYZ6S41TSV4RRFFQ69G5FAV', '1e5', "'--", '%F0%9F', '\\', 'x;y', '*', '{id}'] // biome-ignore format: one list
const oddHeaders: readonly [string, string][] = [['content-type', ''], ['content-type', 'application/json; charset=utf-16'], ['content-type', 'text/plain'], ['content-type', 'multipart/form-data'], ['content-type', 'multipart/form-data; boundary='], ['content-type', 'application/x-www-form-urlencoded; charset=latin1'], ['content-type', 'application/x-ndjson'], ['content-type', 'a/b; c=é'], ['content-encoding', 'gzip'], ['content-encoding', 'br, gzip'], ['content-encoding', 'identity'], ['content-type', 'application/json; charset=ISO-8859-1'], ['content-type', 'application/json; charset="UTF-8"'], ['accept', 'text/html'], ['accept', 'image/*;q=0'], ['accept', ','.repeat(2000)], ['accept-language', 'x;q=é'], ['accept-language', 'en;q=1e9,fr;q=-1'], ['accept-encoding', 'gzip, br;q=oops'], ['idempotency-key', 'k1'], ['idempotency-key', 'deux mots'], ['idempotency-key', 'é'], ['idempotency-key', 'k'.repeat(300)], ['host', ''], ['host', 'a b'], ['host', 'evil.example'], ['host', 'é'], ['host', 'localhost:99999'], ['host', '[::1'], ['cookie', `session=score.1.1.1.é${'a'.repeat(42)}`], ['cookie', `session=score.1.1.1.%C3%A9${'a'.repeat(42)}`], ['cookie', 'session=a.b.c'], ['cookie', '__proto__=1; lang=constructor'], ['cookie', '=;;=\u0001é'], ['authorization', 'Bearer é'], ['authorization', 'Bearer wrong'], ['authorization', 'Basic Og=='], ['expect', '100-continue'], ['expect', 'nothing'], ['upgrade', 'websocket'], ['connection', 'upgrade, close'], ['x-forwarded-for', "1.2.3.4'"], ['x-forwarded-proto', 'é'], ['origin', 'null'], ['origin', 'http://'], ['sec-fetch-site', 'cross-site'], ['range', 'bytes=9-1'], ['if-none-match', '*'], ['traceparent', '00-zz'], ['x-long', 'x'.repeat(20_000)], ['__proto__', '1'], ['te', 'trailers'], ['transfer-encoding', 'gzip, chunked'], ['content-length', '-1']] // biome-ignore format: one list
const methods = [
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'HEAD',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'CONNECT',
  'get',
  'FOO',
] as const

/** Bytes within a text, after its first quotation mark. */
const withBytes = (text: string, bytes: readonly number[]): Buffer => {
  const at = text.indexOf('"') + 1
  return Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from(bytes), Buffer.from(text.slice(at))])
}

/** Where text of a JSON document could be broken: after any of its marks. */
const places = (text: string) => [...text.matchAll(/[[\]{},:"]|(?<=[:,[])[^"[{]/g)].map(({ index }) => index)

const textChanges: Readonly<Record<string, (random: Random, text: string) => string | Buffer>> = {
  'a value is another': (random, text) => {
    const values = [...text.matchAll(/(?<=[:,[])("(?:[^"\\]|\\.)*"|[-\d.eE]+|null|true|false)(?=[,\]}])/g)]
    const found = values.length > 0 ? pick(random, values) : null
    if (!found) return pick(random, oddValues)
    return text.slice(0, found.index) + pick(random, oddValues) + text.slice(found.index + found[0].length)
  },
  'a member more': (random, text) => text.replace('{', `{${JSON.stringify(pick(random, names))}:${pick(random, oddValues)},`), // biome-ignore format: one line a change
  'a member twice': (_, text) => text.replace(/("\w+":)([^,{}[\]]+)/, '$1$2,$1$2'),
  'a member less': (_, text) => text.replace(/"\w+":[^,{}[\]]+,/, ''),
  'another bracket': (random, text) => {
    const at = pick(random, places(text)) ?? 0
    return (
      text.slice(0, at) +
      pick(random, ['[', '{', ']', '}', '"', ',', ':', '\\', '//x\n', '\u0000']) +
      text.slice(at + 1)
    )
  },
  'cut off': (random, text) => text.slice(0, Math.floor(random() * text.length)),
  'the whole is another': (random) => pick(random, oddValues),
  'deep': (random) => deepText(pick(random, [40, 5000, 100_000])), // biome-ignore format: one line a change
  'wide': (random) => `{${Array.from({ length: pick(random, [900, 5000, 60_000]) }, (_, i) => `"k${i}":0`).join()}}`, // biome-ignore format: one line a change
  'many rows': (random, text) => text.replace(/"history":\{/, `"history":{"${pick(random, ['bureau', 'loans', '__proto__'])}":[${Array(20_000).fill(pick(random, ['{}', '{"a":1}', '3', '[]'])).join()}],`), // biome-ignore format: one line a change
  'blanks': (_, text) => text.replaceAll(',', `,${' \n'.repeat(500)}`).slice(0, 1_500_000), // biome-ignore format: one line a change
  'bytes that are no UTF-8': (random, text) => {
    const bytes = Buffer.from(text)
    for (let i = 0; i < 3; i++) bytes[Math.floor(random() * bytes.length)] = 128 + Math.floor(random() * 128)
    return bytes
  },
  'UTF-16': (random, text) => pick(random, [Buffer.from(`\uFEFF${text}`, 'utf16le'), Buffer.from(text, 'utf16le'), Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()]), // biome-ignore format: one line a change
  'UTF-32': (_, text) => Buffer.from(Uint32Array.from([...text].slice(0, 100_000), (letter) => letter.codePointAt(0) ?? 0).buffer), // biome-ignore format: one line a change
  'Latin-1': (_, text) => Buffer.from(text.replace('}', ',"é":"à"}'), 'latin1'),
  'UTF-8 that is longer than it need be': (random, text) => withBytes(text, pick(random, [[0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]])), // biome-ignore format: one line a change
  'a BOM': (_, text) => `\uFEFF${text}`,
  'gzip': (_, text) => gzipSync(text), // biome-ignore format: one line a change
  'nothing': () => '', // biome-ignore format: one line a change
  'as it is': (_, text) => text,
}

/** Requests by their number: the same number and seed make the same request. */
export function fuzzer(seed: number, raw: readonly Applicant[], ids: readonly number[]) {
  const json = (value: unknown) => JSON.stringify(value)
  const bodies = (random: Random): readonly [path: string, type: string, body: string][] => {
    const [one, client] = [pick(random, raw), pick(random, ids)]
    const small = json({ application: one.application })
    const items = Array.from({ length: 1 + Math.floor(random() * 20) }, () => json({ client: pick(random, ids) }))
    items.push(small)
    const [, inForm] = pick(random, Object.entries(textChanges))
    const history = random() < 0.5 ? String(inForm(random, json(one.history))) : json(one.history)
    const form = new URLSearchParams({ as: 'new', AMT_CREDIT: '450 000', history, once: 'x', client: String(client) })
    return [
      ['/v1/score', 'application/json', json({ client })],
      ['/v1/score?explain=true', 'application/json', small],
      ['/v1/score?reasons=false', 'application/json', json(one)],
      ['/v1/score/batch', 'application/json', `[${items.join()}]`],
      ['/v1/score/batch?reasons=false', 'application/x-ndjson', items.join('\n')],
      ['/v1/what-if', 'application/json', json({ client, changes: { AMT_CREDIT: 1e6 } })],
      ['/v1/outcomes', 'application/json', json([{ requestId: '01ARYZ6S41TSV4RRFFQ69G5FAV', status: 'repaid', date: '2026-01-01' }])], // biome-ignore format: one line
      ['/v1/predictions/01ARYZ6S41TSV4RRFFQ69G5FAV/review', 'application/json', json({ decision: 'approved' })],
      ['/decisions', 'application/x-www-form-urlencoded', String(form)],
      ['/applications/check', 'application/x-www-form-urlencoded', String(form)],
      ['/decisions/what-if', 'application/x-www-form-urlencoded', String(form)],
      ['/sign-in', 'application/x-www-form-urlencoded', 'key=wrong&to=/journal'],
      ['/decisions/01ARYZ6S41TSV4RRFFQ69G5FAV/review', 'application/x-www-form-urlencoded', 'decision=approved'],
      ['/applications/check', 'multipart/form-data; boundary=b', `--b\r\ncontent-disposition: form-data; name="files"; filename="a.csv"\r\n\r\nSK_ID_CURR,SK_ID_BUREAU\n1,${client}\r\n--b--\r\n`], // biome-ignore format: one line
      ['/decisions', 'multipart/form-data; boundary=b', `--b\r\ncontent-disposition: form-data; name="__proto__"\r\n\r\nx\r\n--b\r\ncontent-disposition: form-data; name="history"\r\n\r\n${json(one.history)}\r\n--b--\r\n`], // biome-ignore format: one line
    ]
  }
  const addresses = ['/', '/health/live', '/health/ready', '/v1/model', '/v1/clients', `/v1/clients/${ids[0]}`, '/v1/predictions', '/metrics', '/docs', '/docs/swagger-ui.css', '/openapi.json', '/page/page.css', '/page/x/page.js', '/rights', '/model', '/journal', '/monitoring', '/reports/', '/reports/drift/index.html', '/sign-in', `/clients/${ids[0]}`, '/applications/new', '/decisions/01ARYZ6S41TSV4RRFFQ69G5FAV', '/decisions'] // biome-ignore format: one list

  return (number: number): FuzzedRequest => {
    const random = randomOf(seed * 1_000_003 + number)
    const chance = (share: number) => random() < share
    const draft: Draft = { method: 'GET', path: pick(random, addresses), headers: [], body: null, how: [] }
    const set = (name: string, value: string) => {
      draft.headers = [...draft.headers.filter(([known]) => known !== name || chance(0.2)), [name, value]]
    }
    set('host', 'localhost')
    if (chance(0.75)) {
      const [path, type, text] = pick(random, bodies(random))
      Object.assign(draft, { method: 'POST', path })
      set('content-type', type)
      const [name, change] = pick(random, Object.entries(textChanges))
      draft.how.push(name)
      draft.body = Buffer.from(change(random, text))
    }
    if (chance(0.25)) {
      const segments = draft.path.split('?')[0]!.split('/')
      segments[1 + Math.floor(random() * segments.length)] = pick(random, oddSegments)
      draft.path = segments.join('/') || '/'
      draft.how.push('address')
    }
    if (chance(0.25)) {
      draft.path += `${draft.path.includes('?') ? '&' : '?'}${pick(random, oddNumbers)}`
      draft.how.push('query')
    }
    if (chance(0.06)) {
      draft.method = pick(random, methods)
      draft.how.push(draft.method)
    }
    for (let more = chance(0.4) ? 1 + Math.floor(random() * 3) : 0; more > 0; more--) {
      const [name, value] = pick(random, oddHeaders)
      set(name, value)
      draft.how.push(`${name}: ${value.slice(0, 30)}`)
    }
    set('connection', 'close')
    const chunked = draft.body !== null && chance(0.2)
    if (draft.body && !draft.headers.some(([name]) => name === 'content-length')) {
      const wrong = chance(0.03) ? pick(random, [-3, 5]) : 0
      draft.headers.push(chunked ? ['transfer-encoding', 'chunked'] : ['content-length', String(Math.max(0, draft.body.length + wrong))]) // biome-ignore format: one line
      if (wrong) draft.how.push('length')
    }
    const body = draft.body && (chunked ? Buffer.concat([Buffer.from(`${draft.body.length.toString(16)}\r\n`), draft.body, Buffer.from(draft.body.length ? '\r\n0\r\n\r\n' : '\r\n')]) : draft.body) // biome-ignore format: one line
    const head = `${draft.method} ${draft.path} HTTP/1.${chance(0.02) ? 0 : 1}\r\n${draft.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n` // biome-ignore format: one line
    const bytes = Buffer.concat([Buffer.from(head, 'latin1'), ...(body ? [body] : [])])
    const delivery = pick(random, ['whole', 'whole', 'whole', 'whole', 'pieces', 'slow', 'left', 'ended'] as const)
    const isScoring = draft.method === 'POST' && /^\/v1\/score(\/batch)?(\?|$)/.test(draft.path) && draft.body !== null
    return {
      how: `${draft.method} ${draft.path.slice(0, 60)}: ${draft.how.join(', ')}; ${delivery}`,
      bytes,
      delivery,
      scoring: isScoring && !draft.how.includes('length') ? { path: draft.path, body: draft.body! } : null,
    }
  }
}
