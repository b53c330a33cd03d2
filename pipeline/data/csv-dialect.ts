/**
 * The one dialect of CSV that every reader takes (RFC 4180 with what spreadsheets and pandas write), and how its header is read.
 *
 * - Text in UTF-8, with or without a byte order mark; no zero bytes.
 * - Columns separated by commas; by semicolons, else tabs, where the header has no comma outside quotes. Then a decimal comma is taken as a point.
 * - Lines end with LF or CRLF, the last one may lack its end; blank lines are skipped. A carriage return alone is no line end.
 * - A cell with a separator, a quote or a line end in it stands in double quotes, quotes inside doubled; in other cells no quote may stand.
 * - The first line is the header: names without their quotes and surrounding spaces, each once. One without a name is called as pandas does.
 * - Every line has as many cells as the header.
 */

export const quote = 34
export const newline = 10
export const carriage = 13

/** What separates columns, in the order in which the header is asked for it. */
export const separators = [',', ';', '\t'] as const
export type Separator = (typeof separators)[number]

/** What stands for a missing value, in columns of numbers and of texts: what pandas.read_csv takes for one. */
export const missingTexts: readonly string[] = [
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
]
const missing: ReadonlySet<string> = new Set(missingTexts)

export const isMissingText = (text: string): boolean => missing.has(text)

/** Bytes of the byte order mark at the start of a file: 3 or 0. */
export const markLength = (bytes: Uint8Array): number =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0

/** Whether the first bytes are the byte order mark of UTF-16. */
export const isUtf16 = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)

/** The separator of a file, by its first bytes: they must hold the header. */
export function separatorOf(bytes: Uint8Array): Separator {
  const seen = new Set<number>()
  let [quoted, begun] = [false, false]
  for (let at = markLength(bytes); at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === newline && begun && !quoted) break
    if (byte === quote) quoted = !quoted
    else if (!quoted) seen.add(byte)
    if (byte !== newline && byte !== carriage) begun = true
  }
  return separators.find((separator) => seen.has(separator.charCodeAt(0))) ?? ','
}

/** The cells of one line that is a record by itself, each as it stands between its outer quotes. */
export function cellsOf(line: string, separator: Separator): string[] {
  const cells: string[] = []
  let [start, quoted] = [0, false]
  for (let at = 0; at <= line.length; at++) {
    if (line[at] === '"') quoted = !quoted
    if (at < line.length && (quoted || line[at] !== separator)) continue
    cells.push(line.slice(start, at).replace(/^"([\s\S]*)"$/, '$1'))
    start = at + 1
  }
  return cells
}

/** A column's name, from its cell in the header (without its outer quotes) and its place, from 0. */
export const nameOf = (cell: string, place: number): string => cell.replaceAll('""', '"').trim() || `Unnamed: ${place}`

/** A number's text as JavaScript and polars read it: where semicolons or tabs separate, a comma is the decimal point. */
export const numberText = (text: string, separator: Separator): string =>
  separator === ',' ? text : text.replace(',', '.')

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** Whether a text without spaces around it is a decimal number: 0x10 and 1_000, which JavaScript or Python would take, are none. */
export const isNumeral = (text: string): boolean => numeral.test(text)

/** The number that a cell stands for, spaces around it taken off; NaN where it stands for none. */
export function numberOf(cell: string, separator: Separator): number {
  const text = numberText(cell.trim(), separator)
  return isNumeral(text) ? Number(text) : Number.NaN
}
