/** Typing in a real Chromium: what was typed survives Back, errors and the language; wrong values stop; long words and narrow windows cut nothing. */
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../testing/bundles.ts'
import { service } from '../opened.test-data.ts'
import { proposals, tooWide, withBrowser } from './browser.test-data.ts'
import { texts } from './texts.ts'

const made = service(smallBundle())

/** As if it were stopping: nothing is worked out in the background meanwhile. */
const calm = { stopping: () => true }
/** Stopping is what /health/ready answers then. */
const isReal = (complaint: string) => !complaint.includes('503 (Service Unavailable)')
const typedIn = (page: Page, id: string) => page.locator(`[id="${id}"]`).inputValue()
const submit = (page: Page) => page.locator('form.application button.main').click()

test('Back from a proposal shows what was typed: amounts, dates and lists', () =>
  withBrowser(
    made,
    async ({ url, visit }) => {
      const { page, complaints } = await visit({ width: 1440, language: 'fr' })
      await page.goto(`${url}/applications/new?example=1`)
      await page.locator('#AMT_CREDIT').fill('463 131,5')
      await page.locator('[id="DAYS_BIRTH.year"]').fill('1979')
      await page.locator('#NAME_FAMILY_STATUS').selectOption('Widow')
      await page.locator('[id="FLAG_OWN_CAR.0"]').check()
      await submit(page)
      await page.waitForURL(/decisions/)
      await page.goBack()
      await page.locator('form.application').waitFor()
      assert.equal(
        [
          await typedIn(page, 'AMT_CREDIT'),
          await typedIn(page, 'DAYS_BIRTH.year'),
          await typedIn(page, 'NAME_FAMILY_STATUS'),
          await page.locator('[id="FLAG_OWN_CAR.0"]').isChecked(),
        ],
        ['463 131,5', '1979', 'Widow', true],
      )
      // A new application begins empty.
      await page.getByRole('link', { name: texts.fr.nav.application }).click()
      await page.waitForURL(/applications\/new$/)
      assert.is(await typedIn(page, 'AMT_CREDIT'), '')
      assert.equal(complaints.filter(isReal), [])
    },
    calm,
  ))

test('Back to a form that was refused and corrected shows a form with what was typed, with a script and without', () =>
  withBrowser(
    made,
    async ({ url, visit }) => {
      for (const javaScript of [true, false]) {
        const { page, context } = await visit({ width: 1440, language: 'fr', javaScript })
        await page.goto(`${url}/applications/new?example=1`)
        await page.locator('#AMT_ANNUITY').fill('beaucoup')
        await page.locator('#AMT_CREDIT').fill('463 131,5')
        await submit(page)
        await page.locator('#errors').waitFor()
        assert.is(await typedIn(page, 'AMT_ANNUITY'), 'beaucoup')
        await page.locator('#AMT_ANNUITY').fill('24 000')
        await submit(page)
        await page.waitForURL(/decisions/)
        const answer = await page.goBack()
        assert.ok(answer === null || answer.ok())
        assert.is(await typedIn(page, 'AMT_CREDIT'), '463 131,5')
        assert.is(await typedIn(page, 'AMT_ANNUITY'), javaScript ? '24 000' : 'beaucoup')
        await page.goBack()
        assert.match(page.url(), /example=1/)
        await context.close()
      }
    },
    calm,
  ))

test('the language is switched with what was typed, with a script and without', () =>
  withBrowser(
    made,
    async ({ url, visit }) => {
      for (const javaScript of [true, false]) {
        const { page, context } = await visit({ width: 360, language: 'fr', javaScript })
        await page.goto(`${url}/applications/new`)
        await page.locator('#AMT_CREDIT').fill('463 131,5')
        await page.getByRole('button', { name: 'English' }).click()
        await page.getByText(texts.en.form.lead).waitFor()
        assert.is(await typedIn(page, 'AMT_CREDIT'), '463,131.5')
        assert.is(await page.locator('.error').count(), 0)
        assert.is(await tooWide(page), 0)
        await context.close()
      }
    },
    calm,
  ))

test('the what-if marks a value that is wrong as it is typed, and its button waits for values that were answered', () =>
  withBrowser(
    made,
    async ({ url, visit }) => {
      const { declined } = await proposals(url, made.ids)
      const { page, complaints } = await visit({ width: 1440, language: 'fr' })
      await page.goto(url + declined!)
      const adopt = page.getByRole('button', { name: texts.fr.whatIf.adopt })
      const credit = page.locator('#AMT_CREDIT')
      assert.is(await adopt.isDisabled(), true)
      await credit.fill('60 000')
      await page.locator('output.box[data-adoptable]').waitFor()
      assert.is(await adopt.isDisabled(), false)
      for (const wrong of ['abc', '', '0', '99999999999']) {
        await credit.fill(wrong)
        await page.locator('#AMT_CREDIT-error').waitFor()
        assert.is(await adopt.isDisabled(), true, wrong)
        assert.is(await credit.getAttribute('aria-invalid'), 'true')
      }
      await credit.fill('60.000')
      await page.locator('#AMT_CREDIT-error').waitFor({ state: 'detached' })
      await page.locator('output.box[data-adoptable]').waitFor()
      await page.getByRole('link', { name: 'English' }).click()
      await page.getByText(texts.en.whatIf.title, { exact: true }).waitFor()
      assert.is(await credit.inputValue(), '60,000')
      await page.getByRole('button', { name: texts.en.whatIf.adopt }).click()
      await page.waitForURL((to) => to.pathname !== declined && to.pathname.startsWith('/decisions/'))
      assert.equal(complaints.filter(isReal), [])
    },
    calm,
  ))

test('the dialog of an override asks in the page’s language, and a long word of its text widens no page', () =>
  withBrowser(
    made,
    async ({ url, visit, journal }) => {
      const { declined } = await proposals(url, made.ids)
      for (const language of ['fr', 'en'] as const) {
        const t = texts[language].review
        const { page, context } = await visit({ width: 1440, language })
        await page.goto(url + declined!)
        const again = page.locator('details.again summary')
        if ((await again.count()) > 0) await again.click()
        await page.getByRole('button', { name: `${t.approved}…` }).click()
        const dialog = page.locator('dialog[open]')
        await dialog.getByRole('button', { name: t.confirm }).click()
        await dialog.getByText(t.overrideReasonError).waitFor()
        await dialog.getByText(t.textError).waitFor()
        assert.equal((await journal.reviews(declined!.split('/').at(-1)!)).length, language === 'fr' ? 0 : 1)
        await dialog.getByText(t.overrideReasons.special).click()
        await dialog.locator('textarea').fill('a'.repeat(1200))
        await dialog.getByRole('button', { name: t.confirm }).click()
        await page.locator('#decision .done').waitFor()
        for (const width of [1440, 768, 360]) {
          await page.setViewportSize({ width, height: 800 })
          assert.is(await tooWide(page), 0, `${width} px`)
        }
        await context.close()
      }
    },
    calm,
  ))

test('monitoring does not scroll sideways at any width or at twice the size, and every sign is in the page’s font', () =>
  withBrowser(
    made,
    async ({ url, visit }) => {
      const answer = await fetch(`${url}/v1/score/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(made.ids.map((client) => ({ client }))),
      })
      assert.is(answer.status, 200)
      const { declined } = await proposals(url, made.ids)
      for (const language of ['fr', 'en'] as const) {
        const { page, context } = await visit({ width: 1440, language })
        for (const path of ['/monitoring', '/journal', declined!, '/?query=femme']) {
          await page.goto(url + path)
          // 720 and 640 are windows of 1440 and 1280 at twice the size.
          for (const width of [1440, 1024, 961, 960, 900, 768, 720, 640, 360]) {
            await page.setViewportSize({ width, height: 800 })
            assert.is(await tooWide(page), 0, `${path} at ${width} px`)
          }
          assert.equal(await otherFonts(page), [], `${path} in ${language}`)
        }
        await context.close()
      }
    },
    calm,
  ))

/** Fonts other than the page's own that draw its text, with an element of each. */
async function otherFonts(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('DOM.enable')
  await session.send('CSS.enable')
  const { root } = await session.send('DOM.getDocument')
  const { nodeIds } = await session.send('DOM.querySelectorAll', {
    nodeId: root.nodeId,
    selector: 'main :is(h1, h2, h3, p, li, th, td, dt, dd, label, legend, option, summary, text, button, figcaption)',
  })
  const found = new Set<string>()
  for (const nodeId of nodeIds) {
    const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId })
    for (const { familyName, isCustomFont, glyphCount } of fonts)
      if (!isCustomFont && glyphCount > 0) {
        const { outerHTML } = await session.send('DOM.getOuterHTML', { nodeId })
        if (!/<code|<pre|<input|<select|<textarea/.test(outerHTML))
          found.add(`${familyName}: ${outerHTML.slice(0, 200)}`)
      }
  }
  await session.detach()
  return [...found].slice(0, 5)
}

test.run()
