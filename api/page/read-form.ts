/** What a sent form says, whether it is to be scored or only checked: the application, the history, every error and doubt. */
import { append } from '../../pipeline/data/append.ts'
import type { Applicant, Row, Value } from '../../pipeline/data/applicant.ts'
import type { Service } from '../env.ts'
import { columnAt } from '../faults.ts'
import type { Language } from '../language.ts'
import { Problem } from '../problems.ts'
import { type Asked, parseRequest } from '../request.ts'
import { applicationOf, remedyOf, shown, typedIn, type Unreadable } from './answers.ts'
import { declared } from './declared.ts'
import type { Form } from './desk.ts'
import { applicationColumn, confirmedName, fields } from './fields.ts'
import type { FormError } from './form.ts'
import { type Brought, mostShown, readBack } from './histories.ts'
import { broken, derivedLines, hard, soft } from './limits.ts'
import { texts } from './texts.ts'

export interface ReadForm {
  /** What can be scored; null where there is an error. */
  readonly asked: Asked | null
  readonly errors: readonly FormError[]
  readonly doubts: Readonly<Record<string, string>>
  readonly derived: Readonly<Record<string, string>>
  /** The history that was brought, as the form's text field takes it; '' when none was. */
  readonly pasted: string
}

export interface Start {
  readonly base: Applicant | null
  /** The client whose file it is, where nothing was changed that makes it another. */
  readonly client: number | null
}

export function readForm(
  service: Service,
  form: Form,
  brought: Brought,
  { base, client }: Start,
  language: Language,
): ReadForm {
  const now = service.now()
  const { application, unreadable } = applicationOf(form, base?.application ?? null, now, typedIn(form, language))
  const errors: FormError[] = unreadable.map(({ column, code }) => ({
    column,
    text: remedyText(column, code, now, language),
  }))
  append(errors, unclearScores(form, application, base, language))
  const limits = broken(hard, application, base?.application ?? null, language)
  for (const [column, text] of Object.entries(limits))
    if (!errors.some((one) => one.column === column)) errors.push({ column, text: labelled(column, text, language) })
  append(
    errors,
    problemsOf(
      brought.problems.map((one) => one[language]),
      language,
    ),
  )
  const history = declared({ ...base?.history, ...brought.history }, form)
  let asked: Asked | null = null
  try {
    asked =
      client !== null && base && !brought.history && sameRow(application, base.application)
        ? parseRequest({ client }, service.clients)
        : parseRequest({ application, history }, service.clients)
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid-application') throw error
    const known = new Set(errors.map(({ column }) => column))
    append(
      errors,
      errorsOf(error, now, language).filter(({ column }) => column === null || !known.has(column)),
    )
  }
  return {
    asked: errors.length === 0 ? asked : null,
    errors,
    doubts: broken(soft, application, base?.application ?? null, language),
    derived: {
      ...derivedLines(application, language),
      history: readBack(history, now, language).join(' · '),
    },
    pasted: brought.history ? JSON.stringify(brought.history, null, 1) : (form.history ?? ''),
  }
}

/** An answer that is missing or cannot be read, as what to do about it. */
function remedyText(column: string, code: Unreadable['code'], now: number, language: Language): string {
  const field = fields.find((one) => one.column === column)
  if (!field) return column
  if (code === 'required' && field.ask) return field.ask[language]
  const remedy = remedyOf(field, applicationColumn(column), now, language)
  return labelled(column, code === 'required' ? remedy : texts[language].form.unreadable(remedy), language)
}

const hundredth = 0.01 // one of a hundred on the form

/** Scores below 1 of 100 that are new: typed on the scale of 0 to 1, most likely, so they are asked for until they are confirmed. */
function unclearScores(
  form: Form,
  application: Readonly<Record<string, Value>>,
  base: Applicant | null,
  language: Language,
): FormError[] {
  return fields.flatMap(({ column, control }) => {
    const value = application[column]
    if (control.kind !== 'score' || typeof value !== 'number' || value <= 0 || value >= hundredth) return []
    if (value === base?.application[column] || form[confirmedName(column)] === form[column]) return []
    const [typed, meant] = [shown(value * 100, language), shown(Math.round(value * 1e6) / 100, language)]
    return [{ column, text: labelled(column, texts[language].form.scale(typed, meant), language), confirm: typed }]
  })
}

/** The first twenty, and how many there are. */
function problemsOf(all: readonly string[], language: Language): FormError[] {
  const shown = all.slice(0, mostShown).map((text) => ({ column: 'history', text }))
  return all.length > mostShown
    ? [...shown, { column: 'history', text: texts[language].form.moreProblems(String(all.length)) }]
    : shown
}

const labelled = (column: string, text: string, language: Language): string => {
  const colon = language === 'fr' ? '\u00a0: ' : ': '
  const name = fields.find((one) => one.column === column)?.label[language].replace(/\s*\?$/, '')
  return name ? `${name}${colon}${text.charAt(0).toLowerCase()}${text.slice(1)}` : text
}

/** The faults of a refused application as errors of the form, in the form's own units. */
export function errorsOf(problem: Problem, now: number, language: Language): FormError[] {
  const colon = language === 'fr' ? '\u00a0: ' : ': '
  const all = problem.faults.map(({ pointer, code, detail }): FormError => {
    const column = columnAt(pointer)
    const inForm = pointer.startsWith('/application/')
    const field = inForm ? fields.find((one) => one.column === column?.name) : undefined
    const isOwn = (code === 'out_of_bounds' || code === 'wrong_type') && column && field
    const text = isOwn ? remedyOf(field, column, now, language) : detail[language]
    if (field) return { column: field.column, text: labelled(field.column, text, language) }
    const name = column?.label[language]
    const place = pointer.startsWith('/history/') ? placeOf(pointer, language) : (name ?? pointer)
    return {
      column: pointer.startsWith('/history/') ? 'history' : null,
      text: place === '' ? text : `${place}${colon}${text}`,
    }
  })
  const [ofForm, ofHistory] = [
    all.filter(({ column }) => column !== 'history'),
    all.filter(({ column }) => column === 'history'),
  ]
  return [
    ...ofForm,
    ...problemsOf(
      ofHistory.map(({ text }) => text),
      language,
    ),
  ]
}

/** "bureau, ligne 3, AMT_CREDIT_SUM" of /history/bureau/2/AMT_CREDIT_SUM */
function placeOf(pointer: string, language: Language): string {
  const [, , table, index, column] = pointer.split('/')
  const row = index === undefined ? '' : `, ${language === 'fr' ? 'ligne' : 'row'} ${Number(index) + 1}`
  return `${table}${row}${column ? `, ${column}` : ''}`
}

const sameRow = (a: Readonly<Record<string, Value>>, b: Row): boolean =>
  Object.keys(b).every((column) => a[column] === b[column])
