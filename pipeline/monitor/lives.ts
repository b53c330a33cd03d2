/** Lives of alerts, worked out anew from the days each time: opened when a stream is beyond chance, resolved after two calm weeks, then watched anew. */
import { type Alert, alertKinds } from './alerts.ts'
import type { Day } from './application.ts'
import type { MonitorReference } from './reference.ts'
import type { Stream, StreamAlarm, Watch } from './watch.ts'
import { watchesOf } from './watches.ts'

const year = 365 // days after which a stream starts anew: what it states holds for a year
const week = 7
const calmWeeks = 2

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000

type Open = {
  readonly found: StreamAlarm
  readonly opened: string
  readonly changePoint: string
  figures: StreamAlarm['figures']
}

function livesOf(watch: Watch, days: readonly Day[]): Alert[] {
  const lives: Alert[] = []
  let [seed, began] = [1, 0]
  let stream: Stream = watch.start(seed)
  let open: Open | null = null
  let [looked, calm] = [0, 0]
  const anew = (at: number) => {
    stream = watch.start(++seed)
    began = at
  }
  const alertOf = ({ opened, changePoint, figures }: Open, resolved: string | null): Alert => ({
    code: watch.code,
    severity: alertKinds[watch.code].severity,
    opened,
    changePoint,
    resolved,
    figures,
  })
  for (const [i, day] of days.entries()) {
    if (!open) {
      if (watch.yearly && daysBetween(days[began]!.date, day.date) >= year) anew(i)
      const own = days.slice(began, i + 1)
      const found = stream.add(day, own)
      if (!found) continue
      open = { found, opened: day.last, changePoint: own[found.since - 1]?.date ?? day.date, figures: found.figures }
      looked = i + 1
      calm = 0
    } else if (daysBetween(days[looked]!.date, day.date) >= week - 1) {
      const now = watch.lasts(days.slice(looked, i + 1), open.figures)
      if (!now) continue
      looked = i + 1
      calm = now.lasts ? 0 : calm + 1
      if (now.lasts) open.figures = now.figures
      if (calm < calmWeeks) continue
      lives.push(alertOf(open, day.last))
      open = null
      anew(i + 1)
    }
  }
  return open ? [...lives, alertOf(open, null)] : lives
}

/** All lives of all alerts, newest first. */
export const alertsOf = (reference: MonitorReference, days: readonly Day[]): Alert[] =>
  watchesOf(reference)
    .flatMap((watch) => livesOf(watch, days))
    .toSorted((a, b) => (a.opened < b.opened ? 1 : a.opened > b.opened ? -1 : 0))
