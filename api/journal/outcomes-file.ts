/** Outcomes from a CSV file, by request or by client; every line that cannot be taken is named, and then none is. */

import { problemOf } from '../../pipeline/data/csv-faults.ts'
import { csvRows } from '../../pipeline/data/csv-rows.ts'
import { DataError, type Problem } from '../../pipeline/data/data-error.ts'
import type { Journal, PredictionSummary } from './journal.ts'
import { latestDay, outcomeFaults, outcomeSchema, type SentOutcome } from './outcomes.ts'

const expected = {
  requestId: 'the requestId of a recorded prediction (26 letters and digits)',
  status: 'repaid or defaulted',
  date: 'a day, YYYY-MM-DD, that is not in the future',
} as const
type Field = keyof typeof expected

/** @throws DataError with every bad line */
export async function outcomesOfFile(
  journal: Journal,
  bytes: Uint8Array,
  { file, now }: { readonly file: string; readonly now: number },
): Promise<SentOutcome[]> {
  const { names, rows, faults } = csvRows(bytes)
  if (faults.length > 0) throw new DataError(faults.map((fault) => problemOf(file, fault)))
  const at = (name: string) => names.indexOf(name)
  const [request, client, status, date] = [
    Math.max(at('requestId'), at('request_id')),
    at('client'),
    at('status'),
    at('date'),
  ]
  if (status < 0 || date < 0 || (request < 0 && client < 0))
    throw new DataError([
      { file, line: 1, expected: 'the columns status, date and requestId or client', value: names.join(', ') },
    ])
  const problems: Problem[] = []
  const sent: { readonly line: number; readonly outcome: SentOutcome }[] = []
  for (const { line, cells } of rows) {
    const cell = (place: number) => (place < 0 ? '' : (cells[place] ?? '').trim())
    const named = cell(request)
    const of = named !== '' ? { requestId: named } : await requestOf(journal, cell(client), cell(date))
    if ('problem' in of) {
      problems.push({ file, line, column: 'client', ...of.problem })
      continue
    }
    const parsed = outcomeSchema.safeParse({ requestId: of.requestId, status: cell(status), date: cell(date) })
    if (parsed.success) sent.push({ line, outcome: parsed.data })
    else
      for (const field of new Set(parsed.error.issues.map(({ path }) => path[0] as Field))) {
        const value = { requestId: of.requestId, status: cell(status), date: cell(date) }[field]
        problems.push({ file, line, column: field, expected: expected[field], value: value || 'nothing' })
      }
  }
  const outcomes = sent.map(({ outcome }) => outcome)
  for (const { index, field } of await outcomeFaults(journal, outcomes, now))
    problems.push({
      file,
      line: sent[index]!.line,
      column: field,
      expected: expected[field],
      value: outcomes[index]![field],
    })
  if (problems.length > 0) throw new DataError(problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)))
  return outcomes
}

/** The one application that a client's loan can have come from: the only one before the day, or the only approved one. */
async function requestOf(
  journal: Journal,
  client: string,
  date: string,
): Promise<{ readonly requestId: string } | { readonly problem: Pick<Problem, 'expected' | 'value'> }> {
  if (!/^[1-9]\d{0,9}$/.test(client))
    return { problem: { expected: 'a requestId, or the number of a client', value: client || 'nothing' } }
  const isDay = outcomeSchema.shape.date.safeParse(date).success
  // The day itself counts, wherever on earth it was.
  const until = isDay ? new Date(Date.parse(latestDay(Date.parse(date))) + 86_400_000).toISOString() : undefined
  const found = await journal.predictions({ client: Number(client), until, limit: 500 })
  const approved = found.filter((one) => finalDecision(one) === 'approved')
  const [one, ...others] = found.length === 1 ? found : approved
  if (!one) return { problem: { expected: 'a client with an application before that day', value: client } }
  if (others.length === 0) return { requestId: one.requestId }
  const ids = [one, ...others].map(({ requestId }) => requestId)
  return {
    problem: {
      expected: `one approved application of that client before that day; name the one meant in a column requestId (${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''})`,
      value: `client ${client} with ${ids.length}`,
    },
  }
}

const finalDecision = ({ decision, reviewDecision }: PredictionSummary) =>
  reviewDecision === null || reviewDecision === 'referred' ? decision : reviewDecision
