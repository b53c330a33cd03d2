/** The notebook's question answered in two sentences. */
import { number, percent, points } from 'report-kit'
import { type ExternalScore, spreadOfFifths } from './external-scores.ts'
import { besideScores } from './history-lift.ts'
import { notable, type Shift } from './new-clients.ts'
import type { Portfolio } from './portfolio.ts'
import { rateOfAll } from './rate.ts'
import type { Signal } from './signals.ts'
import { portrait } from './who-applies.ts'
import { capital } from './words.ts'

/** Who applies and how many fail; then what tells most, what the histories add, how new clients differ. */
export function answer(
  portfolio: Portfolio,
  scores: readonly ExternalScore[],
  signals: readonly Signal[],
  shifts: readonly Shift[],
): string {
  const of = (trait: string) => portrait(portfolio).find((row) => row.trait === trait)?.known ?? Number.NaN
  const who = `The typical applicant is a ${of('women') > 0.5 ? 'woman' : 'man'} of ${number(of('age, median'))} with an income of ${number(of('income, median'))} who asks for ${number(of('loan, median'))}; **${percent(rateOfAll(portfolio.known).rate)}** of the known clients failed to repay.`

  const [mean, best] = [scores[scores.length - 1], signals[0]]
  if (!mean || !best) return who
  const lead =
    mean.auc >= best.auc
      ? `The external scores tell most of it (the lowest fifth defaults **${number(spreadOfFifths(mean), { digits: 1 })} times** as often as the highest)`
      : `“${capital(best.name)}” tells most of it, before the external scores`
  const { gap, clear } = besideScores(portfolio.known, signals)
  const add = clear
    ? `the histories add to them (**${points(gap)} points** of default rate among clients with the same scores)`
    : 'the histories add nothing certain to them'
  const moved = shifts.filter(({ difference }) => Math.abs(difference) >= notable).length
  const fresh =
    moved > 0
      ? `new clients differ from the known ones in ${moved} of ${shifts.length} answers`
      : 'new clients look like the known ones'
  return `${who} ${lead}, ${add}, and ${fresh}.`
}
