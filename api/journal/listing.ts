/** The list of predictions in SQL: what is asked for found in one narrow index, the newest first, and only those rows read. */
import type { PredictionQuery } from './journal.ts'
import type { SqlValue } from './rows.ts'

const latest = (column: 'decision' | 'status', table: 'reviews' | 'outcomes', of: string) =>
  `(SELECT ${column} FROM ${table} WHERE ${table}.request_id = ${of} ORDER BY ${table}.position DESC LIMIT 1)`

/** What a decision of the latest review asks of a prediction: those reviewed are looked up by it, so that few reviews are few rows. */
const reviewDecisionIs = (place: string) =>
  `request_id IN (SELECT request_id FROM reviews WHERE decision = ${place}
     AND position = (SELECT max(position) FROM reviews AS later WHERE later.request_id = reviews.request_id))`
const unreviewed = 'NOT EXISTS (SELECT 1 FROM reviews WHERE reviews.request_id = predictions.request_id)'

/** One SELECT of the rows that pass every condition; parameters are $1, $2 and so on. */
export function listing(query: PredictionQuery): { readonly sql: string; readonly values: readonly SqlValue[] } {
  const values: SqlValue[] = []
  const conditions: string[] = []
  const where = (condition: (place: string) => string, value: SqlValue | undefined) => {
    if (value === undefined) return
    values.push(value)
    conditions.push(condition(`$${values.length}`))
  }
  where((place) => `position < ${place}`, query.before)
  where((place) => `at >= ${place}`, query.from)
  where((place) => `at < ${place}`, query.until)
  where((place) => `decision = ${place}`, query.decision)
  where((place) => `referred = ${place}`, query.referred === undefined ? undefined : Number(query.referred))
  where((place) => `version = ${place}`, query.version)
  where((place) => `caller = ${place}`, query.caller)
  where((place) => `client = ${place}`, query.client)
  if (query.reviewDecision === 'none') conditions.push(unreviewed)
  else where(reviewDecisionIs, query.reviewDecision)
  values.push(query.limit)
  return {
    sql: `SELECT position, request_id, at, source, version, client, probability, threshold, decision, referred, latency_ms, caller,
      ${latest('decision', 'reviews', 'predictions.request_id')} AS review_decision,
      ${latest('status', 'outcomes', 'predictions.request_id')} AS outcome_status
    FROM predictions WHERE position IN (
      SELECT position FROM predictions ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
      ORDER BY position DESC LIMIT $${values.length})
    ORDER BY position DESC`,
    values,
  }
}
