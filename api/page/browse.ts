/** The journal read with the page's filters: newest first, a page at a time. */
import { type Journal, outcomes, type PredictionSummary } from '../journal/journal.ts'
import { dayStart } from './words.ts'

export const pageSize = 50
const chunk = 500 // read at once
const mostScanned = 20_000 // predictions looked through for one page

export const proposals = ['granted', 'refused', 'review'] as const
export const decisions = [...outcomes, 'none'] as const

/** What may stand in the address; '' is no filter. Days are YYYY-MM-DD in the lender's time zone, both included. */
export interface Filters {
  readonly from: string
  readonly to: string
  readonly proposal: (typeof proposals)[number] | ''
  readonly decision: (typeof decisions)[number] | ''
  readonly version: string
}

const dayText = (text = '') => (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : '')

export function filtersOf(query: Readonly<Record<string, string>>): Filters {
  const { version = '' } = query
  return {
    from: dayText(query.from),
    to: dayText(query.to),
    proposal: proposals.find((one) => one === query.proposal) ?? '',
    decision: decisions.find((one) => one === query.decision) ?? '',
    version: /^[0-9a-f]{12}$/.test(version) ? version : '',
  }
}

/** The filters that are set, for an address. */
export const queryOf = (filters: Filters, more: Readonly<Record<string, string>> = {}): string => {
  const set = Object.entries({ ...filters, ...more }).filter(([, value]) => value !== '')
  return set.length > 0 ? `?${new URLSearchParams(set)}` : ''
}

/** Predictions that pass the filters, newest first, before a position; stops after `mostScanned` rows or at the first day. */
export async function* browse(
  journal: Journal,
  filters: Filters,
  before?: number,
): AsyncGenerator<PredictionSummary, { scanned: number }> {
  const { proposal, version } = filters
  const decision = proposal === 'granted' || proposal === 'refused' ? proposal : undefined
  const start = filters.from === '' ? Number.NEGATIVE_INFINITY : dayStart(filters.from)
  const end = filters.to === '' ? Number.POSITIVE_INFINITY : dayStart(filters.to, 1)
  let [position, scanned] = [before, 0]
  while (scanned < mostScanned) {
    const page = await journal.predictions({ limit: chunk, before: position, decision, version: version || undefined })
    for (const one of page) {
      scanned++
      const at = Date.parse(one.at)
      if (at < start) return { scanned }
      if (at < end && passes(one, filters)) yield one
    }
    if (page.length < chunk) return { scanned }
    position = page.at(-1)!.position
  }
  return { scanned }
}

function passes(one: PredictionSummary, { proposal, decision }: Filters): boolean {
  if (proposal !== '' && (proposal === 'review') !== one.review) return false
  return decision === '' || (decision === 'none' ? one.outcome === null : one.outcome === decision)
}

/** One page, and the position that the next one starts before; null on the last. */
export async function pageOf(journal: Journal, filters: Filters, before?: number) {
  const found: PredictionSummary[] = []
  const all = browse(journal, filters, before)
  for (let next = await all.next(); ; next = await all.next()) {
    if (next.done) return { found, next: null, scanned: next.value.scanned }
    if (found.length === pageSize) return { found, next: found.at(-1)!.position, scanned: 0 }
    found.push(next.value)
  }
}
