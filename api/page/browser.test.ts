/** The page in a real Chromium: whole flows in both languages and at three widths, nothing asked elsewhere, nothing cut, no complaint. */
// biome-ignore-all lint/performance/useDomNodeTextContent: what a reader sees is asked for, not what the document holds
import { serve } from '@hono/node-server'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../commands/bundles.ts'
import { service } from '../opened.test-data.ts'
import { texts } from './texts.ts'

const { ids, opened } = service(smallBundle())

const widths = [360, 1024, 1440]

interface Open {
  readonly browser: Browser
  readonly url: string
  /** A page that notes what must not happen. */
  visit(o: {
    width: number
    language: 'fr' | 'en'
    javaScript?: boolean
    dark?: boolean
  }): Promise<{ page: Page; context: BrowserContext; complaints: string[] }>
}

async function withBrowser(body: (open: Open) => Promise<void>): Promise<void> {
  const { app } = await opened()
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise<void>((resolve) => server.on('listening', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  // With --single-process the second page hangs.
  const args = chromium.args.filter((arg) => arg !== '--single-process')
  const browser = await playwright.launch({ executablePath: await chromium.executablePath(), args })
  try {
    await body({
      browser,
      url,
      async visit({ width, language, javaScript = true, dark = false }) {
        const context = await browser.newContext({
          viewport: { width, height: width === 360 ? 780 : 900 },
          locale: language === 'fr' ? 'fr-FR' : 'en-GB',
          javaScriptEnabled: javaScript,
          colorScheme: dark ? 'dark' : 'light',
        })
        const page = await context.newPage()
        const complaints: string[] = []
        page.on('console', (message) => complaints.push(message.text()))
        page.on('pageerror', (error) => complaints.push(String(error)))
        page.on('request', (request) => {
          if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
            complaints.push(`asked ${request.url()}`)
        })
        return { page, context, complaints }
      },
    })
  } finally {
    await browser.close()
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
}

const tooWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

test('find, score, move a lever, decide: at three widths in both languages nothing is cut and nothing complains', () =>
  withBrowser(async ({ url, visit }) => {
    for (const width of widths)
      for (const language of ['fr', 'en'] as const) {
        const t = texts[language]
        const { page, context, complaints } = await visit({ width, language, dark: width === 1024 })
        await page.goto(url)
        assert.is(await tooWide(page), 0)
        await page.getByLabel(t.find.label).fill(String(ids[0]))
        await page.getByRole('button', { name: t.find.button }).click()
        await page.getByRole('button', { name: t.find.score }).first().click()
        await page.waitForURL(/decisions/)
        assert.is(await tooWide(page), 0)
        const slider = page.locator('#AMT_CREDIT-range')
        const before = await page.locator('output.box').innerText()
        await slider.focus()
        await page.keyboard.press('PageDown')
        await page.waitForFunction(
          (text) => document.querySelector<HTMLElement>('output.box')?.innerText !== text,
          before,
        )
        assert.match(await page.locator('output.box').innerText(), /%/)
        await page.getByRole('button', { name: t.review.escalated }).click()
        await page.getByText(t.review.done.escalated).waitFor()
        for (const path of ['/applications/new?example=1', '/journal', '/model', '/applications/paste']) {
          await page.goto(url + path)
          assert.is(await tooWide(page), 0, `${path} at ${width}`)
        }
        assert.equal(complaints, [])
        await context.close()
      }
  }))

test('no letter of a drawing is smaller than 13 px on the screen', () =>
  withBrowser(async ({ url, visit }) => {
    for (const width of widths) {
      const { page, context } = await visit({ width, language: 'fr' })
      await page.goto(url)
      await page.getByRole('button', { name: texts.fr.find.score }).first().click()
      await page.waitForURL(/decisions/)
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('svg text')]
          .filter((text) => text.getClientRects().length > 0)
          .map((text) => {
            const svg = text.closest('svg')!
            const drawn = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
            return Number.parseFloat(getComputedStyle(text).fontSize) * drawn
          })
          .filter((size) => size < 13),
      )
      assert.equal(small, [])
      await context.close()
    }
  }))

test('without JavaScript a client is found, scored, recalculated, decided and printed', () =>
  withBrowser(async ({ url, visit }) => {
    const t = texts.fr
    const { page } = await visit({ width: 360, language: 'fr', javaScript: false })
    await page.goto(`${url}/?query=${ids[2]}`)
    await page.getByRole('button', { name: t.find.score }).first().click()
    assert.match(page.url(), /decisions/)
    const link = page.url()
    await page.locator('#AMT_CREDIT').fill('300 000')
    await page.getByRole('button', { name: t.whatIf.recalculate }).click()
    assert.match(await page.locator('output.box').innerText(), /Avec ces valeurs\s+(moins de )?\d/)
    await page.goto(link)
    await page.getByRole('button', { name: t.review.escalated }).click()
    assert.match(await page.locator('#decision').innerText(), new RegExp(t.review.done.escalated))
    await page.goto(`${link}/sheet`)
    assert.match(await page.locator('main').innerText(), /RGPD/)
  }))

test('the documentation of the API is drawn from this server alone', () =>
  withBrowser(async ({ url, visit }) => {
    const { page, complaints } = await visit({ width: 1440, language: 'en' })
    await page.goto(`${url}/docs`)
    await page.getByText('/v1/score').first().waitFor()
    assert.equal(complaints, [])
  }))

test('with the keyboard alone: skip link, search, score, decision; and the focus is always seen', () =>
  withBrowser(async ({ url, visit }) => {
    const { page } = await visit({ width: 1440, language: 'fr' })
    await page.goto(url)
    const walked: string[] = []
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab')
      const { name, outline } = await page.evaluate(() => {
        const one = document.activeElement as HTMLElement
        return {
          name: one.innerText || one.getAttribute('aria-label') || one.id,
          outline: getComputedStyle(one).outlineWidth,
        }
      })
      walked.push(name)
      assert.is(outline, '3px', name)
    }
    const t = texts.fr
    assert.equal(walked.slice(0, 9), [
      t.skip,
      t.lender,
      t.nav.clients,
      t.nav.application,
      t.nav.journal,
      t.nav.model,
      'English',
      'query',
      t.find.button,
    ])
    await page.locator('#query').focus()
    await page.keyboard.type(String(ids[1]))
    await page.keyboard.press('Enter')
    await page.waitForURL(/query=/)
    await page.getByRole('button', { name: t.find.score }).first().focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/decisions/)
  }))

test('when the server is gone the what-if says so instead of showing old values as new', () =>
  withBrowser(async ({ url, visit }) => {
    const { page } = await visit({ width: 1440, language: 'en' })
    await page.goto(url)
    await page.getByRole('button', { name: texts.en.find.score }).first().click()
    await page.waitForURL(/decisions/)
    await page.route('**/what-if*', (route) => route.abort())
    await page.locator('#AMT_CREDIT').fill('123456')
    await page.getByText(texts.en.whatIf.lost).waitFor()
  }))

test.run()
