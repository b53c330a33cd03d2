/** What would change the proposal: the smallest changes of the credit's own terms that lead to an approval, each tried on the model itself. */
import type { Words } from '../features/algebra/definitions.ts'
import type { Applicant } from '../portfolio/applicant.ts'
import { amount, type Lang } from '../portfolio/numbers.ts'
import type { Score, Scorer } from './scorer.ts'

/** What a client can change: the loan and its instalment (and so its term), the down payment, the price of the goods. */
export type Changes = Readonly<Partial<Record<'AMT_CREDIT' | 'AMT_ANNUITY' | 'AMT_GOODS_PRICE', number>>>

export interface Alternative {
  readonly kind: 'amount' | 'instalment'
  /** The new values of the columns that change. */
  readonly changes: Changes
  /** "Emprunter 412 000 € au lieu de 463 131 €" */
  readonly text: Words
  readonly probability: number
  readonly threshold: number
}

export const changed = (applicant: Applicant, changes: Changes): Applicant => ({
  ...applicant,
  application: { ...applicant.application, ...changes },
})

const clear = 0.003 // risk below the line, so that the approval is no matter of rounding
const steps = 30
const furthest = 0.6 // the largest share that is taken off

/** Tried in growing steps; the first that is granted, not for review and clear of the line. At most one of a kind. */
export function alternatives(
  scorer: Pick<Scorer, 'bundle' | 'scoreMany'>,
  applicant: Applicant,
  score: Pick<Score, 'decision' | 'review'>,
): Alternative[] {
  if (score.decision === 'granted' && !score.review) return []
  const { AMT_CREDIT: credit, AMT_ANNUITY: annuity } = applicant.application
  if (typeof credit !== 'number' || typeof annuity !== 'number') return []
  const { greyZone, threshold } = scorer.bundle
  const target = (greyZone.upper > greyZone.lower ? Math.min(greyZone.lower, threshold) : threshold) - clear
  const down = (value: number, share: number, unit: number) =>
    Math.max(unit, Math.floor((value * (1 - share)) / unit) * unit)
  const shares = Array.from({ length: steps }, (_, i) => ((i + 1) / steps) * furthest)
  const ladders = {
    amount: shares.map((share): Changes => {
      const less = down(credit, share, 500)
      return { AMT_CREDIT: less, AMT_ANNUITY: Math.round((annuity * less) / credit) }
    }),
    instalment: shares.map((share): Changes => ({ AMT_ANNUITY: down(annuity, share, 100) })),
  }
  return (['amount', 'instalment'] as const).flatMap((kind) => {
    const tried = ladders[kind].map((changes) => changed(applicant, changes))
    const scores = scorer.scoreMany(tried, { explain: false })
    const at = scores.findIndex((one) => one.decision === 'granted' && !one.review && one.probability <= target)
    const found = scores[at]
    const changes = ladders[kind][at]!
    return found
      ? [{ kind, changes, text: textOf(kind, changes, applicant), probability: found.probability, threshold }]
      : []
  })
}

function textOf(kind: Alternative['kind'], changes: Changes, { application }: Applicant): Words {
  const money = (value: unknown, lang: Lang) => amount(Number(value), { lang })
  const column = kind === 'amount' ? 'AMT_CREDIT' : 'AMT_ANNUITY'
  const [to, from] = [changes[column], application[column]]
  return kind === 'amount'
    ? {
        fr: `Emprunter ${money(to, 'fr')} au lieu de ${money(from, 'fr')}`,
        en: `Borrow ${money(to, 'en')} instead of ${money(from, 'en')}`,
      }
    : {
        fr: `Mensualité de ${money(to, 'fr')} au lieu de ${money(from, 'fr')}`,
        en: `An instalment of ${money(to, 'en')} instead of ${money(from, 'en')}`,
      }
}
