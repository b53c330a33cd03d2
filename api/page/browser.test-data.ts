/** For tests: the page in a real Chromium, served on loopback; what must not happen is noted while it is used. */
import { serve } from '@hono/node-server'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openBrowser } from '../../testing/browser.ts'
import type { Options } from '../app.ts'
import type { Journal } from '../journal/journal.ts'
import type { service } from '../opened.test-data.ts'

export const widths = [360, 1024, 1440] as const

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Console messages, errors, and requests to another host. */
  readonly complaints: string[]
}

export interface Open {
  readonly browser: Browser
  readonly url: string
  readonly journal: Journal
  visit(o: { width: number; language: 'fr' | 'en'; javaScript?: boolean; dark?: boolean }): Promise<Visit>
}

const heightOf = (width: number) => (width === 360 ? 780 : 900)

/** One server and one browser for `body`; both are gone afterwards. */
export async function withBrowser(
  { opened }: Pick<ReturnType<typeof service>, 'opened'>,
  body: (open: Open) => Promise<void>,
  options: Options = {},
): Promise<void> {
  const { app, journal } = await opened(options)
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise<void>((resolve) => server.on('listening', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const { browser, close } = await openBrowser()
  try {
    await body({
      browser,
      url,
      journal,
      async visit({ width, language, javaScript = true, dark = false }) {
        const context = await browser.newContext({
          viewport: { width, height: heightOf(width) },
          locale: language === 'fr' ? 'fr-FR' : 'en-GB',
          javaScriptEnabled: javaScript,
          colorScheme: dark ? 'dark' : 'light',
        })
        const page = await context.newPage()
        page.setDefaultTimeout(60_000) // a machine that does other work at the same time
        const complaints: string[] = []
        page.on('console', (message) => complaints.push(`${page.url()}: ${message.text()}`))
        page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error}`))
        page.on('request', (request) => {
          if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
            complaints.push(`asked ${request.url()}`)
        })
        return { page, context, complaints }
      },
    })
  } finally {
    await close()
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
}

/** Pixels by which a page is wider than its window. */
export const tooWide = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** One recorded proposal of each verdict that the first clients give: its address by verdict. */
export async function proposals(
  url: string,
  ids: readonly number[],
): Promise<Readonly<Partial<Record<'approved' | 'declined', string>>>> {
  const found: Partial<Record<'approved' | 'declined', string>> = {}
  for (const client of ids) {
    if (found.approved && found.declined) break
    const answer = await fetch(`${url}/v1/score`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client }),
    })
    const { requestId, decision } = (await answer.json()) as { requestId: string; decision: 'approved' | 'declined' }
    found[decision] ??= `/decisions/${requestId}`
  }
  return found
}
