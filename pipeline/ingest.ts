/** Stage: reads the eight CSV tables, checks and types them, writes them as Parquet, and reports on the quality of the data. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { params } from 'dvc-ts'
import { z } from 'zod'
import { ingestPortfolio } from './portfolio/ingestion.ts'

const section = z.object({ unknown_clients: z.number().min(0).max(1) })

export async function ingest(paths: { data: string; portfolio: string; reports: string }): Promise<void> {
  const { unknown_clients } = params('ingest', section)
  const quality = ingestPortfolio(paths.data, paths.portfolio, {
    unknownClients: unknown_clients,
    onProgress: (text) => process.stderr.write(`ingest: ${text}\n`),
  })
  mkdirSync(paths.reports, { recursive: true })
  const write = (name: string, content: string) => {
    const path = join(paths.reports, name)
    writeFileSync(`${path}.unfinished`, content)
    renameSync(`${path}.unfinished`, path)
  }
  write('ingest.json', `${JSON.stringify(quality, null, 2)}\n`)
}

if (import.meta.main) {
  const [data = 'data', portfolio = 'artifacts/portfolio', reports = 'reports/ingest'] = process.argv.slice(2)
  await ingest({ data, portfolio, reports })
}
