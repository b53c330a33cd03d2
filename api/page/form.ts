/** The application form: groups of labelled controls, errors on top and beside their fields with the same words. */
import { type Html, html } from '../../pipeline/report/html.ts'
import type { Language } from '../language.ts'
import type { Typed } from './answers.ts'
import { type Field, fields, groups } from './fields.ts'
import { texts } from './texts.ts'

export interface FormError {
  readonly column: string | null
  readonly text: string
}

export interface FormView {
  readonly title: string
  readonly typed: Typed
  readonly errors: readonly FormError[]
  /** The recorded prediction or the client whose file the form starts from. */
  readonly from: string | null
  readonly client: number | null
  readonly historyRows: number
  readonly token: Html | null
}

const firstId = ({ column, control }: Field): string =>
  control.kind === 'date'
    ? `${column}.day`
    : control.kind === 'month'
      ? `${column}.month`
      : control.kind === 'radio'
        ? `${column}.0`
        : column

/** The box above a page that could not be accepted; it takes the focus, each line leads to its field. */
export function errorSummary(errors: readonly FormError[], language: Language): Html | null {
  if (errors.length === 0) return null
  const link = ({ column, text }: FormError) => {
    const field = fields.find((one) => one.column === column)
    return field ? html`<a href="#${firstId(field)}">${text}</a>` : text
  }
  return html`<div class="summary" role="alert" tabindex="-1" id="errors"><h2>${texts[language].form.errors(errors.length)}</h2><ul>${errors.map((error) => html`<li>${link(error)}</li>`)}</ul></div>`
}

export function applicationForm(view: FormView, language: Language): Html {
  const t = texts[language].form
  const hidden = [
    view.from !== null && html`<input type="hidden" name="from" value="${view.from}">`,
    view.client !== null && html`<input type="hidden" name="client" value="${view.client}">`,
  ]
  return html`<div class="narrow-page">${errorSummary(view.errors, language)}
<h1>${view.title}</h1>
<p>${t.lead}</p>
${view.from === null && view.client === null && html`<p class="row"><a class="button" href="/applications/new?example=1">${t.example}</a><a class="button" href="/applications/paste">${texts[language].find.paste}</a></p>`}
<form method="post" action="/decisions" novalidate class="application">${view.token}${hidden}
${groups.map(({ legend, fields: members }) => html`<fieldset class="card"><legend>${legend[language]}</legend>${members.map((field) => control(field, view, language))}</fieldset>`)}
<p class="small">${view.historyRows > 0 ? t.historyOf(String(view.historyRows)) : t.noHistory}</p>
<p><button class="main">${t.submit}</button></p>
</form></div>`
}

function control(field: Field, view: FormView, language: Language): Html {
  const { column, required } = field
  const problem = view.errors.find((one) => one.column === column)
  const described = [field.help && `${column}-help`, problem && `${column}-error`].filter((id) => id)
  const about = html`${problem && html` aria-invalid="true"`}${described.length > 0 && html` aria-describedby="${described.join(' ')}"`}${required && html` aria-required="true"`}`
  const label = html`${field.label[language]}${required && html` <span class="star" aria-hidden="true">*</span>`}`
  const notes = html`${field.help && html`<p class="help" id="${column}-help">${field.help[language]}</p>`}${problem && html`<p class="error" id="${column}-error">${problem.text}</p>`}`
  const value = view.typed[column] ?? ''
  switch (field.control.kind) {
    case 'radio':
      return html`<fieldset class="field${problem && ' wrong'}"${described.length > 0 && html` aria-describedby="${described.join(' ')}"`}><legend>${label}</legend>${notes}<div class="radios">${field.control.options.map(
        (option, i) =>
          html`<label><input type="radio" name="${column}" id="${column}.${i}" value="${option.value}"${option.value === value && html` checked`}>${option.text[language]}</label>`,
      )}</div></fieldset>`
    case 'select':
      return html`<div class="field${problem && ' wrong'}"><label for="${column}">${label}</label>${notes}<select id="${column}" name="${column}"${about}><option value="">${texts[language].form.unspecified}</option>${field.control.options.map(
        (option) =>
          html`<option value="${option.value}"${option.value === value && html` selected`}>${option.text[language]}</option>`,
      )}</select></div>`
    case 'date':
    case 'month':
      return dateControl(field, view, language, label, notes, described.join(' '))
    default: {
      const unit = {
        amount: '€',
        score: '/ 100',
        count: field.control.kind === 'count' ? (field.control.unit?.[language] ?? '') : '',
      }[field.control.kind]
      return html`<div class="field${problem && ' wrong'}"><label for="${column}">${label}</label>${notes}<span class="with-unit"><input id="${column}" name="${column}" inputmode="decimal" autocomplete="off" value="${value}"${about}${field.control.kind !== 'amount' && html` class="small-input"`}>${unit && html`<span class="unit">${unit}</span>`}</span></div>`
    }
  }
}

function dateControl(
  field: Field,
  view: FormView,
  language: Language,
  label: Html,
  notes: Html,
  described: string,
): Html {
  const t = texts[language].form
  const { column } = field
  const wrong = view.errors.some((one) => one.column === column)
  const names = { day: t.day, month: t.month, year: t.year }
  const parts = field.control.kind === 'date' ? (['day', 'month', 'year'] as const) : (['month', 'year'] as const)
  return html`<fieldset class="field${wrong && ' wrong'}"${described && html` aria-describedby="${described}"`}><legend>${label}</legend>${notes}<div class="date">${parts.map(
    (part) =>
      html`<div><label for="${column}.${part}">${names[part]}</label><input id="${column}.${part}" name="${column}.${part}" inputmode="numeric" autocomplete="off" maxlength="${part === 'year' ? 4 : 2}" class="${part}" value="${view.typed[`${column}.${part}`]}"${wrong && html` aria-invalid="true"`}></div>`,
  )}</div></fieldset>`
}

/** The form that takes a whole file as JSON, for whoever has one. */
export function pasteForm(
  o: { text: string; errors: readonly FormError[]; token: Html | null },
  language: Language,
): Html {
  const t = texts[language].paste
  return html`<div class="narrow-page">${errorSummary(o.errors, language)}<h1>${t.title}</h1>
<form method="post" action="/decisions" novalidate>${o.token}<div class="card"><div class="field${o.errors.length > 0 && ' wrong'}"><label for="json">${t.label}</label><p class="help" id="json-help">${t.lead}</p><textarea id="json" name="json" rows="16" spellcheck="false" aria-describedby="json-help"${o.errors.length > 0 && html` aria-invalid="true"`}>${o.text}</textarea></div>
<div class="field" data-file hidden><label for="file">${t.file}</label><input id="file" type="file" accept="application/json,.json"></div></div>
<p><button class="main">${t.submit}</button></p></form></div>`
}
