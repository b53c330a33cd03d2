/** Idempotency-Key on scoring: the same request sent again under its key gets the answer it got, and is scored once. */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { callerOf } from './access.ts'
import type { Env, Service } from './env.ts'
import { fault } from './faults.ts'
import { type Kept, KeyTaken, type Prediction } from './journal/journal.ts'
import { Problem } from './problems.ts'

/** Hashes of who asked under which key, and of what was asked. */
export type Once = Pick<Kept, 'key' | 'asked'>

const hash = (...texts: readonly string[]): string => {
  const made = createHash('sha256')
  for (const text of texts) made.update(`${text.length}:${text}`)
  return made.digest('hex')
}

/** The key of a request (draft-ietf-httpapi-idempotency-key-header), or null without one. @throws Problem invalid-header */
export function keyOf(c: Context<Env>): string | null {
  const sent = c.req.header('idempotency-key')
  if (sent === undefined) return null
  if (!/^[\x21-\x7e]{1,255}$/.test(sent))
    throw new Problem('invalid-header', { faults: [fault('/header/Idempotency-Key', 'not_a_key')] })
  return sent
}

/** `asked` is all that the answer depends on: the body and what the address says. Each item of a batch has its number. */
export function onceOf(c: Context<Env>, key: string | null, asked: readonly string[], item = ''): Once | null {
  return key === null ? null : { key: hash(callerOf(c), key, item), asked: hash(...asked) }
}

/** What was answered under the key before, or null. @throws Problem key-reused when it was asked with another request */
export async function answeredBefore(service: Service, once: Once | null): Promise<string | null> {
  const before = once && (await service.journal.kept(once.key))
  if (!before) return null
  if (before.asked !== once.asked)
    throw new Problem('key-reused', { faults: [fault('/header/Idempotency-Key', 'key_reused')] })
  return before.answer
}

/** Records a prediction, and its answer under the key; gives the answer, or the one of whoever was first. */
export async function record(
  service: Service,
  prediction: Prediction,
  answer: string,
  once: Once | null,
): Promise<string> {
  const { journal } = service
  try {
    if (once) await journal.record(prediction, { ...once, requestId: prediction.requestId, answer })
    else await journal.record(prediction)
  } catch (error) {
    const first = error instanceof KeyTaken ? await answeredBefore(service, once) : null
    if (first === null) throw error
    return first
  }
  service.recorded(prediction)
  return answer
}
