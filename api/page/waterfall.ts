/** From a typical client's risk to this one's, one theme a step: increases first, then decreases, so no level goes below zero. */

import { fitted, type Html, html, linear, number, percent, points, px, roundToSum, textWidth } from 'report-kit'
import { maximum } from '../../pipeline/data/extremes.ts'
import { type Catalogue, conceptName } from '../../pipeline/scoring/reasons.ts'
import type { Step } from '../../pipeline/scoring/steps.ts'
import type { Language } from '../language.ts'
import { drawing, type TextBox, upright } from './drawing.ts'
import { texts } from './texts.ts'

const shown = 8 // themes drawn; the smallest others are one step

interface Bar {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly label: string
  readonly tone: 'muted' | 'ink' | 'up' | 'down'
}

/** At most eight themes and the rest, largest increase first, then decreases, largest first. */
export function ordered(steps: readonly Step[]): Step[] {
  const named = steps.filter(({ group }) => group !== 'other')
  const bySize = named.toSorted((a, b) => Math.abs(b.shift) - Math.abs(a.shift))
  const rest = [...bySize.slice(shown), ...steps.filter(({ group }) => group === 'other')]
  const kept: Step[] =
    rest.length > 0
      ? [
          ...bySize.slice(0, shown),
          { group: 'other', shift: rest.reduce((s, { shift }) => s + shift, 0), range: [0, 0] },
        ]
      : bySize
  return [
    ...kept.filter((s) => s.shift >= 0).toSorted((a, b) => b.shift - a.shift),
    ...kept.filter((s) => s.shift < 0).toSorted((a, b) => a.shift - b.shift),
  ]
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
      name: conceptName(catalogue, step.group, language),
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
    const longest = maximum(bars.map(({ name }) => textWidth(name) * 0.94)) + 14
    const above = width < 440 || longest > width * 0.46
    const names = above ? 0 : longest
    const [step, thick] = above ? [42, 16] : [30, 20]
    const x = linear([0, highest], [names + 2, width - 58])
    const top = 6
    const links: string[] = []
    const texts: TextBox[] = []
    const rows = bars.map((bar, i) => {
      const y = top + i * step + (above ? 18 : 0)
      const [low, high] = [Math.min(bar.from, bar.to), Math.max(bar.from, bar.to)]
      const next = bars[i + 1]
      const right = x(high) + 6
      texts.push({ left: right, right: right + textWidth(bar.label, 14, true), top: y, bottom: y + thick })
      if (above) texts.push({ left: 0, right: textWidth(bar.name), top: y - 18, bottom: y })
      const strong = bar.tone === 'ink' ? ' b' : ''
      if (!above && next) links.push(`M${px(x(bar.to))} ${y + thick}v${step - thick}`)
      const name = above
        ? html`<text class="h${strong}" x="0" y="${y - 4}">${fitted(bar.name, width)}</text>`
        : html`<text class="e${strong}" x="${px(names - 8)}" y="${y + thick / 2 + 5}">${bar.name}</text>`
      const box = html` x="${px(x(low))}" y="${y}" width="${px(Math.max(1.5, x(high) - x(low)))}" height="${thick}"`
      return html`${name}
<rect class="f t-${bar.tone}"${box}>${!above && html`<title>${bar.name} ${bar.label}</title>`}</rect>
<text class="h b" x="${px(right)}" y="${y + thick / 2 + 5}">${bar.label}</text>`
    })
    const bottom = top + bars.length * step + 2
    const caption = `${t.threshold} ${percent(o.threshold, { lang: language })}`
    const half = textWidth(caption) / 2
    return {
      height: bottom + 24,
      body: html`<path class="s dash t-ink thin" d="${upright(x(o.threshold), top - 4, bottom, texts)}"/>
${rows}
<path class="axis" d="${links.join('')}"/>
<text class="m c" x="${px(Math.min(Math.max(x(o.threshold), half), width - half))}" y="${bottom + 16}">${caption}</text>`,
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
<th scope="row">${conceptName(catalogue, step.group, language)}</th>
<td class="n">${shift}</td>
<td class="n">${step.range[0] === step.range[1] ? '–' : range(step.range)}</td>
</tr>`
  }
  return html`${drawing(sentence, draw)}
<details class="numbers">
<summary>${t.numbers}</summary>
<table>
<thead><tr><th>${t.concept}</th><th class="n">${t.points}</th><th class="n">${t.range}</th></tr></thead>
<tbody>${steps.map(row)}</tbody>
</table>
</details>`
}
