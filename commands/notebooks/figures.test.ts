import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Notebook } from './document.ts'
import { hashOf, imagesOf, type NotebookFigure, openPainter, type Painter, withImages } from './figures.ts'

const root = resolve(import.meta.dirname, '..', '..')
const figure = (y: number): NotebookFigure => ({
  data: [{ type: 'bar', x: ['a', 'b'], y: [1, y] }],
  layout: { width: 200, height: 100, title: { text: 'é' } },
})
const notebook = (...figures: NotebookFigure[]): Notebook => ({
  cells: figures.map((each) => ({
    cell_type: 'code',
    metadata: {},
    source: '',
    outputs: [{ output_type: 'display_data', data: { 'application/vnd.plotly.v1+json': each }, metadata: {} }],
  })),
})

function counting(): Painter & { painted: NotebookFigure[] } {
  const painted: NotebookFigure[] = []
  return {
    painted,
    async paint(each) {
      painted.push(each)
      return `image ${painted.length}`
    },
    async close() {},
  }
}

test('a figure has the same hash in whichever order its keys stand, and another when a value changes', () => {
  const { data, layout } = figure(2)
  const turned = Object.fromEntries(Object.entries(layout).reverse()) as NotebookFigure['layout']
  assert.is(hashOf(root, { layout: turned, data }), hashOf(root, figure(2)))
  assert.is.not(hashOf(root, figure(3)), hashOf(root, figure(2)))
})

test('only the figure that changed is drawn again', async () => {
  const first = counting()
  const before = await withImages(root, notebook(figure(2), figure(3)), new Map(), first)
  assert.is(first.painted.length, 2)

  const second = counting()
  const after = await withImages(root, notebook(figure(2), figure(4)), imagesOf(before), second)
  assert.equal(second.painted, [figure(4)])
  assert.is(imagesOf(after).get(hashOf(root, figure(2))), 'image 1')
})

test('outputs that are no figures stay as they are', async () => {
  const painter = counting()
  const text: Notebook = {
    cells: [
      {
        cell_type: 'code',
        metadata: {},
        source: '',
        outputs: [{ output_type: 'display_data', data: { 'text/markdown': 'x' }, metadata: {} }],
      },
    ],
  }
  assert.equal(await withImages(root, text, new Map(), painter), text)
  assert.is(painter.painted.length, 0)
})

test('Chromium draws the same figure to the same bytes twice, at one and a half times its size', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'painter-'))
  const images: string[] = []
  for (let run = 0; run < 2; run++) {
    const painter = openPainter(root, scratch)
    images.push(await painter.paint(figure(2)))
    await painter.close()
  }
  rmSync(scratch, { recursive: true, force: true })
  const png = Buffer.from(images[0] ?? '', 'base64')
  assert.equal([png.readUInt32BE(16), png.readUInt32BE(20)], [300, 150])
  assert.is(images[0], images[1])
})

test.run()
