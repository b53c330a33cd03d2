// When the server is gone: a banner says since when the values are old, what would be sent is held back, until it answers again.

const every = 15_000 // milliseconds between two looks while all is well
const again = 2_000 // while it is not

let banner = null
let seen = new Date()
let timer = 0

const time = () => seen.toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })

function show(lost) {
  if (lost === !banner.hidden) return
  banner.textContent = lost ? banner.dataset.lost.replace('{time}', time()) : ''
  banner.hidden = !lost
  document.querySelectorAll('main form').forEach((form) => {
    form.inert = lost
  })
}

async function look() {
  clearTimeout(timer)
  if (document.hidden) return
  try {
    const answer = await fetch('/health/ready', { cache: 'no-store', signal: AbortSignal.timeout(5000) })
    // A journal that does not answer is said by the page that needs it; here the question is whether anybody answers.
    if (answer.status !== 503) seen = new Date()
    show(false)
  } catch {
    show(true)
  }
  timer = setTimeout(look, banner.hidden ? every : again)
}

/** To be called when a request found nobody. */
export function lost() {
  show(true)
  clearTimeout(timer)
  timer = setTimeout(look, again)
}

/** A request was answered. */
export function found() {
  seen = new Date()
  show(false)
}

export function startConnection(box) {
  banner = box
  addEventListener('offline', lost)
  addEventListener('online', look)
  document.addEventListener('visibilitychange', look)
  timer = setTimeout(look, every)
}
