import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { page } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withBrowser } from '../../../testing/browser.ts'
import { exampleFindings } from './example.test-data.ts'
import { driftView } from './page.ts'

const findings = exampleFindings(24)

/** The page of made columns as a file in a real Chromium; what it complains about or asks for is collected. */
async function opened(look: (browser: Browser, address: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drift-page-'))
  const file = join(folder, 'index.html')
  writeFileSync(file, page(driftView(findings)))
  try {
    await withBrowser((browser) => look(browser, pathToFileURL(file).href))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Opens the page; what the console says and what else is asked for is added to `complaints`. */
async function at(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
  complaints: string[] = [],
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  page.on('console', (message) => complaints.push(message.text()))
  page.on('request', (request) => {
    if (request.url() !== address) complaints.push(request.url())
  })
  await page.goto(address)
  return page
}

const shown = (page: Page) =>
  page.$$eval('#all-columns tbody tr', (rows) =>
    rows.filter((row) => !(row as HTMLElement).hidden).map((row) => row.id.replace('all-columns-', '')),
  )
const names = findings.columns.map(({ column }) => column)

test('at 360 and 1280 px, light and dark, nothing scrolls sideways, nothing else is asked for, nothing complained about, and axe finds nothing', async () => {
  await opened(async (browser, address) => {
    for (const width of [360, 1280])
      for (const colorScheme of ['light', 'dark'] as const) {
        const complaints: string[] = []
        const page = await at(browser, address, { viewport: { width, height: 900 }, colorScheme }, complaints)
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} px`)
        assert.equal(complaints, [])
      }
    // Colours do not change with the width, so axe looks at two of the four.
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    for (const [width, colorScheme] of [
      [360, 'light'],
      [1280, 'dark'],
    ] as const) {
      const page = await at(browser, address, { viewport: { width, height: 900 }, colorScheme, bypassCSP: true })
      await page.evaluate(axe)
      const found = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { html: string }[] }[] }
      assert.equal(
        found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`),
        [],
        `${width} px ${colorScheme}`,
      )
    }
  })
})

test('without JavaScript and on paper all columns stand there, worst first, and no control that does nothing', async () => {
  await opened(async (browser, address) => {
    const page = await at(browser, address, { javaScriptEnabled: false })
    assert.is(await page.locator('#all-columns tbody tr').count(), names.length)
    assert.is(await page.locator('form.tools:visible').count(), 0)
    assert.is(await page.locator('#all-columns thead button').count(), 0)
    const evidence = page.locator('#all-columns tbody tr').first().locator('details')
    await evidence.locator('summary').click()
    assert.ok(await evidence.locator('svg').first().isVisible())
    assert.match((await page.locator('.lead').textContent()) ?? '', /The data hold/)
    const [first] = await page.$$eval('#all-columns tbody tr', (rows) => rows.map((row) => row.id))
    assert.is(first, `all-columns-${names[0]}`)
    const paper = await at(browser, address, {})
    await paper.emulateMedia({ media: 'print' })
    assert.is(await paper.locator('form.tools:visible').count(), 0)
    assert.is(await paper.locator('#all-columns tbody tr:visible').count(), names.length)
    assert.is(await paper.locator('.skip:visible, nav.contents:visible').count(), 0)
  })
})

test('columns are filtered by moved, type, reason group and name and the address keeps it; headers sort by keyboard; a link opens its evidence', async () => {
  await opened(async (browser, address) => {
    const page = await at(browser, address, {})
    const form = page.locator('form.tools[data-for=all-columns]')
    await form.locator('[name=moved]').check()
    assert.equal(await shown(page), ['COLUMN_0', 'KIND', 'COLUMN_1'])
    assert.is(await form.locator('output').textContent(), '3 columns shown')
    await form.locator('[name=type]').selectOption('category')
    assert.equal(await shown(page), ['KIND'])
    await page.reload()
    assert.equal(await shown(page), ['KIND'])
    await form.locator('[name=moved]').uncheck()
    await form.locator('[name=type]').selectOption('')
    await form.locator('[name=group]').selectOption('income')
    assert.equal((await shown(page)).sort(), names.filter((_, i) => findings.columns[i]!.group === 'income').sort())
    await form.locator('[name=group]').selectOption('')
    await form.locator('[name=q]').fill('column_2')
    assert.equal((await shown(page)).sort(), names.filter((name) => name.startsWith('COLUMN_2')).sort())
    const sorted = await at(browser, address, {})
    const head = sorted.locator('#all-columns thead th', { hasText: 'Missing' })
    await head.locator('button').focus()
    await sorted.keyboard.press('Enter')
    assert.is(await head.getAttribute('aria-sort'), 'descending')
    assert.is((await shown(sorted))[0], 'COLUMN_1')
    await sorted.keyboard.press('Space')
    assert.is(await head.getAttribute('aria-sort'), 'ascending')
    assert.is((await shown(sorted)).at(-1), 'COLUMN_1')
    const linked = await at(browser, `${address}#all-columns-COLUMN_7`, {})
    const row = linked.locator('#all-columns-COLUMN_7')
    assert.ok(await row.locator('details').evaluate((details) => (details as HTMLDetailsElement).open))
    assert.ok(await row.evaluate((element) => element.getBoundingClientRect().top < innerHeight))
    await linked.locator('#all-columns-COLUMN_0 th a').click()
    assert.match(linked.url(), /#all-columns-COLUMN_0$/)
    await linked.locator('#all-columns-COLUMN_0 details[open]').waitFor() // the address changes before the page hears of it
  })
})

test.run()
