/** From a typical client's risk to this one's, one theme a step: increases first, then decreases, so no level goes below zero. */

import {
  bar,
  centred,
  type Html,
  html,
  largestParts,
  linear,
  nameColumn,
  number,
  percent,
  points,
  px,
  roundToSum,
  rowName,
  textBox,
  upright,
} from 'report-kit'
import { maximum } from '../../pipeline/data/extremes.ts'
import { type Catalogue, groupName } from '../../pipeline/scoring/reasons.ts'
import type { Step } from '../../pipeline/scoring/steps.ts'
import type { Language } from '../language.ts'
import { drawing } from './drawing.ts'
import { texts } from './texts.ts'

interface Bar {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly label: string
  readonly tone: 'muted' | 'ink' | 'up' | 'down'
}

/** The largest groups and the rest as one; increases first, then decreases, the largest first and the rest last of its side. */
export function ordered(steps: readonly Step[]): Step[] {
  const { kept, rest } = largestParts(
    steps,
    ({ shift }) => shift,
    ({ group }) => group === 'other',
  )
  const shift = rest.reduce((sum, step) => sum + step.shift, 0)
  const other: Step[] = rest.length === 0 ? [] : [{ group: 'other', shift, range: [0, 0] }]
  const side = (sign: 1 | -1) => [
    ...kept.filter((step) => (step.shift >= 0 ? 1 : -1) === sign).toSorted((a, b) => sign * (b.shift - a.shift)),
    ...other.filter((step) => (step.shift >= 0 ? 1 : -1) === sign),
  ]
  return [...side(1), ...side(-1)]
}

export function waterfall(
  o: { start: number; steps: readonly Step[]; risk: string; probability: number; threshold: number },
  catalogue: Catalogue,
  language: Language,
): Html {
  const t = texts[language].waterfall
  const steps = ordered(o.steps)
  // Displayed steps add up to the displayed risk: the start and the steps are rounded together.
  const [start = 0, ...rounded] = roundToSum([o.start, ...steps.map((step) => step.shift)], 3)
  const end = rounded.reduce((sum, step) => sum + step, start)
  const bars: Bar[] = [{ name: t.start, from: 0, to: start, label: percent(start, { lang: language }), tone: 'muted' }]
  let level = start
  steps.forEach((step, i) => {
    const to = level + rounded[i]!
    bars.push({
      name: groupName(catalogue, step.group, language),
      from: level,
      to,
      label: points(rounded[i], { lang: language }),
      tone: step.shift >= 0 ? 'up' : 'down',
    })
    level = to
  })
  bars.push({ name: t.end, from: 0, to: end, label: percent(end, { lang: language }), tone: 'ink' })
  const highest = maximum([...bars.flatMap(({ from, to }) => [from, to]), o.threshold]) * 1.02

  const draw = (width: number) => {
    const names = nameColumn(
      bars.map(({ name }) => name),
      width,
    )
    const above = names === 0
    const [step, thick] = above ? [42, 16] : [30, 20]
    const x = linear([0, highest], [names + 2, width - 58])
    const top = 6
    const rows = bars.map((one, i) => {
      const y = top + i * step + (above ? 18 : 0)
      const ends = [x(Math.min(one.from, one.to)), x(Math.max(one.from, one.to))] as const
      const [right, base] = [ends[1] + 6, y + thick / 2 + 5]
      const strong = one.tone === 'ink'
      return {
        body: html`${rowName(one.name, names, { middle: y + thick / 2, above: y - 4 }, width, { strong })}
          ${bar(one.tone, [ends[0], Math.max(ends[1], ends[0] + 1.5)], y, thick)}
          <text class="h b" x="${px(right)}" y="${base}">${one.label}</text>`,
        texts: [textBox(one.label, right, base, true), ...(above ? [textBox(one.name, 0, y - 4, strong)] : [])],
        link: above || i === bars.length - 1 ? '' : `M${px(x(one.to))} ${y + thick}v${step - thick}`,
      }
    })
    const bottom = top + bars.length * step + 2
    const texts = rows.flatMap((row) => row.texts)
    const caption = `${t.threshold} ${percent(o.threshold, { lang: language })}`
    return {
      height: bottom + 24,
      body: html`<path class="s dash t-ink thin" d="${upright(x(o.threshold), top - 4, bottom, texts)}"/>
        ${rows.map(({ body }) => body)}
        <path class="axis" d="${rows.map(({ link }) => link).join('')}"/>
        <text class="m c" x="${px(centred(x(o.threshold), caption, width))}" y="${bottom + 16}">${caption}</text>`,
    }
  }
  const sentence = bars.map(({ name, label }) => `${name} ${label}`).join(', ')
  const range = ([low, high]: Step['range']) => {
    const [a, b] = [low, high].toSorted((x, y) => x - y) as [number, number]
    return t.between(points(a, { lang: language }), points(b, { lang: language }))
  }
  const row = (step: Step, i: number) => {
    const shift = number(rounded[i]! * 100, { digits: 1, signed: true, lang: language })
    return html`<tr>
<th scope="row">${groupName(catalogue, step.group, language)}</th>
<td class="n">${shift}</td>
<td class="n">${step.range[0] === step.range[1] ? '–' : range(step.range)}</td>
</tr>`
  }
  return html`${drawing(sentence, draw)}
<details class="numbers">
<summary>${t.numbers}</summary>
<table>
<thead><tr><th>${t.group}</th><th class="n">${t.points}</th><th class="n">${t.range}</th></tr></thead>
<tbody>${steps.map(row)}</tbody>
</table>
</details>`
}
