/** The frames of a plan's sets, one after the other: from a table or a set, per keys, with a parent, sorted. */
import pl from 'nodejs-polars'
import { packedKey } from '../../../data/packed-key.ts'
import type { Definitions } from '../check/definitions.ts'
import { clientKey } from '../check/program.ts'
import type { Plan, SetPlan } from '../plan/plan.ts'
import type { Aggregate, Clause } from '../syntax/tree.ts'
import { aggregating, type Parts } from './aggregates.ts'
import { type Expr, expressions } from './expressions.ts'
import { withRates } from './rates.ts'

/** Gives the named columns of a table; `application` is all clients' applications without TARGET. */
export type Source = (table: string, columns: readonly string[]) => pl.LazyDataFrame

type Tables = Definitions['tables']

/** Makes the plan's sets in turn; a frame is kept only while a later set is made of it. */
export function* madeSets(
  plan: Plan,
  tables: Tables,
  read: Source,
): Generator<{ readonly plan: SetPlan; readonly frame: pl.DataFrame }> {
  const frames = new Map<string, pl.DataFrame>()
  for (const [index, setPlan] of plan.sets.entries()) {
    const frame = makeSet(setPlan, tables, frames, read)
    frames.set(setPlan.set.name, frame)
    const later = plan.sets.slice(index + 1)
    for (const name of frames.keys()) if (!later.some((other) => uses(other, name))) frames.delete(name)
    yield { plan: setPlan, frame }
  }
}

/** The rows that clauses keep, for each client apart; the frame is in the set's order if a clause asks for it. */
export function chosen(frame: pl.LazyDataFrame, clauses: readonly Clause[], tables: Tables): pl.LazyDataFrame {
  const express = expressions(tables)
  return clauses.reduce((rows, clause) => {
    if (clause.clause === 'where') return rows.filter(express(clause.condition))
    const rank = pl.col(clientKey).cumCount(clause.clause === 'oldest')
    return rows.filter(rank.over(clientKey).ltEq(clause.count))
  }, frame)
}

/** One row per key, with what the parts need; counts as Float64. */
export function grouped(frame: pl.LazyDataFrame, keys: readonly string[], parts: readonly Parts[]): pl.LazyDataFrame {
  const made = parts.flatMap((part) => part.made)
  if (made.length === 0) return frame.select(...keys).unique()
  const groups = frame.groupBy([...keys]).agg(...made.map(([name, expression]) => expression.alias(name)))
  const counts = parts.flatMap((part) => part.counts ?? [])
  return counts.length > 0 ? groups.withColumns(pl.cols(counts).cast(pl.Float64)) : groups
}

const uses = ({ set }: SetPlan, name: string): boolean =>
  ('set' in set.source && set.source.set.name === name) || set.parent?.set.name === name

/** One lazy query, so that polars frees what lies between its steps at once: handles in JavaScript are freed late. */
function makeSet(plan: SetPlan, tables: Tables, frames: ReadonlyMap<string, pl.DataFrame>, read: Source): pl.DataFrame {
  const { set, columns, fromParent, derived, sorted } = plan
  const own = columns.slice(0, columns.length - fromParent.length - derived.length)
  const keyed = 'set' in set.source || set.columns.has(clientKey)
  let rows =
    'table' in set.source
      ? read(set.source.table, distinct(keyed ? [clientKey, ...own] : own))
      : chosen(frames.get(set.source.set.name)!.lazy(), set.source.clauses, tables)
  if (set.per) rows = perKeys(rows, set.per, derived, tables)
  else {
    rows = rows.select(...distinct(keyed ? [clientKey, ...own] : own))
    if (set.parent) {
      const { key } = set.parent
      const parent = frames.get(set.parent.set.name)!.lazy()
      const lent = parent.select(...distinct([clientKey, key, ...fromParent]))
      rows = rows.join(lent, { on: keyed ? distinct([clientKey, key]) : [key], how: 'inner' })
    }
    const express = expressions(tables)
    for (const [name, tree] of derived) rows = withRates(rows, [tree], express).withColumns(express(tree).alias(name))
  }
  rows = rows.select(...distinct([clientKey, ...columns]))
  return sorted ? inOrder(rows, plan) : rows.collectSync()
}

function perKeys(
  rows: pl.LazyDataFrame,
  per: readonly string[],
  derived: SetPlan['derived'],
  tables: Tables,
): pl.LazyDataFrame {
  const aggregate = aggregating(expressions(tables), clientKey)
  const parts = new Map<string, Parts>()
  const ofGroup = (tree: Aggregate): Expr => {
    const part = parts.get(tree.key) ?? aggregate(tree)
    parts.set(tree.key, part)
    return part.value
  }
  const express = expressions(tables, { aggregate: ofGroup })
  const columns = derived.map(([name, tree]) => [tree, express(tree).alias(name)] as const) // this collects the parts
  const groups = grouped(rows, [clientKey, ...per], [...parts.values()])
  return columns.reduce((frame, [tree, column]) => withRates(frame, [tree], express).withColumns(column), groups)
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)]

/** By client, then in the set's order. Rows whose client column polars knows to be sorted are grouped as slices, several times faster. */
function inOrder(rows: pl.LazyDataFrame, { set, types }: SetPlan): pl.DataFrame {
  const { order } = set
  const whole = order.length > 1 && order.every(({ column }) => types.get(column) === 'integer')
  const frame = whole ? rows.collectSync() : null
  const packing = frame && packedKey(frame, order, 'last')
  if (frame && packing?.holds === order.length)
    return frame
      .lazy()
      .withColumns(packing.key.alias(packed))
      .sort({ by: [clientKey, packed], descending: [false, false], nullsLast: [true, true] })
      .drop(packed)
      .collectSync()
  return (frame?.lazy() ?? rows)
    .sort({
      by: [clientKey, ...order.map(({ column }) => column)],
      descending: [false, ...order.map(({ descending }) => descending)],
      nullsLast: [true, ...order.map(() => true)],
    })
    .collectSync()
}

const packed = 'the order in one number'
