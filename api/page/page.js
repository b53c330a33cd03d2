// The page without this script is whole; with it, levers answer as they move, forms are sent once, a file can be read in.

const form = document.querySelector('form[data-what-if]')
if (form) startWhatIf(form)

for (const box of document.querySelectorAll('#errors')) box.focus()

for (const sent of document.querySelectorAll('form[method=post]'))
  sent.addEventListener('submit', () => sent.classList.add('sending'))

for (const select of document.querySelectorAll('[data-submit] select')) {
  select.form.classList.add('live')
  select.addEventListener('change', () => select.form.submit())
}

const file = document.querySelector('[data-file]')
if (file) {
  file.hidden = false
  file.querySelector('input').addEventListener('change', async (event) => {
    const [chosen] = event.target.files
    if (chosen) document.querySelector('#json').value = await chosen.text()
  })
}

const print = document.querySelector('[data-print]')
if (print) {
  print.hidden = false
  print.addEventListener('click', () => window.print())
}

/** One request in flight, the latest values win; the box is dimmed after 150 ms and said aloud 500 ms after the last move. */
function startWhatIf(form) {
  let box = form.querySelector('output')
  const first = box.outerHTML
  const said = document.createElement('p')
  said.className = 'unseen'
  said.setAttribute('aria-live', 'polite')
  form.append(said)
  box.removeAttribute('aria-live')
  let flight = null
  let speak = 0

  const french = document.documentElement.lang === 'fr'
  const grouped = new Intl.NumberFormat(french ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 2 })
  const write = (value) => grouped.format(value).replaceAll('\u202f', '\u00a0')
  const read = (text) => {
    const close = text.replace(/[\s\u00a0\u202f]/g, '')
    return Number(french ? close.replace(',', '.') : close.replaceAll(/,(?=\d{3}(\D|$))/g, ''))
  }
  const pinned = new Set()

  const show = (markup) => {
    box.insertAdjacentHTML('afterend', markup)
    const next = box.nextElementSibling
    box.remove()
    box = next
    box.removeAttribute('aria-live')
    clearTimeout(speak)
    speak = setTimeout(() => {
      said.textContent = box.textContent
    }, 500)
  }

  async function ask() {
    flight?.abort()
    flight = new AbortController()
    const { signal } = flight
    const slow = setTimeout(() => box.setAttribute('aria-busy', 'true'), 150)
    const query = new URLSearchParams([...new FormData(form)].filter(([name]) => name !== 'token'))
    try {
      const answer = await fetch(`${form.dataset.whatIf}?${query}`, { signal })
      if (!answer.ok) throw new Error(String(answer.status))
      show(await answer.text())
      lost(false)
    } catch (error) {
      if (error.name !== 'AbortError') lost(true)
    } finally {
      clearTimeout(slow)
      if (!signal.aborted) box.removeAttribute('aria-busy')
    }
  }

  function lost(is) {
    let notice = form.querySelector('.lost')
    if (is && !notice) {
      notice = document.createElement('p')
      notice.className = 'lost'
      notice.setAttribute('role', 'status')
      notice.textContent = form.dataset.lost
      box.before(notice)
    }
    if (!is) notice?.remove()
  }

  const levers = new Map(
    [...form.querySelectorAll('.lever')].map((lever) => [
      lever.querySelector('.number').name,
      {
        own: Number(lever.dataset.own),
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

  /** The instalment follows the amount in proportion until somebody moves it. */
  function tie(name) {
    if (name === 'AMT_ANNUITY') pinned.add(name)
    const [credit, annuity] = [levers.get('AMT_CREDIT'), levers.get('AMT_ANNUITY')]
    if (name !== 'AMT_CREDIT' || pinned.has('AMT_ANNUITY') || !credit || !annuity) return
    const value = read(credit.number.value)
    if (value > 0) set('AMT_ANNUITY', Math.round((annuity.own * value) / credit.own))
  }

  for (const [name, { own, number, range }] of levers) {
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
      const value = read(number.value)
      if (!(value > 0)) return
      range.value = value
      tie(name)
      ask()
    })
  }

  form.classList.add('live')
  form.querySelector('[data-reset]').addEventListener('click', (event) => {
    event.preventDefault()
    flight?.abort()
    pinned.clear()
    for (const [name, { own }] of levers) set(name, own)
    show(first)
    lost(false)
  })
}
