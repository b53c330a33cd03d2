/** A small chart of one figure over time: bars from nothing, the reference as a dashed line, the same numbers behind a fold. */

import {
  centred,
  type Html,
  html,
  legendEntry,
  legendWidth,
  levelMark,
  linear,
  px,
  rounded,
  textWidth,
  xAxis,
  xAxisHeight,
} from 'report-kit'
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
  const [bottom, left] = [plot + 26, 2]
  const draw = (width: number) => {
    const y = linear([0, top], [bottom, 26])
    const step = Math.min(32, (width - 4) / Math.max(1, points.length))
    const x = linear([0, 1], [left + step * 0.4, left + step * 1.4]) // the middle of a bar
    const bars = points.map(({ at, value }, i) => {
      const outline = `M${px(left + i * step)} ${bottom}V${px(Math.min(y(value), bottom - 1))}h${px(step * 0.8)}V${bottom}Z`
      return html`<path d="${outline}"><title>${at}${words.colon}${show(value)}</title></path>`
    })
    const format = (i: number) => points[i]?.at ?? ''
    const ends = points.length > 1 ? [0, points.length - 1] : [0]
    const [first, final] = [0, points.length - 1].map((i) => centred(x(i), format(i), width))
    const apart = final! - first! > (textWidth(format(0)) + textWidth(format(points.length - 1))) / 2 + 8
    // Named over the plot, where no bar is.
    const marked = (at: number) => {
      const name = words.reference(show(at))
      const place = { x: Math.max(0, width - legendWidth(name)), y: 0 }
      return html`${levelMark({ at, label: '' }, { y, left: 0, right: width })}
        ${legendEntry({ name, tone: 'ink', sign: 'dashes' }, place, width)}`
    }
    return {
      height: bottom + xAxisHeight,
      body: html`<g class="f2 t-s2">${bars}</g>
        ${xAxis({ x, ticks: apart ? ends : [0], format, bottom, width, line: [0, width] })}
        ${reference !== null && marked(reference)}`,
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
