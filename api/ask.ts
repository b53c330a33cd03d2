/** Asks the service as a program does: at an address, or in this process, without a network. */
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { createApp } from './app.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { readReference } from './reference.ts'
import { scoreAnswer } from './score-response.ts'

/** What an answer to a request is; a notebook's compiler knows no DOM. */
export interface Answered {
  readonly ok: boolean
  readonly status: number
  json(): Promise<unknown>
}

/** Sends JSON where there is a body, and gives the answer. */
export type Ask = (path: string, body?: unknown) => Promise<Answered>

/** What a notebook tells of a score: a part of ScoreAnswer in plain types. */
export interface Scored {
  readonly version: string
  readonly probability: number
  readonly threshold: number
  readonly decision: 'approved' | 'declined'
  readonly percentile: number | null
  readonly reasons: { readonly against: readonly { text: string }[]; readonly for: readonly { text: string }[] } | null
}

/** `url` of a running service, with a key where it wants one; null opens the bundle here, with a journal in memory. */
export async function service(url: string | null, bundle: string, key?: string): Promise<Ask> {
  const request = (body: unknown): RequestInit => ({
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key && { authorization: `Bearer ${key}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (url !== null) return (path, body) => fetch(new URL(path, url), request(body))
  const app = createApp(Scorer.open(bundle), Clients.open(bundle), openSqliteJournal(':memory:'), {
    reference: await readReference(bundle),
  })
  return async (path, body) => app.request(path, request(body))
}

/** POST /v1/score in English; throws with the problem's text when the service refuses. */
export async function scored(ask: Ask, body: unknown): Promise<Scored> {
  const response = await ask('/v1/score?lang=en', body)
  const answer: unknown = await response.json()
  if (!response.ok) throw new Error(`POST /v1/score answered ${response.status}: ${JSON.stringify(answer)}`)
  return scoreAnswer.parse(answer)
}
