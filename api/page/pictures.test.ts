/**
 * The page in pictures, to within 0.2 % of the pixels. What neither model, client nor clock has a say in is compared with the few
 * pictures in pictures/: screens without figures, and the drawings of made-up ones. The page brings its font and the project its Chromium, so
 * they hold on another machine; `PICTURES=write` makes them anew. A decision's figures are the model's own: there two pictures of one run
 * are compared, before and after a change that is taken back.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Page } from 'playwright-core'
import { html } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openBrowser } from '../../testing/browser.ts'
import { smallBundle } from '../../testing/bundles.ts'
import { prediction } from '../journal/recorded.test-data.ts'
import type { Language } from '../language.ts'
import { service } from '../opened.test-data.ts'
import type { Reference } from '../reference.ts'
import { assets } from './assets.ts'
import { proposals, withBrowser } from './browser.test-data.ts'
import { distribution } from './distribution.ts'
import { frame } from './frame.ts'
import { series } from './series.ts'
import { texts } from './texts.ts'
import { waterfall } from './waterfall.ts'

const made = service(smallBundle())
const tolerance = 0.002 // share of the pixels
const folder = join(import.meta.dirname, 'pictures')

/** Share of the pixels of two PNGs that differ by more than an eye sees; 1 where the sizes do. */
async function apart(page: Page, one: Buffer, other: Buffer): Promise<number> {
  return page.evaluate(
    async (pictures) => {
      const [a, b] = await Promise.all(
        pictures.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
          const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
          canvas.drawImage(bitmap, 0, 0)
          return canvas.getImageData(0, 0, bitmap.width, bitmap.height)
        }),
      )
      if (!a || !b || a.width !== b.width || a.height !== b.height) return 1
      let different = 0
      for (let i = 0; i < a.data.length; i += 4)
        if ([0, 1, 2].some((channel) => Math.abs(a.data[i + channel]! - b.data[i + channel]!) > 24)) different++
      return different / (a.width * a.height)
    },
    [one.toString('base64'), other.toString('base64')],
  )
}

/** The whole page without the focus, once its font is there. */
async function picture(page: Page, fullPage = true): Promise<Buffer> {
  await page.evaluate(async () => {
    ;(document.activeElement as HTMLElement | null)?.blur()
    scrollTo(0, 0)
    await document.fonts.ready
  })
  return page.screenshot({ fullPage, animations: 'disabled' })
}

/** Drawings of figures that no model made. */
function drawings(language: Language): string {
  const risks = Float64Array.from({ length: 5000 }, (_, i) => 0.5 * ((i + 0.5) / 5000) ** 3)
  const points = Array.from({ length: 12 }, (_, i) => ({ at: `${i + 8}:00`, value: 20 + ((i * 37) % 23) }))
  const steps = (
    [
      ['external', 0.046],
      ['lateness', 0.031],
      ['burden', 0.017],
      ['employment', -0.024],
      ['refusals', -0.011],
    ] as const
  ).map(([group, worth]) => ({ group, shift: worth, range: [worth * 0.7, worth * 1.3] as const }))
  const colon = language === 'fr' ? '\u00a0: ' : ': '
  const shares = distribution(prediction('A'), { risks } as unknown as Reference, language)
  const drawn = { start: 0.055, steps, risk: '', probability: 0.114, threshold: 0.091 }
  const origin = waterfall(drawn, made.scorer.catalogue, language)
  const words = { ...texts[language].monitoring, colon }
  const volume = series({ title: texts[language].monitoring.volume, points, show: String, reference: 30, words })
  const body = html`<h1>${texts[language].lender}</h1>
<section class="card">${shares}</section>
<section class="card">${origin}</section>
<section class="card">${volume}</section>`
  return frame({ language, title: '', section: null, url: '/', synthetic: true, session: null, body })
}

test('the comparison sees a word of another colour, and nothing between a picture and itself', async () => {
  const { browser, close } = await openBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 400, height: 300 } })
    const shot = async (body: string) => {
      await page.setContent(body)
      return page.screenshot()
    }
    const [plain, red] = [await shot('<h1>Accord</h1>'), await shot('<h1 style="color:red">Accord</h1>')]
    assert.is(await apart(page, plain, plain), 0)
    assert.ok((await apart(page, plain, red)) > tolerance)
    await page.setViewportSize({ width: 401, height: 300 })
    assert.is(await apart(page, plain, await shot('<h1>Accord</h1>')), 1)
  } finally {
    await close()
  }
})

test('screens without figures and drawings of made-up ones look as they did', () =>
  withBrowser(made, async ({ url, visit }) => {
    const write = process.env.PICTURES === 'write'
    if (write) mkdirSync(folder, { recursive: true })
    // The drawings' page is served with the same assets: a page may show only what its own server brings.
    const beside = serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request) => {
        const { pathname } = new URL(request.url)
        const asset = assets[pathname.split('/').at(-1) ?? '']
        const language = pathname === '/en' ? 'en' : 'fr'
        return asset
          ? new Response(typeof asset.body === 'string' ? asset.body : new Uint8Array(asset.body), {
              headers: { 'content-type': asset.type },
            })
          : new Response(drawings(language), { headers: { 'content-type': 'text/html; charset=utf-8' } })
      },
    })
    await new Promise<void>((resolve) => beside.on('listening', resolve))
    const address = beside.address()
    const drawn = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    const wanted = [
      ['application-1440-en-dark', `${url}/applications/new`, 1440, 'en', true],
      ['rights-360-fr', `${url}/rights`, 360, 'fr', false],
      ['drawings-360-en-dark', `${drawn}/en`, 360, 'en', true],
      ['drawings-1440-fr', `${drawn}/fr`, 1440, 'fr', false],
    ] as const
    try {
      for (const [name, at, width, language, dark] of wanted) {
        const { page, context } = await visit({ width, language, dark })
        await page.goto(at)
        const now = await picture(page, name.startsWith('drawings'))
        const file = join(folder, `${name}.png`)
        if (write) writeFileSync(file, now)
        assert.ok(existsSync(file), `${file} is not there: PICTURES=write makes it`)
        const share = await apart(page, readFileSync(file), now)
        assert.ok(share <= tolerance, `${name}: ${(share * 100).toFixed(2)} % of the pixels differ`)
        await context.close()
      }
    } finally {
      beside.close()
      if ('closeAllConnections' in beside) beside.closeAllConnections()
    }
  }))

test('a decision looks as before after another language, width, scheme, dialog and values that were taken back', () =>
  withBrowser(
    made,
    async ({ url, visit }) => {
      const { declined } = await proposals(url, made.ids)
      for (const width of [1440, 360]) {
        const { page, context } = await visit({ width, language: 'fr' })
        const { fr, en } = texts
        await page.goto(url + declined!)
        const before = await picture(page)
        const same = async (what: string) => {
          const share = await apart(page, before, await picture(page))
          assert.ok(share <= tolerance, `${what} at ${width} px: ${(share * 100).toFixed(2)} % of the pixels differ`)
        }

        await page.emulateMedia({ colorScheme: 'dark' })
        assert.ok((await apart(page, before, await picture(page))) > 0.5, 'dark is another picture')
        await page.emulateMedia({ colorScheme: 'light' })
        await same('dark and light again')

        await page.setViewportSize({ width: width === 360 ? 1440 : 360, height: 800 })
        await page.setViewportSize({ width, height: width === 360 ? 780 : 900 })
        await same('resized and back')

        await page.getByRole('button', { name: `${fr.review.approved}…` }).click()
        await page.locator('dialog[open]').waitFor()
        await page.keyboard.press('Escape')
        await same('the dialog closed')

        const box = page.locator('output.box')
        await page.locator('#AMT_CREDIT-range').press('PageDown')
        await box.filter({ hasText: fr.whatIf.unmoved }).waitFor({ state: 'detached' })
        await page.getByText(fr.whatIf.reset).click()
        await box.filter({ hasText: fr.whatIf.unmoved }).waitFor()
        await same('the file’s values again')

        await page.getByRole('link', { name: 'English' }).click()
        await page.getByText(en.whatIf.title, { exact: true }).waitFor()
        await page.getByRole('link', { name: 'Français' }).click()
        await page.getByText(fr.whatIf.title, { exact: true }).waitFor()
        await same('English and French again')
        await context.close()
      }
    },
    // As if it were stopping: the similar clients are not looked for meanwhile, so that they do not arrive between two pictures.
    { stopping: () => true },
  ))

test.run()
