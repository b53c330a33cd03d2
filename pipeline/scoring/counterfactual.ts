/**
 * What would change the proposal: the smallest changes of the credit's own terms that lead to an approval. Every candidate is a whole
 * application with its raw fields changed, scored by the model through the same features as any other.
 */

import { amount, type Lang } from 'report-kit/numbers'
import type { Applicant, Row } from '../data/applicant.ts'
import type { Words } from '../features/rules/check/definitions.ts'
import { type Catalogue, groupName, type Reason } from './reasons.ts'
import type { Score, Scorer } from './scorer.ts'
import { lowered } from './wording/format-feature-value.ts'
import { withArticle } from './wording/group-article.ts'

/** What a client can change: the loan and its instalment (and so its term), the down payment, the price of the goods. */
export type Changes = Readonly<Partial<Record<'AMT_CREDIT' | 'AMT_ANNUITY' | 'AMT_GOODS_PRICE', number>>>

export interface Alternative {
  /** A smaller loan for cheaper goods, a larger down payment, another term, or the last with one of the first. */
  readonly kind: 'amount' | 'down_payment' | 'term' | 'amount_and_term' | 'down_payment_and_term'
  /** The new values of the columns that change. */
  readonly changes: Changes
  /** "Emprunter 412 000 € au lieu de 463 000 €" */
  readonly text: Words
  /** |ln| of the change of the loan plus |ln| of the change of the term: 0.1 is about ten per cent. */
  readonly distance: number
  /** What the model says of the changed application; `referred` where a grey zone lets nothing be approved outright. */
  readonly outcome: 'approved' | 'referred'
  readonly probability: number
  readonly threshold: number
}

export const changed = (applicant: Applicant, changes: Changes): Applicant => ({
  ...applicant,
  application: { ...applicant.application, ...changes },
})

const clear = 0.003 // risk below the line, so that the approval is no matter of rounding
const most = 3 // alternatives named

/** Said where no alternative holds, with the strongest reason: "… Ce sont surtout les cotes externes qui pèsent." */
export function nothingSuffices(against: readonly Pick<Reason, 'group'>[], catalogue: Catalogue): Words {
  const [first] = against
  const named = first && withArticle(first.group, groupName(catalogue, first.group, 'fr'))
  const isPlural = named?.startsWith('les ')
  const why = {
    fr: named ? ` ${isPlural ? 'Ce sont' : 'C’est'} surtout ${named} qui ${isPlural ? 'pèsent' : 'pèse'}.` : '',
    en: first ? ` The main reason: ${lowered(groupName(catalogue, first.group, 'en'))}.` : '',
  }
  return {
    fr: `Ni le montant, ni la mensualité, ni l’apport ne suffisent.${why.fr}`,
    en: `Neither the amount, nor the instalment, nor a down payment is enough.${why.en}`,
  }
}

/** Loan and term as multiples of those asked for; the price of the goods follows the loan or stays. */
interface Move {
  readonly loan: number
  readonly term: number
  readonly goods: 'follows' | 'stays'
}

interface Candidate {
  readonly move: Move
  readonly changes: Changes
  readonly distance: number
}

const loans = [0.97, 0.94, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.3]
const terms = [0.95, 1.05, 0.9, 1.1, 0.8, 1.25, 0.7, 1.4, 0.6, 1.6, 0.5, 2, 0.4]
const bothLoans = [0.95, 0.88, 0.8, 0.7, 0.6, 0.45, 0.3]
const bothTerms = [0.9, 1.12, 0.8, 1.3, 0.65, 1.6, 0.5, 0.4]
const fractions = [0.15, 0.3, 0.45, 0.6, 0.75, 0.9]

/**
 * At most three alternatives, smallest change first, of different kinds; none for who is approved already or whose history was not supplied. A coarse grid of single changes comes
 * first, then of two together where fewer than two were found; each find is brought back towards the file as far as it holds.
 */
export function alternatives(
  scorer: Pick<Scorer, 'bundle' | 'scoreMany' | 'notSupplied'>,
  applicant: Applicant,
  score: Pick<Score, 'decision' | 'referred'>,
): Alternative[] {
  if (score.decision === 'approved' && !score.referred) return []
  // No other loan makes up for a history that nobody supplied.
  if (scorer.notSupplied(applicant.history).length > 0) return []
  const { greyZone, threshold } = scorer.bundle
  const hasZone = greyZone.upper > greyZone.lower
  const approved = (one: Score) =>
    one.decision === 'approved' &&
    !one.referred &&
    one.probability <= (hasZone ? Math.min(greyZone.lower, threshold) : threshold) - clear
  const found = search(scorer, applicant, approved, 'approved')
  if (found.length > 0 || !hasZone || score.referred) return found
  return search(scorer, applicant, (one) => approved(one) || one.referred, 'referred')
}

function search(
  scorer: Pick<Scorer, 'bundle' | 'scoreMany'>,
  applicant: Applicant,
  holds: (score: Score) => boolean,
  outcome: Alternative['outcome'],
): Alternative[] {
  const { application } = applicant
  /** The candidates that hold, nearest first, with their probabilities. */
  const tried = (moves: readonly Move[]) => {
    const candidates = moves.flatMap((move) => candidateOf(application, move) ?? [])
    const scores = scorer.scoreMany(
      candidates.map(({ changes }) => changed(applicant, changes)),
      { explain: false },
    )
    return candidates
      .flatMap((candidate, i) => (holds(scores[i]!) ? [{ ...candidate, probability: scores[i]!.probability }] : []))
      .toSorted((a, b) => a.distance - b.distance)
  }
  const goods = hasOwnPrice(application) ? (['follows', 'stays'] as const) : (['follows'] as const)
  const firstOfKind = (found: ReturnType<typeof tried>) => [
    ...new Map(found.toReversed().map((one) => [kindOf(one.move), one])).values(),
  ]
  const single = firstOfKind(
    tried([
      ...goods.flatMap((how) => loans.map((loan): Move => ({ loan, term: 1, goods: how }))),
      ...terms.map((term): Move => ({ loan: 1, term, goods: 'stays' })),
    ]),
  )
  const pairs = goods.flatMap((how) =>
    bothLoans.flatMap((loan) => bothTerms.map((term): Move => ({ loan, term, goods: how }))),
  )
  const coarse = single.length >= 2 ? single : [...single, ...firstOfKind(tried(pairs))]
  return coarse
    .map((one) => tried(fractions.map((part) => towards(one.move, part)))[0] ?? one)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ move, changes, distance, probability }) => ({
      kind: kindOf(move),
      changes,
      text: textOf(kindOf(move), changes, application),
      distance,
      outcome,
      probability,
      threshold: scorer.bundle.threshold,
    }))
}

/** A move that goes only a part of the way. */
const towards = ({ loan, term, goods }: Move, part: number): Move => ({ loan: loan ** part, term: term ** part, goods })

function kindOf({ loan, term, goods }: Move): Alternative['kind'] {
  if (loan === 1) return 'term'
  const first = goods === 'stays' ? 'down_payment' : 'amount'
  return term === 1 ? first : `${first}_and_term`
}

/** A revolving loan pays for no goods, and its instalment is a fixed share of it. */
const isRevolving = ({ NAME_CONTRACT_TYPE }: Row) => NAME_CONTRACT_TYPE === 'Revolving loans'
const hasOwnPrice = (application: Row) => typeof application.AMT_GOODS_PRICE === 'number' && !isRevolving(application)

/** The amounts of a move, in round numbers and within what a lender offers; null where it is out of reach or changes nothing. */
function candidateOf(application: Row, { loan, term, goods }: Move): Candidate | null {
  const { AMT_CREDIT: credit, AMT_ANNUITY: annuity, AMT_GOODS_PRICE: price, AMT_INCOME_TOTAL: income } = application
  if (typeof credit !== 'number' || typeof annuity !== 'number' || annuity <= 0) return null
  if (isRevolving(application) && term !== 1) return null
  const round = (value: number, unit: number) => Math.round(value / unit) * unit
  const newCredit = loan === 1 ? credit : round(credit * loan, 500)
  const newAnnuity = isRevolving(application)
    ? annuity * (newCredit / credit)
    : round((annuity * newCredit) / credit / term, 50)
  const newPrice = typeof price === 'number' && goods === 'follows' ? round(price * loan, 500) : null
  const [months, newMonths] = [credit / annuity, newCredit / newAnnuity]
  // The loan, the term and the burden stay where the portfolio's loans lie, unless the file itself does not.
  if (newCredit < Math.min(credit, Math.max(45_000, credit * 0.3))) return null
  // A down payment of more than half the price is no advice.
  if (goods === 'stays' && credit - newCredit > 0.5 * Number(price ?? credit)) return null
  if (newPrice !== null && newPrice < Math.min(Number(price), 40_500)) return null
  if (newMonths < Math.min(months, 6) || newMonths > Math.max(months, 60)) return null
  if (newAnnuity < Math.min(annuity, 1_600)) return null
  if (typeof income === 'number' && newAnnuity > Math.max(annuity, 0.4 * income)) return null
  const changes: Changes = {
    ...(newCredit !== credit && { AMT_CREDIT: newCredit }),
    ...(newAnnuity !== annuity && { AMT_ANNUITY: newAnnuity }),
    ...(newPrice !== null && newPrice !== price && { AMT_GOODS_PRICE: newPrice }),
  }
  if (Object.keys(changes).length === 0 || (loan !== 1 && newCredit === credit)) return null
  // A term that only rounding moves counts as kept.
  const moved = term === 1 ? 0 : Math.abs(Math.log(newMonths / months))
  return { move: { loan, term, goods }, changes, distance: Math.abs(Math.log(newCredit / credit)) + moved }
}

function textOf(kind: Alternative['kind'], changes: Changes, application: Row): Words {
  const { AMT_CREDIT: credit, AMT_ANNUITY: annuity, AMT_GOODS_PRICE: price } = application
  const say = (fr: boolean) => {
    const lang: Lang = fr ? 'fr' : 'en'
    const money = (value: unknown) => amount(Number(value), { lang })
    const instead = (to: unknown, from: unknown) =>
      fr ? `${money(to)} au lieu de ${money(from)}` : `${money(to)} instead of ${money(from)}`
    const borrow = `${fr ? 'Emprunter' : 'Borrow'} ${instead(changes.AMT_CREDIT, credit)}`
    const goods = changes.AMT_GOODS_PRICE
    const less = money(Number(credit) - Number(changes.AMT_CREDIT))
    // What the client pays at once comes on top of a down payment that the file has already.
    const isMore = typeof price === 'number' && price > Number(credit)
    const down = fr
      ? `avec un apport de ${less}${isMore ? ' de plus' : ''}`
      : `with ${isMore ? `${less} more of a down payment` : `a down payment of ${less}`}`
    const loan = kind.startsWith('amount')
      ? `${borrow}${goods === undefined ? '' : fr ? `, pour un bien de ${money(goods)}` : `, for goods of ${money(goods)}`}`
      : `${borrow}, ${down}`
    const [now, then] = [{}, changes].map((change: Changes) =>
      Math.round(Number(change.AMT_CREDIT ?? credit) / Number(change.AMT_ANNUITY ?? annuity)),
    )
    const pace =
      now === then
        ? ''
        : fr
          ? `, sur ${then} mensualités environ au lieu de ${now}`
          : `, over about ${then} instalments instead of ${now}`
    const instalment = instead(changes.AMT_ANNUITY ?? annuity, annuity)
    if (kind === 'term') return `${fr ? 'Mensualité de' : 'An instalment of'} ${instalment}${pace}`
    if (!kind.endsWith('_and_term')) return loan
    return `${loan}, ${fr ? 'et mensualité de' : 'and an instalment of'} ${instalment}${pace}`
  }
  return { fr: say(true), en: say(false) }
}
