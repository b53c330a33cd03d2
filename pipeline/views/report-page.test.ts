import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { type Token, tokens } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { examplePage } from '../../packages/report-kit/src/example.test-data.ts'
import { withBrowser } from '../../testing/browser.ts'

/** Opens the example page as a file in a real Chromium; whatever the page complains about or asks for is collected. */
async function opened(look: (browser: Browser, address: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'report-'))
  const file = join(folder, 'index.html')
  writeFileSync(file, examplePage())
  try {
    await withBrowser((browser) => look(browser, pathToFileURL(file).href))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** WCAG 2 contrast ratio of two #rrggbb colours. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
  }
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light! + 0.05) / (dark! + 0.05)
}

test('every text colour reaches 4.5 : 1 on the grounds it stands on, marks reach 3 : 1, in light and in dark', () => {
  const text: [Token, Token][] = [
    ...(['ink', 'muted', 'accent'] as const).flatMap((ink) =>
      (['surface', 'bg', 'sunk'] as const).map((on): [Token, Token] => [ink, on]),
    ),
    ['accent-ink', 'accent'],
    ...(['approve', 'review', 'decline', 'up', 'down', 'none', 'moderate', 'major', 's1', 's4'] as const).map(
      (ink): [Token, Token] => [ink, 'surface'],
    ),
    ['approve', 'approve-bg'],
    ['review', 'review-bg'],
    ['decline', 'decline-bg'],
    ['ink', 'review-bg'],
    ['ink', 'decline-bg'],
    ['ink', 'approve-bg'],
  ]
  const marks: [Token, Token][] = [
    ['control', 'surface'],
    ['s2', 'surface'],
    ['s3', 'surface'],
    ['focus', 'bg'],
    ['focus', 'surface'],
  ]
  for (const theme of [tokens.light, tokens.dark])
    for (const [pairs, least] of [
      [text, 4.5],
      [marks, 3],
    ] as const)
      for (const [ink, on] of pairs)
        assert.ok(
          contrast(theme[ink], theme[on]) >= least,
          `${ink} on ${on}: ${contrast(theme[ink], theme[on]).toFixed(2)}`,
        )
})

test('the same figures give the same bytes', () => {
  assert.is(examplePage(), examplePage())
})

test('the page names no other host and holds no style attribute, no handler and no narrow space', () => {
  const markup = examplePage()
  assert.not.match(markup, /https?:\/\//)
  assert.not.match(markup, /<[^>]+\s(style|on[a-z]+)=/)
  assert.not.match(markup, /\u202f/)
  assert.match(markup, /<html lang="en">/)
  assert.match(markup, /<p lang="fr">Entre un dossier/)
})

test('in a browser, at 360, 1024 and 1440 px, light and dark, nothing scrolls sideways, nothing is asked for and nothing is complained about', async () => {
  await opened(async (browser, address) => {
    for (const width of [360, 1024, 1440])
      for (const colorScheme of ['light', 'dark'] as const) {
        const complaints: string[] = []
        const requests: string[] = []
        const tab = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
        tab.on('console', (message) => complaints.push(message.text()))
        tab.on('pageerror', (error) => complaints.push(error.message))
        tab.on('request', (request) => requests.push(request.url()))
        await tab.goto(address)
        assert.is(await tab.evaluate(() => document.documentElement.scrollWidth), width)
        assert.equal(complaints, [])
        assert.equal(
          requests.filter((url) => url !== address && !url.startsWith('data:')),
          [],
        )
        await tab.close()
      }
  })
})

test('each figure shows exactly one of its drawings, the widest that fits', async () => {
  await opened(async (browser, address) => {
    for (const width of [360, 760, 1440]) {
      const tab = await browser.newPage({ viewport: { width, height: 800 } })
      await tab.goto(address)
      const shown = await tab.evaluate(() =>
        [...document.querySelectorAll('.drawing')].map((drawing) => ({
          room: drawing.clientWidth,
          widths: [...drawing.querySelectorAll('svg')]
            .map((svg) => Number(svg.getBoundingClientRect().width))
            .filter((w) => w > 0),
        })),
      )
      for (const { room, widths } of shown) {
        assert.is(widths.length, 1)
        assert.ok(widths[0]! <= room, `${widths[0]} in ${room}`)
      }
      await tab.close()
    }
  })
})

test('on a phone a table of many columns scrolls in its box and its row headers stay readable', async () => {
  await opened(async (browser, address) => {
    const tab = await browser.newPage({ viewport: { width: 360, height: 800 } })
    await tab.goto(address)
    const boxes = await tab.$$eval('.scroll', (regions) =>
      regions
        .filter((region) => region.scrollWidth > region.clientWidth)
        .map((region) => [...region.querySelectorAll('tbody th')].map((head) => head.getBoundingClientRect().width)),
    )
    assert.ok(boxes.length > 0)
    for (const width of boxes.flat()) assert.ok(width >= 100, `${width} px`)
  })
})

test('a header sorts its table by numbers, ascending and descending, and says so', async () => {
  await opened(async (browser, address) => {
    const tab = await browser.newPage()
    await tab.goto(address)
    const names = () =>
      tab.$$eval('#moved tbody th', (cells) => cells.map((cell) => cell.dataset.v ?? cell.textContent))
    assert.equal(await names(), ['AMT_CREDIT', 'NAME_CONTRACT_TYPE', 'DAYS_BIRTH'])
    await tab.getByRole('button', { name: 'Distance' }).click()
    assert.equal(await names(), ['AMT_CREDIT', 'NAME_CONTRACT_TYPE', 'DAYS_BIRTH'])
    await tab.getByRole('button', { name: 'Distance' }).click()
    assert.equal(await names(), ['DAYS_BIRTH', 'NAME_CONTRACT_TYPE', 'AMT_CREDIT'])
    assert.is(await tab.locator('#moved th[aria-sort]').getAttribute('aria-sort'), 'ascending')
  })
})

test('a link to a row opens its details', async () => {
  await opened(async (browser, address) => {
    const tab = await browser.newPage()
    await tab.goto(`${address}#row-AMT_CREDIT`)
    assert.is(await tab.locator('#row-AMT_CREDIT details').getAttribute('open'), '')
    assert.is(await tab.locator('#row-DAYS_BIRTH details').getAttribute('open'), null)
  })
})

test('filters hide rows, count what is left and keep their state in the address', async () => {
  await opened(async (browser, address) => {
    const tab = await browser.newPage()
    await tab.goto(address)
    const shown = () => tab.locator('#moved tbody tr:visible').count()
    assert.is(await shown(), 3)
    await tab.getByRole('checkbox', { name: 'drifted only' }).check()
    assert.is(await shown(), 2)
    await tab.getByRole('searchbox').fill('credit')
    assert.is(await shown(), 1)
    assert.is(await tab.locator('form.tools output').textContent(), '1 column shown')
    const kept = tab.url()
    await tab.goto('about:blank')
    await tab.goto(kept)
    assert.is(await shown(), 1)
  })
})

test('without script the table is complete, in its order, and has no dead button', async () => {
  await opened(async (browser, address) => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const tab = await context.newPage()
    await tab.goto(address)
    assert.is(await tab.locator('#moved tbody tr').count(), 3)
    assert.is(await tab.locator('button').count(), 0)
  })
})

test.run()
