/** Reasons in words: the concepts that raise or lower one client's risk most, with the client's value and the usual one. */
import type { Definitions, FeatureDefinition } from '../pipeline/features/algebra/definitions.ts'
import type { Value } from '../pipeline/portfolio/applicant.ts'
import { amount, number, percent } from '../pipeline/report/numbers.ts'
import type { Explanation, Step } from './explanation.ts'
import type { Language } from './language.ts'
import { levelName } from './levels.ts'
import type { Reference, Spread } from './reference.ts'

export interface Reason {
  /** The concept, and the feature that carries it. */
  readonly code: string
  readonly concept: string
  /** At most four words. */
  readonly claim: string
  readonly text: string
  /** Risk points as a share; positive raises the risk. */
  readonly points: number
}

export interface Reasons {
  readonly against: readonly Reason[]
  readonly for: readonly Reason[]
}

/** Concepts and features by name, from the bundle's definitions. */
export interface Catalogue {
  readonly concepts: Definitions['concepts']
  readonly features: ReadonlyMap<string, FeatureDefinition>
}

export const catalogueOf = ({ concepts, features }: Definitions): Catalogue => ({
  concepts,
  features: new Map(features.map((feature) => [feature.name, feature])),
})

const least = 0.003 // risk points below which a concept is no reason
const longest = 4 // reasons a side

/** At most four reasons a side, largest first; concepts worth less than 0.3 points are none. */
export function reasons(
  explanation: Explanation,
  steps: readonly Step[],
  catalogue: Catalogue,
  reference: Reference | null,
  language: Language,
): Reasons {
  const byConcept = new Map(explanation.concepts.map((concept) => [concept.concept, concept]))
  const isSensitive = ({ concept }: Step) => catalogue.concepts[concept]?.sensitive ?? false
  const side = (sign: 1 | -1): Reason[] =>
    steps
      .filter(({ points, concept }) => sign * points >= least && byConcept.has(concept))
      .toSorted((a, b) => sign * (b.points - a.points))
      .slice(0, longest)
      // Age, family and place are said last and neutrally.
      .toSorted((a, b) => Number(isSensitive(a)) - Number(isSensitive(b)))
      .map(({ concept, points }) => {
        const features = byConcept.get(concept)?.features ?? []
        const carrier = features.find(({ effect }) => Math.sign(effect) === sign) ?? features[0]
        const definition = carrier && catalogue.features.get(carrier.feature)
        return {
          code: carrier ? `${concept}.${carrier.feature}` : concept,
          concept,
          claim: conceptName(catalogue, concept, language),
          text:
            carrier && definition
              ? sentence(definition, carrier.value, reference?.spread(carrier.feature), language)
              : '',
          points,
        }
      })
  return { against: side(1), for: side(-1) }
}

export const conceptName = (catalogue: Catalogue, concept: string, language: Language): string =>
  raised(catalogue.concepts[concept]?.label[language] ?? (language === 'fr' ? 'autres éléments' : 'other elements'))

/** "Mensualité rapportée aux revenus : 31 % ; d'habitude entre 12 et 23 %." */
function sentence(feature: FeatureDefinition, value: Value, usual: Spread | undefined, language: Language): string {
  const fr = language === 'fr'
  const label = raised(feature.label[language])
  const colon = fr ? '\u00a0: ' : ': '
  if (value === null) return `${label}${colon}${fr ? 'information absente' : 'not known'}.`
  if (typeof value === 'string') return `${label}${colon}${lowered(levelName(value, language))}.`
  const show = (v: number) => written(feature, v, language)
  const own = `${label}${colon}${show(value)}`
  if (!usual || feature.unit === 'flag') return `${own}.`
  const then = fr ? '\u00a0; ' : '; '
  if (usual.modeShare > 0.6 && usual.mode !== value)
    return `${own}${then}${fr ? `${show(usual.mode)} chez la plupart des clients` : `${show(usual.mode)} for most clients`}.`
  const [low, high] = [usual.p25, usual.p75].toSorted((a, b) =>
    feature.unit === 'days' ? Math.abs(a) - Math.abs(b) : a - b,
  ) as [number, number]
  if (show(low) === show(high)) return `${own}${then}${fr ? 'médiane' : 'median'} ${show(usual.p50)}.`
  const from = short(show(low), show(high))
  if (!fr) return `${own}${then}usually ${from} to ${show(high)}.`
  // "entre 2 ans et 4 mois et 8 ans" would be read twice
  if (feature.unit === 'days') return `${own}${then}d’habitude de ${from} à ${show(high)}.`
  return `${own}${then}d’habitude entre ${from} et ${show(high)}.`
}

/** With a capital. */
export const raised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

/** The first of two values without the unit that both end in: "12 %", "23 %" gives "12". */
function short(low: string, high: string): string {
  const unit = /^[\d.,\u00a0\u2212]*?\d((\u00a0(sur|out of)\u00a0100)|\D+)$/.exec(high)?.[1]
  return unit && low.endsWith(unit) ? low.slice(0, -unit.length) : low
}

/** A feature's value with its unit. */
export function written(feature: FeatureDefinition, value: number, lang: Language): string {
  const fr = lang === 'fr'
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2
  const plain = (x: number, d = digits) => number(x, { digits: d, lang })
  switch (feature.unit) {
    case 'share':
    case 'rate':
      return percent(value, { digits: Math.abs(value) < 0.1 && value !== 0 ? 1 : 0, lang })
    case 'amount':
      return amount(value, { lang })
    case 'days':
      return period(Math.abs(value), lang)
    case 'months':
      return `${plain(Math.abs(value), 0)}\u00a0${fr ? 'mois' : 'months'}`
    case 'years':
      return `${plain(value, value < 10 && !Number.isInteger(value) ? 1 : 0)}\u00a0${fr ? 'ans' : 'years'}`
    case 'score':
      return `${plain(value * 100, 0)}\u00a0${fr ? 'sur' : 'out of'}\u00a0100`
    case 'flag':
      return value === 0 ? (fr ? 'non' : 'no') : fr ? 'oui' : 'yes'
    default:
      return plain(value)
  }
}

/** Days as a person says them: days below 60, months below two years, then years and months. */
export function period(days: number, lang: Language): string {
  const fr = lang === 'fr'
  const plural = (n: number, one: string, many: string) =>
    `${number(n, { lang })}\u00a0${n === 1 || (fr && n === 0) ? one : many}`
  if (days < 60) return plural(Math.round(days), fr ? 'jour' : 'day', fr ? 'jours' : 'days')
  const months = Math.round(days / 30.4375)
  if (months < 24) return plural(months, fr ? 'mois' : 'month', fr ? 'mois' : 'months')
  const [years, rest] = [Math.floor(months / 12), months % 12]
  const whole = plural(years, fr ? 'an' : 'year', fr ? 'ans' : 'years')
  return rest === 0 || years >= 10
    ? whole
    : `${whole} ${fr ? 'et ' : ''}${plural(rest, fr ? 'mois' : 'month', fr ? 'mois' : 'months')}`
}
