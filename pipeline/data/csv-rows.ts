/** A small CSV file as rows of texts: what a person hands in, such as one client's history, folds or outcomes. Whole tables are read elsewhere, in little memory. */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { numberOf, type Separator } from './csv-dialect.ts'
import { type CsvFault, csvError } from './csv-faults.ts'
import { scanCsv } from './csv-scan.ts'

export interface CsvRow {
  /** Of the file, where the row begins; the header is mostly line 1. */
  readonly line: number
  readonly cells: readonly string[]
}

export interface CsvRows {
  /** Of the columns. */
  readonly names: readonly string[]
  readonly rows: readonly CsvRow[]
  readonly separator: Separator
  /** There are no names and rows then. */
  readonly faults: readonly CsvFault[]
}

/** What csv-parse answers with `info`: `lines` is the line where the record ends. */
const parsedSchema = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.int() }) }))

/** Reads bytes of the dialect (csv-dialect.ts); a header alone is a fault unless it `mayBeEmpty`. */
export function csvRows(bytes: Uint8Array, { mayBeEmpty = false } = {}): CsvRows {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { faults, header, rows, separator } = scanCsv(buffer)
  const none: CsvFault[] = faults.length === 0 && rows === 0 && !mayBeEmpty ? [{ kind: 'no rows' }] : []
  if (faults.length + none.length > 0) return { names: [], rows: [], separator, faults: [...faults, ...none] }
  const parsed = parsedSchema.parse(
    parse(buffer, {
      bom: true,
      delimiter: separator,
      record_delimiter: ['\r\n', '\n'],
      skip_empty_lines: true,
      info: true,
    }),
  )
  let carriages = countOf(parsed[0]?.record ?? [], '\r') // csv-parse counts those in quotes as line ends too
  return {
    names: header,
    rows: parsed.slice(1).map(({ record, info }) => {
      carriages += countOf(record, '\r')
      return { line: info.lines - carriages - countOf(record, '\n'), cells: record }
    }),
    separator,
    faults: [],
  }
}

/** How often a letter stands in a row's cells. */
const countOf = (cells: readonly string[], letter: string): number =>
  cells.reduce((sum, cell) => sum + cell.split(letter).length - 1, 0)

/** A file of numbers by named columns, NaN where a cell is no number or empty, with the line of each row. */
export interface NumberTable {
  readonly names: readonly string[]
  readonly lines: readonly number[]
  /** @throws Error when no column has that name */
  readonly column: (name: string) => Float64Array
}

/** Reads bytes as a table of numbers; messages call it `file`. @throws DataError with what is wrong with the file */
export function numberTable(bytes: Uint8Array, file: string): NumberTable {
  const { names, rows, separator, faults } = csvRows(bytes)
  if (faults.length > 0) throw csvError(file, faults)
  return {
    names,
    lines: rows.map(({ line }) => line),
    column(name) {
      const at = names.indexOf(name)
      if (at < 0) throw new Error(`${file}: expected a column ${name}, found ${names.join(', ')}`)
      return Float64Array.from(rows, ({ cells }) => numberOf(cells[at]!, separator))
    },
  }
}
