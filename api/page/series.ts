/** A small chart of one figure over time: bars from nothing, the reference as a dashed line, the same numbers behind a fold. */

import { type Html, html, linear, px, rounded, textWidth } from 'report-kit'
import { maximum } from '../../pipeline/data/extremes.ts'
import { drawing } from './drawing.ts'

export interface Series {
  readonly title: string
  readonly points: readonly { readonly at: string; readonly value: number }[]
  readonly show: (value: number) => string
  readonly reference: number | null
  readonly words: {
    readonly last: (value: string) => string
    readonly reference: (value: string) => string
    readonly numbers: string
    readonly colon: string
  }
}

const plot = 96 // px

export function series({ title, points, show, reference, words }: Series): Html {
  const last = points.at(-1)?.value ?? 0
  const most = maximum([...points.map(({ value }) => value), reference ?? 0])
  const top = rounded([0, most || 1], 3)[1]
  // Above the highest bar, with a piece of its line, so that no bar lies behind it.
  const marked = (label: string, at: number, width: number) =>
    html`<path class="s dash t-ink thin" d="M0 ${px(at)}H${width}"/>
<path class="s dash t-ink thin" d="M${px(width - textWidth(label) - 24)} 9h18"/>
<text class="m e" x="${width}" y="14">${label}</text>`
  const ended = (at: string, from: number, width: number) =>
    html`<text class="m e" x="${px(Math.min(width, from + textWidth(at) / 2))}" y="${plot + 40}">${at}</text>`
  const draw = (width: number) => {
    const y = linear([0, top], [plot + 22, 22])
    const step = Math.min(32, (width - 4) / Math.max(1, points.length))
    const bars = points.map(({ at, value }, i) => {
      const height = px(Math.min(y(value), plot + 21))
      const outline = `M${px(2 + i * step)} ${plot + 22}V${height}h${px(step * 0.8)}V${plot + 22}Z`
      return html`<path d="${outline}"><title>${at}${words.colon}${show(value)}</title></path>`
    })
    const end = points.at(-1)
    const [first] = points
    const lastX = 2 + (points.length - 1) * step
    const label = reference === null ? '' : words.reference(show(reference))
    return {
      height: plot + 44,
      body: html`<g class="f2 t-s2">${bars}</g>
<path class="axis" d="M0 ${plot + 22}H${width}"/>
${reference !== null && marked(label, y(reference), width)}
${first && html`<text class="m" x="0" y="${plot + 40}">${first.at}</text>`}
${end && points.length > 1 && lastX - textWidth(first?.at ?? '') > 40 && ended(end.at, lastX + step * 0.8, width)}`,
    }
  }
  const sentence = `${title}. ${words.last(show(last))}${reference === null ? '' : `, ${words.reference(show(reference))}`}`
  const row = ({ at, value }: Series['points'][number]) =>
    html`<tr><th scope="row">${at}</th><td class="n">${show(value)}</td></tr>`
  return html`<figure>
<figcaption><b>${title}</b> <span class="figure">${show(last)}</span></figcaption>
${drawing(sentence, draw, { small: true })}
<details class="numbers">
<summary>${words.numbers}</summary>
<table><tbody>${points.map(row)}</tbody></table>
</details>
</figure>`
}
