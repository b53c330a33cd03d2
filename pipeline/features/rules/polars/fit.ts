/** What training clients teach the definitions, without TARGET: fills fitted lookup tables and writes fitted rules. */
import pl from 'nodejs-polars'
import { check } from '../check/check.ts'
import type { Definitions } from '../check/definitions.ts'
import type { RuleFit, Schema, TableFit } from '../check/program.ts'
import { portfolioSchema } from '../check/schema.ts'
import { recipeOf } from '../check/sources.ts'
import { planOf } from '../plan/plan.ts'
import { aggregatesIn } from '../syntax/tree.ts'
import { aggregating } from './aggregates.ts'
import { type Expr, expressions } from './expressions.ts'
import { leastSquares } from './least-squares.ts'
import { chosen, grouped, madeSets, type Source } from './row-sets.ts'

/**
 * The definitions with every fitted table filled and every fitted rule written, from the rows that `read` gives: those of training clients.
 * A fit without enough rows changes nothing: an empty table (missing values), the rule as it was written.
 */
export function fittedDefinitions(
  definitions: Definitions,
  read: Source,
  schema: Schema = portfolioSchema,
): Definitions {
  const program = check(definitions, schema)
  const fits = [...program.tableFits.values(), ...program.ruleFits.values()]
  if (fits.length === 0) return definitions
  const plan = planOf({ sets: program.sets, features: fits.map((fit) => ({ tree: recipeOf(fit) })) })
  const tables = { ...definitions.tables }
  const rules = new Map<string, string>()
  for (const {
    plan: { set },
    frame,
  } of madeSets(plan, definitions.tables, read)) {
    for (const [name, fit] of program.tableFits)
      if (fit.set === set) tables[name] = { ...tables[name]!, entries: entriesOf(fit, frame, definitions) }
    for (const [name, fit] of program.ruleFits) {
      const rule = fit.set === set ? ruleOf(fit, frame, definitions, name) : null
      if (rule !== null) rules.set(name, rule)
    }
  }
  const features = definitions.features.map((feature) => ({
    ...feature,
    rule: rules.get(feature.name) ?? feature.rule,
  }))
  return { ...definitions, tables, features }
}

type Entries = Definitions['tables'][string]['entries']

/** One entry per combination of known keys that has a value, sorted by key. */
function entriesOf({ tree, by }: TableFit, frame: pl.DataFrame, { tables }: Definitions): Entries {
  const aggregate = aggregating(expressions(tables), by[0]!)
  const parts = aggregatesIn(tree).map((one) => [one.key, aggregate(one)] as const)
  const values = new Map<string, Expr>(parts.map(([key, { value }]) => [key, value]))
  const express = expressions(tables, { aggregate: (one) => values.get(one.key)! })
  const known = by.map((key) => pl.col(key).isNotNull()).reduce((all, one) => all.and(one))
  const groups = grouped(
    frame.lazy().filter(known),
    by,
    parts.map(([, part]) => part),
  )
  const rows = groups
    .select(...by.map((key) => pl.col(key)), express(tree).alias('value'))
    .collectSync()
    .rows() as (string | number | null)[][]
  const entries = rows.flatMap((row): Entries[number][] => {
    const value = row.at(-1)
    return typeof value === 'number' ? [[row.slice(0, -1).map(String), value]] : []
  })
  return entries.sort(([a], [b]) => (a.join('\n') < b.join('\n') ? -1 : 1))
}

/** The rule `c0 + c1 * (p1) + …`, coefficients to six digits; null when there are too few rows to say. */
function ruleOf(
  { clauses, target, on }: RuleFit,
  frame: pl.DataFrame,
  { tables, features }: Definitions,
  name: string,
): string | null {
  const express = expressions(tables)
  const columns = ['target', ...on.map((_, place) => `on ${place}`)]
  const rows = chosen(frame.lazy(), clauses, tables)
    .select(...[target, ...on].map((tree, place) => express(tree).cast(pl.Float64).alias(columns[place]!)))
    .dropNulls()
    .collectSync()
  const [y, ...x] = columns.map((column) => Float64Array.from(rows.getColumn(column).toTypedArray() as Float64Array))
  const coefficients = leastSquares(x, y!)
  if (coefficients === null) return null
  const predictors = features.find((feature) => feature.name === name)!.fit!.on
  const written = coefficients.map((value) => Number(value.toPrecision(6)))
  return [String(written[0]), ...predictors.map((rule, place) => `${written[place + 1]} * (${rule})`)].join(' + ')
}
