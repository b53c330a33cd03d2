/** Pictures of the page: the real service on the bundle of made-up clients, its journal in memory, walked through in Chromium. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Page } from 'playwright-core'
import { createApp } from '../../api/app.ts'
import { openSqliteJournal } from '../../api/journal/sqlite.ts'
import { readReference } from '../../api/reference.ts'
import { Clients } from '../../pipeline/scoring/clients.ts'
import { Scorer } from '../../pipeline/scoring/scorer.ts'
import { openBrowser } from '../../testing/browser.ts'

const clientsScored = 150 // so that journal and monitoring have something to show

interface Picture {
  readonly name: string
  readonly width: 360 | 1024 | 1440
  readonly dark?: boolean
  readonly language?: 'fr' | 'en'
  readonly path: string
  /** Whole page unless false. */
  readonly whole?: boolean
  readonly before?: (page: Page) => Promise<unknown>
}

/** @throws Error where there is no bundle, or where its clients are real */
export async function pagePictures(folder: string, say: (line: string) => void): Promise<void> {
  const model = process.env.MODEL || join(import.meta.dirname, '..', '..', 'artifacts', 'model')
  const scorer = Scorer.open(model)
  const clients = Clients.open(model)
  const journal = openSqliteJournal(':memory:')
  let stopped = false
  try {
    if (scorer.bundle.synthetic === null)
      throw new Error(
        `${model} was trained on real clients: only made-up ones are pictured. Set MODEL to such a bundle`,
      )
    const reports = join(model, '..', '..', 'reports')
    const app = createApp(scorer, clients, journal, {
      reference: await readReference(model),
      reports,
      stopping: () => stopped,
    })
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    await new Promise<void>((resolve) => server.on('listening', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    try {
      say(`scoring ${clientsScored} clients ...`)
      const path = await pathsOf(url, clients)
      await take(folder, url, picturesOf(path), say)
    } finally {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
    }
  } finally {
    stopped = true
    await journal.close()
    clients.close()
    scorer.close()
  }
}

/** The proposals nearest above and below the cut-off: whose screens have most to say. */
async function pathsOf(url: string, clients: Clients): Promise<Readonly<Record<'declined' | 'approved', string>>> {
  const near = {
    declined: { distance: Number.POSITIVE_INFINITY, path: '/' },
    approved: { distance: Number.POSITIVE_INFINITY, path: '/' },
  }
  for (const { id } of clients.search('', clientsScored)) {
    const answer = await fetch(`${url}/v1/score`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client: id }),
    })
    const { requestId, decision, probability, threshold } = (await answer.json()) as {
      requestId: string
      decision: 'declined' | 'approved'
      probability: number
      threshold: number
    }
    const distance = Math.abs(probability - threshold - (decision === 'declined' ? 0.02 : -0.03))
    if (distance < near[decision].distance) near[decision] = { distance, path: `/decisions/${requestId}` }
  }
  return { declined: near.declined.path, approved: near.approved.path }
}

const picturesOf = ({ declined, approved }: Readonly<Record<'declined' | 'approved', string>>): readonly Picture[] => [
  { name: 'find', width: 1440, path: '/', whole: false },
  { name: 'decision', width: 1440, path: declined },
  { name: 'decision-dark-en', width: 1440, path: declined, dark: true, language: 'en' },
  { name: 'decision-phone', width: 360, path: approved, whole: false },
  {
    name: 'override',
    width: 1024,
    path: declined,
    whole: false,
    before: (page) => page.locator('[data-differs]').first().click(),
  },
  { name: 'application', width: 1024, path: '/applications/new?example=1', whole: false },
  { name: 'sheet', width: 1024, path: `${declined}/sheet` },
  { name: 'journal', width: 1440, path: '/journal', whole: false },
  { name: 'monitoring', width: 1440, path: '/monitoring', whole: false },
  { name: 'model', width: 1440, path: '/model', whole: false },
]

async function take(folder: string, url: string, pictures: readonly Picture[], say: (line: string) => void) {
  const { browser, close } = await openBrowser()
  try {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const { name, width, dark = false, language = 'fr', path, whole = true, before } of pictures) {
      const page = await browser.newPage({
        viewport: { width, height: width === 360 ? 780 : 900 },
        colorScheme: dark ? 'dark' : 'light',
        locale: language === 'fr' ? 'fr-FR' : 'en-GB',
        reducedMotion: 'reduce',
      })
      await page.goto(url + path)
      await page.evaluate(() => document.fonts.ready)
      await before?.(page)
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole })
      await page.close()
      say(`${name}.png`)
    }
  } finally {
    await close()
  }
}
