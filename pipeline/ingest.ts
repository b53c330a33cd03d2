/** STAGE ingest: reads the eight CSV tables, checks and types them, writes them as Parquet, and writes what there is to say of their quality. */
import { join } from 'node:path'
import { params } from 'dvc-ts'
import { compareWithPublished } from 'synthetic-credit/published'
import { z } from 'zod'
import { ingestPortfolio } from './data/ingestion.ts'
import { type IngestReport, qualityChecks } from './data/quality-checks.ts'
import { runStage } from './data/stage.ts'
import { readParquetTable, releaseFrames } from './data/tables.ts'
import { writeWhole } from './data/write-whole.ts'

export interface IngestPaths {
  readonly data: string
  readonly portfolio: string
  readonly reports: string
}

const section = z.object({ unknown_clients: z.number().min(0).max(1) })

export async function ingest(paths: IngestPaths): Promise<void> {
  const { unknown_clients } = params('ingest', section)
  const say = (text: string) => process.stderr.write(`ingest: ${text}\n`)
  const quality = await ingestPortfolio(paths.data, paths.portfolio, {
    unknownClients: unknown_clients,
    onProgress: say,
  })
  say('comparison with the published statistics')
  const figures = await compareWithPublished((table, columns) => readParquetTable(paths.portfolio, table, columns), {
    afterTable: releaseFrames,
  })
  const report: IngestReport = { checks: qualityChecks(quality, unknown_clients, figures), ...quality }
  const write = (name: string, content: string) => writeWhole(join(paths.reports, name), content)
  write('ingest.json', `${JSON.stringify(report, null, 1)}\n`)
  write('published.json', `[\n${figures.map((figure) => JSON.stringify(figure)).join(',\n')}\n]\n`)
}

if (import.meta.main)
  await runStage('ingest', 'DATA PORTFOLIO REPORTS', (data, portfolio, reports) => ingest({ data, portfolio, reports }))
