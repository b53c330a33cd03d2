/** The journal read with the page's filters: newest first, a page at a time. */
import { type Journal, type PredictionQuery, type PredictionSummary, reviewDecisions } from '../journal/journal.ts'
import { dayStart } from './words.ts'

export const pageSize = 50
const chunk = 500 // read at once

export const proposals = ['approved', 'declined', 'referred'] as const
export const decisions = [...reviewDecisions, 'none'] as const

/** What may stand in the address; '' is no filter. Days are YYYY-MM-DD in the lender's time zone, both included. */
export interface Filters {
  readonly from: string
  readonly to: string
  readonly proposal: (typeof proposals)[number] | ''
  readonly decision: (typeof decisions)[number] | ''
  readonly version: string
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** A day as typed, "24/11/2026", "24 Nov 2026" or "2026-11-24": YYYY-MM-DD, or '' where it is none. */
export function dayText(text = ''): string {
  const [, day, month, year] = /^(\d{1,2})[/. ](\d{1,2}|[a-z]{3,9})[/. ](\d{4})$/i.exec(text.trim()) ?? []
  const named = months.indexOf((month ?? '').slice(0, 3).toLowerCase()) + 1
  const iso = day ? [year, String(named || month).padStart(2, '0'), day.padStart(2, '0')].join('-') : text.trim()
  const found = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? Date.parse(iso) : Number.NaN
  // Date.parse lets 31 February be 3 March.
  return !Number.isNaN(found) && new Date(found).toISOString().startsWith(iso) ? iso : ''
}

/** Filters that were sent and cannot be used, as they were typed. */
export type Refused = Readonly<Partial<Record<'from' | 'to' | 'order' | 'version', string>>>

export function filtersOf(query: Readonly<Record<string, string>>): Filters & { readonly refused: Refused } {
  const { version = '' } = query
  const [from, to] = [dayText(query.from), dayText(query.to)]
  const isVersion = /^[0-9a-f]{12}$/.test(version)
  const unread = (name: 'from' | 'to', day: string) =>
    query[name]?.trim() && day === '' ? { [name]: query[name] } : {}
  return {
    from,
    to,
    proposal: proposals.find((one) => one === query.proposal) ?? '',
    decision: decisions.find((one) => one === query.decision) ?? '',
    version: isVersion ? version : '',
    refused: {
      ...unread('from', from),
      ...unread('to', to),
      ...(from !== '' && to !== '' && from > to && { order: to }),
      ...(version.trim() !== '' && !isVersion && { version }),
    },
  }
}

/** The filters that are set, for an address. */
export const queryOf = (filters: Filters, more: Readonly<Record<string, string>> = {}): string => {
  const { from, to, proposal, decision, version } = filters
  const set = Object.entries({ from, to, proposal, decision, version, ...more }).filter(([, value]) => value !== '')
  return set.length > 0 ? `?${new URLSearchParams(set)}` : ''
}

/** What the filters ask of the journal. */
function asked({ from, to, proposal, decision, version }: Filters): Omit<PredictionQuery, 'limit'> {
  const moment = (day: string, later: number) => (day === '' ? undefined : new Date(dayStart(day, later)).toISOString())
  return {
    from: moment(from, 0),
    until: moment(to, 1),
    ...(proposal !== '' && { referred: proposal === 'referred' }),
    ...(proposal !== '' && proposal !== 'referred' && { decision: proposal }),
    reviewDecision: decision || undefined,
    version: version || undefined,
  }
}

/** At most `most` predictions that pass the filters, newest first. */
export async function* browse(journal: Journal, filters: Filters, most: number): AsyncGenerator<PredictionSummary> {
  let before: number | undefined
  for (let left = most; left > 0; left -= chunk) {
    const page = await journal.predictions({ ...asked(filters), limit: Math.min(chunk, left), before })
    yield* page
    if (page.length < chunk) return
    before = page.at(-1)?.position
  }
}

/** One page, and the position that the next one starts before; null on the last. */
export async function pageOf(journal: Journal, filters: Filters, before?: number) {
  const read = await journal.predictions({ ...asked(filters), limit: pageSize + 1, before })
  const found = read.slice(0, pageSize)
  return { found, next: read.length > pageSize ? (found.at(-1)?.position ?? null) : null }
}
