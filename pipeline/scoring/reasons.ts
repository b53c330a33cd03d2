/** Reasons: the reason groups that raise or lower one client's risk most, each carried by one feature that can be said. Words: wording/. */

import type { Lang } from 'report-kit'
import { maximum } from '../data/extremes.ts'
import type { Definitions, FeatureDefinition, Words } from '../features/rules/check/definitions.ts'
import { allTables } from '../features/rules/check/sources.ts'
import type { Bundle } from './bundle.ts'
import type { ReferenceSpread } from './reference.ts'
import { type Explanation, type GroupEffect, percentagePoints, type Step } from './steps.ts'
import { raised } from './wording/format-feature-value.ts'
import { measures } from './wording/measures.ts'
import { isSayable, said, standOf } from './wording/sentence.ts'

export interface Reason {
  /**
   * The same for the same reason in every model and language: the group, a dot, and how the client stands against the reference portfolio
   * (`low`, `high`, `usual`, `none`, `yes`, `level`, `missing`; `other` where no single fact stands for the group).
   */
  readonly code: string
  /** The reason group: what the reason speaks of. */
  readonly group: string
  /** A few words. */
  readonly headline: Words
  /** One sentence with the client's own value and what is usual. */
  readonly text: Words
  /** Percentage points of the probability of default; positive raises the risk. */
  readonly attribution: number
}

/** Largest first, sensitive groups last; at most four a side. */
export interface Reasons {
  readonly against: readonly Reason[]
  readonly for: readonly Reason[]
}

/** What texts are made from: reason groups and features by name, and how the features are spread in the reference portfolio. */
export interface Catalogue {
  readonly groups: Definitions['groups']
  readonly features: ReadonlyMap<string, FeatureDefinition>
  readonly spreads: Readonly<Record<string, ReferenceSpread>>
  /** Of each feature the tables that its value is made from. */
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>
}

export const catalogueOf = ({ definitions, reference }: Pick<Bundle, 'definitions' | 'reference'>): Catalogue => ({
  groups: definitions.groups,
  features: new Map(definitions.features.map((feature) => [feature.name, feature])),
  spreads: reference.spreads,
  tables: allTables(definitions),
})

const least = 0.003 // shift of the probability below which a group is no reason
const longest = 4 // reasons a side

/**
 * At most four reasons a side, largest first; groups that shift the probability by less than 0.3 percentage points are none, and neither are those that move the risk mostly by
 * features of tables that were not supplied: what is not known of a client is no fact about them.
 */
export function reasons(
  explanation: Explanation,
  steps: readonly Step[],
  catalogue: Catalogue,
  notSupplied: ReadonlySet<string> = new Set(),
): Reasons {
  const byGroup = new Map(explanation.groups.map((one) => [one.group, one]))
  const isSensitive = ({ group }: { group: string }) => catalogue.groups[group]?.sensitive ?? false
  const side = (sign: 1 | -1): Reason[] =>
    steps
      .flatMap(({ group, shift }) => {
        const found = byGroup.get(group)
        if (!found || sign * shift < least) return []
        const effect = notSupplied.size > 0 ? knownOf(found, sign, catalogue, notSupplied) : found
        return effect ? [{ effect, group, shift }] : []
      })
      .toSorted((a, b) => sign * (b.shift - a.shift))
      .slice(0, longest)
      // Age, family and place are said last and neutrally.
      .toSorted((a, b) => Number(isSensitive(a)) - Number(isSensitive(b)))
      .map(({ effect, group, shift }) => ({
        group,
        attribution: percentagePoints(shift),
        ...worded(effect, sign, catalogue),
      }))
  return { against: side(1), for: side(-1) }
}

/** A group with those of its features that were made from what was supplied; null where the others move the risk more. */
function knownOf(
  effect: GroupEffect,
  sign: 1 | -1,
  { tables }: Catalogue,
  notSupplied: ReadonlySet<string>,
): GroupEffect | null {
  const isKnown = ({ feature }: GroupEffect['features'][number]) =>
    ![...(tables.get(feature) ?? [])].some((table) => notSupplied.has(table))
  const [known, unknown] = [effect.features.filter(isKnown), effect.features.filter((one) => !isKnown(one))]
  const moved = (features: GroupEffect['features']) =>
    features.reduce((sum, one) => sum + Math.max(0, sign * one.effect), 0)
  return moved(known) > moved(unknown) ? { ...effect, features: known } : null
}

export const groupName = (catalogue: Catalogue, group: string, language: Lang): string =>
  raised(catalogue.groups[group]?.label[language] ?? (language === 'fr' ? 'autres éléments' : 'other elements'))

function worded(effect: GroupEffect, sign: 1 | -1, catalogue: Catalogue): Pick<Reason, 'code' | 'headline' | 'text'> {
  const { group } = effect
  const name: Words = { fr: groupName(catalogue, group, 'fr'), en: groupName(catalogue, group, 'en') }
  const sensitive = catalogue.groups[group]?.sensitive ?? false
  const carrier = carrierOf(effect, sign, catalogue)
  if (!carrier || (!sensitive && !carrier.along)) return { code: `${group}.other`, headline: name, text: severalFacts }
  // What the law protects is named without a judgement, and so is a value that goes against what a client would expect.
  const plain = sensitive || carrier.order === 2
  const usual = catalogue.spreads[carrier.feature]
  const { stand, claim, text } = said(carrier.definition, carrier.value, usual, plain)
  const level = stand === 'level' ? measures[carrier.feature]?.[sign === 1 ? 'raises' : 'lowers'] : undefined
  return { code: `${group}.${stand}`, headline: plain ? name : (claim ?? level ?? name), text }
}

const severalFacts: Words = {
  fr: 'Plusieurs éléments du dossier vont dans ce sens.',
  en: 'Several facts in the file point this way.',
}

/** The feature that stands for a group: one that can be said, moved the risk the same way, tells why, and is strong. */
function carrierOf({ features }: GroupEffect, sign: 1 | -1, catalogue: Catalogue) {
  const known = features.flatMap(({ feature, value, effect }) => {
    const definition = catalogue.features.get(feature)
    if (!definition || !isSayable(definition, value)) return []
    const order = tells(definition, value, sign, catalogue.spreads[feature])
    return [{ feature, value, effect, definition, order, along: Math.sign(effect) === sign }]
  })
  const same = known.filter(({ along }) => along)
  const strongest = maximum([0, ...same.map(({ effect }) => Math.abs(effect))])
  const strong = same.filter(({ effect }) => Math.abs(effect) >= 0.1 * strongest)
  return (strong.length > 0 ? strong : known).toSorted(
    (a, b) => a.order - b.order || Math.abs(b.effect) - Math.abs(a.effect),
  )[0]
}

/** How well a value tells of a risk that rises (1) or falls (-1): 0 well, 1 it says little, 2 against what a client would expect. */
function tells(
  definition: FeatureDefinition,
  value: GroupEffect['features'][number]['value'],
  sign: 1 | -1,
  usual: ReferenceSpread | undefined,
): 0 | 1 | 2 {
  const stand = standOf(definition, value, usual)
  if (stand === 'usual') return 1
  const risk = measures[definition.name]?.risk
  if (!risk || stand === 'missing' || stand === 'level' || stand === 'yes') return 0
  return ((stand === 'high' ? 'high' : 'low') === risk) === (sign === 1) ? 0 : 2
}
