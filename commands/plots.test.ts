/** The page of `dvc plots show` draws the pipeline's plots in a real Chromium, without a network. */
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mlflowCommand } from '../pipeline/tracking/server.ts'
import { withBrowser } from '../testing/browser.ts'
import { smallWorkspace } from '../testing/bundles.ts'

test('dvc plots show draws the curves, those of each fold too, and asks no other host', async () => {
  const workspace = smallWorkspace()
  const printed = execFileSync('dvc', ['plots', 'show'], {
    cwd: workspace,
    encoding: 'utf8',
    env: { ...process.env, DVC_NO_ANALYTICS: '1', PATH: `${dirname(mlflowCommand())}:${process.env.PATH}` },
  })
  assert.match(printed, 'dvc_plots/index.html')
  await withBrowser(async (browser) => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) complaints.push(`asked ${request.url()}`)
    })
    await page.goto(`file://${join(workspace, 'dvc_plots', 'index.html')}`)
    await page.locator('.vega-embed canvas').nth(8).waitFor() // four curves and five folds
    assert.equal(complaints, [])
  })
})

test.run()
