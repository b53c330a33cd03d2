/** STAGE pages: the JSON of the other stages → reports/STAGE/index.html and what goes with it, and reports/index.html with every headline. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Page, page } from 'report-kit'
import type { Figure } from 'synthetic-credit/published'
import type { IngestReport } from './data/quality-checks.ts'
import { runStage } from './data/stage.ts'
import { writeWhole } from './data/write-whole.ts'
import { type Distributions, type Findings as DriftFindings, withDistributions } from './drift/findings.ts'
import type { Explanation } from './explain/findings.ts'
import type { FeaturesReport } from './features/catalogue.ts'
import type { Comparison } from './models/comparison/findings.ts'
import type { TrainingSummary } from './models/training-summary.ts'
import { compareMarkdown } from './views/compare/markdown.ts'
import { compareView } from './views/compare/page.ts'
import { driftView } from './views/drift/page.ts'
import { explainView } from './views/explain/page.ts'
import { featuresView } from './views/features/page.ts'
import { ingestView } from './views/ingest/page.ts'
import { reportsView } from './views/reports.ts'
import { costPicture, trainView } from './views/train/page.ts'

interface View {
  readonly page: Page
  /** Further files by name: pictures and text for places that show no pages. */
  readonly files?: Readonly<Record<string, string>>
}

/** A JSON file of the stage's report folder, as the type that the stage wrote it from. */
type Read = <T>(file: string) => T

/** In the order of the pipeline. */
const views: Readonly<Record<string, (read: Read) => View>> = {
  ingest: (read) => ({ page: ingestView(read<IngestReport>('ingest.json'), read<Figure[]>('published.json')) }),
  features: (read) => ({ page: featuresView(read<FeaturesReport>('features.json')) }),
  compare: (read) => {
    const comparison = read<Comparison>('compare.json')
    return { page: compareView(comparison), files: { 'compare.md': compareMarkdown(comparison) } }
  },
  train: (read) => {
    const summary = read<TrainingSummary>('train.json')
    return { page: trainView(summary), files: { 'cost.svg': costPicture(summary) } }
  },
  explain: (read) => ({ page: explainView(read<Explanation>('explain.json')) }),
  drift: (read) => {
    const findings = withDistributions(read<DriftFindings>('drift.json'), read<Distributions>('distributions.json'))
    return { page: driftView(findings) }
  },
}

/** The stages whose reports are shown. */
export const stages = Object.keys(views)

const reader =
  (reports: string, stage: string): Read =>
  <T>(file: string): T => {
    const path = join(reports, stage, file)
    if (!existsSync(path))
      throw new Error(`${path}: expected the report of stage ${stage}, found none; make it with: dvc repro ${stage}`)
    return JSON.parse(readFileSync(path, 'utf8')) as T
  }

export function pages(reports: string): void {
  const shown = Object.entries(views).map(([stage, view]) => {
    const { page: report, files = {} } = view(reader(reports, stage))
    writeWhole(join(reports, stage, 'index.html'), page({ ...report, home: '../index.html' }))
    for (const [name, text] of Object.entries(files)) writeWhole(join(reports, stage, name), text)
    return report
  })
  writeWhole(join(reports, 'index.html'), page(reportsView(shown)))
}

if (import.meta.main) await runStage('pages', 'REPORTS', async (reports) => pages(reports))
