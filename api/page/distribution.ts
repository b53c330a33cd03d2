/** Where one client stands among the reference portfolio: bars by risk, the cut-off, the client. */

import { band, type Html, html, linear, number, percent, px, textWidth, xAxis, xAxisHeight } from 'report-kit'
import { maximum } from '../../pipeline/data/extremes.ts'
import { rank } from '../../pipeline/scoring/reference.ts'
import type { Prediction } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import type { Reference } from '../reference.ts'
import { drawing } from './drawing.ts'
import { texts } from './texts.ts'
import { riskAndCutOff } from './words.ts'

const bins = 60
const bands = 12 // in words
const last = 0.3 // bins of half a point up to 30 %; the last one holds all above

/** Share of the portfolio in each bin. */
export function binned(risks: ArrayLike<number>): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (let i = 0; i < risks.length; i++) counts[Math.min(bins - 1, Math.floor((risks[i]! / last) * bins))]!++
  return counts.map((count) => count / Math.max(1, risks.length))
}

/** Twelve bands of two and a half points and all above: words and share, for whoever points at a bar or reads the table. */
export function bandsOf(ascending: ArrayLike<number>, language: Language) {
  const t = texts[language].distribution
  const edge = (risk: number) => number(risk * 100, { digits: 1, lang: language })
  const below = (i: number) => rank(ascending, (i * last) / bands)
  return Array.from({ length: bands + 1 }, (_, i) => ({
    name: i < bands ? t.band(edge((i * last) / bands), edge(((i + 1) * last) / bands)) : t.last,
    share: (i < bands ? below(i + 1) : 1) - below(i),
  }))
}

export function distribution(prediction: Prediction, reference: Reference, language: Language): Html {
  const t = texts[language].distribution
  const { probability, threshold, greyZone } = prediction
  const shown = riskAndCutOff(probability, threshold, language)
  const shares = binned(reference.risks)
  const ranked =
    prediction.rank === null ? '' : t.rank(number(Math.min(99, Math.round(prediction.rank * 100)), { lang: language }))
  const [cutOff, client] = [`${t.threshold} ${shown.threshold}`, `${t.client} ${shown.risk}`]

  const bandShares = bandsOf(reference.risks, language).map(({ name, share }) => ({
    name,
    share: percent(share, { lang: language }),
  }))

  const draw = (width: number) => {
    const plot = width > 600 ? 150 : 124
    const [left, right] = [2, width - 2]
    const x = linear([0, last], [left, right])
    const at = (risk: number) => x(Math.min(risk, last - last / bins / 2))
    const second = width >= 440 && ranked !== ''
    // The two labels stand on outer sides; where they would meet, the cut-off gets a row of its own.
    const clientRight = probability >= threshold
    const near = Math.abs(at(probability) - at(threshold)) < 24
    const wide = (text: string) => textWidth(text) * 0.92 // the estimate is on the wide side of this font
    const fits = (from: number, text: string, rightwards: boolean) =>
      rightwards ? from + 8 + wide(text) <= width : from - 8 - wide(text) >= 0
    const clientSide = fits(at(probability), second && ranked.length > client.length ? ranked : client, clientRight)
      ? clientRight
      : !clientRight
    const cutOffSide = fits(at(threshold), cutOff, !clientRight) ? !clientRight : clientRight
    const rows = cutOffSide === clientSide || near ? 1 : 0
    const top = 18 + (second ? 18 : 0) + rows * 22
    const bottom = top + 8 + plot
    const y = linear([0, maximum(shares)], [bottom, top + 8])
    const step = (right - left) / bins
    const bars = (inside: (i: number) => boolean) =>
      shares
        .map((share, i) =>
          share > 0 && inside(i)
            ? `M${px(left + (i + 0.5) * step)} ${px(bottom)}V${Math.min(Math.round(y(share)), bottom - 1)}`
            : '',
        )
        .join('')
    const middle = (i: number) => ((i + 0.5) * last) / bins
    const grey = greyZone.upper > greyZone.lower && band([at(greyZone.lower), at(greyZone.upper)], top + 8, bottom)
    const ticks = [0, 0.05, 0.1, 0.15, 0.2, 0.25].filter((tick, i) =>
      width >= 440 ? width >= 640 || tick < 0.25 : i % 2 === 0,
    )
    const label = (from: number, rightwards: boolean) => ({
      x: px(from + (rightwards ? 8 : -8)),
      end: rightwards ? '' : ' e',
    })
    const whole = (risk: number) => percent(risk, { digits: 0, lang: language })
    const c = label(at(probability), clientSide)
    const s = label(at(threshold), cutOffSide)
    const clientRow = 14
    // The last bar is half a point wide on paper, and all above.
    const edgeOf = (i: number) => Math.min(x((i * last) / bands), right - step)
    const pointed = bandShares.map(({ name, share }, i) => {
      const [from, to] = [edgeOf(i), i < bands ? edgeOf(i + 1) : right]
      const outline = `M${px(from)} ${top + 8}H${px(to)}V${px(bottom)}H${px(from)}`
      return html`<path d="${outline}"><title>${t.share(name, share)}</title></path>`
    })
    const cutOffRow = rows ? top - 2 : second ? 32 : 14
    return {
      height: bottom + xAxisHeight,
      body: html`${grey}
<g class="bars" stroke-width="${px(step - 1)}">
<path class="t-approve" d="${bars((i) => middle(i) < threshold)}"/>
<path class="t-decline" d="${bars((i) => middle(i) >= threshold)}"/>
</g>
${xAxis({ x, ticks, format: whole, bottom, width, line: [left, right] })}
<text class="m e" x="${right}" y="${px(bottom + 21)}">${t.last}</text>
<path class="s dash t-ink" d="M${px(at(threshold))} ${cutOffRow - 10}V${px(bottom)}"/>
<path class="s w t-ink" d="M${px(at(probability))} 4V${px(bottom)}"/>
<path class="f t-ink" d="M${px(at(probability) - 6)} ${px(bottom + 9)}h12l-6 -9z"/>
<text class="h${s.end}" x="${s.x}" y="${cutOffRow}">${t.threshold} <tspan class="b">${shown.threshold}</tspan></text>
<text class="h b${c.end}" x="${c.x}" y="${clientRow}">${client}</text>
${second && html`<text class="h m${c.end}" x="${c.x}" y="${clientRow + 18}">${ranked}</text>`}
${width >= 640 && html`<g class="hit">${pointed}</g>`}`,
    }
  }
  const grey = greyZone.upper > greyZone.lower
  const edges = [greyZone.lower, greyZone.upper].map((edge) => percent(edge, { lang: language })) as [string, string]
  const standing = ranked && `${ranked.charAt(0).toUpperCase()}${ranked.slice(1)}. `
  return html`<figure class="distribution">
${drawing(t.label(shown.risk, shown.threshold, ranked), draw)}
<figcaption>${t.caption(number(reference.risks.length, { lang: language }))}
<span class="narrow">${standing}</span>${grey && t.grey(...edges)}</figcaption>
<details class="numbers">
<summary>${texts[language].waterfall.numbers}</summary>
<table>
<thead><tr><th scope="col">${t.risk}</th><th scope="col" class="n">${t.clients}</th></tr></thead>
<tbody>${bandShares.map(({ name, share }) => html`<tr><th scope="row">${name}</th><td class="n">${share}</td></tr>`)}</tbody>
</table>
</details>
</figure>`
}
