// The what-if answers as levers move: one request in flight, the latest values win; said aloud 500 ms after the last move.
import { found, lost } from './connection.js'
import { read, write } from './numbers.js'

export function startWhatIf(form) {
  let box = form.querySelector('output')
  const said = document.createElement('p')
  said.className = 'unseen'
  said.setAttribute('aria-live', 'polite')
  form.append(said)
  box.removeAttribute('aria-live')
  let speak = 0
  let busy = false
  let waiting = false

  const show = (markup) => {
    box.insertAdjacentHTML('afterend', markup)
    const next = box.nextElementSibling
    box.remove()
    box = next
    box.removeAttribute('aria-live')
    const errors = JSON.parse(box.dataset.errors)
    for (const [name, lever] of levers) tell(name, lever, errors[name])
    adopt.disabled = waiting || !('adoptable' in box.dataset)
    clearTimeout(speak)
    speak = setTimeout(() => {
      said.textContent = box.textContent
    }, 500)
  }

  const adopt = form.querySelector('[data-adopt]')

  /** What is wrong with a lever's value, at its field. */
  function tell(name, { number }, text) {
    const id = `${name}-error`
    const old = document.getElementById(id)
    if (!text) {
      old?.remove()
      number.removeAttribute('aria-invalid')
      number.removeAttribute('aria-describedby')
      return
    }
    const line = old ?? Object.assign(document.createElement('p'), { id, className: 'error' })
    line.textContent = text
    if (!old) number.closest('.with-unit').after(line)
    number.setAttribute('aria-invalid', 'true')
    number.setAttribute('aria-describedby', id)
  }

  /** The values go along when the language is switched. */
  function carry(query) {
    for (const link of document.querySelectorAll('.languages a')) {
      const to = new URL(link.href)
      for (const [name, value] of query) to.searchParams.set(name, value)
      link.href = to
    }
  }

  /** One question at a time, always with the latest values: while a lever is dragged each answer is shown, in order. */
  async function ask() {
    waiting = true
    // What is shown is not yet what was typed.
    adopt.disabled = true
    if (busy) return
    busy = true
    let slow = 0
    try {
      while (waiting) {
        waiting = false
        slow = setTimeout(() => box.setAttribute('aria-busy', 'true'), 150)
        const query = new URLSearchParams([...new FormData(form)].filter(([name]) => !['token', 'once'].includes(name)))
        carry(query)
        const answer = await fetch(`${form.dataset.whatIf}?${query}`, { signal: AbortSignal.timeout(10_000) })
        if (!answer.ok) throw new Error(String(answer.status))
        show(await answer.text())
        clearTimeout(slow)
        found()
      }
    } catch {
      lost()
    } finally {
      clearTimeout(slow)
      busy = false
      box.removeAttribute('aria-busy')
    }
  }

  const levers = new Map(
    [...form.querySelectorAll('.lever')].map((lever) => [
      lever.querySelector('.number').name,
      {
        own: Number(lever.dataset.own),
        kind: lever.querySelector('.unit').textContent === '€' ? 'amount' : 'number',
        number: lever.querySelector('.number'),
        range: lever.querySelector('[type=range]'),
      },
    ]),
  )

  const set = (name, value) => {
    const lever = levers.get(name)
    lever.number.value = write(value)
    lever.range.value = value
  }

  const amountOf = (name) => read(levers.get(name)?.number.value ?? '', 'amount')
  const pinned = new Set()

  /** The instalment follows the borrowed amount in proportion until somebody moves it. */
  function tie(name) {
    if (name === 'AMT_ANNUITY') pinned.add(name)
    const [credit, annuity] = [levers.get('AMT_CREDIT'), levers.get('AMT_ANNUITY')]
    if (!['AMT_CREDIT', 'down'].includes(name) || pinned.has('AMT_ANNUITY') || !credit || !annuity) return
    const borrowed = amountOf('AMT_CREDIT') - (levers.has('down') ? amountOf('down') || 0 : 0)
    if (borrowed > 0) set('AMT_ANNUITY', Math.round((annuity.own * borrowed) / credit.own))
  }

  for (const [name, { own, kind, number, range }] of levers) {
    range.hidden = false
    number.closest('.lever').classList.add('live')
    range.addEventListener('input', () => {
      // The track moves in steps; the file's own value is caught when the knob is beside it.
      const value = Math.abs(range.valueAsNumber - own) < Number(range.step) ? own : range.valueAsNumber
      number.value = write(value)
      tie(name)
      ask()
    })
    range.addEventListener('keydown', (event) => {
      const jump = { PageUp: 10, PageDown: -10 }[event.key]
      if (!jump) return
      event.preventDefault()
      range.valueAsNumber += jump * Number(range.step)
      range.dispatchEvent(new Event('input'))
    })
    number.addEventListener('input', () => {
      const value = read(number.value, kind)
      if (value >= 0) {
        range.value = value
        tie(name)
      }
      ask()
    })
  }

  form.classList.add('live')
  form.querySelector('[data-reset]').addEventListener('click', (event) => {
    event.preventDefault()
    pinned.clear()
    for (const [name, { own }] of levers) set(name, own)
    ask()
  })
}
