/** The page in a real Chromium: whole flows in both languages and at three widths, nothing asked elsewhere, nothing cut, no complaint. */
// biome-ignore-all lint/performance/useDomNodeTextContent: what a reader sees is asked for, not what the document holds
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../testing/bundles.ts'
import { service } from '../opened.test-data.ts'
import { tooWide, widths, withBrowser } from './browser.test-data.ts'
import { texts } from './texts.ts'

const made = service(smallBundle())
const { ids } = made

test('find, score, move a lever, decide: at three widths in both languages nothing is cut and nothing complains', () =>
  withBrowser(made, async ({ url, visit }) => {
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
        await page.getByRole('button', { name: t.review.referred }).click()
        await page.getByText(t.review.done.referred).waitFor()
        for (const path of ['/applications/new?example=1', '/journal', '/model', '/applications/paste']) {
          await page.goto(url + path)
          assert.is(await tooWide(page), 0, `${path} at ${width}`)
        }
        assert.equal(complaints, [])
        await context.close()
      }
  }))

test('no letter of a drawing is smaller than 13 px on the screen', () =>
  withBrowser(made, async ({ url, visit }) => {
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
  withBrowser(made, async ({ url, visit }) => {
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
    await page.getByRole('button', { name: t.review.referred }).click()
    assert.match(await page.locator('#decision').innerText(), new RegExp(t.review.done.referred))
    await page.goto(`${link}/sheet`)
    assert.match(await page.locator('main').innerText(), /RGPD/)
  }))

test('a hundred clients’ sheets are one page of A4 each in both languages, before a decision and after one', () =>
  withBrowser(made, async ({ url, journal, visit }) => {
    for (const language of ['fr', 'en'] as const) {
      const { page, context } = await visit({ width: 1024, language })
      for (const [i, client] of ids.slice(0, 100).entries()) {
        const answer = await fetch(`${url}/v1/score`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ client }),
        })
        const { requestId } = (await answer.json()) as { requestId: string }
        if (i % 2 === 1)
          await journal.review({ requestId, at: new Date().toISOString(), decision: 'declined', overrideReason: null })
        await page.goto(`${url}/decisions/${requestId}/sheet`)
        const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1')
        assert.is(pdf.match(/\/Type\s*\/Page\b/g)?.length, 1, `client ${client} in ${language}`)
      }
      await context.close()
    }
  }))

test('the documentation of the API is drawn from this server alone', () =>
  withBrowser(made, async ({ url, visit }) => {
    const { page, complaints } = await visit({ width: 1440, language: 'en' })
    await page.goto(`${url}/docs`)
    await page.getByText('/v1/score').first().waitFor()
    assert.equal(complaints, [])
  }))

test('with the keyboard alone: skip link, search, score, decision; and the focus is always seen', () =>
  withBrowser(made, async ({ url, visit }) => {
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
    assert.equal(walked.slice(0, 10), [
      t.skip,
      t.lender,
      t.nav.clients,
      t.nav.application,
      t.nav.journal,
      t.nav.monitoring,
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

test('when the server is gone a banner says since when values are old, forms are held, and all comes back by itself', () =>
  withBrowser(made, async ({ url, visit }) => {
    const { page } = await visit({ width: 1440, language: 'en' })
    await page.goto(url)
    await page.getByRole('button', { name: texts.en.find.score }).first().click()
    await page.waitForURL(/decisions/)
    await page.route('**/{what-if,health}*/**', (route) => route.abort())
    await page.route('**/what-if?*', (route) => route.abort())
    await page.locator('#AMT_CREDIT').fill('123456')
    const banner = page.getByRole('alert')
    await banner.filter({ hasText: /Connection lost\. The values shown date from \d\d:\d\d/ }).waitFor()
    assert.is(await page.locator('form[data-what-if]').evaluate((form: HTMLElement) => form.inert), true)
    await page.unrouteAll()
    await banner.waitFor({ state: 'hidden' })
    assert.is(await page.locator('form[data-what-if]').evaluate((form: HTMLElement) => form.inert), false)
  }))

test.run()
