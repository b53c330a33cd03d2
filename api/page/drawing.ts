/** A drawing at each width the page knows (text is never scaled); the style sheet shows the widest that fits. */
import { type Html, html, px } from 'report-kit'

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
    return html`<svg class="w${width}" width="${width}" height="${h}" viewBox="0 0 ${width} ${h}">${body}</svg>`
  })
  return html`<div class="drawing${o.wide ? ' wide' : o.small ? ' small-drawing' : ''}" role="img" aria-label="${alt}">${drawings}</div>`
}

/** The box that a text takes, from `left` to `right` and from `top` to `bottom`. */
export interface TextBox {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The path of an upright line that leaves out the texts it would cross. */
export function upright(x: number, from: number, to: number, texts: readonly TextBox[]): string {
  const crossed = texts.filter(({ left, right }) => left - 3 < x && x < right + 3).toSorted((a, b) => a.top - b.top)
  let [path, at] = ['', from]
  for (const { top, bottom } of crossed) {
    if (top > at) path += `M${px(x)} ${px(at)}V${px(Math.min(top, to))}`
    at = Math.max(at, bottom)
  }
  return at < to ? `${path}M${px(x)} ${px(at)}V${px(to)}` : path
}
