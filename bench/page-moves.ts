/** Moving a lever of the what-if in the browser: how long until the answer is painted, and whether an older answer is ever shown after a newer one. */
import type { Page } from 'playwright-core'

const lever = '#AMT_CREDIT-range'

/** Milliseconds from an `input` event to the frame after the answer stands in the box, one move after another. */
export function moves(page: Page, count: number): Promise<number[]> {
  return page.evaluate(
    async ([selector, count]) => {
      const range = document.querySelector<HTMLInputElement>(selector)!
      const form = range.form!
      const [least, most, step] = [range.min, range.max, range.step].map(Number) as [number, number, number]
      const painted = () =>
        new Promise<void>((done) => {
          const observer = new MutationObserver((changes) => {
            if (!changes.some(({ addedNodes }) => [...addedNodes].some((node) => node.nodeName === 'OUTPUT'))) return
            observer.disconnect()
            // The next frame holds the answer; what runs after it, runs after the paint.
            requestAnimationFrame(() => {
              const channel = new MessageChannel()
              channel.port1.onmessage = () => done()
              channel.port2.postMessage(0)
            })
          })
          observer.observe(form, { childList: true })
        })
      const times: number[] = []
      for (let i = 0; i < count; i++) {
        const share = (i * 0.37) % 1
        range.value = String(least + Math.round((share * (most - least)) / step) * step)
        const shown = painted()
        const start = performance.now()
        range.dispatchEvent(new Event('input', { bubbles: true }))
        await shown
        times.push(performance.now() - start)
      }
      return times
    },
    [lever, count] as const,
  )
}

/** A lever dragged without a pause, an `input` every 16 ms: how many answers were shown, and how many came after a newer one. */
export function drag(page: Page, count: number): Promise<{ shown: number; outOfOrder: number }> {
  return page.evaluate(
    async ([selector, count]) => {
      const range = document.querySelector<HTMLInputElement>(selector)!
      const form = range.form!
      const [least, step] = [Number(range.min), Number(range.step)]
      const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))
      // Which question is answered when: the page's own fetch is watched, what it brings is left as it is and shown as soon as it is read.
      const asked = globalThis.fetch
      const answered: number[] = []
      let questions = 0
      globalThis.fetch = async (...sent) => {
        const question = ++questions
        const answer = await asked(...sent)
        const text = answer.text.bind(answer)
        answer.text = async () => {
          const markup = await text()
          answered.push(question)
          return markup
        }
        return answer
      }
      let shown = 0
      const observer = new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          shown += [...addedNodes].filter(({ nodeName }) => nodeName === 'OUTPUT').length
      })
      observer.observe(form, { childList: true })
      for (let i = 0; i < count; i++) {
        range.value = String(least + (i + 1) * 4 * step)
        range.dispatchEvent(new Event('input', { bubbles: true }))
        await pause(16)
      }
      for (let waited = 0; waited < 5000 && answered.at(-1) !== questions; waited += 50) await pause(50)
      globalThis.fetch = asked
      observer.disconnect()
      const late = answered.filter((question, i) => i > 0 && question < (answered[i - 1] ?? 0)).length
      const lost = answered.at(-1) === questions && shown === answered.length ? 0 : 1
      return { shown, outOfOrder: late + lost }
    },
    [lever, count] as const,
  )
}
