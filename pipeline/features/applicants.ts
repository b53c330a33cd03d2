/** The clients of a portfolio's frames as applicants, one at a time as a request would bring them: what the parity tests compare. */
import type pl from 'nodejs-polars'
import type { Applicant, Row, Value } from '../data/applicant.ts'
import { historyTables } from '../data/schema/tables.ts'

/** `application`, and the history tables by name; a table that is not there was not supplied. */
export type Frames = Readonly<Record<string, pl.DataFrame>>

/** Every client of `application` with their rows, in the frames' order; keys are SK_ID_CURR. */
export function applicantsOf(frames: Frames): Map<number, Applicant> {
  const applicants = new Map<number, Applicant>()
  for (const application of rowsOf(frames.application!)) {
    const history = Object.fromEntries(historyTables.flatMap((name) => (frames[name] ? [[name, [] as Row[]]] : [])))
    applicants.set(Number(application.SK_ID_CURR), { application, history })
  }
  const clientOfLoan = new Map<Value, Value>()
  for (const name of historyTables) {
    const frame = frames[name]
    if (!frame) continue
    for (const row of rowsOf(frame)) {
      if (name === 'bureau') clientOfLoan.set(row.SK_ID_BUREAU!, row.SK_ID_CURR!)
      const client = name === 'bureau_balance' ? clientOfLoan.get(row.SK_ID_BUREAU!) : row.SK_ID_CURR
      const applicant = applicants.get(Number(client))
      if (applicant) (applicant.history[name] as Row[]).push(row)
    }
  }
  return applicants
}

/** The frame's rows as objects, column by column: toRecords takes minutes on large frames. */
function* rowsOf(frame: pl.DataFrame): Generator<Row> {
  const columns = frame.columns
  const values = columns.map((column) => frame.getColumn(column).toArray() as Value[])
  const { height } = frame // a getter that crosses into polars
  for (let index = 0; index < height; index++) {
    const row: Record<string, Value> = {}
    for (const [place, column] of columns.entries()) row[column] = values[place]![index] ?? null
    yield row
  }
}
