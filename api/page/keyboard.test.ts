/** The decision flow with the keyboard alone: the committed order of names, focus always seen, dialog, ten seconds, ranges; and the layout under stress. */
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../testing/bundles.ts'
import { service } from '../opened.test-data.ts'
import { proposals, tooWide, withBrowser } from './browser.test-data.ts'

const made = service(smallBundle())

/** What Tab meets on the screen of a declined application, in French; what a client's figures decide is written *. */
const order = [
  'Aller au contenu',
  'Prêt à dépenser',
  'Clients',
  'Demande',
  'Journal',
  'Suivi',
  'Modèle',
  'English',
  'voir ou corriger',
  'Les chiffres de ce graphique',
  'Refuser',
  'Accorder…',
  'Faire examiner',
  'Montant du crédit, €',
  'Montant du crédit',
  'Mensualité, €',
  'Mensualité',
  'Apport, €',
  'Apport',
  'Prix du bien, €',
  'Prix du bien',
  'Revenus justifiés, €',
  'Revenus justifiés (pièce à fournir)',
  'Pour comprendre',
  'Remettre les valeurs du dossier',
  'Les chiffres de ce graphique',
  '*',
  'Mesure',
  'Les chiffres de ce graphique',
  'Fiche à remettre au client',
  'Requête et réponse JSON',
  'Comment ça marche, vos droits',
  'API',
]

/** The focused element: its name, the width of its outline, and whether something lies over its middle. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const one = document.activeElement as HTMLElement
    const label = 'labels' in one ? (one as HTMLInputElement).labels?.[0] : undefined
    const name = one.getAttribute('aria-label') ?? label?.textContent ?? one.textContent ?? ''
    const { left, top, width, height } = one.getBoundingClientRect()
    const over = document.elementFromPoint(left + width / 2, top + height / 2)
    return {
      name: name.replaceAll(/\s+/g, ' ').trim(),
      outline: getComputedStyle(one).outlineWidth,
      seen: over !== null && (one.contains(over) || over.contains(one)),
    }
  })

test('Tab meets everything in the committed order, always seen; the dialog returns the focus; a decision can be taken back', () =>
  withBrowser(made, async ({ url, visit, journal }) => {
    const { declined } = await proposals(url, made.ids)
    assert.ok(declined)
    const id = declined.split('/').at(-1)!
    for (const width of [1440, 360]) {
      const { page, context } = await visit({ width, language: 'fr' })
      await page.goto(url + declined)
      const met: string[] = []
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab')
        const { name, outline, seen } = await focused(page)
        if (name === '' || (met.length > 5 && name === order[0])) break
        met.push(name)
        assert.is(outline, '3px', `${name} at ${width} px`)
        assert.ok(seen, `${name} lies under something at ${width} px`)
        if (name === order.at(-1)) break
      }
      const [from, to] = [order.indexOf('*'), order.length - order.indexOf('*') - 1]
      assert.equal(met.slice(0, from), order.slice(0, from))
      assert.equal(met.slice(met.length - to), order.slice(from + 1))
      await context.close()
    }

    const { page, complaints } = await visit({ width: 1440, language: 'fr' })
    await page.goto(url + declined)
    const against = page.getByRole('button', { name: 'Accorder…' })
    await against.focus()
    await page.keyboard.press('Enter')
    await page.locator('dialog[open]').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('dialog[open]').waitFor({ state: 'detached' })
    assert.is((await focused(page)).name, 'Accorder…')

    const range = page.locator('#AMT_CREDIT-range')
    const step = Number(await range.getAttribute('step'))
    const value = async () => Number(await range.inputValue())
    await range.focus()
    const start = await value()
    await page.keyboard.press('ArrowLeft')
    const once = await value()
    assert.ok(once < start && start - once <= 2 * step)
    await page.keyboard.press('PageDown')
    assert.is(once - (await value()), 10 * step)

    const agree = page.getByRole('button', { name: 'Refuser' })
    await agree.focus()
    await page.keyboard.press('Enter')
    await page.getByText(/Votre choix : refuser\. Il sera enregistré dans \d+ s/).waitFor()
    assert.is((await focused(page)).name, 'Annuler')
    await page.keyboard.press('Enter')
    assert.is((await focused(page)).name, 'Refuser')
    assert.equal(await journal.reviews(id), [])

    await page.keyboard.press('Enter')
    await page.getByText(/Il sera enregistré dans/).waitFor()
    await page.goto(`${url}/rights`)
    await page.waitForTimeout(500)
    assert.equal(
      (await journal.reviews(id)).map(({ decision }) => decision),
      ['declined'],
      'leaving is deciding',
    )
    assert.equal(complaints, [])
  }))

test('at 320 px, with the text spaced out (WCAG 1.4.12) and at twice the size nothing is cut, nothing shifts while loading, and nothing moves for who wants no motion', () =>
  withBrowser(made, async ({ url, visit }) => {
    const { declined } = await proposals(url, made.ids)
    const { page } = await visit({ width: 320, language: 'fr' })
    for (const path of ['/', declined!, `/clients/${made.ids[0]}`, '/journal', '/monitoring', '/model', '/rights']) {
      await page.setViewportSize({ width: 320, height: 780 })
      await page.goto(url + path)
      assert.is(await tooWide(page), 0, path)
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(
          '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }',
        )
        document.adoptedStyleSheets = [sheet]
      })
      await page.setViewportSize({ width: 360, height: 780 })
      assert.is(await tooWide(page), 0, `${path}, spaced out`)
      // Twice the size of a window of 1280 is one of 640.
      await page.setViewportSize({ width: 640, height: 450 })
      assert.is(await tooWide(page), 0, `${path}, zoomed`)
    }
    await page.goto(url + declined!)
    const moving = () =>
      page.evaluate(
        () =>
          [...document.querySelectorAll('*')].filter((one) => {
            const { transitionProperty, transitionDuration, animationName } = getComputedStyle(one)
            return (
              (transitionProperty !== 'none' && Number.parseFloat(transitionDuration) > 0) || animationName !== 'none'
            )
          }).length,
      )
    assert.ok((await moving()) > 0)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    assert.is(await moving(), 0)

    const wide = await visit({ width: 1440, language: 'fr' })
    await wide.page.addInitScript(() => {
      const shifts = { sum: 0 }
      Object.assign(globalThis, { shifts })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.sum += (entry as PerformanceEntry & { value: number }).value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await wide.page.goto(url + declined!)
    await wide.page.waitForTimeout(300)
    const shifted = await wide.page.evaluate(() => (globalThis as unknown as { shifts: { sum: number } }).shifts.sum)
    assert.ok(shifted < 0.02, String(shifted))
  }))

test.run()
