/** The application form: groups of labelled controls, errors on top and beside their fields with the same words. */
import { type Html, html, number } from 'report-kit'
import type { Language } from '../language.ts'
import type { Typed } from './answers.ts'
import { boxes, boxesShown } from './declared.ts'
import { confirmedName, type Field, type FieldGroup, fields, groups, type Option } from './fields.ts'
import { typedForm } from './frame.ts'
import { texts } from './texts.ts'

export interface FormError {
  readonly column: string | null
  readonly text: string
  /** The value as typed, where a box may confirm it. */
  readonly confirm?: string
}

export interface FormView {
  readonly title: string
  readonly typed: Typed
  readonly errors: readonly FormError[]
  /** By column: unusual values, kept. */
  readonly doubts: Readonly<Record<string, string>>
  /** By group, and `history`: what the answers amount to. */
  readonly derived: Readonly<Record<string, string>>
  /** The recorded prediction or the client whose file the form starts from. */
  readonly from: string | null
  readonly client: number | null
  /** Rows of history that come with the file. */
  readonly historyRows: number
  /** Pasted, or read from files that came with errors. */
  readonly pasted: string
  readonly token: Html | null
  /** Said above the form. */
  readonly notice?: string | null
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
    return field || column === 'history' ? html`<a href="#${field ? firstId(field) : 'history'}">${text}</a>` : text
  }
  return html`<div class="summary" role="alert" tabindex="-1" id="errors">
<h2>${texts[language].form.errors(errors.length)}</h2>
<ul>${errors.map((error) => html`<li>${link(error)}</li>`)}</ul>
</div>`
}

export function applicationForm(view: FormView, language: Language): Html {
  const t = texts[language].form
  const hidden = [
    html`<input type="hidden" name="language" value="${language}">`,
    view.from !== null && html`<input type="hidden" name="from" value="${view.from}">`,
    view.client !== null && html`<input type="hidden" name="client" value="${view.client}">`,
    view.errors.length > 0 && html`<input type="hidden" name="refused" value="1">`,
  ]
  const isNew = view.from === null && view.client === null
  return html`<div class="narrow-page">
${errorSummary(view.errors, language)}
<h1>${view.title}</h1>
<p>${t.lead}</p>
${view.notice && html`<p class="doubt" role="status">${view.notice}</p>`}
${isNew && otherWays(language)}
<form method="post" action="/decisions" enctype="multipart/form-data" novalidate
  id="${typedForm}" class="application" data-check="/applications/check" data-draft>
${view.token}${hidden}
${groups.map((group) => fieldset(group, view, language))}
${historySection(view, language)}
<p><button class="main">${t.submit}</button></p>
</form>
</div>`
}

function otherWays(language: Language): Html {
  const { form, find } = texts[language]
  return html`<p class="row">
<a class="button" href="/applications/new?example=1">${form.example}</a>
<a class="button" href="/applications/paste">${find.paste}</a>
</p>`
}

const derivedLine = (name: string, view: FormView): Html =>
  html`<p class="derived small" data-derived="${name}" aria-live="polite">${view.derived[name]}</p>`

function fieldset({ legend, fields: members, derived }: FieldGroup, view: FormView, language: Language): Html {
  return html`<fieldset class="card">
<legend>${legend[language]}</legend>
${members.map((field) => control(field, view, language))}
${derived && derivedLine(derived, view)}
</fieldset>`
}

function historySection(view: FormView, language: Language): Html {
  const t = texts[language].form
  const errors = view.errors.filter(({ column }) => column === 'history')
  const wrong = errors.length > 0
  // A client's own file is known in full.
  const asks = view.client === null
  const known =
    view.historyRows > 0
      ? html`<p class="small">${t.historyOf(number(view.historyRows, { lang: language }))}</p>`
      : !asks && html`<p class="small">${t.noHistory}</p>`
  return html`<fieldset class="card history" id="history-known">
<legend>${t.history}</legend>
${known}
${asks && checkedBoxes(view, language)}
<details${(wrong || view.pasted !== '') && html` open`}>
<summary>${t.historyBring}</summary>
<div class="field${wrong && ' wrong'}" data-field="history">
<label for="history">${t.historyPaste}</label>
<p class="help" id="history-help">${t.historyHint}</p>
${wrong && html`<p class="error" id="history-error">${errors.map(({ text }) => html`${text}<br>`)}</p>`}
<textarea id="history" name="history" rows="4" spellcheck="false"
  aria-describedby="history-help${wrong && ' history-error'}"${wrong && html` aria-invalid="true"`}>${view.pasted}</textarea>
<label for="history-files">${t.historyFiles}</label>
<input id="history-files" name="files" type="file" multiple accept="${fileKinds}">
${derivedLine('history', view)}
</div>
</details>
</fieldset>`
}

const fileKinds = '.csv,.json,text/csv,application/json'

function checkedBoxes(view: FormView, language: Language): Html {
  const t = texts[language].form
  return html`<p class="help">${t.historyLead}</p>
<input type="hidden" name="${boxesShown}" value="1">
<div class="radios">${boxes.map(({ first, name }) => {
    const isTicked = view.typed[name] !== undefined
    return html`<label><input type="checkbox" name="${name}" value="1"${isTicked && html` checked`}>${t.historyChecked[first]}</label>`
  })}</div>`
}

function control(field: Field, view: FormView, language: Language): Html {
  const { column, required } = field
  const problem = view.errors.find((one) => one.column === column)
  const doubt = problem ? undefined : view.doubts[column]
  const described = [field.help && `${column}-help`, problem && `${column}-error`, doubt && `${column}-doubt`].filter(
    (id) => id,
  )
  const describedBy = described.length > 0 && html` aria-describedby="${described.join(' ')}"`
  const about = html`${problem && html` aria-invalid="true"`}${describedBy}${required && html` aria-required="true"`}`
  const label = html`${field.label[language]}${required && html` <span class="star" aria-hidden="true">*</span>`}`
  const note = (kind: 'help' | 'error' | 'doubt', text: string | undefined) =>
    text && html`<p class="${kind}" id="${column}-${kind}">${text}</p>`
  const notes = html`${note('help', field.help?.[language])}${note('error', problem?.text)}${note('doubt', doubt)}`
  const value = view.typed[column] ?? ''
  const wrong = problem && ' wrong'
  switch (field.control.kind) {
    case 'radio':
      return html`<fieldset class="field${wrong}" data-field="${column}"${describedBy}>
<legend>${label}</legend>
${notes}
<div class="radios">${field.control.options.map(
        (option, i) =>
          html`<label><input type="radio" name="${column}" id="${column}.${i}"
value="${option.value}"${option.value === value && html` checked`}>${option.text[language]}</label>`,
      )}</div>
</fieldset>`
    case 'document':
    case 'select': {
      const list = (options: readonly Option[]) =>
        options.map(
          (option) =>
            html`<option value="${option.value}"${option.value === value && html` selected`}>${option.text[language]}</option>`,
        )
      const sections = field.control.kind === 'select' ? field.control.sections : undefined
      return html`<div class="field${wrong}" data-field="${column}">
<label for="${column}">${label}</label>
${notes}
<select id="${column}" name="${column}"${about}>
<option value="">${texts[language].form.unspecified}</option>
${
  sections
    ? sections.map(
        ({ label: heading, options }) => html`<optgroup label="${heading[language]}">${list(options)}</optgroup>`,
      )
    : list(field.control.options)
}</select>
</div>`
    }
    case 'date':
    case 'month':
      return dateControl(field, view, language, label, notes, described.join(' '))
    default: {
      const unit = {
        amount: '€',
        score: '/ 100',
        count: field.control.kind === 'count' ? (field.control.unit?.[language] ?? '') : '',
      }[field.control.kind]
      const mode = field.control.kind === 'count' ? 'numeric' : 'decimal'
      const small = field.control.kind !== 'amount' && html` class="small-input"`
      return html`<div class="field${wrong}" data-field="${column}">
<label for="${column}">${label}</label>
${notes}
<span class="with-unit">
<input id="${column}" name="${column}" inputmode="${mode}" autocomplete="off" value="${value}"${about}${small}>
${unit && html`<span class="unit">${unit}</span>`}
</span>
${field.control.kind === 'score' && confirmBox(field, problem?.confirm, view, language)}
</div>`
    }
  }
}

/** Asked for where a score looks typed on another scale, and kept ticked while the value stays. */
function confirmBox({ column }: Field, asked: string | undefined, view: FormView, language: Language): Html | null {
  const name = confirmedName(column)
  const value = view.typed[column] ?? ''
  const isTicked = value !== '' && view.typed[name] === value
  if (asked === undefined && !isTicked) return null
  const text = texts[language].form.confirm(asked ?? value)
  return html`<div class="radios">
<label><input type="checkbox" name="${name}" value="${value}"${isTicked && html` checked`}>${text}</label>
</div>`
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
  const box = (part: (typeof parts)[number]) => {
    const id = `${column}.${part}`
    return html`<div>
<label for="${id}">${names[part]}</label>
<input id="${id}" name="${id}" class="${part}" inputmode="numeric" autocomplete="off"
  maxlength="${part === 'year' ? 4 : 2}" value="${view.typed[id]}"${wrong && html` aria-invalid="true"`}>
</div>`
  }
  const about = described && html` aria-describedby="${described}"`
  return html`<fieldset class="field${wrong && ' wrong'}" data-field="${column}"${about}>
<legend>${label}</legend>
${notes}
<div class="date">${parts.map(box)}</div>
</fieldset>`
}

/** The form that takes a whole file as JSON, or as files of JSON and CSV, for whoever has one. */
export function pasteForm(
  o: { text: string; errors: readonly FormError[]; token: Html | null },
  language: Language,
): Html {
  const t = texts[language].paste
  const wrong = o.errors.length > 0
  return html`<div class="narrow-page">
${errorSummary(o.errors, language)}
<h1>${t.title}</h1>
<form method="post" action="/decisions" enctype="multipart/form-data" novalidate id="${typedForm}" data-draft>
${wrong && html`<input type="hidden" name="refused" value="1">`}${o.token}<input type="hidden" name="as" value="file">
<div class="card">
<div class="field${wrong && ' wrong'}">
  <label for="json">${t.label}</label>
  <p class="help" id="json-help">${t.lead}</p>
  <textarea id="json" name="json" rows="14" spellcheck="false"
    aria-describedby="json-help"${wrong && html` aria-invalid="true"`}>${o.text}</textarea>
</div>
<div class="field">
  <label for="files">${t.file}</label>
  <p class="help" id="files-help">${t.fileHint}</p>
  <input id="files" name="files" type="file" multiple accept="${fileKinds}" aria-describedby="files-help">
</div>
</div>
<p><button class="main">${t.submit}</button></p>
</form>
</div>`
}
