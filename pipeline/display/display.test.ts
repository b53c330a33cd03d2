import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { emit } from './emit.ts'
import { figureBundle, wrapped } from './figure.ts'
import { bundleOf } from './show.ts'
import { tableBundle } from './table.ts'
import { workspace } from './workspace.ts'

const plotly = (
  bundle: ReturnType<typeof figureBundle>,
): { data: Record<string, unknown>[]; layout: Record<string, never> } =>
  JSON.parse(JSON.stringify(bundle.data['application/vnd.plotly.v1+json']))

test('a workspace without what the notebook needs says what to run', () => {
  const before = process.env.WORKSPACE
  const folder = mkdtempSync(join(tmpdir(), 'workspace-'))
  process.env.WORKSPACE = folder
  try {
    assert.throws(
      () => workspace('artifacts/portfolio'),
      /artifacts\/portfolio is not there yet: run npm run repro first/,
    )
    mkdirSync(join(folder, 'artifacts', 'portfolio'), { recursive: true })
    assert.is(workspace('artifacts/portfolio'), join(folder, 'artifacts', 'portfolio'))
  } finally {
    if (before === undefined) delete process.env.WORKSPACE
    else process.env.WORKSPACE = before
    rmSync(folder, { recursive: true })
  }
})

test('without WORKSPACE paths count from the repository, wherever the kernel runs', () => {
  const before = process.env.WORKSPACE
  delete process.env.WORKSPACE
  const folder = process.cwd()
  process.chdir(tmpdir())
  try {
    assert.is(workspace('params.yaml'), resolve(import.meta.dirname, '../../params.yaml'))
  } finally {
    process.chdir(folder)
    if (before !== undefined) process.env.WORKSPACE = before
  }
})

test('long arrays of numbers travel as base64 and come back exactly; short ones, texts and nulls as they should', () => {
  const long = Array.from({ length: 50 }, (_, index) => (index === 7 ? null : index / 3))
  const names = long.map(String)
  const [trace] = plotly(figureBundle('t', [{ x: long, y: [1, 2], text: names }])).data
  const { dtype, bdata } = plotly(figureBundle('t', [{ x: long }])).data.map(({ x }) => x)[0] as {
    dtype: string
    bdata: string
  }
  const back = new Float64Array(new Uint8Array(Buffer.from(bdata, 'base64')).buffer)
  assert.is(dtype, 'f8')
  assert.equal(
    [...back],
    long.map((value) => value ?? Number.NaN),
  )
  assert.equal(trace?.y, [1, 2])
  assert.equal(trace?.text, names)
})

test('a figure without JavaScript still has its words', () => {
  assert.is(figureBundle('It falls', [], { subtitle: 'rate in %' }).data['text/plain'], '[figure] It falls (rate in %)')
})

test('what a figure sets on an axis is added to the project’s axis, and every category is named', () => {
  const { layout } = plotly(figureBundle('t', [], { xaxis: { type: 'category' }, yaxis2: { title: { text: 'y' } } }))
  const { xaxis, yaxis, yaxis2 } = layout as unknown as Record<
    string,
    { dtick?: number; nticks?: number; automargin: boolean; title: { text?: string; standoff: number } }
  >
  assert.equal([xaxis?.dtick, xaxis?.automargin], [1, true])
  assert.equal([yaxis?.nticks, yaxis2?.title.text, yaxis2?.title.standoff], [6, 'y', 10])
})

test('titles break between words, each line within the width', () => {
  assert.is(wrapped('one two three', 7), 'one two<br>three')
  assert.is(wrapped('unbreakable', 4), 'unbreakable')
})

test('a table escapes its cells, writes missing as a dash and sets columns of numbers right', () => {
  const { data } = tableBundle(
    [
      { a: '<b>', n: 1.5, share: '3.0%' },
      { a: null, n: 2, share: '10.5%' },
    ],
    ['a', { key: 'n', title: 'N', format: (n) => n.toFixed(2) }, 'share'],
  )
  assert.match(data['text/html'], /<td style="text-align:left">&#60;b&#62;<\/td>/)
  assert.match(data['text/html'], /<td style="text-align:right">1\.50<\/td>/)
  assert.is(data['text/plain'], 'a       N  share\n<b>  1.50   3.0%\n–    2.00  10.5%')
})

test('outside of a kernel a figure says where it belongs', () => {
  assert.throws(() => emit(figureBundle('t', [])), /inside a tslab notebook only/)
})

test('a frame shows itself as a table: keys as they are, one number of decimals a column, missing as a dash', () => {
  const frame = pl.DataFrame({
    SK_ID_CURR: [100001, 100002],
    share: [0.12345, 1e-7],
    amount: [1234567.891, -0.001],
    text: ['a', null],
  })
  const lines = String(bundleOf(frame)?.data['text/plain']).split('\n')
  assert.equal(
    lines.map((line) => line.trim().split(/\s{2,}/)),
    [
      ['SK_ID_CURR', 'share', 'amount', 'text'],
      ['100001', '0.1235', '1,234,567.89', 'a'],
      ['100002', '1.0e-7', '0.00', '–'],
    ],
  )
})

test('a long frame shows its first rows and says how many there are, also where a column hides a method of its name', () => {
  const frame = pl.DataFrame({ rows: Array.from({ length: 30 }, (_, i) => i) })
  const text = String(bundleOf(frame)?.data['text/plain'])
  assert.is(text.split('\n').length, 22)
  assert.match(text, /\n30 rows × 1 columns$/)
})

test('a Plotly figure shows itself; any other value is printed as it is', () => {
  const shown = bundleOf({ data: [{ type: 'bar', x: [1], y: [2] }], layout: { title: 'It rises', subtitle: 'rate' } })
  assert.is(shown?.data['text/plain'], '[figure] It rises (rate)')
  for (const value of [1, 'text', null, [1, 2], { data: [1] }, new Map()]) assert.is(bundleOf(value), null)
})

test.run()
