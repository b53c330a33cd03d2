/** For tests of the page without a browser: what is shown, what of it is text, and proposals to show. */
import type { Prediction } from '../journal/journal.ts'
import type { service } from '../opened.test-data.ts'

export type App = Awaited<ReturnType<ReturnType<typeof service>['opened']>>

export const textOf = (html: string) =>
  html
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/[ \n\t]+/g, ' ')

export async function show({ app }: App, path: string, language = 'fr', headers: Record<string, string> = {}) {
  const answer = await app.request(path, { headers: { accept: 'text/html', 'accept-language': language, ...headers } })
  return { status: answer.status, headers: answer.headers, html: await answer.text() }
}

export const score = async (app: App, client: number) =>
  (await (await app.ask('/v1/score', { client })).json()) as {
    requestId: string
    decision: 'approved' | 'declined'
    referral: string[]
    probability: number
  }

/** A recorded proposal of some other day, model or latency. */
export async function copied(app: App, requestId: string, changes: Partial<Prediction>): Promise<void> {
  const one = (await app.journal.prediction(requestId))!
  const id = `${changes.requestId ?? ''}${requestId}`.slice(0, 26)
  await app.journal.record({ ...one, ...changes, requestId: id })
}

/** The page that a form leads to: what was typed, shown again by a GET. */
export async function shownAgain(app: App, answer: Response, language = 'fr') {
  const path = answer.headers.get('location') ?? ''
  return { path, sent: answer.status, ...(await show(app, path, language)) }
}
