/** One feature of one client in a sentence: its value, with its unit and the right plural, and what is usual in the reference portfolio. */

import { type Lang, number, percent } from 'report-kit/numbers'
import type { Value } from '../../data/applicant.ts'
import type { FeatureDefinition, Words } from '../../features/rules/check/definitions.ts'
import { isKnownLevel, levelName } from '../levels.ts'
import type { ReferenceSpread } from '../reference.ts'
import { exactDays, lowered, period, raised, short, written } from './format-feature-value.ts'
import type { Measure } from './measure.ts'
import { measures } from './measures.ts'

export type Stand = 'low' | 'high' | 'usual' | 'none' | 'yes' | 'level' | 'missing'

/** Whether a feature has words of its own, and its value too where that is a category. */
export const isSayable = ({ name }: FeatureDefinition, value: Value): boolean =>
  name in measures && (typeof value !== 'string' || isKnownLevel(value))

/** Where a value stands against the middle half of the reference portfolio; a 0 that has words of its own is `none`. */
export function standOf({ name, unit }: FeatureDefinition, value: Value, usual: ReferenceSpread | undefined): Stand {
  if (value === null) return 'missing'
  if (typeof value === 'string') return 'level'
  if (Number(value) === 0 && measures[name]?.none) return 'none'
  if (unit === 'flag') return 'yes'
  if (!usual) return 'usual'
  return Number(value) < usual.p25 ? 'low' : Number(value) > usual.p75 ? 'high' : 'usual'
}

/** How a sayable feature is said: the claim where there is one, and the sentence. `plain`: it will stand under the reason group's name. */
export function said(
  definition: FeatureDefinition,
  value: Value,
  usual: ReferenceSpread | undefined,
  plain = false,
): { stand: Stand; claim: Words | undefined; text: Words } {
  const measure = measures[definition.name] ?? { own: { fr: '{v}', en: '{v}' } }
  const stand = standOf(definition, value, usual)
  if (stand === 'none' && measure.none) return { stand, ...measure.none }
  if (stand === 'missing') return { stand, ...(measure.missing ?? notKnown(definition)) }
  const own = measure.alone && (plain || stand === 'usual') ? measure.alone : measure.own
  const claim = { low: measure.low, high: measure.high, yes: measure.high }[stand as string]
  const say = (language: Lang) => sentence(definition, { ...measure, own }, value, usual, language)
  // Each language when it is read: most readers want one.
  const text: Words = {
    get fr() {
      return say('fr')
    },
    get en() {
      return say('en')
    },
  }
  return { stand, claim, text }
}

const notKnown = ({ label }: FeatureDefinition) => ({
  claim: { fr: 'Information absente', en: 'Information missing' },
  text: { fr: `${raised(label.fr)}\u00a0: information absente.`, en: `${raised(label.en)}: not known.` },
})

/** "Elle prend 31 % des revenus ; d’habitude entre 12 et 23 %." */
function sentence(
  definition: FeatureDefinition,
  measure: Measure,
  value: Value,
  usual: ReferenceSpread | undefined,
  language: Lang,
): string {
  if (typeof value === 'string')
    return `${raised(filled(measure.own[language], 0, lowered(levelName(value, language)), language))}.`
  const own = Number(value)
  const show = showing(definition, measure, own, usual, language)
  const negative = own < 0 ? measure.negative : undefined
  const text = filled((negative ?? measure.own)[language], own, show(negative ? -own : own), language)
  const than = definition.unit === 'flag' || !usual ? '' : comparison(measure, own, usual, show, language)
  const then = language === 'en' ? '; ' : /^(contre|comme) /.test(than) ? ', ' : '\u00a0; '
  return `${raised(text)}${than && then}${than}.`
}

/** A template with the value written in, and of each noun the form that the number takes: 0 and 1 are singular in French, 1 alone in English. */
function filled(template: string, value: number, written: string, language: Lang): string {
  const size = Math.abs(value)
  const isOne = language === 'fr' ? size < 2 : size === 1
  return template
    .replace('{v}', written)
    .replace(/\{n\|([^|}]+)\|([^}]+)\}/, (_, one: string, many: string) => `${written}\u00a0${isOne ? one : many}`)
    .replaceAll(/ (?=[:;?!]( |$))/g, language === 'fr' ? '\u00a0' : ' ')
}

/** What is usual: the value of most clients where more than 60 % share it, else the quartiles, or the median where the measure says so. */
function comparison(
  measure: Measure,
  own: number,
  usual: ReferenceSpread,
  show: (value: number) => string,
  language: Lang,
): string {
  if (measure.usual?.[language] === '') return ''
  const fr = language === 'fr'
  if (usual.modeShare > 0.6) {
    if (show(usual.mode) === show(own)) return fr ? 'comme la plupart des clients' : 'like most clients'
    return fr ? `contre ${show(usual.mode)} chez la plupart des clients` : `most clients have ${show(usual.mode)}`
  }
  const [low, high] =
    usual.p25 < 0 && usual.p75 <= 0 ? [show(usual.p75), show(usual.p25)] : [show(usual.p25), show(usual.p75)]
  const middle = show(usual.p50)
  if (measure.usual)
    return measure.usual[language].replace('{m}', middle).replace('{a}', unitless(low)).replace('{b}', unitless(high))
  if (low === high) return fr ? `médiane ${middle}` : `median ${middle}`
  if (!fr) return `usually ${short(low, high)} to ${high}`
  // "entre 2 ans et 4 mois et 8 ans" would be read twice
  return / et /.test(low + high) ? `d’habitude de ${low} à ${high}` : `d’habitude entre ${short(low, high)} et ${high}`
}

/** "40 sur 100" as "40". */
const unitless = (text: string): string => text.replace(/\u00a0(sur|out of)\u00a0100$/, '')

/** Writes values as the measure wants them; shares with a decimal more where the client's would else look like a quartile that it is not. */
function showing(
  definition: FeatureDefinition,
  { as }: Measure,
  own: number,
  usual: ReferenceSpread | undefined,
  lang: Lang,
): (value: number) => string {
  const share = (digits: number) => (value: number) => percent(value, { digits: value === 0 ? 0 : digits, lang })
  if (as === 'times') return (value) => number(value, { digits: Math.abs(value) < 10 ? 1 : 0, lang })
  if (as === 'period') return (value) => period(value * 365.25, lang)
  if (as === 'exact days') return (value) => exactDays(value, lang)
  const plain = as === 'share' ? share(0) : (value: number) => written(definition, value, lang)
  if (as !== 'share' && definition.unit !== 'share' && definition.unit !== 'rate') return plain
  const hides = [usual?.p25, usual?.p75].some(
    (bound) => bound !== undefined && Math.abs(bound - own) > 1e-9 && plain(bound) === plain(own),
  )
  return hides ? share(1) : plain
}
