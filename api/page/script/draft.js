// What is typed into a form stays in this tab: back on the page, or after a reload, it is there again. Signing out clears it.

const prefix = 'typed:'

const keyOf = (at) => `${prefix}${document.documentElement.lang}:${location.pathname}${location.search}:${at}`

const isKept = ({ name, type }) => name && !['hidden', 'file', 'submit', 'button', 'password'].includes(type)

function valuesOf(form) {
  const kept = [...form.elements].filter(isKept)
  return kept.map((control) => (['radio', 'checkbox'].includes(control.type) ? control.checked : control.value))
}

function restore(form, values) {
  const kept = [...form.elements].filter(isKept)
  if (kept.length !== values.length) return
  kept.forEach((control, i) => {
    if (['radio', 'checkbox'].includes(control.type)) control.checked = values[i]
    else control.value = values[i]
  })
  form.dispatchEvent(new CustomEvent('restored'))
}

/** `at` tells the forms of one page apart. */
export function startDraft(form, at) {
  const key = keyOf(at)
  const save = () => {
    try {
      sessionStorage.setItem(key, JSON.stringify(valuesOf(form)))
    } catch {
      // A full or forbidden store: nothing is kept.
    }
  }
  form.addEventListener('input', save)
  form.addEventListener('change', save)
  const [entry] = performance.getEntriesByType('navigation')
  const values = sessionStorage.getItem(key)
  if (values && ['back_forward', 'reload'].includes(entry?.type)) restore(form, JSON.parse(values))
}

export function clearDrafts() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key)
}
