/** A feature's value as a client reads it: with its unit, in either language. */

import { amount, type Lang, number, percent } from 'report-kit/numbers'
import type { FeatureDefinition } from '../../features/rules/check/definitions.ts'

/** With a capital. */
export const raised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
export const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

/** The first of two values without the unit that both end in: "12 %", "23 %" gives "12". */
export function short(low: string, high: string): string {
  const unit = /^[\d.,\u00a0\u2212]*?\d((\u00a0(sur|out of)\u00a0100)|\D+)$/.exec(high)?.[1]
  return unit && low.endsWith(unit) ? low.slice(0, -unit.length) : low
}

/** A feature's value with its unit. */
export function written(feature: FeatureDefinition, value: number, lang: Lang): string {
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
      return counted(Math.round(Math.abs(value)), lang, 'month')
    case 'years':
      if (value === 0) return fr ? 'moins d’un an' : 'less than a year' // whole years that have passed
      return counted(value < 10 ? Math.round(value * 10) / 10 : Math.round(value), lang, 'year')
    case 'score':
      return `${plain(value * 100, 0)}\u00a0${fr ? 'sur' : 'out of'}\u00a0100`
    case 'flag':
      return value === 0 ? (fr ? 'non' : 'no') : fr ? 'oui' : 'yes'
    default:
      return plain(value)
  }
}

const nouns = {
  day: { fr: ['jour', 'jours'], en: ['day', 'days'] },
  month: { fr: ['mois', 'mois'], en: ['month', 'months'] },
  year: { fr: ['an', 'ans'], en: ['year', 'years'] },
} as const

/** A number of days, months or years, rounded already: French takes the plural from 2 on, English for all but 1. */
function counted(value: number, lang: Lang, unit: keyof typeof nouns): string {
  const isOne = lang === 'fr' ? Math.abs(value) < 2 : Math.abs(value) === 1
  return `${number(value, { digits: Number.isInteger(value) ? 0 : 1, lang })}\u00a0${nouns[unit][lang][isOne ? 0 : 1]}`
}

/** Days with a decimal below ten: a mean of days. */
export const exactDays = (days: number, lang: Lang): string =>
  counted(Math.abs(days) < 10 ? Math.round(days * 10) / 10 : Math.round(days), lang, 'day')

/** Days as a person says them: days below 60, months below two years, then years and months. */
export function period(days: number, lang: Lang): string {
  if (days < 60) return counted(Math.round(days), lang, 'day')
  const months = Math.round(days / 30.4375)
  if (months < 24) return counted(months, lang, 'month')
  const [years, rest] = [Math.floor(months / 12), months % 12]
  const whole = counted(years, lang, 'year')
  return rest === 0 || years >= 10 ? whole : `${whole} ${lang === 'fr' ? 'et ' : ''}${counted(rest, lang, 'month')}`
}
