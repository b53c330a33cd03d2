/** A score that was answered to a malformed request, against what its body gets where JSON.parse has read it and JSON.stringify written it again. */
import { z } from 'zod'
import type { FuzzedRequest } from './fuzz-requests.ts'

/** Of a score what must not depend on how it was asked for: no texts, no number of the request. */
const scored = z.object({
  probability: z.number(),
  decision: z.string(),
  referral: z.array(z.object({ code: z.string() })),
  warnings: z.array(z.object({ field: z.string(), code: z.string() })),
  imputed: z.array(z.string()),
})
const item = z.union([
  z.object({ status: z.literal(200), score: scored }),
  z.object({ status: z.int(), problem: z.object({ type: z.string() }) }),
])
const answered = z.union([z.array(item), scored, z.object({ type: z.string() })])
const outcomeOf = (text: string): string => JSON.stringify(answered.parse(JSON.parse(text)))

/** What is wrong with a score that was given; null where it is that of the body as JSON.parse reads it, false where there is nothing to compare with. */
export async function otherThanClean(
  url: string,
  { path, body }: NonNullable<FuzzedRequest['scoring']>,
  received: string,
): Promise<string | null | false> {
  const { head, text } = received200(received)
  if (!/\r\ncontent-type: application\/json/i.test(head)) return false
  let asked: unknown
  try {
    asked = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    // Of a list each item is refused by itself.
    return /\/batch/.test(path) ? false : 'scored, though its body is no JSON'
  }
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  })
  const [given, clean] = [outcomeOf(text), outcomeOf(await answer.text())]
  return clean === given ? null : `scored as ${given.slice(0, 300)}, its clean parse as ${clean.slice(0, 300)}`
}

/** Head and body of an answer whose bytes are letters; the body put together where it came in chunks. */
function received200(answer: string): { head: string; text: string } {
  const at = answer.indexOf('\r\n\r\n')
  const head = answer.slice(0, at)
  const utf8 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')
  if (!/\r\ntransfer-encoding: chunked/i.test(head)) return { head, text: utf8(answer.slice(at + 4)) }
  let [body, next] = ['', at + 4]
  for (;;) {
    const end = answer.indexOf('\r\n', next)
    const length = Number.parseInt(answer.slice(next, end), 16)
    if (!(length > 0)) return { head, text: utf8(body) }
    body += answer.slice(end + 2, end + 2 + length)
    next = end + 2 + length + 2
  }
}
