/** A notebook file: read, given the outputs of a replay, and written so that the same replay gives the same bytes. */
import { z } from 'zod'

const lines = z
  .union([z.string(), z.array(z.string())])
  .transform((text) => (typeof text === 'string' ? text : text.join('')))
const bundle = z.record(z.string(), z.unknown())
const metadata = z.record(z.string(), z.unknown())

const output = z.discriminatedUnion('output_type', [
  z.object({ output_type: z.literal('stream'), name: z.enum(['stdout', 'stderr']), text: lines }),
  z.object({ output_type: z.literal('display_data'), data: bundle, metadata }),
  z.object({ output_type: z.literal('execute_result'), data: bundle, metadata }),
  z.object({ output_type: z.literal('error'), ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) }),
])

const cell = z.discriminatedUnion('cell_type', [
  z.object({ cell_type: z.literal('markdown'), metadata, source: lines }),
  z.object({ cell_type: z.literal('code'), metadata, source: lines, outputs: z.array(output).default([]) }),
])

const notebook = z.object({ nbformat: z.literal(4), cells: z.array(cell) })

export type Output = z.output<typeof output>
export type NotebookCell = z.output<typeof cell>
export type CodeCell = Extract<NotebookCell, { cell_type: 'code' }>
export interface Notebook {
  readonly cells: readonly NotebookCell[]
}

/** Reads a notebook; throws with the file's name and the place when it is not one (nbformat 4, markdown and code cells). */
export function parseNotebook(text: string, name: string): Notebook {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`${name} is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  const parsed = notebook.safeParse(value)
  if (!parsed.success)
    throw new Error(`${name} is not a notebook of TypeScript and Markdown cells: ${z.prettifyError(parsed.error)}`)
  return { cells: parsed.data.cells }
}

const split = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal colour is
const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '')

/** Text is kept a line a string, so that a change shows as a change of that line; images and JSON stay whole. */
function mime([type, value]: [string, unknown]): [string, unknown] {
  if (typeof value !== 'string' || type === 'image/png') return [type, value]
  return [type, split(plain(value))]
}

function normalOutput(from: Output): unknown {
  if (from.output_type === 'stream') return { ...from, text: split(plain(from.text)) }
  if (from.output_type === 'error') return { ...from, traceback: from.traceback.map(plain) }
  const data = Object.fromEntries(Object.entries(from.data).map(mime))
  const kept = typeof from.metadata.figure === 'string' ? { figure: from.metadata.figure } : {}
  return { output_type: 'display_data', data, metadata: kept }
}

/** Consecutive writes to one stream are one output: how they were cut is a matter of timing. */
function joined(outputs: readonly Output[]): Output[] {
  const kept: Output[] = []
  for (const next of outputs) {
    const last = kept.at(-1)
    if (last?.output_type === 'stream' && next.output_type === 'stream' && last.name === next.name)
      kept[kept.length - 1] = { ...last, text: last.text + next.text }
    else kept.push(next)
  }
  return kept
}

function normalCell(from: NotebookCell, index: number, count: number): unknown {
  const { tags } = from.metadata
  const shared = {
    id: `c${String(index + 1).padStart(2, '0')}`,
    cell_type: from.cell_type,
    metadata: Array.isArray(tags) && tags.length > 0 ? { tags } : {},
    source: split(from.source.trimEnd()),
  }
  return from.cell_type === 'markdown'
    ? shared
    : { ...shared, execution_count: count, outputs: joined(from.outputs).map(normalOutput) }
}

/** The same value with the keys of its objects in alphabetical order. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** The file's text: nothing in it depends on when, where or by whom the notebook was run. Normalising twice changes nothing. */
export function serialise(from: Notebook): string {
  let count = 0
  const cells = from.cells.map((each, index) => normalCell(each, index, each.cell_type === 'code' ? ++count : count))
  const whole = {
    cells,
    metadata: {
      kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
      language_info: { file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  }
  return `${JSON.stringify(sorted(whole), null, 1)}\n`
}
