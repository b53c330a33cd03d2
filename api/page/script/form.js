// The application form checks itself as fields are left, by the same code that checks it when it is sent, and reads files in.

import { lost } from './connection.js'

export function startForm(form) {
  const touched = new Set()
  let flight = null

  const fieldOf = (control) => control.closest('[data-field]')

  /** One line of a field: an error or a doubt, or none. */
  function tell(field, kind, text) {
    const id = `${field.dataset.field}-${kind}`
    let line = document.getElementById(id)
    if (text && !line) {
      line = document.createElement('p')
      line.className = kind
      line.id = id
      const place = field.querySelector('.with-unit, .radios, .date, select, textarea')
      place.before(line)
    }
    if (line && !text) line.remove()
    if (line && text) line.textContent = text
    const wrong = kind === 'error' && Boolean(text)
    const described = field.matches('fieldset') ? field : field.querySelector('input, select, textarea')
    const ids = new Set((described.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean))
    if (text) ids.add(id)
    else ids.delete(id)
    if (ids.size > 0) described.setAttribute('aria-describedby', [...ids].join(' '))
    else described.removeAttribute('aria-describedby')
    if (kind === 'error') {
      field.classList.toggle('wrong', wrong)
      for (const control of field.querySelectorAll('input:not([type=radio]), select, textarea'))
        if (wrong) control.setAttribute('aria-invalid', 'true')
        else control.removeAttribute('aria-invalid')
    }
  }

  async function check() {
    flight?.abort()
    flight = new AbortController()
    try {
      const data = new FormData(form)
      const answer = await fetch(form.dataset.check, { method: 'POST', body: data, signal: flight.signal })
      if (!answer.ok) return
      const { errors, doubts, derived } = await answer.json()
      for (const field of form.querySelectorAll('[data-field]')) {
        const name = field.dataset.field
        if (!touched.has(name)) continue
        tell(field, 'error', errors[name] ?? '')
        tell(field, 'doubt', errors[name] ? '' : (doubts[name] ?? ''))
      }
      for (const line of form.querySelectorAll('[data-derived]')) line.textContent = derived[line.dataset.derived] ?? ''
    } catch (error) {
      if (error.name !== 'AbortError') lost()
    }
  }

  form.addEventListener('focusout', ({ target, relatedTarget }) => {
    const field = fieldOf(target)
    // A date is left when its last part is left.
    if (!field || field.contains(relatedTarget) || target.type === 'file') return
    if (
      [...field.querySelectorAll('input, select, textarea')].every(
        ({ value, type }) => type === 'radio' || value === '',
      )
    )
      if (!field.matches('.wrong')) return
    touched.add(field.dataset.field)
    check()
  })
  form.addEventListener('change', ({ target }) => {
    const field = fieldOf(target)
    if (!field || !['radio', 'select-one', 'file'].includes(target.type)) return
    touched.add(field.dataset.field)
    check()
  })
  for (const field of form.querySelectorAll('[data-field].wrong')) touched.add(field.dataset.field)
  form.addEventListener('restored', check)
}
