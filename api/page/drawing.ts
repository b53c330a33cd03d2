/** A drawing at each width the page knows (text is never scaled); the style sheet shows the widest that fits. */
import { type Html, html } from '../../pipeline/report/html.ts'

const widths = [296, 440, 640]

/** `wide` adds a drawing for a card that takes the whole page; `small` leaves out the wide ones. */
export function drawing(
  alt: string,
  draw: (width: number) => { height: number; body: Html },
  o: { wide?: boolean; small?: boolean } = {},
): Html {
  const drawings = (o.wide ? [...widths, 1080] : o.small ? widths.slice(0, 2) : widths).map((width) => {
    const { height, body } = draw(width)
    const h = Math.ceil(height)
    return html`<svg class="w${width}" width="${width}" height="${h}" viewBox="0 0 ${width} ${h}" aria-hidden="true">${body}</svg>`
  })
  return html`<div class="drawing${o.wide ? ' wide' : o.small ? ' small-drawing' : ''}" role="img" aria-label="${alt}">${drawings}</div>`
}
