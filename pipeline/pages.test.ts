import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { withBrowser } from '../testing/browser.ts'
import { pages, stages } from './pages.ts'

type Named = string | Readonly<Record<string, unknown>>
const { deps, outs } = (
  parse(readFileSync('dvc.yaml', 'utf8')) as { stages: { pages: { deps: string[]; outs: Named[] } } }
).stages.pages
const within = (path: string) => relative('reports', path)

/** A folder with those of the committed reports that the stage depends on, and nothing else. */
async function withJson(work: (reports: string) => Promise<void> | void): Promise<void> {
  const reports = mkdtempSync(join(tmpdir(), 'pages-'))
  try {
    for (const file of deps.filter((dep) => dep.startsWith('reports/')).map(within))
      cpSync(join('reports', file), join(reports, file), { recursive: true })
    await work(reports)
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
}

const text = (markup: string) => markup.replace(/<style>[\s\S]*?<\/style>/, '')

test('the committed pages and pictures are those that the committed JSON gives', () =>
  withJson((reports) => {
    pages(reports)
    const made = globSync(['**', '*.{html,svg,md}'].join('/'), { cwd: reports }).sort()
    assert.equal(made, outs.map((out) => within(typeof out === 'string' ? out : Object.keys(out)[0]!)).sort())
    for (const file of made)
      assert.ok(
        existsSync(join('reports', file)) &&
          readFileSync(join('reports', file)).equals(readFileSync(join(reports, file))),
        `reports/${file} is not what its JSON gives: dvc repro pages`,
      )
  }))

test('the list says what each report says first, and both link to each other', () =>
  withJson((reports) => {
    pages(reports)
    const list = text(readFileSync(join(reports, 'index.html'), 'utf8'))
    for (const stage of stages) {
      const report = text(readFileSync(join(reports, stage, 'index.html'), 'utf8'))
      const lead = /<div class="lead"><h1>(.*?)<\/h1><p lang="fr">(.*?)<\/p><p lang="en">(.*?)<\/p>/.exec(report)
      assert.ok(lead, stage)
      for (const words of lead.slice(1)) assert.ok(list.includes(words), `${stage}: ${words}`)
      assert.match(report, '<a href="../index.html">')
      assert.match(list, `<a href="${stage}/index.html">`)
    }
    for (const file of globSync(['**', 'index.html'].join('/'), { cwd: reports })) {
      const links = text(readFileSync(join(reports, file), 'utf8')).matchAll(/href="([^"#]+)"/g)
      for (const [, link] of links)
        assert.ok(existsSync(join('reports', dirname(file), link!)), `${file} links to ${link}, which is not there`)
    }
  }))

test('a missing report is named with the stage that makes it', () =>
  withJson((reports) => {
    rmSync(join(reports, 'drift', 'drift.json'))
    assert.throws(() => pages(reports), /drift\.json: expected the report of stage drift.*dvc repro drift/)
  }))

test('in a browser the list of reports fits a phone and a wide screen, and complains of nothing', () =>
  withJson(async (reports) => {
    pages(reports)
    await withBrowser(async (browser) => {
      for (const width of [360, 1440]) {
        const tab = await browser.newPage({ viewport: { width, height: 800 } })
        const complaints: string[] = []
        tab.on('console', (message) => complaints.push(message.text()))
        tab.on('pageerror', (error) => complaints.push(error.message))
        await tab.goto(pathToFileURL(join(reports, 'index.html')).href)
        assert.is(await tab.evaluate(() => document.documentElement.scrollWidth), width)
        await tab.getByRole('link', { name: 'Read the report: drift' }).click()
        await tab.getByRole('link', { name: 'All reports' }).click()
        assert.match(await tab.title(), /^Reports of the pipeline/)
        assert.equal(complaints, [])
        await tab.close()
      }
    })
  }))

test.run()
