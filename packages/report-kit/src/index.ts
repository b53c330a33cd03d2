/** Pages, tables, charts and number formats for reports: the public face of the package. Nothing of credit scoring is in it. */
export { nameColumn, rowName, textBox, xAxis, xAxisHeight } from './axis.ts'
export { type Bar, type BarChart, barChart } from './bar-chart.ts'
export { type CategoryBars, categoryBars } from './category-bars.ts'
export { type Dot, type DotChart, dotChart } from './dot-chart.ts'
export { type Axis, type Caption, type Draw, drawing, figure, type Mark, type Numbers, plain } from './figure.ts'
export { font, fontFace } from './font.ts'
export { type Histogram, histogram } from './histogram.ts'
export { escaped, type Html, html, join, type Part, raw } from './html.ts'
export { largestParts } from './largest-parts.ts'
export { legend, legendEntry, legendPlaces, legendWidth } from './legend.ts'
export { type Line, type LineChart, lineChart } from './line-chart.ts'
export { band, bar, dot, interval, levelMark, verticalMarks } from './marks.ts'
export { amount, bytes, type Lang, type NumberFormat, number, percent, points, pValue } from './numbers.ts'
export {
  callout,
  columns,
  frenchSpaced,
  type KeyFigure,
  keyFigures,
  more,
  type Page,
  page,
  type Section,
} from './page.ts'
export { picture } from './picture.ts'
export { roundToSum } from './round-to-sum.ts'
export { extent, linear, rounded, type Scale, ticks } from './scale.ts'
export { script } from './script.ts'
export type { Counted } from './shares.ts'
export { spark } from './spark.ts'
export { drawingStyle, drawnWidths, style } from './style.ts'
export { path, px, thinned, upright } from './svg-path.ts'
export { type Cell, type Column, type Sortable, type TableOptions, table } from './table.ts'
export { beside, centred, fitted, type TextBox, textWidth, widestText } from './text-width.ts'
export { type Token, tokenRules, tokens } from './tokens.ts'
export { badge, type Icon, icon, type Tone } from './tone.ts'
