/** The static image of each figure: drawn once by headless Chromium, reused as long as figure and renderer are the same. */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import { openBrowser } from '../../testing/browser.ts'
import { type Notebook, type Output, sorted } from './document.ts'

const mimeType = 'application/vnd.plotly.v1+json'
const scale = 1.5
const figure = z.object({
  data: z.array(z.unknown()),
  layout: z.looseObject({ width: z.number(), height: z.number() }),
})
export type NotebookFigure = z.output<typeof figure>

export interface Painter {
  /** A PNG in base64. */
  paint(figure: NotebookFigure): Promise<string>
  close(): Promise<void>
}

const version = (root: string, name: string): string =>
  z
    .object({ version: z.string() })
    .parse(createRequire(import.meta.url)(join(root, 'node_modules', name, 'package.json'))).version

/** The figure's fingerprint: same hash, same image. */
export function hashOf(root: string, value: NotebookFigure): string {
  const renderer = ['plotly.js-dist-min', '@sparticuz/chromium'].map((name) => version(root, name))
  const text = JSON.stringify([...renderer, scale, sorted({ data: value.data, layout: value.layout })])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** One browser with one page, opened when the first figure needs it; figures are drawn one after the other. */
export function openPainter(root: string, scratch: string): Painter {
  let page: Promise<{ page: Page; close(): Promise<void> }> | null = null
  let queue: Promise<unknown> = Promise.resolve()
  const open = async () => {
    const { browser, close } = await openBrowser(scratch)
    const fresh = await browser.newPage()
    await fresh.setContent('<!doctype html><meta charset="utf-8"><body style="font-family: Open Sans">&nbsp;</body>')
    await fresh.addScriptTag({ path: join(root, 'node_modules', 'plotly.js-dist-min', 'plotly.min.js') })
    await fresh.evaluate('document.fonts.ready.then(() => true)')
    return { page: fresh, close }
  }
  const draw = async ({ data, layout }: NotebookFigure): Promise<string> => {
    page ??= open()
    const request = {
      figure: { data, layout },
      options: { format: 'png', width: layout.width, height: layout.height, scale },
    }
    const url = await (await page).page.evaluate(`Plotly.toImage(...Object.values(${JSON.stringify(request)}))`)
    return z.string().startsWith('data:image/png;base64,').parse(url).slice('data:image/png;base64,'.length)
  }
  return {
    paint(value) {
      const image = queue.then(() => draw(value))
      queue = image.catch(() => {})
      return image
    },
    async close() {
      if (page) await (await page.catch(() => null))?.close()
    },
  }
}

/** The images that a notebook already holds, by the fingerprint of their figure. */
export function imagesOf(notebook: Notebook): Map<string, string> {
  const images = new Map<string, string>()
  for (const output of notebook.cells.flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []))) {
    if (output.output_type !== 'display_data') continue
    const [hash, image] = [output.metadata.figure, output.data['image/png']]
    if (typeof hash === 'string' && typeof image === 'string') images.set(hash, image)
  }
  return images
}

/** The notebook with a static image next to each figure, taken from `known` where the figure has not changed. */
export async function withImages(
  root: string,
  notebook: Notebook,
  known: ReadonlyMap<string, string>,
  painter: Painter,
): Promise<Notebook> {
  const withImage = async (output: Output): Promise<Output> => {
    if (output.output_type !== 'display_data' || !(mimeType in output.data)) return output
    const value = figure.parse(output.data[mimeType])
    const hash = hashOf(root, value)
    const image = known.get(hash) ?? (await painter.paint(value))
    return { ...output, data: { ...output.data, 'image/png': image }, metadata: { figure: hash } }
  }
  const cells = notebook.cells.map(async (cell) =>
    cell.cell_type === 'code' ? { ...cell, outputs: await Promise.all(cell.outputs.map(withImage)) } : cell,
  )
  return { cells: await Promise.all(cells) }
}
