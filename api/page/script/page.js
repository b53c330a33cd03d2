// The page without this script is whole; with it, levers answer as they move, fields are checked as they are left, forms are sent once.
import { startConnection } from './connection.js'
import { clearDrafts, startDraft } from './draft.js'
import { startForm } from './form.js'
import { startReview } from './review.js'
import { startWhatIf } from './what-if.js'

const each = (selector, start) => document.querySelectorAll(selector).forEach(start)

startConnection(document.querySelector('[data-lost]'))
each('form[data-what-if]', startWhatIf)
each('form[data-check]', startForm)
each('form[data-review]', startReview)
each('form[data-draft]', startDraft)
each('form[action="/sign-out"]', (form) => form.addEventListener('submit', clearDrafts))
each('#errors', (box) => box.focus())

each('form[method=post]', (form) => form.addEventListener('submit', () => form.classList.add('sending')))
// A page that comes back from the browser's memory may be sent again.
addEventListener('pageshow', () => each('form.sending', (form) => form.classList.remove('sending')))

each('[data-submit] select', (select) => {
  select.form.classList.add('live')
  select.addEventListener('change', () => select.form.submit())
})

each('[data-print]', (button) => {
  button.hidden = false
  button.addEventListener('click', () => window.print())
})
