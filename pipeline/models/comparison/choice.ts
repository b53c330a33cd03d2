/** Which candidate serves: by the measure that decides, a rule of params.yaml, and one sentence that says why. */
import type { Choice, Outcome, Words } from './findings.ts'
import { direction, type Measure } from './measure.ts'
import { type Paired, pairedTest } from './paired.ts'

export interface ChoiceRule {
  readonly rule: string
  /** Names from simple to complex; only these can serve. */
  readonly complexity: readonly string[]
  readonly measure: Measure
}

/** How much better `one` is than `other`, fold by fold. */
function ahead(one: Outcome, other: Outcome, measure: Measure): Paired {
  const differences = one.scores.flatMap((folds, s) =>
    folds.map((score, k) => direction(measure) * (score - (other.scores[s]?.[k] as number))),
  )
  return pairedTest(differences, 1 / (one.folds - 1))
}

/**
 * `best`: the best mean. `one_standard_error` (Breiman et al. 1984): the simplest candidate that is behind the best by no more than one standard error
 * of their difference. A name: that candidate. Models that never split cannot serve. Throws for a name that is no candidate.
 */
export function chooseCandidate(outcomes: readonly Outcome[], { rule, complexity, measure }: ChoiceRule): Choice {
  const eligible = complexity.flatMap((name) => outcomes.filter((one) => one.name === name && !one.neverSplit))
  const [first, ...others] = eligible
  if (!first) throw new Error('compare.complexity: none of its candidates was compared, or none has learnt anything')
  const mean = ({ figures }: Outcome) => direction(measure) * figures[measure].mean
  const best = others.reduce((top, one) => (mean(one) > mean(top) ? one : top), first)
  const within = (one: Outcome) => {
    if (one === best) return true
    const { difference, standardError } = ahead(best, one, measure)
    return difference <= standardError
  }
  const chosen =
    rule === 'best'
      ? best
      : rule === 'one_standard_error'
        ? (eligible.find(within) as Outcome)
        : eligible.find(({ name }) => name === rule)
  if (!chosen)
    throw new Error(
      `compare.rule: expected one_standard_error, best or one of ${eligible.map(({ name }) => name).join(', ')}; found ${rule}`,
    )
  const behind = chosen === best ? null : ahead(best, chosen, measure)
  const { name, label } = chosen
  return { name, label, rule, best: best.name, behind, because: reason(chosen, best, behind, rule, measure) }
}

const namesFr: Readonly<Record<string, string>> = {
  baseline: 'taux de défaut de tous',
  scorecard: 'grille de score (WoE)',
  logistic: 'régression logistique',
  forest: 'forêt aléatoire',
  boosting_monotone: 'boosting monotone',
  boosting: 'boosting',
  blend: 'régression logistique + boosting',
}
/** A candidate's label in French. */
export const labelFr = ({ name, label }: Pick<Outcome, 'name' | 'label'>): string => namesFr[name] ?? label

const measureWords: Readonly<Record<Measure, Words>> = {
  cost: { fr: 'coût par client', en: 'cost per client' },
  roc_auc: { fr: 'ROC AUC', en: 'ROC AUC' },
  average_precision: { fr: 'précision moyenne', en: 'average precision' },
  log_loss: { fr: 'perte logarithmique', en: 'log loss' },
  brier: { fr: 'score de Brier', en: 'Brier score' },
}

const four = (value: number, lang: 'fr' | 'en'): string =>
  lang === 'fr' ? value.toFixed(4).replace('.', ',') : value.toFixed(4)

function reason(chosen: Outcome, best: Outcome, behind: Paired | null, rule: string, measure: Measure): Words {
  const figure = (one: Outcome, lang: 'fr' | 'en') =>
    `${measureWords[measure][lang]} ${four(one.figures[measure].mean, lang)}`
  if (!behind)
    return {
      fr: `${labelFr(chosen)}, car aucun autre candidat n’est meilleur (${figure(chosen, 'fr')})`,
      en: `${chosen.label}, because no other candidate is better (${figure(chosen, 'en')})`,
    }
  const gap = (lang: 'fr' | 'en') => four(behind.difference, lang)
  const error = (lang: 'fr' | 'en') => four(behind.standardError, lang)
  if (rule === 'one_standard_error')
    return {
      fr: `${labelFr(chosen)}, car c’est le candidat le plus simple à moins d’une erreur type du meilleur, ${labelFr(best)} (${figure(chosen, 'fr')} contre ${four(best.figures[measure].mean, 'fr')} ; écart ${gap('fr')}, erreur type ${error('fr')})`,
      en: `${chosen.label}, because it is the simplest candidate within one standard error of the best, ${best.label} (${figure(chosen, 'en')} against ${four(best.figures[measure].mean, 'en')}; difference ${gap('en')}, standard error ${error('en')})`,
    }
  return {
    fr: `${labelFr(chosen)}, imposé par \`compare.rule\`, bien que ${labelFr(best)} soit meilleur de ${gap('fr')} (${figure(chosen, 'fr')})`,
    en: `${chosen.label}, as \`compare.rule\` demands, although ${best.label} is better by ${gap('en')} (${figure(chosen, 'en')})`,
  }
}
