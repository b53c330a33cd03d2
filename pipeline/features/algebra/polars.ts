/** All features of all clients with polars: one group-by per set, then one query over the applications and all aggregates. */
import pl from 'nodejs-polars'
import { check } from './check.ts'
import type { Definitions } from './definitions.ts'
import { planOf } from './plan.ts'
import { aggregating } from './polars-aggregates.ts'
import { type Expr, expressions, isLarge } from './polars-expressions.ts'
import { grouped, madeSets, type Source } from './polars-sets.ts'
import { applicationTable, clientKey, type Program, type Schema } from './program.ts'
import { portfolioSchema } from './schema.ts'
import { children, type Tree } from './tree.ts'

export type { Source } from './polars-sets.ts'

/** Frames by table name. */
export type Frames = Readonly<Record<string, pl.DataFrame>>

export interface BatchOptions {
  readonly schema?: Schema
  /** Features as Float32 (half the memory at the end) instead of Float64. */
  readonly single?: boolean
}

/** A source of frames that are there already. */
export const framesOf =
  (frames: Frames): Source =>
  (table, columns) => {
    const frame = frames[table]
    if (!frame)
      throw new Error(`features: no frame for the table ${table}; there are ${Object.keys(frames).join(', ')}`)
    return frame.lazy().select(...columns)
  }

/**
 * One row per application, sorted by SK_ID_CURR: SK_ID_CURR, then the features in their order, Float64 or String, null missing.
 * The rows of the tables may come in any order: a set whose order matters is sorted by its own total order.
 */
export function batch(
  definitions: Definitions,
  source: Source | Frames,
  { onProgress, ...options }: BatchOptions & { readonly onProgress?: (message: string) => void } = {},
): pl.DataFrame {
  const steps = batchSteps(definitions, source, options)
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    onProgress?.(step.value)
  }
}

/**
 * The same step by step: it yields a message before each piece of work and returns the frame.
 * Frames are freed between turns of the event loop only, so large data want a collection and a turn after each step.
 */
export function* batchSteps(
  definitions: Definitions,
  source: Source | Frames,
  { schema = portfolioSchema, single = false }: BatchOptions = {},
): Generator<string, pl.DataFrame> {
  const read = typeof source === 'function' ? source : framesOf(source)
  const { tables } = definitions
  const program = check(definitions, schema)
  const plan = planOf(program)
  const values = new Map<string, Expr>()
  const counts: string[] = []
  const applications = read(applicationTable, plan.application).sort(clientKey).collectSync()
  const ids = applications.select(clientKey).lazy()
  /** The applications, then the aggregates of each set: rows in one order, so they only stand side by side. */
  const pieces = [applications]

  yield 'reading'
  for (const made of madeSets(plan, tables, read)) {
    const { set, aggregates } = made.plan
    yield `${set.name}: ${aggregates.length} aggregates`
    if (aggregates.length > 0) {
      const parts = aggregates.map(aggregating(expressions(tables), clientKey))
      for (const [place, { value }] of parts.entries()) values.set(aggregates[place]!.key, value)
      counts.push(...parts.flatMap((part) => part.counts ?? []))
      const ofClients = grouped(made.frame.lazy(), [clientKey], parts)
      const aligned = ids.join(ofClients, { on: clientKey, how: 'left', maintainOrder: 'left' })
      pieces.push(aligned.collectSync().drop(clientKey))
    }
  }

  const beside = pieces.length > 1 ? pl.concat(pieces, { how: 'horizontal' }) : applications
  let clients = counts.length > 0 ? beside.lazy().withColumns(pl.cols(counts).fillNull(pl.lit(0))) : beside.lazy()
  for (const lookup of largeLookups(program)) clients = withLookup(clients, lookup, tables)
  const express = expressions(tables, { aggregate: (tree) => values.get(tree.key)!, joined: true })
  const number = single ? pl.Float32 : pl.Float64
  const features = program.features.map(({ definition, tree }) => {
    const value = express(tree)
    return (tree.type === 'text' ? value : value.cast(number)).alias(definition.name)
  })
  yield `${program.features.length} features of ${applications.height} clients`
  return clients.select(pl.col(clientKey), ...features).collectSync()
}

type Lookup = Tree & { op: 'lookup' }

/** The lookups of features in tables too large for a chain of cases: they become joins. */
function largeLookups({ features, definitions: { tables } }: Program): Lookup[] {
  const found = new Map<string, Lookup>()
  const walk = (tree: Tree): void => {
    if (tree.op === 'lookup' && isLarge(tables[tree.table]!)) found.set(tree.key, tree)
    if (tree.op !== 'aggregate') for (const child of children(tree)) walk(child)
  }
  for (const { tree } of features) walk(tree)
  return [...found.values()]
}

function withLookup(clients: pl.LazyDataFrame, lookup: Lookup, tables: Definitions['tables']): pl.LazyDataFrame {
  const { entries } = tables[lookup.table]!
  const express = expressions(tables)
  const keys = lookup.keys.map((_, place) => `${lookup.key} key ${place}`)
  const parts = keys.map((name, place) => ({ name, values: entries.map(([key]) => key[place]!) }))
  const values = entries.map(([, value]) => value)
  const table = pl.DataFrame([
    ...parts.map((part) => pl.Series(part.name, part.values, pl.Utf8)),
    pl.Series(lookup.key, values, pl.Float64),
  ])
  return lookup.keys
    .reduce((rows, key, place) => rows.withColumns(express(key).alias(keys[place]!)), clients)
    .join(table.lazy(), { on: keys, how: 'left', maintainOrder: 'left' })
    .drop(keys)
}
