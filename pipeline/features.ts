/** STAGE features: computes every feature of every client from the portfolio, and writes them, their definitions and their catalogue. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { params } from 'dvc-ts'
import type pl from 'nodejs-polars'
import { z } from 'zod'
import { readPortfolioNote } from './data/portfolio-note.ts'
import { runStage } from './data/stage.ts'
import { makeWhole, writeWhole } from './data/write-whole.ts'
import { catalogueOf, type FeaturesReport } from './features/catalogue.ts'
import { definitions } from './features/definitions/index.ts'
import { featureFrames } from './features/frames.ts'
import type { Definitions } from './features/rules/check/definitions.ts'
import { without, withoutReading } from './features/rules/check/sources.ts'

const section = z.object({ exclude: z.array(z.string()) })

/** Clients whose values sample.json shows; none where clients are real. */
const sampleSize = 50

export async function features(paths: { portfolio: string; features: string; reports: string }): Promise<void> {
  const { exclude } = params('features', section)
  const note = readPortfolioNote(paths.portfolio)
  const progress = (message: string) => process.stderr.write(`features: ${message}\n`)

  const { absent = [] } = note
  const known = withoutReading(without(definitions, exclude), absent)
  if (absent.length > 0) progress(`without ${absent.join(', ')}: ${known.features.length} features are left`)
  const frames = await featureFrames(known, paths.portfolio, progress)
  const kept = frames.definitions

  mkdirSync(paths.features, { recursive: true })
  writeParquet(frames.train, paths.features, 'train.parquet')
  writeParquet(frames.fresh, paths.features, 'new.parquet')
  writeWhole(join(paths.features, 'definitions.json'), json(kept))
  writeWhole(join(paths.features, 'fitted.json'), json(fittedOf(kept)))

  const catalogue = catalogueOf(definitions, kept, exclude, frames)
  const clients = frames.train.height + frames.fresh.height
  const data = { clients, hash: note.hash, synthetic: note.synthetic !== null }
  const report: FeaturesReport = { data, ...catalogue }
  writeWhole(join(paths.reports, 'features.json'), json(report))
  const sample = note.synthetic ? frames.train.head(sampleSize).toRecords() : []
  writeWhole(join(paths.reports, 'sample.json'), json(sample))
  progress(`${kept.features.length} features, ${frames.train.height} training and ${frames.fresh.height} new clients`)
}

/** What training clients taught, by itself: it is in the definitions too, which both evaluators read. */
function fittedOf({ tables, features }: Definitions) {
  return {
    tables: Object.fromEntries(Object.entries(tables).filter(([, { fit }]) => fit)),
    rules: Object.fromEntries(features.filter(({ fit }) => fit).map(({ name, rule, fit }) => [name, { ...fit, rule }])),
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function writeParquet(frame: pl.DataFrame, folder: string, name: string): void {
  makeWhole(join(folder, name), (unfinished) => frame.writeParquet(unfinished, { compression: 'snappy' }))
}

if (import.meta.main)
  await runStage('features', 'PORTFOLIO FEATURES REPORTS', (portfolio, folder, reports) =>
    features({ portfolio, features: folder, reports }),
  )
