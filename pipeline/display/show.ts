/**
 * Lets the last expression of a cell show itself: a polars frame or series as a table, a Plotly figure (`{ data, layout }`) as a figure. Loaded by
 * the kernel before tslab, which prints a last expression with the console.log that it finds.
 */
import pl from 'nodejs-polars'
import { median } from '../data/quantile.ts'
import { emit } from './emit.ts'
import { figureBundle, type Layout, type Trace } from './figure.ts'
import { type DisplayColumn, type DisplayValue, type Row, tableBundle } from './table.ts'

/** Rows of a frame that are shown; the last line says how many there are. */
const shownRows = 20

/** A figure as Plotly writes it; `layout.title` is what is found, `layout.subtitle` the measure with its unit. */
interface PlotlyFigure {
  readonly data: readonly Trace[]
  readonly layout?: Layout & { readonly title?: string }
}

const isFigure = (value: unknown): value is PlotlyFigure =>
  typeof value === 'object' && value !== null && Array.isArray((value as PlotlyFigure).data) && 'layout' in value

const fixed = (digits: number) => (value: number) =>
  (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toLocaleString('en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })

/** A power of ten where fixed decimals would all be zeros. */
const decimals = (digits: number) => (value: number) =>
  value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits ? value.toExponential(1) : fixed(digits)(value)

/**
 * One number of decimals a column, so that points stand under each other: three significant digits of its middle number, at least two
 * decimals, none of whole numbers; keys of clients and loans as they are.
 */
function columnOf(frame: pl.DataFrame, key: string): DisplayColumn {
  if (/^SK_ID/.test(key)) return { key, format: String }
  const numbers = frame
    .getColumn(key)
    .toArray()
    .filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
  if (numbers.every(Number.isInteger)) return { key, format: fixed(0) }
  const middle = median(numbers.filter((value) => value !== 0).map(Math.abs))
  return { key, format: middle < 1 ? decimals(2 - Math.floor(Math.log10(middle))) : fixed(2) }
}

const cell = (value: unknown): DisplayValue => {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return value
  if (typeof value === 'bigint') return Number(value)
  return value instanceof Date ? value.toISOString().slice(0, 10) : JSON.stringify(value)
}

/** The first rows of a frame as a table, with its size. */
export function frameBundle(frame: pl.DataFrame) {
  const head = frame.head(shownRows)
  // A frame's column is its property too, and hides a method of its name: `rows` is a likely one.
  const rows = head
    .toRecords()
    .map((record): Row => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, cell(value)])))
  const { data, metadata } = tableBundle(
    rows,
    head.columns.map((name) => columnOf(head, name)),
  )
  const size = `${fixed(0)(frame.height)} rows × ${frame.width} columns`
  if (frame.height <= shownRows) return { data, metadata }
  return {
    data: { 'text/html': `${data['text/html']}\n<p>${size}</p>`, 'text/plain': `${data['text/plain']}\n${size}` },
    metadata,
  }
}

/** What is shown of a value in a form of its own; null for all else, which is printed as it is. */
export function bundleOf(value: unknown) {
  if (pl.DataFrame.isDataFrame(value)) return frameBundle(value)
  if (pl.Series.isSeries(value)) return frameBundle(pl.DataFrame([value]))
  if (!isFigure(value)) return null
  const { title = '', ...layout } = value.layout ?? {}
  return figureBundle(title, value.data, layout)
}

const print = console.log.bind(console)
console.log = (...values: unknown[]) => {
  const bundle = values.length === 1 ? bundleOf(values[0]) : null
  if (bundle) emit(bundle)
  else print(...values)
}
