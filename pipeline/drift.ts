/** Stage drift: have the new clients moved away from the clients of training, in raw columns, in the model's features, in its score? */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { params } from 'dvc-ts'
import { z } from 'zod'
import { jsonOf, metricsOf } from './drift/findings.ts'
import { driftPage } from './drift/page.ts'
import { findingsOf } from './drift/portfolio.ts'

export interface DriftPaths {
  readonly portfolio: string
  readonly features: string
  readonly model: string
  readonly reports: string
}

const driftParams = z.object({
  /** Share of columns (or of the model's importance in them) drifted that makes the data set drifted. */
  share: z.number().min(0).max(1),
  policy: z.enum(['default', 'evidently']).default('default'),
  /** Values a side below which a column is not tested, under the default policy. */
  least: z.int().positive().default(100),
  seed: z.int().default(20261124),
  threads: z.int().positive().default(2),
  /** How false alarms and detection are measured: sizes of the windows, draws of each, rows of the reference, columns a change is put into. */
  power: z
    .object({
      windows: z.array(z.int().positive()),
      runs: z.int().positive(),
      reference: z.int().positive(),
      columns: z.int().positive(),
    })
    .default({ windows: [250, 500, 1000, 2500], runs: 20, reference: 2500, columns: 6 }),
})

export async function drift({ portfolio, features, model, reports }: DriftPaths): Promise<void> {
  const settings = params('drift', driftParams)
  const findings = findingsOf({
    portfolio,
    features: existsSync(features) ? features : null,
    model: existsSync(model) ? model : null,
    ...settings,
    onProgress: (text) => process.stderr.write(`drift: ${text}\n`),
  })
  mkdirSync(reports, { recursive: true })
  const write = (name: string, text: string) => {
    const path = join(reports, name)
    writeFileSync(`${path}.unfinished`, text)
    renameSync(`${path}.unfinished`, path)
  }
  write('drift.json', jsonOf(findings))
  write('metrics.json', `${JSON.stringify(metricsOf(findings), null, 2)}\n`)
  write('index.html', driftPage(findings))
}

if (import.meta.main) {
  const [
    portfolio = 'artifacts/portfolio',
    features = 'artifacts/features',
    model = 'artifacts/model',
    reports = 'reports/drift',
  ] = process.argv.slice(2)
  await drift({ portfolio, features, model, reports })
}
