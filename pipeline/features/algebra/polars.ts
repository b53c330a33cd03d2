/** All features of all clients with polars: one group-by per set, then one join per set to the applications. */
import pl from 'nodejs-polars'
import { check } from './check.ts'
import type { Definitions } from './definitions.ts'
import { type Plan, planOf, type SetPlan } from './plan.ts'
import { aggregating, type Parts } from './polars-aggregates.ts'
import { type Expr, expressions, isLarge } from './polars-expressions.ts'
import { applicationTable, clientKey, type Program, type Schema } from './program.ts'
import { portfolioSchema } from './schema.ts'
import { type Aggregate, children, type Tree } from './tree.ts'

/** Gives the named columns of a table; `application` is all clients' applications without TARGET. */
export type Source = (table: string, columns: readonly string[]) => pl.DataFrame

export interface BatchOptions {
  readonly schema?: Schema
  /** Features as Float32 (half the memory at the end) instead of Float64. */
  readonly single?: boolean
  readonly onProgress?: (message: string) => void
}

/** A source of frames that are there already. */
export const framesOf =
  (frames: Readonly<Record<string, pl.DataFrame>>): Source =>
  (table, columns) => {
    const frame = frames[table]
    if (!frame)
      throw new Error(`features: no frame for the table ${table}; there are ${Object.keys(frames).join(', ')}`)
    return frame.select(...columns)
  }

/**
 * One row per application, sorted by SK_ID_CURR: SK_ID_CURR, then the features in their order, Float64 or String, null missing.
 * The rows of the tables may come in any order: a set whose order matters is sorted by its own total order.
 */
export function batch(
  definitions: Definitions,
  source: Source | Readonly<Record<string, pl.DataFrame>>,
  { schema = portfolioSchema, single = false, onProgress }: BatchOptions = {},
): pl.DataFrame {
  const read = typeof source === 'function' ? source : framesOf(source)
  const program = check(definitions, schema)
  const plan = planOf(program)
  const values = new Map<string, Expr>()
  const counts: string[] = []
  let clients = read(applicationTable, plan.application).sort(clientKey)

  eachSet(plan, definitions, read, ({ set, aggregates }, frame) => {
    onProgress?.(`${set.name}: ${aggregates.length} aggregates`)
    if (aggregates.length === 0) return
    const parts = aggregates.map(aggregating(expressions(definitions.tables), clientKey))
    for (const [place, { value }] of parts.entries()) values.set(aggregates[place]!.key, value)
    clients = clients.join(groupBy(frame, [clientKey], parts), { on: clientKey, how: 'left', maintainOrder: 'left' })
    counts.push(...parts.flatMap((part) => part.counts ?? []))
  })
  for (const lookup of largeLookups(program)) clients = withLookup(clients, lookup, definitions.tables)

  onProgress?.(`${program.features.length} features of ${clients.height} clients`)
  const express = expressions(definitions.tables, { aggregate: (tree) => values.get(tree.key)!, joined: true })
  const number = single ? pl.Float32 : pl.Float64
  const features = program.features.map(({ definition, tree }) => {
    const value = express(tree)
    return (tree.type === 'text' ? value : value.cast(number)).alias(definition.name)
  })
  const filled = counts.length > 0 ? clients.lazy().withColumns(pl.cols(counts).fillNull(pl.lit(0))) : clients.lazy()
  return filled.select(pl.col(clientKey), ...features).collectSync()
}

/** Makes the plan's sets one after the other, shows each to `visit`, and keeps its frame only while a later set is made of it. */
export function eachSet(
  plan: Plan,
  definitions: Definitions,
  read: Source,
  visit: (plan: SetPlan, frame: pl.DataFrame) => void,
): void {
  const frames = new Map<string, pl.DataFrame>()
  for (const [index, setPlan] of plan.sets.entries()) {
    const frame = makeSet(setPlan, definitions, frames, read)
    frames.set(setPlan.set.name, frame)
    visit(setPlan, frame)
    const later = plan.sets.slice(index + 1)
    for (const name of frames.keys()) if (!later.some((other) => uses(other, name))) frames.delete(name)
  }
}

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

function withLookup(clients: pl.DataFrame, lookup: Lookup, tables: Definitions['tables']): pl.DataFrame {
  const { entries } = tables[lookup.table]!
  const express = expressions(tables)
  const keys = lookup.keys.map((_, place) => `${lookup.key} key ${place}`)
  const table = pl.DataFrame([
    ...keys.map((name, place) =>
      pl.Series(
        name,
        entries.map(([key]) => key[place]!),
        pl.Utf8,
      ),
    ),
    pl.Series(
      lookup.key,
      entries.map(([, value]) => value),
      pl.Float64,
    ),
  ])
  let keyed = clients
  for (const [place, key] of lookup.keys.entries()) keyed = keyed.withColumns(express(key).alias(keys[place]!))
  return keyed.join(table, { on: keys, how: 'left', maintainOrder: 'left' }).drop(keys)
}

type Lookup = Tree & { op: 'lookup' }

const uses = ({ set }: SetPlan, name: string): boolean =>
  ('set' in set.source && set.source.set.name === name) || set.parent?.set.name === name

function makeSet(
  plan: SetPlan,
  { tables }: Definitions,
  frames: ReadonlyMap<string, pl.DataFrame>,
  read: Source,
): pl.DataFrame {
  const { set, columns, fromParent, derived, sorted } = plan
  const express = expressions(tables)
  const own = columns.slice(0, columns.length - fromParent.length - derived.length)
  let frame: pl.DataFrame
  if ('table' in set.source) {
    const keyed = set.columns.has(clientKey) && !set.parent?.columns.includes(clientKey)
    frame = read(set.source.table, withClient(own, keyed))
  } else {
    frame = chosen(frames.get(set.source.set.name)!, set.source.clauses, tables)
    if (!set.per) frame = frame.select(...withClient(own, true))
  }
  if (set.parent) {
    const { key } = set.parent
    const keys = frame.columns.includes(clientKey) && key !== clientKey ? [clientKey, key] : [key]
    const parent = frames.get(set.parent.set.name)!.select(...new Set([clientKey, key, ...fromParent]))
    frame = frame.join(parent, { on: keys, how: 'inner' })
  }
  if (set.per) {
    const inner: Parts[] = []
    const aggregate = aggregating(express, clientKey)
    const byKey = new Map<string, Expr>()
    const overRows = (tree: Aggregate): Expr => {
      const known = byKey.get(tree.key)
      if (known) return known
      const part = aggregate(tree)
      inner.push(part)
      byKey.set(tree.key, part.value)
      return part.value
    }
    const outer = expressions(tables, { aggregate: overRows })
    const made = derived.map(([name, tree]) => outer(tree).alias(name))
    frame = groupBy(frame, [clientKey, ...set.per], inner)
    for (const column of made) frame = frame.withColumns(column)
  } else {
    for (const [name, tree] of derived) frame = frame.withColumns(express(tree).alias(name))
  }
  frame = frame.select(...withClient(columns, true))
  return sorted ? inOrder(frame, plan) : frame
}

const withClient = (columns: readonly string[], keyed: boolean): string[] => [
  ...new Set([...(keyed ? [clientKey] : []), ...columns]),
]

/** The rows of a source that the clauses of `from` keep, per client. */
export function chosen(
  frame: pl.DataFrame,
  clauses: readonly Aggregate['clauses'][number][],
  tables: Definitions['tables'],
): pl.DataFrame {
  const express = expressions(tables)
  for (const clause of clauses) {
    if (clause.clause === 'where') frame = frame.filter(express(clause.condition))
    else {
      const rank = clause.clause === 'newest' ? pl.col(clientKey).cumCount() : pl.col(clientKey).cumCount(true)
      frame = frame.filter(rank.over(clientKey).ltEq(clause.count))
    }
  }
  return frame
}

/** One row per key, with what the parts need; counts as Float64. */
export function groupBy(frame: pl.DataFrame, keys: readonly string[], parts: readonly Parts[]): pl.DataFrame {
  const made = parts.flatMap((part) => part.made)
  if (made.length === 0) return frame.select(...keys).unique()
  const grouped = frame
    .lazy()
    .groupBy([...keys])
    .agg(...made.map(([name, expression]) => expression.alias(name)))
  const counts = parts.flatMap((part) => part.counts ?? [])
  return (counts.length > 0 ? grouped.withColumns(pl.cols(counts).cast(pl.Float64)) : grouped).collectSync()
}

function inOrder(frame: pl.DataFrame, { set }: SetPlan): pl.DataFrame {
  return frame.sort({
    by: set.order.map(({ column }) => column),
    descending: set.order.map(({ descending }) => descending),
    nullsLast: set.order.map(() => true),
  })
}
