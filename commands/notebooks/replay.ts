/** Runs a notebook's cells, in order, in a clean kernel, and stops at the first that is not silent on stderr. */
import type { Notebook, NotebookCell } from './document.ts'
import { openSession, type SessionOptions } from './session.ts'

/** A stack without the frames of the kernel and of node:vm, which say nothing about the notebook. */
const trimmed = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s+at .*(\/tslab\/dist\/|node:(vm|internal)|sigintHandlersWrap)/.test(line))
    .join('\n')
    .trim()

/** A cell that failed: its number among all cells (from 1), its source, and what the kernel said. */
export class CellError extends Error {
  readonly cell: number
  readonly source: string
  readonly reason: string
  constructor(cell: number, source: string, reason: string) {
    super(`cell ${cell} failed\n${source.replace(/^/gm, '    | ')}\n${trimmed(reason).replace(/^/gm, '    ')}`)
    this.name = 'CellError'
    this.cell = cell
    this.source = source
    this.reason = reason
  }
}

export interface ReplayOptions extends SessionOptions {
  onCell?(done: number, of: number): void
}

/** The notebook with its code cells' fresh outputs. Throws `CellError`; the kernel is gone in every case. */
export async function replay(notebook: Notebook, options: ReplayOptions): Promise<Notebook> {
  const session = await openSession(options)
  const cells: NotebookCell[] = []
  let last = { number: 0, source: '' }
  try {
    for (const [index, cell] of notebook.cells.entries()) {
      if (cell.cell_type === 'markdown') cells.push(cell)
      else {
        last = { number: index + 1, source: cell.source }
        const { ok, outputs, stderr } = await session.execute(cell.source)
        if (!ok || stderr)
          throw new CellError(last.number, last.source, stderr || 'the kernel reports an error without a message')
        cells.push({ ...cell, outputs: [...outputs] })
      }
      options.onCell?.(index + 1, notebook.cells.length)
    }
    const stray = await session.stray()
    if (stray)
      throw new CellError(last.number, last.source, `after the last cell, or outside of any, stderr said:\n${stray}`)
    return { cells }
  } catch (error) {
    if (error instanceof CellError || last.number === 0) throw error
    throw new CellError(last.number, last.source, error instanceof Error ? error.message : String(error))
  } finally {
    await session.close()
  }
}
