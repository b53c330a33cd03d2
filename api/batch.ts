/** Many applicants, each answered or refused by itself: scored some at a time, so that other requests get their turn between. */
import { setImmediate as turn } from 'node:timers/promises'
import { parseJson } from './endpoint.ts'
import type { Service } from './env.ts'
import { answeredBefore, type Once, record } from './idempotency.ts'
import { JournalError } from './journal/journal.ts'
import type { Language } from './language.ts'
import { Problem, problemBody } from './problems.ts'
import { clientFeaturesOf, proposalOf } from './propose.ts'
import { type Asked, parseRequest } from './request.ts'
import { requestId } from './request-id.ts'
import { scoreAnswerOf } from './score-response.ts'

const together = 16 // applicants in one call of the library: about 6 ms with reasons

/** One item as sent: a value, or the text of a line; null for a line that is too long. */
export type Sent = { readonly value: unknown } | { readonly line: string | null }

export interface BatchOptions {
  readonly language: Language
  readonly explain: boolean
  readonly reasons: boolean
  readonly caller: string | null
  /** The idempotency of item `index`, whose value is given as JSON. */
  readonly once: (index: number, json: string) => Once | null
}

interface Item {
  readonly index: number
  readonly id: string
  readonly started: number
  readonly once: Once | null
  readonly asked: Asked
}

/**
 * One line of JSON an item, in the order sent: `{ index, status, score }` or `{ index, status, problem }`.
 * Items come in groups, as they arrived; a group is answered before the next is asked for.
 */
export async function* batch(
  service: Service,
  sent: Iterable<readonly Sent[]> | AsyncIterable<readonly Sent[]>,
  o: BatchOptions,
): AsyncGenerator<string> {
  let first = 0
  for await (const group of sent)
    for (let at = 0; at < group.length; at += together) {
      const some = group.slice(at, at + together)
      yield* await answered(service, some, first, o)
      first += some.length
      await turn()
    }
}

async function answered(service: Service, sent: readonly Sent[], first: number, o: BatchOptions): Promise<string[]> {
  const lines = new Map<number, Promise<string>>()
  const items: Item[] = []
  for (const [i, one] of sent.entries()) {
    const index = first + i
    const started = service.now()
    const id = requestId(Math.floor(started))
    try {
      const value = itemValue(one)
      const once = o.once(index, JSON.stringify(value))
      const before = await answeredBefore(service, once)
      if (before !== null) lines.set(index, Promise.resolve(scoredLine(index, before)))
      else items.push({ index, id, started, once, asked: parseRequest(value, service.clients, service.known) })
    } catch (error) {
      lines.set(index, Promise.resolve(refusedLine(index, id, error, o.language)))
    }
  }
  const scores = service.scorer.scoreFeatures(
    items.map(({ asked }) => clientFeaturesOf(service, asked)),
    { explain: o.reasons },
  )
  for (const [i, { index, id, started, once, asked }] of items.entries()) {
    const proposal = proposalOf(service, asked, scores[i]!, {
      requestId: id,
      source: 'api',
      started,
      reasons: o.reasons,
      caller: o.caller,
    })
    const answer = JSON.stringify(scoreAnswerOf(service, proposal, o.language, { explain: o.explain }))
    lines.set(
      index,
      record(service, proposal.prediction, answer, once).then(
        (given) => scoredLine(index, given),
        (error: unknown) => refusedLine(index, id, error, o.language),
      ),
    )
  }
  return Promise.all(sent.map((_, i) => lines.get(first + i)!))
}

function itemValue(one: Sent): unknown {
  if ('value' in one) return one.value
  if (one.line === null) throw new Problem('too-large')
  return parseJson(one.line)
}

const scoredLine = (index: number, answer: string) => `{"index":${index},"status":200,"score":${answer}}`

function refusedLine(index: number, id: string, error: unknown, language: Language): string {
  const problem = error instanceof Problem ? error : error instanceof JournalError ? new Problem('journal-down') : null
  if (!problem) throw error
  return JSON.stringify({ index, status: problem.status, problem: problemBody(problem, language, id) })
}
