/** A small CSV text as rows (RFC 4180): quotes, doubled quotes, line ends of either kind; commas, or semicolons where the header has no comma. */

export interface CsvRow {
  /** Of the file, 1 for the header. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Empty lines are left out. Whole tables are read by polars instead; this is for one client's rows in the service. */
export function csvRows(text: string): CsvRow[] {
  const rows: CsvRow[] = []
  const separator = /^[^\n,]*;/.test(text) ? ';' : ','
  let [line, started] = [1, 1]
  let cells: string[] = []
  let cell = ''
  let quoted = false
  const end = () => {
    cells.push(cell)
    if (cells.length > 1 || cell !== '') rows.push({ line: started, cells })
    cells = []
    cell = ''
  }
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!
    if (letter === '\n') line++
    if (quoted) {
      if (letter !== '"') cell += letter
      else if (text[i + 1] === '"') cell += text[++i]
      else quoted = false
    } else if (letter === '"') quoted = true
    else if (letter === separator) {
      cells.push(cell)
      cell = ''
    } else if (letter === '\n') {
      end()
      started = line
    } else if (letter !== '\r') cell += letter
  }
  end()
  return rows
}
