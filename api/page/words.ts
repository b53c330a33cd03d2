/** A prediction in words and numbers: the verdict, the risk beside the cut-off, one applicant in a line. */

import { amount, number, percent } from 'report-kit'
import type { Row } from '../../pipeline/data/applicant.ts'
import type { Language } from '../language.ts'
import { texts } from './texts.ts'

export type Verdict = 'approved' | 'referred' | 'declined'

/** The API's decision, or `referred` where a person must look; the page computes none. */
export const verdictOf = (p: { decision: 'approved' | 'declined'; referred: boolean }): Verdict =>
  p.referred ? 'referred' : p.decision

/** One decimal, more where one would hide on which side of the cut-off the risk lies; "moins de 0,1 %" below. */
export function riskAndCutOff(risk: number, threshold: number, lang: Language): { risk: string; threshold: string } {
  let digits = 1
  const written = () => [percent(risk, { digits, lang }), percent(threshold, { digits, lang })] as const
  while (risk !== threshold && digits < 6 && written()[0] === written()[1]) digits++
  const [one, other] = written()
  const tiny = lang === 'fr' ? `moins de ${percent(0.001, { lang })}` : `less than ${percent(0.001, { lang })}`
  return { risk: risk < 0.001 && digits === 1 ? tiny : one, threshold: other }
}

/** "Sur 100 dossiers": out of 1,000 when fewer than 1 in 100. */
export function frequencyOf(risk: number): { base: number; bad: number } {
  const base = risk < 0.01 ? 1000 : 100
  return { base, bad: Math.round(risk * base) }
}

export const toneOf = { approved: 'approve', referred: 'review', declined: 'decline' } as const

/** The way to say a risk in lists: "11,4 %". */
export const listedRisk = (p: { probability: number }, language: Language): string =>
  percent(p.probability, { lang: language })

export const shownId = (id: number, lang: Language): string => number(id, { lang })

/** "crédit amortissable de 463 131 €, mensualité 23 157 € · 43 ans". */
export function loanLine(application: Row, lang: Language): string {
  const t = texts[lang]
  const amounts = (name: string) => (typeof application[name] === 'number' ? amount(application[name], { lang }) : null)
  const loan = t.loan[String(application.NAME_CONTRACT_TYPE)] ?? ''
  const credit = amounts('AMT_CREDIT')
  const annuity = amounts('AMT_ANNUITY')
  const age = ageOf(application)
  return [
    credit && (lang === 'fr' ? `${loan} de ${credit}` : `${loan} of ${credit}`),
    annuity && (lang === 'fr' ? `mensualité ${annuity}` : `instalment ${annuity}`),
    age !== null && t.years(number(age, { lang })),
  ]
    .filter((part) => part)
    .join('\u00a0· ')
}

export const ageOf = (application: Row): number | null =>
  typeof application.DAYS_BIRTH === 'number' ? Math.floor(-application.DAYS_BIRTH / 365.25) : null

/** "24/11/2026 14:05" or "24 Nov 2026, 14:05", in the lender's time zone. */
export function timeOf(iso: string, lang: Language): string {
  const options = {
    dateStyle: lang === 'fr' ? 'short' : 'medium',
    timeStyle: 'short',
    timeZone: 'Europe/Paris',
  } as const
  if (lang === 'en') return new Intl.DateTimeFormat('en-GB', options).format(new Date(iso))
  const date = {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Europe/Paris',
  } as const
  return new Intl.DateTimeFormat('fr-FR', date).format(new Date(iso)).replace(',', '')
}

/** "24/11/2026" or "24 Nov 2026" of a day YYYY-MM-DD; '' of ''. */
export function dayOf(day: string, lang: Language): string {
  if (day === '') return ''
  const month = lang === 'fr' ? '2-digit' : 'short'
  const form = { day: '2-digit', month, year: 'numeric', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', form).format(new Date(`${day}T00:00:00Z`))
}

/** Midnight in the lender's time zone of a day YYYY-MM-DD, or of a day after it: milliseconds since 1970. */
export function dayStart(day: string, later = 0): number {
  const utc = Date.parse(`${day}T00:00:00Z`) + later * 86_400_000
  const clock = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', timeZone: 'Europe/Paris' })
  return utc - Number(clock.format(new Date(utc))) * 3_600_000
}
