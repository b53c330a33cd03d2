/** Pages, tables, charts and number formats for reports: the public face of the package. Nothing of credit scoring is in it. */
export { type Bar, type BarChart, barChart } from './bar-chart.ts'
export { type Dot, type DotChart, dotChart } from './dot-chart.ts'
export { type Axis, type Caption, figure, type Mark, type Numbers, plain } from './figure.ts'
export { font, fontFace } from './font.ts'
export { type CategoryBars, type Counted, categoryBars, type Histogram, histogram, spark } from './histogram.ts'
export { escaped, type Html, html, join, type Part, raw } from './html.ts'
export { type Line, type LineChart, lineChart } from './line-chart.ts'
export { amount, bytes, type Lang, type NumberFormat, number, percent, points, pValue } from './numbers.ts'
export { callout, columns, type KeyFigure, keyFigures, more, type Page, page, type Section } from './page.ts'
export { picture } from './picture.ts'
export { roundToSum } from './round-to-sum.ts'
export {
  beside,
  extent,
  fitted,
  keyPlaces,
  linear,
  nameRoom,
  path,
  px,
  rounded,
  type Scale,
  spread,
  textWidth,
  thinned,
  ticks,
} from './scale.ts'
export { script } from './script.ts'
export { drawingStyle, drawnWidths, style } from './style.ts'
export { type Cell, type Column, type Sortable, type TableOptions, table } from './table.ts'
export { type Token, tokenRules, tokens } from './tokens.ts'
export { badge, type Icon, icon, type Tone } from './tone.ts'
