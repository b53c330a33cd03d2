/** How large the body of a request may be and how long it may take, by route: counted while it is read, before anything holds it. */
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { Context, MiddlewareHandler } from 'hono'
import type { Env } from './env.ts'
import { fault } from './faults.ts'
import { gathered } from './gathered.ts'
import { Problem, type ProblemCode } from './problems.ts'

export interface BodyLimit {
  readonly bytes: number
  /** From the head of the request to the end of its body. */
  readonly seconds: number
  readonly code: ProblemCode
}

const mega = 1024 * 1024

/** Of an application with its history; a client with thousands of history rows sends about half a megabyte. Of a line and of an item of a list too. */
const application: BodyLimit = { bytes: 2 * mega, seconds: 60, code: 'too-large' }
const batch: BodyLimit = { bytes: 32 * mega, seconds: 600, code: 'batch-too-large' }
/** A key, an override reason; and whatever is sent where nothing is expected. */
const small: BodyLimit = { bytes: 64 * 1024, seconds: 60, code: 'form-too-large' }

/** What may be larger than `small`, by the path of a POST. */
const larger: readonly (readonly [RegExp, BodyLimit])[] = [
  [/^\/v1\/score\/batch$/, batch],
  [/^\/v1\/(score|what-if|outcomes|predictions\/[^/]+\/review)$/, application],
  [/^\/(decisions|applications\/check)$/, application],
]

/** Bytes of one application. */
export const largestBody = application.bytes

export const limitOf = (method: string, path: string): BodyLimit =>
  (method === 'POST' && larger.find(([place]) => place.test(path))?.[1]) || small

/** One JSON value a line: answered while it arrives, each line with the limit of an application, the whole with none. */
export const isLines = (c: Context): boolean =>
  /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)\s*(;|$)/i.test(c.req.header('content-type') ?? '')

/**
 * Refuses what says it is too large, counts what does not say (chunked), and cuts off who sends too slowly or more than was read.
 * @throws Problem too-large, batch-too-large or form-too-large; also from whatever reads the body
 */
export function bodyLimits(o: { seconds?: number | undefined } = {}): MiddlewareHandler<Env> {
  return async function limitBody(c, next) {
    const incoming = incomingOf(c)
    const length = c.req.header('content-length')
    const chunked = c.req.header('transfer-encoding') !== undefined
    if (incoming && length === undefined && !chunked) return next()
    const limit = limitOf(c.req.method, c.req.path)
    const asLines = limit === batch && isLines(c)
    const overdue = incoming && !asLines && cutLate(incoming, (o.seconds ?? limit.seconds) * 1000)
    try {
      if (isCoded(c))
        throw new Problem('unsupported-media-type', {
          faults: [fault('/header/Content-Encoding', 'coded_body')],
          headers: { 'accept-encoding': 'identity' },
        })
      if (asLines) return await next()
      if (Number(length ?? 0) > limit.bytes) throw new Problem(limit.code)
      // HTTP itself holds a body to the length that it states.
      // A batch counts its own, piece by piece.
      if (limit !== batch && (chunked || length === undefined)) await replaceBody(c, incoming, limit)
      await next()
    } finally {
      // Lines go on arriving while they are answered.
      if (incoming && !incoming.complete && !(asLines && c.finalized && c.res.ok)) {
        clearTimeout(overdue || undefined)
        closeAfterAnswer(c, incoming)
      }
    }
  }
}

/** Whether a body is compressed (RFC 9110, 8.4): none is taken so. */
const isCoded = (c: Context): boolean => !/^(\s*identity\s*)?$/i.test(c.req.header('content-encoding') ?? '')

/** Seconds in which the next line must have come whole once the one before was answered; an empty line is none. */
const lineSeconds = 60

/**
 * Groups of lines as they come. A batch of lines may last for hours, but not one line.
 * @throws Problem too-slow
 */
export async function* inTime<T>(groups: AsyncGenerator<T>, seconds = lineSeconds): AsyncGenerator<T> {
  for (;;) {
    const next = groups.next()
    next.catch(() => {}) // reported to whoever still awaits it
    let overdue: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      overdue = setTimeout(() => reject(new Problem('too-slow')), seconds * 1000)
    })
    try {
      const { done, value } = await Promise.race([next, late])
      if (done) return
      yield value
    } finally {
      clearTimeout(overdue)
    }
  }
}

/** Whether the caller went away, or was cut off, before the body had come. */
export function isInterrupted(c: Context): boolean {
  const incoming = incomingOf(c)
  return incoming?.destroyed === true && !incoming.complete
}

/** Node's own request; null where the app is called without a network. */
const incomingOf = (c: Context): IncomingMessage | null =>
  typeof c.env === 'object' && c.env !== null && 'incoming' in c.env ? (c.env.incoming as IncomingMessage) : null

/** What does not say its length: a small body is read at once, a larger one when the handler asks, which it does for callers that may. */
async function replaceBody(c: Context, incoming: IncomingMessage | null, limit: BodyLimit): Promise<void> {
  const { body } = c.req.raw
  const sent = body ?? (incoming && (Readable.toWeb(incoming) as ReadableStream<Uint8Array>))
  if (!sent) return
  const read = limit === small ? await collected(sent, limit) : whenRead(sent, limit)
  // In the Fetch standard a GET has no body; on the line it may.
  if (body) c.req.raw = new Request(c.req.raw, { body: read, duplex: 'half' } as RequestInit)
}

/** The whole body in one piece. Not cancelled where it is too large: that would close the line before the answer. */
async function collected(
  body: ReadableStream<Uint8Array>,
  { bytes, code }: BodyLimit,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  const whole = gathered(bytes)
  for (;;) {
    const { done, value } = await reader.read()
    if (!done) whole.add(value)
    if (whole.length > bytes) throw new Problem(code)
    if (done) return Buffer.concat(whole.take() ?? [])
  }
}

const whenRead = (body: ReadableStream<Uint8Array>, limit: BodyLimit): ReadableStream<Uint8Array> =>
  new ReadableStream(
    {
      async pull(controller) {
        try {
          const all = await collected(body, limit)
          if (all.length > 0) controller.enqueue(all)
          controller.close()
        } catch (error) {
          controller.error(error)
        }
      },
    },
    { highWaterMark: 0 },
  )

/**
 * The body of a batch piece by piece, as it comes, so that whoever reads it need not hold it; of lines any number of bytes.
 * From Node's own request where there is one: a stream of the Fetch standard copies every piece. Not ended early: that would close the line before the answer.
 * @throws Problem batch-too-large
 */
export async function* batchPieces(c: Context): AsyncGenerator<Uint8Array> {
  const most = isLines(c) ? Number.POSITIVE_INFINITY : batch.bytes
  const incoming = incomingOf(c)
  let length = 0
  for await (const piece of incoming?.iterator({ destroyOnReturn: false }) ?? c.req.raw.body ?? []) {
    length += piece.length
    if (length > most) throw new Problem(batch.code)
    yield piece
  }
}

function cutLate(incoming: IncomingMessage, milliseconds: number): NodeJS.Timeout {
  const overdue = setTimeout(() => incoming.destroy(), milliseconds)
  incoming.once('end', () => clearTimeout(overdue)).once('close', () => clearTimeout(overdue))
  return overdue
}

const farewell = 500 // milliseconds in which the answer is read

/** Stops a sender: he gets the answer, then the line is cut. At once, his system might drop the answer with the line. */
function closeAfterAnswer(c: Context, { socket }: IncomingMessage): void {
  c.header('connection', 'close')
  socket.destroySoon = () => {
    socket.end()
    setTimeout(() => socket.destroy(), farewell)
  }
}
