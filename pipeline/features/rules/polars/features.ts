/** All features of all clients with polars, so many clients at once: one group-by per set, then one query over the applications and all aggregates. */
import pl from 'nodejs-polars'
import { check } from '../check/check.ts'
import type { Definitions } from '../check/definitions.ts'
import { applicationTable, clientKey, type Program, type Schema } from '../check/program.ts'
import { portfolioSchema } from '../check/schema.ts'
import { planOf, type SetPlan } from '../plan/plan.ts'
import { children, type Tree } from '../syntax/tree.ts'
import { aggregating, type Parts } from './aggregates.ts'
import { type Expr, expressions, isLarge } from './expressions.ts'
import { withRates } from './rates.ts'
import { grouped, madeSets, type Source } from './row-sets.ts'

export type { Source } from './row-sets.ts'

/** Frames by table name. */
export type Frames = Readonly<Record<string, pl.DataFrame>>

export interface BatchOptions {
  readonly schema?: Schema
  /** Features as Float32 (half the memory at the end) instead of Float64. */
  readonly single?: boolean
  /** Memory goes with the clients computed at once. The values do not: a client's rows are always together. */
  readonly clientsAtOnce?: number
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
  options: BatchOptions = {},
): Generator<string, pl.DataFrame> {
  const read = typeof source === 'function' ? source : framesOf(source)
  const made: pl.DataFrame[] = []
  for (const step of partSteps(definitions, (columns) => inParts(read, columns, options.clientsAtOnce), options)) {
    if (typeof step === 'string') yield step
    else made.push(step)
  }
  return made.length > 1 ? pl.concat(made) : made[0]!
}

/**
 * The features of some clients after the others: of each source a frame as `batch` gives it, with messages before each piece of work.
 * `sources` is called with the columns of the applications that features read; each source has the applications of its clients and their rows.
 */
export function* partSteps(
  definitions: Definitions,
  sources: (columns: readonly string[]) => Iterable<Source>,
  { schema = portfolioSchema, single = false }: BatchOptions = {},
): Generator<string | pl.DataFrame, void> {
  const { tables } = definitions
  const program = check(definitions, schema)
  const plan = planOf(program)
  const lookups = largeLookups(program)
  // expressions are made once: making them takes as long as running them over some ten thousand clients
  const partsOf = new Map(plan.sets.map((set) => [set.set.name, aggregatesOf(set, tables)]))
  const values = new Map<string, Expr>()
  for (const { set, aggregates } of plan.sets)
    for (const [place, { value }] of partsOf.get(set.name)!.entries()) values.set(aggregates[place]!.key, value)
  const counts = [...partsOf.values()].flat().flatMap((part) => part.counts ?? [])
  const express = expressions(tables, { aggregate: (tree) => values.get(tree.key)!, joined: true })
  const number = single ? pl.Float32 : pl.Float64
  const features = program.features.map(({ definition, tree }) => {
    const value = express(tree)
    return (tree.type === 'text' ? value : value.cast(number)).alias(definition.name)
  })

  yield 'reading'
  let first = 1
  for (const source of sources(plan.application)) {
    const applications = source(applicationTable, plan.application).sort(clientKey).collectSync()
    const of = ` (clients ${first} to ${first + applications.height - 1})`
    first += applications.height
    const ids = applications.select(clientKey).lazy()
    /** The applications, then the aggregates of each set: rows in one order, so they only stand side by side. */
    const pieces = [applications]
    for (const { plan: each, frame } of madeSets(plan, tables, source)) {
      yield `${each.set.name}: ${each.aggregates.length} aggregates${of}`
      if (each.aggregates.length === 0) continue
      const ofClients = grouped(frame.lazy(), [clientKey], partsOf.get(each.set.name)!)
      const aligned = ids.join(ofClients, { on: clientKey, how: 'left', maintainOrder: 'left' })
      pieces.push(aligned.collectSync().drop(clientKey))
    }
    const beside = pieces.length > 1 ? pl.concat(pieces, { how: 'horizontal' }) : applications
    let clients = counts.length > 0 ? beside.lazy().withColumns(pl.cols(counts).fillNull(pl.lit(0))) : beside.lazy()
    for (const lookup of lookups) clients = withLookup(clients, lookup, tables)
    clients = withRates(
      clients,
      program.features.map(({ tree }) => tree),
      express,
    )
    yield `${program.features.length} features of ${applications.height} clients${of}`
    yield clients.select(pl.col(clientKey), ...features).collectSync()
  }
}

/** A source as sources of `clientsAtOnce` clients, in the order of their numbers. */
function* inParts(read: Source, columns: readonly string[], clientsAtOnce = 50_000): Generator<Source> {
  const all = read(applicationTable, columns).sort(clientKey).collectSync()
  const rowsOf = all.height > clientsAtOnce ? inPartsOf(read) : () => read
  for (let first = 0; first < Math.max(1, all.height); first += clientsAtOnce) {
    const applications = all.slice(first, clientsAtOnce)
    const rows = rowsOf(applications)
    yield (table, wanted) => (table === applicationTable ? applications.lazy().select(...wanted) : rows(table, wanted))
  }
}

function aggregatesOf({ aggregates }: SetPlan, tables: Definitions['tables']): Parts[] {
  const aggregate = aggregating(expressions(tables), clientKey)
  return aggregates.map(aggregate)
}

/**
 * For so many clients at a time, who are sorted, their rows alone. A table that does not know its clients gets them from its parent;
 * it is read once and kept, not read again for each part.
 */
function inPartsOf(read: Source): (clients: pl.DataFrame) => Source {
  const kept = new Map<string, pl.DataFrame>()
  const whole: Source = (table, columns) => {
    const name = `${table}: ${columns.join()}`
    const frame = kept.get(name) ?? read(table, columns).collectSync()
    kept.set(name, frame)
    return frame.lazy()
  }
  return (clients) => {
    const ids = clients.getColumn(clientKey)
    const [low, high] = [ids.get(0) as number, ids.get(clients.height - 1) as number]
    const chosen = pl
      .col(clientKey)
      .gtEq(pl.lit(low))
      .and(pl.col(clientKey).ltEq(pl.lit(high)))
    return (table, columns) =>
      columns.includes(clientKey) ? read(table, columns).filter(chosen) : whole(table, columns)
  }
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
