/** For tests: the app on a bundle with a journal in memory, asked without a network. */
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { createApp, type Options } from './app.ts'
import type { Journal } from './journal/journal.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { readReference } from './reference.ts'

/** Opens a bundle once for a test file; `opened` makes a fresh app each time, whose `ask` sends JSON where a body is given. */
export function service(bundle: string) {
  const scorer = Scorer.open(bundle)
  const clients = Clients.open(bundle)
  const ids = clients.search('', 400).map(({ id }) => id)
  const reference = readReference(bundle)

  async function opened(options: Options = {}, journal: Journal = openSqliteJournal(':memory:')) {
    const app = createApp(scorer, clients, journal, { reference: await reference, ...options })
    const ask = (path: string, body?: unknown, init: RequestInit = {}) =>
      app.request(path, {
        method: body === undefined ? 'GET' : 'POST',
        ...init,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...Object.fromEntries(new Headers(init.headers)),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    const send = (path: string, form: Readonly<Record<string, string>>, headers: Record<string, string> = {}) =>
      app.request(path, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { accept: 'text/html', ...headers },
      })
    return { app, journal, ask, send }
  }
  return { bundle, scorer, clients, ids, opened }
}

/** The smallest application that can be scored. */
export const application = {
  AMT_CREDIT: 450_000,
  AMT_INCOME_TOTAL: 150_000,
  AMT_ANNUITY: 24_000,
  DAYS_BIRTH: -15_000,
  NAME_CONTRACT_TYPE: 'Cash loans',
}
