/** axe-core over every screen: no violation of any impact, in both languages and both schemes, at three widths, in the states that matter. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../testing/bundles.ts'
import { service } from '../opened.test-data.ts'
import { proposals, widths, withBrowser } from './browser.test-data.ts'
import { texts } from './texts.ts'

const made = service(smallBundle())
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What can differ between widths (what stands beside what, what is scrolled) and between schemes (colours). */
const byWidth = [
  'color-contrast',
  'link-in-text-block',
  'target-size',
  'scrollable-region-focusable',
  'aria-hidden-focus',
]
const byScheme = ['color-contrast', 'link-in-text-block']

/** Runs axe at each width in each scheme on the page as it stands: all rules where it folds most and least, those that can differ elsewhere. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of widths) {
      await page.setViewportSize({ width, height: width === 360 ? 780 : 900 })
      const runOnly = colorScheme === 'dark' ? byScheme : width === 1024 ? byWidth : null
      const results = await page.evaluate(
        (options) => (globalThis as unknown as { axe: { run: (o: object) => Promise<AxeResults> } }).axe.run(options),
        { resultTypes: ['violations'], preload: false, ...(runOnly && { runOnly }) },
      )
      for (const { id, nodes } of results.violations)
        found.push(`${id} at ${width} px, ${colorScheme}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
    }
  }
  return found
}

test('every screen and state passes axe', () =>
  withBrowser(made, async ({ url, visit }) => {
    const { approved, declined } = await proposals(url, made.ids)
    assert.ok(approved && declined)
    const id = made.ids[0]!
    type State = readonly [path: string, then?: (page: Page, language: 'fr' | 'en') => Promise<unknown>]
    const states: readonly State[] = [
      ['/'],
      ['/?query=zzzz'],
      [`/clients/${id}`],
      ['/applications/new', (page) => page.locator('button.main').click()],
      ['/applications/paste'],
      [approved],
      [
        declined,
        async (page, language) => {
          await page.locator('.insight summary').click()
          await page.locator('#AMT_CREDIT-range').press('PageDown')
          await page.locator('output.box b').nth(1).filter({ hasText: '%' }).waitFor()
          await page.getByRole('button', { name: `${texts[language].review.approved}…` }).click()
          await page.locator('dialog[open]').waitFor()
        },
      ],
      [
        `${declined}?AMT_CREDIT=200000`,
        (page) =>
          page.locator('details:not([open]) > summary').evaluateAll((all) =>
            all.forEach((one) => {
              one.parentElement?.setAttribute('open', '')
            }),
          ),
      ],
      [`${declined}/trace`],
      [`${declined}/sheet`],
      ['/journal'],
      ['/journal?decision=approved'],
      ['/monitoring'],
      ['/model'],
      ['/rights'],
      ['/sign-in'],
      ['/nowhere'],
    ]
    const found: string[] = []
    for (const language of ['fr', 'en'] as const) {
      const { page, context } = await visit({ width: 1440, language })
      for (const [path, then] of states) {
        await page.goto(url + path)
        await then?.(page, language)
        for (const one of await violations(page)) found.push(`${path} in ${language}: ${one}`)
      }
      await context.close()
    }
    assert.equal(found, [])
  }))

test.run()
