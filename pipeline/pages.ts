/** STAGE pages: the JSON of the other stages → reports/STAGE/index.html with its pictures, and reports/index.html with every headline. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Page, page } from 'report-kit'
import { told } from './data/exit-on-user-error.ts'
import type { Figure } from './data/figure.ts'
import type { IngestReport } from './data/quality-checks.ts'
import { writeWhole } from './data/write-whole.ts'
import { type Distributions, type Findings as DriftFindings, withDistributions } from './drift/findings.ts'
import type { FeaturesReport } from './features/catalogue.ts'
import { driftView } from './views/drift/page.ts'
import { featuresView } from './views/features/page.ts'
import { ingestView } from './views/ingest/page.ts'
import { reportsView } from './views/reports.ts'

interface View {
  readonly page: Page
  /** Pictures by file name, for places that show no pages. */
  readonly pictures?: Readonly<Record<string, string>>
}

/** A JSON file of the stage's report folder, as the type that the stage wrote it from. */
type Read = <T>(file: string) => T

/** In the order of the pipeline. */
const views: Readonly<Record<string, (read: Read) => View>> = {
  ingest: (read) => ({ page: ingestView(read<IngestReport>('ingest.json'), read<Figure[]>('published.json')) }),
  features: (read) => ({ page: featuresView(read<FeaturesReport>('features.json')) }),
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
    const { page: report, pictures = {} } = view(reader(reports, stage))
    writeWhole(join(reports, stage, 'index.html'), page({ ...report, home: '../index.html' }))
    for (const [name, picture] of Object.entries(pictures)) writeWhole(join(reports, stage, name), picture)
    return report
  })
  writeWhole(join(reports, 'index.html'), page(reportsView(shown)))
}

if (import.meta.main) {
  const [reports = 'reports'] = process.argv.slice(2)
  await told('pages', async () => pages(reports))
}
