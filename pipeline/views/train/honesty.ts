/** Sections of the train page on what a form leaves open: clients without histories, answers that would pay, and whom a person reviews. */
import { html, number, percent, type Section, table } from 'report-kit'
import { maximum } from '../../data/extremes.ts'
import type { TrainingSummary } from '../../models/training-summary.ts'

const endAligned = (labels: readonly string[]) =>
  labels.map((label, i) => (i === 0 ? { label } : { label, align: 'end' as const }))

/** None where no feature reads a history. */
export function historiesSection({ without_histories: found }: TrainingSummary): Section[] {
  if (!found) return []
  const { with: known, without, default_rate: rate, weight } = found
  const row = (label: string, one: typeof known) => [
    label,
    percent(one.mean),
    percent(rate),
    number(one.ece, { digits: 4 }),
    number(one.roc_auc, { digits: 4 }),
    number(one.cost, { digits: 4 }),
    percent(one.declined, { digits: 0 }),
  ]
  return [
    {
      id: 'histories',
      title: `Without their histories clients are given a mean risk of ${percent(without.mean)}; ${percent(rate)} default`,
      body: html`${table({
        caption: 'The same clients with and without their histories, out of fold',
        columns: endAligned(['Scored', 'Mean risk', 'Default rate', 'ECE', 'ROC AUC', 'Cost', 'Declined']),
        rows: [row('with histories', known), row('without any history table', without)],
      })}
        <p>
          A client without rows in a table has none; where the table was not supplied, what reads it is missing.
          ${weight > 0 ? `Training learns from clients once more with tables masked, at a weight of ${number(weight)}.` : 'Training learns from no masked clients.'}
        </p>`,
    },
  ]
}

const ways = { blank: 'left blank', history: 'not supplied', below: 'far below training', above: 'far above training' }
/** Rows of the table; the largest gains come first. */
const shownGains = 40

/** None where no new client is declined. */
export function behaviourSection({ strategic_behaviour: found }: TrainingSummary): Section[] {
  if (!found) return []
  const sorted = found.gains.toSorted((a, b) => b.approved - a.approved)
  const paying = sorted.filter(({ approved }) => approved > found.limit)
  const worst = maximum([0, ...found.gains.map(({ unreferred }) => unreferred)])
  return [
    {
      id: 'strategic-behaviour',
      title: `Strategic behaviour: ${number(paying.length)} of ${number(sorted.length)} answers would pay; referral leaves ${percent(worst)} at most`,
      body: html`<p>
          Of ${number(found.clients)} declined new clients, the share whom an answer would approve.
          Above ${percent(found.limit, { digits: 0 })} an approval that may depend on it is referred to a person:
          the last column is what is approved all the same.
        </p>${table({
          caption: 'What leaving something out, or a value beyond training, would approve',
          columns: endAligned(['Answer', 'Approved', '95% interval', 'Referred from', 'Approved unreferred']),
          rows: sorted
            .slice(0, shownGains)
            .map(({ label, way, columns, approved, interval, from, unreferred }) => [
              `${label.en}${columns.length > 1 ? ` (${columns.length})` : ''}, ${ways[way]}`,
              percent(approved),
              `${percent(interval.lower)} to ${percent(interval.upper)}`,
              way === 'history' ? 'always' : from === null ? null : percent(from),
              percent(unreferred),
            ]),
          fold: true,
        })}`,
    },
  ]
}

/** What the grey zone holds, and what reviewing it is worth. */
export function reviewsSection({ reviews }: TrainingSummary): Section {
  const { lower, upper, threshold, share, clients, defaults, value, cost, cost_reviewed } = reviews
  const shown = (risk: number) => percent(risk, { digits: 1 })
  const interval = `${shown(threshold.lower)} to ${shown(threshold.upper)}`
  return {
    id: 'reviews',
    title:
      lower < upper
        ? `A person reviews ${percent(share, { digits: 0 })} of clients: risks from ${shown(lower)} to ${shown(upper)}`
        : 'No grey zone is set: the model decides alone',
    body: html`<p>
        The threshold's 95% bootstrap interval is ${interval}.
        ${
          lower < upper
            ? `Of ${number(clients)} clients in the band ${number(defaults)} defaulted. The model's decisions on them cost ${number(value, { digits: 2 })} each, which a review that is right saves: all reviews right would bring the cost per client from ${number(cost, { digits: 3 })} to ${number(cost_reviewed, { digits: 3 })}. A review that costs more than that does not pay.`
            : 'decision.grey_zone: interval makes it the band that a person reviews.'
        }
      </p>`,
  }
}
