/** Many applicants, each answered or refused by itself: scored some at a time, so that other requests get their turn between. */
import type { ClientFeatures, ExplainedScore, Score } from '../pipeline/scoring/scorer.ts'
import type { Service } from './env.ts'
import { answeredBefore, type Once, record } from './idempotency.ts'
import { JournalError } from './journal/journal.ts'
import { parseJson } from './json.ts'
import type { Language } from './language.ts'
import { ownTurn } from './own-turn.ts'
import { Problem, problemBody } from './problems.ts'
import { clientFeaturesOf, proposalOf } from './propose.ts'
import { type Asked, parseRequest } from './request.ts'
import { requestId } from './request-id.ts'
import { scoreAnswerOf } from './score-response.ts'

/** Applicants in one call of the library: about 6 ms with reasons. */
export const together = 16

/** One item as sent, in JSON; null for one that is too long. */
export type Sent = string | null

export interface BatchOptions {
  readonly language: Language
  readonly explain: boolean
  readonly reasons: boolean
  readonly caller: string | null
  /** The idempotency of item `index`, whose value is given as JSON. */
  readonly once: (index: number, json: string) => Once | null
  /** Called with an error that is not a refusal: its item is answered as an internal error, the others are not affected. */
  readonly failed: (error: unknown) => void
}

interface Item {
  readonly index: number
  readonly id: string
  readonly started: number
  readonly once: Once | null
  readonly asked: Asked
  readonly features: ClientFeatures
}

/**
 * JSON of each item, in the order sent, some together: `{ index, status, score }` or `{ index, status, problem }`.
 * Items come in groups, as they arrived; a group is answered before the next is asked for.
 */
export async function* batch(
  service: Service,
  sent: Iterable<readonly Sent[]> | AsyncIterable<readonly Sent[]>,
  o: BatchOptions,
): AsyncGenerator<readonly string[]> {
  let first = 0
  try {
    for await (const group of sent)
      for (let at = 0; at < group.length; at += together) {
        const some = group.slice(at, at + together)
        yield await answered(service, some, first, o)
        first += some.length
        await ownTurn()
      }
  } catch (error) {
    // The next item did not come as it should (body-limit.ts): that is its answer, and the last.
    if (!(error instanceof Problem)) throw error
    yield [refusal(first, requestId(Math.floor(service.now())), error, o)]
  }
}

async function answered(service: Service, sent: readonly Sent[], first: number, o: BatchOptions): Promise<string[]> {
  const answers = new Map<number, string | Promise<string>>()
  const items: Item[] = []
  for (const [i, text] of sent.entries()) {
    const index = first + i
    const started = service.now()
    const id = requestId(Math.floor(started))
    try {
      const value = itemValue(text)
      const once = o.once(index, JSON.stringify(value))
      const before = await answeredBefore(service, once)
      if (before !== null) answers.set(index, scored(index, before))
      else {
        const asked = parseRequest(value, service.clients, service.known)
        items.push({ index, id, started, once, asked, features: clientFeaturesOf(service, asked) })
      }
    } catch (error) {
      answers.set(index, refusal(index, id, error, o))
    }
  }
  const scores = scoresOf(
    service,
    items.map(({ features }) => features),
    o.reasons,
  )
  for (const [i, item] of items.entries())
    answers.set(
      item.index,
      recorded(service, item, scores[i]!, o).then(
        (given) => scored(item.index, given),
        (error: unknown) => refusal(item.index, item.id, error, o),
      ),
    )
  return Promise.all(sent.map((_, i) => answers.get(first + i)!))
}

/** Of each the score, or what was thrown: then they are scored one by one, and only that one has none. */
function scoresOf(
  { scorer }: Service,
  features: readonly ClientFeatures[],
  explain: boolean,
): readonly (Score | ExplainedScore | { readonly thrown: unknown })[] {
  const attempt = (some: readonly ClientFeatures[]) => scorer.scoreFeatures([...some], { explain })
  try {
    return attempt(features)
  } catch {
    return features.map((one) => {
      try {
        return attempt([one])[0]!
      } catch (thrown) {
        return { thrown }
      }
    })
  }
}

/** The answer of one item, once it is in the journal. */
async function recorded(
  service: Service,
  { id, started, once, asked }: Item,
  score: ReturnType<typeof scoresOf>[number],
  { language, explain, reasons, caller }: BatchOptions,
): Promise<string> {
  if ('thrown' in score) throw score.thrown
  const proposal = proposalOf(service, asked, score, { requestId: id, source: 'api', started, reasons, caller })
  const answer = JSON.stringify(scoreAnswerOf(service, proposal, language, { explain }))
  return record(service, proposal.prediction, answer, once)
}

function itemValue(text: Sent): unknown {
  if (text === null) throw new Problem('too-large')
  return parseJson(text)
}

const scored = (index: number, answer: string) => `{"index":${index},"status":200,"score":${answer}}`

function refusal(index: number, id: string, error: unknown, { language, failed }: BatchOptions): string {
  const problem =
    error instanceof Problem ? error : new Problem(error instanceof JournalError ? 'journal-down' : 'internal')
  if (problem.code === 'internal') failed(error)
  return JSON.stringify({ index, status: problem.status, problem: problemBody(problem, language, id) })
}
