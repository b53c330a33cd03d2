/** Reasons in words: the concepts that raise or lower one client's risk most, with the client's value and the usual one. */
import type { Definitions, FeatureDefinition, Words } from '../features/algebra/definitions.ts'
import type { Value } from '../portfolio/applicant.ts'
import type { Lang } from '../portfolio/numbers.ts'
import type { Bundle } from './bundle.ts'
import { levelName } from './levels.ts'
import type { Spread } from './reference.ts'
import type { ConceptEffect, Explanation, Step } from './steps.ts'
import { lowered, raised, short, written } from './written.ts'

export interface Reason {
  /** The same for the same reason in every model and language: the concept, a dot, and how the client stands (`low`, `high`, `usual`, `level`, `missing`). */
  readonly code: string
  readonly concept: string
  /** At most four words. */
  readonly claim: Words
  readonly text: Words
  /** Risk points as a share; positive raises the risk. */
  readonly points: number
}

/** Largest first, sensitive concepts last; at most four a side. */
export interface Reasons {
  readonly against: readonly Reason[]
  readonly for: readonly Reason[]
}

/** What words are made from: concepts and features by name, and how the features are spread in the reference portfolio. */
export interface Catalogue {
  readonly concepts: Definitions['concepts']
  readonly features: ReadonlyMap<string, FeatureDefinition>
  readonly spreads: Readonly<Record<string, Spread>>
}

export const catalogueOf = ({ definitions, reference }: Pick<Bundle, 'definitions' | 'reference'>): Catalogue => ({
  concepts: definitions.concepts,
  features: new Map(definitions.features.map((feature) => [feature.name, feature])),
  spreads: reference.spreads,
})

const least = 0.003 // risk points below which a concept is no reason
const longest = 4 // reasons a side

/** At most four reasons a side, largest first; concepts worth less than 0.3 points are none. */
export function reasons(explanation: Explanation, steps: readonly Step[], catalogue: Catalogue): Reasons {
  const byConcept = new Map(explanation.concepts.map((concept) => [concept.concept, concept]))
  const isSensitive = ({ concept }: { concept: string }) => catalogue.concepts[concept]?.sensitive ?? false
  const side = (sign: 1 | -1): Reason[] =>
    steps
      .flatMap(({ concept, points }) => {
        const effect = byConcept.get(concept)
        return effect && sign * points >= least ? [{ effect, concept, points }] : []
      })
      .toSorted((a, b) => sign * (b.points - a.points))
      .slice(0, longest)
      // Age, family and place are said last and neutrally.
      .toSorted((a, b) => Number(isSensitive(a)) - Number(isSensitive(b)))
      .map(({ effect, concept, points }) => ({ concept, points, ...told(effect, sign, catalogue) }))
  return { against: side(1), for: side(-1) }
}

export const conceptName = (catalogue: Catalogue, concept: string, language: Lang): string =>
  raised(catalogue.concepts[concept]?.label[language] ?? (language === 'fr' ? 'autres éléments' : 'other elements'))

const bothLanguages = (say: (language: Lang) => string): Words => ({ fr: say('fr'), en: say('en') })

function told({ concept, features }: ConceptEffect, sign: 1 | -1, catalogue: Catalogue) {
  const carrier = features.find(({ effect }) => Math.sign(effect) === sign) ?? features[0]
  const definition = carrier && catalogue.features.get(carrier.feature)
  const usual = carrier && catalogue.spreads[carrier.feature]
  return {
    code: `${concept}.${carrier ? stands(carrier.value, usual) : 'usual'}`,
    claim: bothLanguages((language) => conceptName(catalogue, concept, language)),
    text: bothLanguages((language) => (definition ? sentence(definition, carrier.value, usual, language) : '')),
  }
}

/** Where a value stands against the middle half of the reference portfolio. */
export function stands(value: Value, usual: Spread | undefined): 'low' | 'high' | 'usual' | 'level' | 'missing' {
  if (value === null) return 'missing'
  if (typeof value === 'string') return 'level'
  if (!usual) return 'usual'
  return value < usual.p25 ? 'low' : value > usual.p75 ? 'high' : 'usual'
}

/** "Mensualité rapportée aux revenus : 31 % ; d'habitude entre 12 et 23 %." */
function sentence(feature: FeatureDefinition, value: Value, usual: Spread | undefined, language: Lang): string {
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
