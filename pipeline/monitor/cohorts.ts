/** What became of the loans: quality by cohort of decision month as outcomes mature, and vintage curves, the credit trade's own picture. */
import { maximum } from '../data/extremes.ts'
import { costOf, expectedConfusion } from '../drift/estimated-performance.ts'
import { calibrationTests } from '../models/calibration-tests.ts'
import { aucInterval } from '../models/interval.ts'
import { shareInterval } from '../models/share-interval.ts'
import { type Application, isApproved } from './application.ts'
import { estimatedOf, windowOf } from './figures.ts'
import type { MonitorReference } from './reference.ts'

interface Estimated {
  readonly estimate: number
  readonly lower: number
  readonly upper: number
}

export interface Cohort {
  /** First day of the month of the decisions. */
  readonly month: string
  readonly applications: number
  readonly approved: number
  /** Nobody will know of them. */
  readonly declined: number
  /** Approved and old enough for an outcome to count; of them those of whom it is known, and those that defaulted. */
  readonly mature: number
  readonly outcomes: number
  readonly defaults: number
  /** Share of defaults among the outcomes with its 95% interval, and the mean risk that was stated; null without outcomes. */
  readonly rate: Estimated | null
  readonly risk: number | null
  /** ROC AUC and cost an outcome, realised and as estimated before; null without a default and a repaid loan. */
  readonly auc: Estimated | null
  readonly estimatedAuc: number | null
  readonly cost: number | null
  readonly estimatedCost: number | null
  /** Added to all log-odds so that mean risk is met (0 when right); slope of the outcome's log-odds on the stated ones (1 when right). */
  readonly inTheLarge: Estimated | null
  readonly slope: Estimated | null
}

export interface Vintage {
  readonly month: string
  readonly loans: number
  /** Share that had defaulted so many months after the decision, from 0 on, as far as the youngest loan is old. */
  readonly curve: readonly number[]
}

const day = 86_400_000
const monthDays = 365.25 / 12
const longest = 36 // months

const byMonth = (applications: readonly Application[]): [string, Application[]][] =>
  [...Map.groupBy(applications, ({ at }) => windowOf(at, 'month'))].toSorted(([a], [b]) => (a < b ? -1 : 1))

const plain = ({ estimate, lower, upper }: Estimated): Estimated => ({ estimate, lower, upper })

function cohortOf(
  month: string,
  members: readonly Application[],
  { costs }: MonitorReference,
  { maturity, now }: { maturity: number; now: number },
): Cohort {
  const approved = members.filter(isApproved)
  const mature = approved.filter(({ at }) => Date.parse(at) + maturity * day <= now)
  const known = mature.filter(({ outcome }) => outcome !== null && Date.parse(outcome.at) <= now)
  const y = known.map(({ outcome }) => (outcome?.defaulted ? 1 : 0))
  const p = known.map(({ probability }) => probability)
  const defaults = y.filter((one) => one === 1).length
  const estimated = estimatedOf(known, costs)
  const both = defaults >= 2 && known.length - defaults >= 2
  const interval = both ? aucInterval(y, p) : null
  const tests = both ? calibrationTests(y, p) : null
  const declined = known.map((one) => (one.approved ? 0 : 1))
  return {
    month,
    applications: members.length,
    approved: approved.length,
    declined: members.length - approved.length,
    mature: mature.length,
    outcomes: known.length,
    defaults,
    rate: known.length > 0 ? { estimate: defaults / known.length, ...shareInterval(defaults, known.length) } : null,
    risk: known.length > 0 ? p.reduce((a, b) => a + b, 0) / p.length : null,
    auc: interval && { estimate: interval.auc, lower: interval.lower, upper: interval.upper },
    estimatedAuc: estimated.auc,
    cost: known.length > 0 ? costOf(expectedConfusion(y, declined), costs) : null,
    estimatedCost: estimated.cost,
    inTheLarge: tests && plain(tests.in_the_large),
    slope: tests && plain(tests.slope),
  }
}

/** By month of decision, rising. `maturity`: days after which an outcome counts. */
export const cohortsOf = (
  applications: readonly Application[],
  reference: MonitorReference,
  o: { readonly maturity: number; readonly now: number },
): Cohort[] => byMonth(applications).map(([month, members]) => cohortOf(month, members, reference, o))

/** By month of decision, rising; months without an approved loan are left out. */
export const vintagesOf = (applications: readonly Application[], now: number): Vintage[] =>
  byMonth(applications).flatMap(([month, members]) => {
    const loans = members.filter(isApproved)
    if (loans.length === 0) return []
    const youngest = maximum(loans.map(({ at }) => Date.parse(at)))
    const months = Math.min(longest, Math.floor((now - youngest) / day / monthDays))
    const ages = loans.flatMap(({ at, outcome }) =>
      outcome?.defaulted ? [Math.max(0, Date.parse(outcome.date) - Date.parse(at)) / day / monthDays] : [],
    )
    const curve = Array.from({ length: months + 1 }, (_, m) => ages.filter((age) => age <= m).length / loans.length)
    return [{ month, loans: loans.length, curve }]
  })
