import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Notebook, parseNotebook, serialise, sorted } from './document.ts'

const code = (source: string, outputs: object[] = [], metadata: object = {}) => ({
  cell_type: 'code',
  id: 'random-a3f',
  metadata,
  execution_count: 17,
  source: source.split(/(?<=\n)/),
  outputs,
})
const file = (...cells: object[]) =>
  JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: { kernelspec: { name: 'mine' } }, cells })
const read = (...cells: object[]): Notebook => parseNotebook(file(...cells), 'a.ipynb')

interface Written {
  cells: {
    id: string
    execution_count?: number
    metadata: object
    source: string[]
    outputs: Record<string, unknown>[]
  }[]
  metadata: { kernelspec: { name: string } }
}
const written = (notebook: Notebook): Written => JSON.parse(serialise(notebook))

test('normalising twice gives the same bytes as normalising once', () => {
  const once = serialise(
    read(
      { cell_type: 'markdown', metadata: { collapsed: true }, source: '# A\n\ntext' },
      code('let a = 1\na', [
        { output_type: 'stream', name: 'stdout', text: ['1', '\n'] },
        {
          output_type: 'display_data',
          data: { 'text/markdown': 'b\nc', 'application/x+json': { z: 1, a: [1] } },
          metadata: { figure: 'f', x: 1 },
        },
      ]),
    ),
  )
  assert.is(serialise(parseNotebook(once, 'a.ipynb')), once)
})

test('nothing of who ran it and when stays: counts, ids and metadata are those of a clean run', () => {
  const { cells, metadata } = written(
    read(
      code('1', [], { tags: ['parameters'], execution: { started: 'now' } }),
      { cell_type: 'markdown', metadata: {}, source: 'x' },
      code('2'),
    ),
  )
  assert.equal(
    cells.map(({ id }) => id),
    ['c01', 'c02', 'c03'],
  )
  assert.equal(
    cells.map((cell) => cell.execution_count),
    [1, undefined, 2],
  )
  assert.equal(cells[0]?.metadata, { tags: ['parameters'] })
  assert.is(metadata.kernelspec.name, 'tslab')
})

test('writes to one stream are one output however they were cut, and colours of a terminal go', () => {
  const stream = (text: string) => ({ output_type: 'stream', name: 'stdout', text })
  const cut = written(read(code('x', [stream('a\u001b[33m1\u001b[39m'), stream('\nb\n')])))
  assert.equal(cut.cells[0]?.outputs, [{ name: 'stdout', output_type: 'stream', text: ['a1\n', 'b\n'] }])
})

test('text is split into lines, an image and a JSON bundle are not', () => {
  const data = { 'text/html': '<p>\n</p>', 'image/png': 'AAAA\n', 'application/vnd.plotly.v1+json': { data: ['x\ny'] } }
  const output = written(read(code('x', [{ output_type: 'display_data', data, metadata: {} }]))).cells[0]?.outputs[0]
  assert.equal(output?.data, {
    'application/vnd.plotly.v1+json': { data: ['x\ny'] },
    'image/png': 'AAAA\n',
    'text/html': ['<p>\n', '</p>'],
  })
})

test('keys are sorted at every depth and arrays keep their order', () => {
  assert.is(JSON.stringify(sorted({ b: [{ d: 1, c: 2 }], a: null })), '{"a":null,"b":[{"c":2,"d":1}]}')
})

test('a file that is no notebook is refused by name', () => {
  assert.throws(() => parseNotebook('{', 'a.ipynb'), /a\.ipynb is not JSON/)
  assert.throws(
    () => parseNotebook('{"nbformat":3,"cells":[]}', 'a.ipynb'),
    /a\.ipynb is not a notebook[\s\S]*nbformat/,
  )
})

test.run()
