/** Between the form's answers (text as typed) and the application's columns, both ways. */

import { number } from 'report-kit'
import type { Row, Value } from '../../pipeline/data/applicant.ts'
import type { Column } from '../../pipeline/data/schema/column.ts'
import type { Language } from '../language.ts'
import { documents, type Field, fields, followers } from './fields.ts'

/** What was typed, by control name; a date has `.day`, `.month` and `.year`. */
export type Typed = Readonly<Record<string, string>>

/** The language in which a form's numbers were typed: the form says it, for another tab may have switched the page's since. */
export const typedIn = ({ language }: Typed, page: Language): Language =>
  language === 'fr' || language === 'en' ? language : page

export interface Unreadable {
  readonly column: string
  readonly code: 'required' | 'unreadable'
}

const day = 86_400_000

/** The calendar day in Paris, as a whole number of days since 1970. */
export function today(now: number): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(new Date(now))
  return Math.round(Date.parse(`${parts}T00:00:00Z`) / day)
}

const written = {
  fr: { grouped: /^-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/, plain: /^-?(\d+|\d{1,3}( \d{3})+)([.,]\d+)?$/ },
  en: { grouped: /^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/, plain: /^-?(\d+|\d{1,3}( \d{3})+)(\.\d+)?$/ },
} as const

/**
 * A number as typed: "463 131,5" or "463.131,5" in French, "463,131.5" in English; null when it is none. An amount with exactly
 * three decimals is none either: "800,000" in French may be meant as eight hundred thousand. script/numbers.js reads the same.
 */
export function numberOf(text: string, language: Language, kind: 'amount' | 'number' = 'number'): number | null {
  const close = text
    .replaceAll(/[\s\u00a0\u202f]+/g, ' ')
    .replaceAll(/€|%|\beur(os?)?\b/gi, '')
    .trim()
    .replace('\u2212', '-')
  const { grouped, plain } = written[language]
  const dots = language === 'fr' ? /\./g : /,/g
  const bare = grouped.test(close) ? close.replaceAll(dots, '') : plain.test(close) ? close.replaceAll(' ', '') : ''
  if (bare === '' || (kind === 'amount' && /[.,]\d{3}$/.test(bare))) return null
  return Number(bare.replace(',', '.'))
}

const partsOf = ({ column, control }: Field): string[] =>
  control.kind === 'date'
    ? [`${column}.day`, `${column}.month`, `${column}.year`]
    : control.kind === 'month'
      ? [`${column}.month`, `${column}.year`]
      : [column]

/** How a column's value stands in the form's controls. */
export function typedOf(row: Row, now: number, language: Language): Typed {
  const start = today(now)
  return Object.fromEntries(
    fields.flatMap((field) =>
      field.control.kind === 'document'
        ? [[field.column, documentOf(row)] as const]
        : cells(field, row[field.column] ?? null, start, language),
    ),
  )
}

/** The number of the document that a file holds, 0 for none of the three, '' where it does not say. */
function documentOf(row: Row): string {
  const held = documents.find((column) => row[column] === 1)
  if (held) return held.replace('FLAG_DOCUMENT_', '')
  return documents.some((column) => row[column] === 0) ? '0' : ''
}

/** A number as a person would type it, read back by numberOf. */
export const shown = (value: number, language: Language): string =>
  number(value, {
    digits: Number.isInteger(value) ? 0 : Math.min(4, String(value).split('.')[1]?.length ?? 0),
    lang: language,
  })

/** Answers typed in one language as they are typed in the other; what cannot be read stays as it is. */
export function respelled(typed: Typed, from: Language, to: Language): Typed {
  if (from === to) return typed
  const numeric = new Map(fields.map(({ column, control }) => [column, control.kind]))
  const cell = (name: string, text: string) => {
    const kind = numeric.get(name.replace(/^confirmed\./, ''))
    if (kind !== 'amount' && kind !== 'score') return text
    const value = numberOf(text, from, kind === 'amount' ? 'amount' : 'number')
    return value === null ? text : shown(value, to)
  }
  return Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, cell(name, text)]))
}

/** Answers with their amounts as a person of that language would type them. */
export const spelled = (typed: Typed, language: Language): Typed => {
  const amounts = new Set(fields.filter(({ control }) => control.kind === 'amount').map(({ column }) => column))
  return Object.fromEntries(
    Object.entries(typed).map(([name, text]) => [name, amounts.has(name) ? shown(Number(text), language) : text]),
  )
}

function cells(field: Field, value: Value, start: number, language: Language): [string, string][] {
  const { column, control } = field
  if (value === null) return partsOf(field).map((name) => [name, ''])
  if (control.kind === 'score') return [[column, shown(Math.round(Number(value) * 1e6) / 1e4, language)]]
  if (control.kind === 'amount') return [[column, shown(Number(value), language)]]
  if (control.kind !== 'date' && control.kind !== 'month') return [[column, String(value)]]
  const date = new Date((start + Number(value)) * day)
  const parts: [string, string][] = [
    [`${column}.month`, String(date.getUTCMonth() + 1)],
    [`${column}.year`, String(date.getUTCFullYear())],
  ]
  return control.kind === 'date' ? [[`${column}.day`, String(date.getUTCDate())], ...parts] : parts
}

/**
 * The application that the form states: the file's own columns where a control was left as it was, the typed value elsewhere;
 * what is left empty is left out, and what followed from a changed answer is left to be derived again.
 */
export function applicationOf(
  typed: Typed,
  base: Row | null,
  now: number,
  language: Language,
): { application: Record<string, Value>; unreadable: Unreadable[] } {
  const start = today(now)
  const application: Record<string, Value> = { ...base }
  const unreadable: Unreadable[] = []
  const own = base ? typedOf(base, now, language) : null
  for (const field of fields) {
    const parts = partsOf(field)
    const texts = parts.map((name) => (typed[name] ?? '').trim())
    if (own && parts.every((name, i) => own[name] === texts[i])) continue
    for (const follower of followers[field.column] ?? []) delete application[follower]
    delete application[field.column]
    if (field.control.kind === 'document') {
      for (const column of documents) {
        delete application[column]
        if (texts[0] !== '') application[column] = column === `FLAG_DOCUMENT_${texts[0]}` ? 1 : 0
      }
      continue
    }
    if (texts.every((text) => text === '')) {
      if (field.required) unreadable.push({ column: field.column, code: 'required' })
      continue
    }
    const value = readFrom(field, texts, start, language)
    if (value === undefined) unreadable.push({ column: field.column, code: 'unreadable' })
    else application[field.column] = value
  }
  settle(application, unreadable, base)
  return { application, unreadable }
}

/** What the answers imply about each other in the data: no job for the retired, no goods behind a revolving loan, no age without a car. */
function settle(application: Record<string, Value>, unreadable: Unreadable[], base: Row | null): void {
  const situation = application.NAME_INCOME_TYPE
  if (situation !== base?.NAME_INCOME_TYPE && (situation === 'Pensioner' || situation === 'Unemployed'))
    for (const column of ['DAYS_EMPLOYED', 'OCCUPATION_TYPE', 'ORGANIZATION_TYPE', 'FLAG_EMP_PHONE'])
      delete application[column]
  // Without a car its age is not known; a form that hides the field still sends what was typed before.
  if (application.FLAG_OWN_CAR === 'N' && application.FLAG_OWN_CAR !== base?.FLAG_OWN_CAR)
    delete application.OWN_CAR_AGE
  const { AMT_CREDIT: credit } = application
  if (application.NAME_CONTRACT_TYPE !== 'Revolving loans' || typeof credit !== 'number') return
  if (application.AMT_GOODS_PRICE === undefined) application.AMT_GOODS_PRICE = credit
  if (application.AMT_ANNUITY === undefined) {
    application.AMT_ANNUITY = credit * 0.05
    const at = unreadable.findIndex(({ column, code }) => column === 'AMT_ANNUITY' && code === 'required')
    if (at >= 0) unreadable.splice(at, 1)
  }
}

function readFrom({ control }: Field, texts: readonly string[], start: number, language: Language): Value | undefined {
  const [text = ''] = texts
  switch (control.kind) {
    case 'radio':
    case 'select':
      return control.options.some(({ value }) => value === text)
        ? /^\d+$/.test(text)
          ? Number(text)
          : text
        : undefined
    case 'date':
      return daysFrom(texts[0], texts[1], texts[2], start)
    case 'month':
      return daysFrom('1', texts[0], texts[1], start)
    case 'score': {
      const score = numberOf(text, language)
      return score === null ? undefined : score / 100
    }
    default:
      return numberOf(text, language, control.kind === 'amount' ? 'amount' : 'number') ?? undefined
  }
}

/** Days from today to a date (negative in the past); undefined when there is no such date. */
function daysFrom(
  d: string | undefined,
  m: string | undefined,
  y: string | undefined,
  start: number,
): number | undefined {
  const [dd, mm, yyyy] = [d, m, y].map((part) => (/^\d{1,4}$/.test(part ?? '') ? Number(part) : Number.NaN)) as [
    number,
    number,
    number,
  ]
  const date = new Date(Date.UTC(yyyy, mm - 1, dd))
  const real = date.getUTCFullYear() === yyyy && date.getUTCMonth() === mm - 1 && date.getUTCDate() === dd
  return real ? Math.round(date.getTime() / day) - start : undefined
}

/** What to do at a control whose answer is missing, unreadable or beyond the column's bounds, in the form's own units. */
export function remedyOf(
  { control }: Field,
  { bounds: [low, high] }: Pick<Column, 'bounds'>,
  now: number,
  language: Language,
): string {
  const fr = language === 'fr'
  const whole = (value: number) => number(value, { lang: language })
  switch (control.kind) {
    case 'amount': {
      const least = low === 0 ? (fr ? 'de 0 € ou plus' : 'of €0 or more') : fr ? 'supérieur à 0 €' : 'above €0'
      return fr ? `indiquez un montant ${least}, par exemple 15 000.` : `enter an amount ${least}, for example 15,000.`
    }
    case 'score':
      return fr ? 'indiquez un nombre de 0 à 100.' : 'enter a number from 0 to 100.'
    case 'count': {
      const [from, to] = [whole(low ?? 0), high === null ? null : whole(high)]
      if (fr) return `indiquez un nombre entier ${to === null ? `à partir de ${from}` : `de ${from} à ${to}`}.`
      return `enter a whole number ${to === null ? `from ${from} up` : `from ${from} to ${to}`}.`
    }
    case 'date':
    case 'month': {
      const start = today(now)
      const format = new Intl.DateTimeFormat(fr ? 'fr-FR' : 'en-GB', { timeZone: 'UTC' })
      const date = (days: number) => format.format(new Date((start + days) * day))
      const [from, to] = [date(low ?? -36_890), date(high ?? 0)]
      const parts =
        control.kind === 'month'
          ? fr
            ? 'le mois et l’année en chiffres'
            : 'the month and the year in figures'
          : fr
            ? 'le jour, le mois et l’année en chiffres'
            : 'the day, the month and the year in figures'
      return fr ? `indiquez ${parts}, du ${from} au ${to}.` : `enter ${parts}, from ${from} to ${to}.`
    }
    default:
      return fr ? 'choisissez une réponse.' : 'choose an answer.'
  }
}
