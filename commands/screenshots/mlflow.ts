/** A walk through MLflow's UI in Chromium, from the runs to the registry, and a picture of each page on the way. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import type { MlflowClient } from '../../pipeline/tracking/client.ts'
import { withClient } from '../../pipeline/tracking/connection.ts'
import { TrackingError } from '../../pipeline/tracking/error.ts'
import { openBrowser } from '../../testing/browser.ts'
import { storeOf } from '../promote.ts'

/** What the walk passes, in its order. */
export const mlflowPages = ['runs', 'run', 'curves', 'registry', 'version'] as const
export type PageName = (typeof mlflowPages)[number]

/** The choices that MLflow's UI keeps in the browser: the pages of model training, without its assistant and its news. */
const choices = {
  _mlflow_model_registry_promo_modal_dismissed_v1: 'true',
  'mlflow.workflowType_v1': '"machine_learning"',
  'mlflow.assistant.panelOpen_v1': 'false',
  'mlflow.assistant.fab.autoOpenedOnFirstLoad_v1': 'true',
}

/**
 * Follows the links as a person would: the experiment's runs, the newest run `runName`, its curves, the registry, the newest version.
 *
 * @param visit called on each page once it shows what it is for
 * @returns what went wrong meanwhile: errors of the page, and requests to other hosts
 */
export async function walk(
  client: MlflowClient,
  { experiment, model, runName }: { experiment: string; model: string; runName: string },
  visit: (name: PageName, page: Page) => Promise<void>,
): Promise<string[]> {
  const id = await client.experiment(experiment)
  const [run] = await client.searchRuns([id], `attributes.run_name = '${runName}'`, 1)
  const [version] = await client.versions(model)
  if (!run || !version) throw new TrackingError(`${client.root}: no run ${runName}, or no version of ${model} yet`)
  const { browser, close } = await openBrowser()
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 760 }, locale: 'en-GB' })
    await context.addInitScript((kept) => {
      for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value)
    }, choices)
    const page = await context.newPage()
    page.setDefaultTimeout(60_000) // a busy machine draws slowly
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(client.root) && !/^(data|blob):/.test(url)) complaints.push(`asked ${url}`)
    })
    const link = (path: string) => page.locator(`a[href*="${path}"]`).first()
    const arrive = async (name: PageName, ...shown: Locator[]) => {
      for (const each of shown) await each.first().waitFor()
      await visit(name, page)
    }
    await page.goto(`${client.root}/#/experiments/${id}/runs`)
    const ofRun = `/experiments/${id}/runs/${run.info.run_id}`
    await arrive('runs', link(ofRun), page.getByText('portfolio'))
    await link(ofRun).click()
    await arrive('run', page.getByText('roc_auc', { exact: true }), page.getByText('Registered models'))
    await page.getByRole('tab', { name: 'Model metrics' }).click()
    await arrive('curves', page.locator('.js-plotly-plot path.js-line').nth(3))
    await page.getByText('Model registry', { exact: true }).first().click()
    await link(`/models/${model}`).click()
    await arrive('registry', page.getByText(`Version ${version.version}`), page.getByText('challenger'))
    await page.getByText(`Version ${version.version}`).first().click()
    await arrive('version', page.getByText('bundle_version'), page.getByText('Inputs'))
    return complaints
  } finally {
    await close()
  }
}

/** The pictures of the project's runs and models, from the server of MLFLOW_TRACKING_URI or the local store. */
export async function mlflowPictures(folder: string, say: (line: string) => void): Promise<void> {
  say('starting MLflow and Chromium ...')
  await withClient({ store: storeOf(undefined), onMessage: say }, async (client) => {
    mkdirSync(folder, { recursive: true })
    const names = { experiment: 'credit-scoring', model: 'credit-scoring', runName: 'train' }
    await walk(client, names, async (name, page) => {
      await page.waitForTimeout(800) // the charts move in
      await page.screenshot({ path: join(folder, `${name}.png`) })
      say(`${name}.png`)
    })
  })
}
