/** The features of the training clients and of the new clients as frames, computed from a portfolio on disk. */
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { releaseFrames } from '../data/tables.ts'
import type { Definitions } from './rules/check/definitions.ts'
import { applicationTable, clientKey } from './rules/check/program.ts'
import { batchSteps, type Source } from './rules/polars/features.ts'
import { fittedDefinitions } from './rules/polars/fit.ts'

export interface FeatureFrames {
  /** The definitions with what training clients taught: fitted tables and rules, and the levels of categories. */
  readonly definitions: Definitions
  /** SK_ID_CURR Int32, TARGET Int8, then the features: numbers and counts Float32, categories String; sorted by client. */
  readonly train: pl.DataFrame
  /** The same without TARGET. */
  readonly fresh: pl.DataFrame
}

/**
 * Reads artifacts/portfolio, only the columns that some rule reads and one table at a time; fits on training clients; computes every feature.
 * It waits for nothing but the event loop, in which polars' frames are freed.
 */
export async function featureFrames(
  definitions: Definitions,
  portfolio: string,
  onProgress?: (message: string) => void,
): Promise<FeatureFrames> {
  const source = portfolioSource(portfolio)
  onProgress?.('fitted tables and rules')
  const learnt = fittedDefinitions(definitions, ofTraining(portfolio, source))
  const steps = batchSteps(learnt, source, { single: true })
  let step = steps.next()
  while (!step.done) {
    onProgress?.(step.value)
    await releaseFrames()
    step = steps.next()
  }
  const features = step.value.withColumns(pl.col(clientKey).cast(pl.Int32))
  const target = scan(portfolio, 'application_train').select(
    pl.col(clientKey).cast(pl.Int32),
    pl.col('TARGET').cast(pl.Int8),
  )
  const train = ofClients(target, features)
  const fresh = ofClients(scan(portfolio, 'application_test').select(pl.col(clientKey).cast(pl.Int32)), features)
  return { definitions: withLevels(learnt, train), train, fresh }
}

/** Of each category the levels that training clients have, sorted by code unit. */
function withLevels(definitions: Definitions, train: pl.DataFrame): Definitions {
  const features = definitions.features.map((feature) => {
    if (feature.kind !== 'category') return feature
    const levels = train.getColumn(feature.name).dropNulls().unique().toArray() as string[]
    return { ...feature, levels: levels.sort() }
  })
  return { ...definitions, features }
}

const scan = (portfolio: string, table: string): pl.LazyDataFrame => pl.scanParquet(join(portfolio, `${table}.parquet`))

function portfolioSource(portfolio: string): Source {
  return (table, columns) => {
    if (table !== applicationTable) return scan(portfolio, table).select(...columns)
    const files = ['application_train', 'application_test'].map((name) => scan(portfolio, name).select(...columns))
    return pl.concat(files)
  }
}

/** The same tables, rows of training clients only. */
function ofTraining(portfolio: string, source: Source): Source {
  const clients = scan(portfolio, 'application_train').select(clientKey)
  return (table, columns) => {
    if (table === applicationTable) return scan(portfolio, 'application_train').select(...columns)
    const rows = source(table, columns)
    return columns.includes(clientKey) ? rows.join(clients, { on: clientKey, how: 'semi' }) : rows
  }
}

const ofClients = (clients: pl.LazyDataFrame, features: pl.DataFrame): pl.DataFrame =>
  clients.sort(clientKey).join(features.lazy(), { on: clientKey, how: 'left', maintainOrder: 'left' }).collectSync()
