/** A Plotly figure as an output of a tslab cell, in the project's look: it is live where JavaScript runs, a static image elsewhere. */
import { palette } from './palette.ts'

/** A value of Plotly's JSON: traces and layouts are data. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }
export type Trace = { readonly [key: string]: Json | undefined }
/** Plotly's layout, plus `subtitle`: measure and unit in one line under the title. */
export type Layout = Trace & { readonly subtitle?: string; readonly height?: number }
/** Drawn size in CSS pixels; the height may differ from figure to figure. */
const width = 820
const defaultHeight = 400
/** Arrays from this length on travel as base64: a notebook file would hold a line a number. */
const packedFrom = 50
/** About what fits into the width at the title's size. */
const titleColumns = 88

type Tree = Json | { readonly [key: string]: Tree | undefined } | readonly Tree[]
const isRecord = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Plotly reads `{ dtype, bdata }` as a typed array; a null of the plain array is NaN there. */
function packed(value: Json | undefined): Tree | undefined {
  if (Array.isArray(value)) {
    const numbers = value.length >= packedFrom && value.every((each) => typeof each === 'number' || each === null)
    if (!numbers) return value.map((each: Json) => packed(each) ?? null)
    const bytes = new Uint8Array(
      Float64Array.from(value, (each) => (typeof each === 'number' ? each : Number.NaN)).buffer,
    )
    return { dtype: 'f8', bdata: Buffer.from(bytes).toString('base64') }
  }
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, packed(inner)]))
}

/** `over` on top of `base`, object by object; arrays and plain values are replaced. */
function merged(base: Trace, over: Trace): Record<string, Json | undefined> {
  const result: Record<string, Json | undefined> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = base[key]
    result[key] = isRecord(below) && isRecord(value) ? merged(below, value) : value
  }
  return result
}

/** Breaks a text between words, each line at most `columns` characters where words allow. */
export function wrapped(text: string, columns: number): string {
  const rows = ['']
  for (const word of text.split(' ')) {
    const row = rows[rows.length - 1] ?? ''
    if (row && row.length + 1 + word.length > columns) rows.push(word)
    else rows[rows.length - 1] = row ? `${row} ${word}` : word
  }
  return rows.join('<br>')
}

/** Title in bold and subtitle below it, as one text: Plotly puts its own subtitle on top of a title of two lines. */
const heading = (title: string, subtitle: string, columns: number): string =>
  wrapped(title, columns)
    .split('<br>')
    .map((row) => `<b>${row}</b>`)
    .concat(subtitle ? [`<span style="font-size:13px;color:${palette.muted}">${subtitle}</span>`] : [])
    .join('<br>')

const axis: Trace = {
  automargin: true,
  showgrid: false,
  zeroline: false,
  linecolor: palette.line,
  tickcolor: palette.line,
  fixedrange: true,
  title: { font: { color: palette.muted, size: 13 }, standoff: 10 },
}

/** The bundle of one figure output. The title says what is found; `layout.subtitle` names the measure and its unit. */
export function figureBundle(
  title: string,
  data: readonly Trace[],
  { subtitle = '', height = defaultHeight, ...layout }: Layout = {},
) {
  const rows = wrapped(title, titleColumns).split('<br>').length
  const base: Trace = {
    width,
    height,
    template: 'none',
    font: { family: 'Open Sans', size: 13, color: palette.ink },
    paper_bgcolor: palette.surface,
    plot_bgcolor: palette.surface,
    colorway: palette.series,
    hoverlabel: { font: { family: 'Open Sans', size: 13 }, bgcolor: palette.surface, bordercolor: palette.line },
    margin: { l: 8, r: 24, t: 32 + 22 * rows + (subtitle ? 22 : 0), b: 48, pad: 6 },
    showlegend: false,
    bargap: 0.3,
    title: {
      text: heading(title, subtitle, titleColumns),
      font: { size: 17 },
      x: 0,
      xref: 'container',
      xanchor: 'left',
      y: 1,
      yref: 'container',
      yanchor: 'top',
      pad: { t: 16 },
    },
    // The words as they are, for a page that breaks its lines elsewhere.
    meta: { title, subtitle },
  }
  const axes = Object.keys({ xaxis: null, yaxis: null, ...layout }).filter((key) => /^[xy]axis\d*$/.test(key))
  // Every category has its name; numbers have at most six.
  const ticks = (key: string): Trace => {
    const given = layout[key]
    return isRecord(given) && given.type === 'category' ? { dtick: 1 } : { nticks: 6 }
  }
  const ranged = Object.fromEntries(axes.map((key) => [key, { ...axis, ...ticks(key) }]))
  return {
    data: {
      'application/vnd.plotly.v1+json': {
        data: packed(data),
        layout: packed(merged({ ...base, ...ranged }, layout)),
        config: { displaylogo: false, displayModeBar: false, responsive: false },
      },
      'text/plain': `[figure] ${title}${subtitle ? ` (${subtitle})` : ''}`,
    },
    metadata: {},
  }
}
