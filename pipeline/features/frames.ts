/** The features of the training clients and of the new clients as frames, computed from a portfolio on disk. */
import v8 from 'node:v8'
import vm from 'node:vm'
import pl from 'nodejs-polars'
import type { HistoryTable } from '../portfolio/schema/tables.ts'
import { readParquetTable } from '../portfolio/tables.ts'
import type { Definitions } from './algebra/definitions.ts'
import { fitted } from './algebra/fit.ts'
import { batch, type Source } from './algebra/polars.ts'
import { applicationTable, clientKey } from './algebra/program.ts'

export interface FeatureFrames {
  /** The definitions with what training clients taught: fitted tables and rules, and the levels of categories. */
  readonly definitions: Definitions
  /** SK_ID_CURR Int32, TARGET Int8, then the features: numbers and counts Float32, categories String; sorted by client. */
  readonly train: pl.DataFrame
  /** The same without TARGET. */
  readonly fresh: pl.DataFrame
}

/** Reads artifacts/portfolio, only the columns that some rule reads and one table at a time, fits on training clients, and computes every feature. */
export function featureFrames(
  definitions: Definitions,
  portfolio: string,
  onProgress?: (message: string) => void,
): FeatureFrames {
  const onMessage = (message: string) => {
    collectGarbage()
    onProgress?.(message)
  }
  onMessage('fitted tables and rules')
  const source = portfolioSource(portfolio)
  const learnt = fitted(definitions, ofTraining(portfolio, source))
  const all = batch(learnt, source, { single: true, onProgress: onMessage })
  const target = readParquetTable(portfolio, 'application_train', [clientKey, 'TARGET']).select(
    pl.col(clientKey).cast(pl.Int32),
    pl.col('TARGET').cast(pl.Int8),
  )
  const added = readParquetTable(portfolio, 'application_test', [clientKey]).select(pl.col(clientKey).cast(pl.Int32))
  const keyed = all.withColumns(pl.col(clientKey).cast(pl.Int32))
  const train = ofClients(target, keyed)
  return { definitions: withLevels(learnt, train), train, fresh: ofClients(added, keyed) }
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

function portfolioSource(portfolio: string): Source {
  return (table, columns) => {
    if (table !== applicationTable) return readParquetTable(portfolio, table as HistoryTable, columns)
    const applications = (['application_train', 'application_test'] as const).map((name) =>
      readParquetTable(portfolio, name, columns),
    )
    return pl.concat(applications.map((frame) => frame.select(...columns)))
  }
}

/** The same tables, rows of training clients only. */
function ofTraining(portfolio: string, source: Source): Source {
  const clients = readParquetTable(portfolio, 'application_train', [clientKey])
  return (table, columns) => {
    if (table === applicationTable) return readParquetTable(portfolio, 'application_train', columns).select(...columns)
    const frame = source(table, columns)
    return frame.columns.includes(clientKey) ? frame.join(clients, { on: clientKey, how: 'semi' }) : frame
  }
}

const ofClients = (clients: pl.DataFrame, features: pl.DataFrame): pl.DataFrame =>
  clients.sort(clientKey).join(features, { on: clientKey, how: 'left', maintainOrder: 'left' })

/** Frames live outside the JavaScript heap, so that the collector does not see how large they are. */
function collectGarbage(): void {
  v8.setFlagsFromString('--expose-gc')
  const collect: unknown = vm.runInNewContext('gc')
  if (typeof collect === 'function') collect()
}
