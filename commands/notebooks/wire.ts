/** Jupyter's wire protocol 5.3: one message to and from ZeroMQ frames, signed (jupyter-client.readthedocs.io/en/stable/messaging.html). */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

const delimiter = Buffer.from('<IDS|MSG>')

const header = z.object({ msg_id: z.string(), msg_type: z.string() }).loose()
const content = z.record(z.string(), z.unknown())

export interface Message {
  readonly type: string
  readonly id: string
  /** The request that this message answers; null for the kernel's own. */
  readonly parent: string | null
  readonly content: Readonly<Record<string, unknown>>
}

const sign = (key: string, parts: readonly Uint8Array[]): string => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest('hex')
}

/** A request as frames, with the id that its answers will carry as their parent. */
export function encode(key: string, type: string, body: object): { id: string; frames: Buffer[] } {
  const id = randomUUID()
  const head = {
    msg_id: id,
    msg_type: type,
    session: 'notebooks',
    username: 'notebooks',
    version: '5.3',
    date: new Date().toISOString(),
  }
  const parts = [head, {}, {}, body].map((part) => Buffer.from(JSON.stringify(part)))
  return { id, frames: [delimiter, Buffer.from(sign(key, parts)), ...parts] }
}

/** Reads the frames of one message; throws when they are cut short or carry another kernel's signature. */
export function decode(key: string, frames: readonly Buffer[]): Message {
  const start = frames.findIndex((frame) => frame.equals(delimiter))
  const [signature, ...parts] = frames.slice(start + 1)
  if (start < 0 || !signature || parts.length < 4)
    throw new Error(`a Jupyter message has at least 6 frames, ${frames.length} came`)
  const expected = Buffer.from(sign(key, parts.slice(0, 4)))
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
    throw new Error('a Jupyter message carries a wrong signature')
  const [head, parent, , body] = parts.slice(0, 4).map((part): unknown => JSON.parse(part.toString()))
  const { msg_id: id, msg_type: type } = header.parse(head)
  return { type, id, parent: header.safeParse(parent).data?.msg_id ?? null, content: content.parse(body) }
}
