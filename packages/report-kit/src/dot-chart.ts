/**
 * Dots on a common axis, several a row when compared (groups, candidates, sides), with intervals.
 *
 *   dotChart({ title, note?, alt?, series, rows, x?: Axis, marks?, bands?, rowHeight?, head? }): Html
 *     series  { name, tone? }[] one or more; the n-th value of a row belongs to the n-th series; s1 … s4 unless a tone is given
 *     rows    { label, values: (number | null | { value, low?, high? })[], strong?, tone? }[] in the order to be shown; tone overrides the series'
 *     marks   vertical dashed lines; bands: { from, to } shaded stretches, such as "no drift"
 *     rowHeight  26 unless given (more for paired intervals); below 20 the labels go and only the dots stay (many rows)
 * The first series is drawn as full dots, the second as rings around, so that grey print tells them apart and none hides another.
 */
import { type Axis, type Caption, figure, type Mark, plain } from './figure.ts'
import { type Html, html, raw } from './html.ts'
import { extent, fitted, keyPlaces, linear, nameRoom, px, rounded, textWidth, ticks } from './scale.ts'
import type { Tone } from './tone.ts'

export type Dot = number | null | { readonly value: number; readonly low?: number; readonly high?: number }

export interface DotChart extends Caption {
  readonly series: readonly { readonly name: string; readonly tone?: Tone }[]
  readonly rows: readonly {
    readonly label: string
    readonly values: readonly Dot[]
    readonly strong?: boolean
    readonly tone?: Tone
  }[]
  readonly x?: Axis
  readonly marks?: readonly Mark[]
  readonly bands?: readonly { readonly from: number; readonly to: number }[]
  readonly rowHeight?: number
  readonly head?: string
}

const turn: readonly Tone[] = ['s1', 's2', 's3', 's4']
const asDot = (dot: Dot | undefined) => (typeof dot === 'number' ? { value: dot } : (dot ?? null))

export function dotChart(chart: DotChart): Html {
  const { series, rows, marks = [], bands = [], head = '' } = chart
  const format = chart.x?.format ?? plain
  const paired =
    series.length > 1 && rows.some((row) => row.values.some((dot) => typeof dot === 'object' && dot?.low !== undefined))
  const rowHeight = chart.rowHeight ?? (paired ? 14 + 10 * series.length : 26)
  const dots = rows.flatMap((row) => row.values.map(asDot).filter((dot) => dot !== null))
  const [low, high] = extent([
    ...dots.flatMap((dot) => [dot.value, dot.low ?? dot.value, dot.high ?? dot.value]),
    ...marks.map((mark) => mark.at),
  ])
  const auto = rounded([chart.x?.min ?? low, chart.x?.max ?? high])
  const domain: [number, number] = [chart.x?.min ?? auto[0], chart.x?.max ?? auto[1]]

  const draw = (width: number) => {
    const labelled = rowHeight >= 20
    const names = labelled
      ? nameRoom(
          rows.map((row) => row.label),
          width,
          16,
        )
      : 0
    const above = labelled && names === 0
    const step = above ? rowHeight + 18 : rowHeight
    const places =
      series.length > 1
        ? keyPlaces(
            series.map((one) => one.name),
            names,
            width,
          )
        : []
    const keys = places.length ? places.at(-1)!.y + 24 : 0
    const top = keys + (marks.length ? 24 : 6)
    const bottom = top + rows.length * step + 4
    const xTicks = chart.x?.ticks ?? ticks(domain, width < 440 ? 4 : 5)
    const x = linear(domain, [names + 12, width - Math.max(14, textWidth(format(xTicks.at(-1) ?? 0)) / 2)])
    const parts: Html[] = []
    places.forEach(({ x: at, y: down }, i) => {
      const { name, tone = turn[i % 4] } = series[i]!
      parts.push(
        html`<g class="t-${tone}"><circle class="${i % 2 ? 'ring' : 'f'}" cx="${px(at + 7)}" cy="${down + 9}" r="5"/><text class="k" x="${px(at + 18)}" y="${down + 14}">${name}</text></g>`,
      )
    })
    for (const band of bands)
      parts.push(
        html`<rect class="t-muted band" x="${px(x(band.from))}" y="${top - 4}" width="${px(x(band.to) - x(band.from))}" height="${px(bottom - top + 4)}"/>`,
      )
    for (const tick of xTicks)
      parts.push(
        html`<path class="rule" d="M${px(x(tick))} ${top}V${px(bottom)}"/><text class="m c" x="${px(x(tick))}" y="${px(bottom + 19)}">${format(tick)}</text>`,
      )
    for (const mark of marks) {
      const half = textWidth(mark.label) / 2
      const at = Math.min(Math.max(x(mark.at), half), width - half)
      parts.push(
        html`<path class="mark" d="M${px(x(mark.at))} ${top - 4}V${px(bottom)}"/><text class="c h" x="${px(at)}" y="${top - 9}">${mark.label}</text>`,
      )
    }
    rows.forEach((row, i) => {
      const y = top + i * step + step / 2 + (above ? 9 : 0)
      const inside = (value: number) => px(x(Math.min(Math.max(value, domain[0]), domain[1])))
      const present = row.values.map(asDot)
      if (labelled) {
        const label = fitted(row.label, width)
        const bold = row.strong ? ' b' : ''
        parts.push(
          above
            ? html`<text class="h${bold}" x="0" y="${px(y - rowHeight / 2 - 2)}">${label}</text>`
            : html`<text class="e${bold}" x="${px(names - 4)}" y="${px(y + 5)}">${label}${label !== row.label && html`<title>${row.label}</title>`}</text>`,
        )
      }
      const ends = extent(present.filter((dot) => dot !== null).map((dot) => dot.value))
      if (present.length > 1) parts.push(html`<path class="axis" d="M${inside(ends[0])} ${px(y)}H${inside(ends[1])}"/>`)
      present.forEach((dot, s) => {
        if (!dot || !Number.isFinite(dot.value)) return
        const shift = present.length > 1 && dot.low !== undefined ? (s - (present.length - 1) / 2) * 10 : 0
        const at = px(y + shift)
        const bar =
          dot.low !== undefined &&
          dot.high !== undefined &&
          html`<path class="s" d="M${inside(dot.low)} ${at}H${inside(dot.high)}"/>`
        const r = labelled ? 5 : Math.max(2, Math.min(4, rowHeight / 2))
        parts.push(
          html`<g class="t-${row.tone ?? series[s]?.tone ?? turn[s % 4]}">${bar}<circle class="${s % 2 ? 'ring' : 'f'}" cx="${inside(dot.value)}" cy="${at}" r="${px(s % 2 ? r + 1.5 : r)}"/></g>`,
        )
      })
    })
    return { height: bottom + 26, body: raw(parts.map((part) => part.markup).join('')) }
  }

  const written = (dot: Dot | undefined) => {
    const one = asDot(dot)
    if (!one) return null
    return one.low !== undefined && one.high !== undefined
      ? `${format(one.value)} (${format(one.low)} to ${format(one.high)})`
      : format(one.value)
  }
  return figure(chart, draw, {
    columns: [{ label: head }, ...series.map((one) => ({ label: one.name, align: 'end' as const }))],
    rows: rows.map((row) => [row.label, ...series.map((_, s) => written(row.values[s]))]),
  })
}
