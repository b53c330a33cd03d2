import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mustDiffer, withChange } from './changed.ts'
import type { Notebook } from './document.ts'

const notebook = (...sources: string[]): Notebook => ({
  cells: sources.map((source) => ({
    cell_type: 'code',
    metadata: {},
    source,
    outputs: [{ output_type: 'display_data', data: { 'text/plain': source, 'image/png': 'x' }, metadata: {} }],
  })),
})

test('the change is made in the one cell that holds its text', () => {
  const { cells } = withChange('3-imbalance', notebook('const rounds = 1', 'const p = { max_depth: 3 }'))
  assert.equal(
    cells.map(({ source }) => source),
    ['const rounds = 1', 'const p = { max_depth: 6 }'],
  )
})

test('a notebook without a known change and one that lost the text of its change are refused', () => {
  assert.throws(() => withChange('8-new', notebook('1')), /no change is known for 8-new: add one to/)
  assert.throws(() => withChange('3-imbalance', notebook('const rounds = 1')), /found it in 0/)
})

test('a change that leaves all texts as they were is refused, whatever the pictures', () => {
  const drawn = notebook('a')
  const { cells } = notebook('a')
  const bare: Notebook = {
    cells: cells.map((cell) => ({
      ...cell,
      outputs: [{ output_type: 'display_data', data: { 'text/plain': 'a' }, metadata: {} }],
    })),
  }
  assert.throws(() => mustDiffer('n', drawn, bare), /leaves every output as it was/)
  mustDiffer('n', drawn, notebook('b'))
})

test.run()
