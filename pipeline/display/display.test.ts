import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { figure, figureBundle, wrapped } from './figure.ts'
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
  assert.throws(() => figure('t', []), /inside a tslab notebook only/)
})

test.run()
