// Deciding with one click and ten seconds to take it back: nothing is recorded before they are over or the page is left.
// The reason for overriding the proposal is asked for in a dialog.

const grace = 10 // seconds

/** Shows what is wrong with a control, or that nothing is; gives whether something is. */
function mark(control, name, text) {
  const id = `${name}-error`
  const old = document.getElementById(id)
  const line = old ?? Object.assign(document.createElement('p'), { id, className: 'error' })
  line.textContent = text || ''
  if (!text) line.remove()
  else if (!old) control.matches('fieldset') ? control.querySelector('legend').after(line) : control.before(line)
  if (text) control.setAttribute('aria-describedby', id)
  else control.removeAttribute('aria-describedby')
  if (!control.matches('fieldset')) control.toggleAttribute('aria-invalid', Boolean(text))
  if (text && !control.matches('fieldset')) control.setAttribute('aria-invalid', 'true')
  return Boolean(text)
}

export function startReview(form) {
  const dialog = document.querySelector('dialog[data-override]')
  let choice = null
  let timer = 0
  const notice = form.parentElement.querySelector('[data-undo]')
  const [said, undo] = [notice.querySelector('[data-said]'), notice.querySelector('[data-take-back]')]

  const dataOf = () => {
    const data = new FormData(form)
    data.set('decision', choice.value)
    return new URLSearchParams(data)
  }

  function end() {
    clearInterval(timer)
    notice.hidden = true
    form.hidden = false
  }

  function take(button) {
    choice = button
    let left = grace
    const say = () => {
      said.textContent = notice.dataset.text.replace('{choice}', button.dataset.done).replace('{n}', left)
    }
    say()
    notice.hidden = false
    form.hidden = true
    undo.focus()
    timer = setInterval(() => {
      left--
      if (left > 0) return say()
      clearInterval(timer)
      const sent = document.createElement('input')
      Object.assign(sent, { type: 'hidden', name: 'decision', value: choice.value })
      choice = null
      form.append(sent)
      form.submit()
    }, 1000)
  }

  undo.addEventListener('click', () => {
    const button = choice
    choice = null
    end()
    button?.focus()
  })
  // Whoever leaves meanwhile has decided.
  addEventListener('pagehide', () => {
    if (choice) navigator.sendBeacon(form.action, dataOf())
    choice = null
    end()
  })

  form.addEventListener('submit', (event) => {
    const button = event.submitter
    if (!button?.value) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (!('differs' in button.dataset)) return take(button)
    dialog.querySelector('[name=decision]').value = button.value
    dialog.querySelector('[data-claim]').textContent = button.dataset.claim
    dialog.showModal()
  })
  // Asked in the page's language, not in the browser's.
  const override = dialog.querySelector('form')
  override.addEventListener('submit', (event) => {
    const text = override.elements.namedItem('text')
    const wrong = [
      [override.querySelector('fieldset'), 'code', !new FormData(override).get('code')],
      [text, 'text', text.value.trim().length < text.minLength],
    ].filter(([control, name, isWrong]) => mark(control, name, isWrong && override.dataset[`${name}Error`]))
    if (wrong.length === 0) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const [[first]] = wrong
    ;(first.querySelector('input') ?? first).focus()
  })
  dialog.querySelector('[data-close]').addEventListener('click', (event) => {
    event.preventDefault()
    dialog.close()
  })
}
