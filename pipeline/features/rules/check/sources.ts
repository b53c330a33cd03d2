/** Which columns of the data a feature reads, through however many sets and lookups; and the definitions without some of them. */

import { planOf } from '../plan/plan.ts'
import { RuleError, suggestion } from '../syntax/error.ts'
import { type Aggregate, aggregate, children, column, type Tree } from '../syntax/tree.ts'
import { check } from './check.ts'
import type { Definitions, FeatureDefinition, SetDefinition } from './definitions.ts'
import {
  applicationTable,
  type CheckedSet,
  clientKey,
  type Program,
  type RuleFit,
  type Schema,
  type TableFit,
} from './program.ts'
import { portfolioSchema } from './schema.ts'

/** `table.COLUMN`, for example `application.AMT_CREDIT`. */
export type SourceColumn = `${string}.${string}`

/** Of each feature the columns that it reads, sorted; those that only say whose row it is (SK_ID_CURR) left out. */
export function allSources(
  definitions: Definitions,
  schema: Schema = portfolioSchema,
): ReadonlyMap<string, readonly SourceColumn[]> {
  const program = check(definitions, schema)
  const walk = walker(program, { fits: true })
  const rules = new Map(definitions.features.map(({ name, rule }) => [name, rule]))
  /** A feature reads what its tree reads, and what training read to write its rule or that of a feature it names. */
  const collect = (name: string, tree: Tree | null, found: Found): void => {
    if (tree) walk(tree, null, found)
    const fit = program.ruleFits.get(name)
    if (fit) walk(recipeOf(fit), null, found)
    for (const [word] of rules.get(name)!.matchAll(/\w+/g))
      if (word !== name && rules.has(word)) collect(word, null, found)
  }
  return new Map(
    program.features.map(({ definition, tree }) => {
      const found: Found = new Set()
      collect(definition.name, tree, found)
      return [definition.name, [...found].filter((source) => !source.endsWith(`.${clientKey}`)).sort()]
    }),
  )
}

/** Of each feature the tables that its value is made from, whatever columns it reads of them; what only training read is left out. */
export function allTables(
  definitions: Definitions,
  schema: Schema = portfolioSchema,
): ReadonlyMap<string, ReadonlySet<string>> {
  const program = check(definitions, schema)
  const walk = walker(program, { fits: false })
  return new Map(
    program.features.map(({ definition, tree }) => {
      const found: Found = new Set()
      walk(tree, null, found)
      return [definition.name, new Set([...found].map((source) => source.slice(0, source.indexOf('.'))))]
    }),
  )
}

/** The columns that one feature reads; throws when there is no such feature. */
export function sources(
  definitions: Definitions,
  feature: string,
  schema: Schema = portfolioSchema,
): readonly SourceColumn[] {
  const found = allSources(definitions, schema).get(feature)
  if (!found)
    throw new RuleError(
      `no feature "${feature}"${suggestion(
        feature,
        definitions.features.map(({ name }) => name),
      )}`,
    )
  return found
}

/**
 * The definitions without the features that read an excluded column, `COLUMN` in any table or `table.COLUMN`;
 * sets, derived columns, lists and lookup tables that nothing needs any more go too.
 */
export function without(
  definitions: Definitions,
  excluded: readonly string[],
  schema: Schema = portfolioSchema,
): Definitions {
  const columns = Object.entries(schema).flatMap(([table, of]) =>
    Object.keys(of).flatMap((name) => [name, `${table}.${name}`]),
  )
  for (const name of excluded)
    if (!columns.includes(name))
      throw new RuleError(`cannot exclude "${name}": no table has this column${suggestion(name, columns)}`)
  const unwanted = new Set(excluded)
  const read = allSources(definitions, schema)
  const allowed = ({ name }: FeatureDefinition) =>
    read.get(name)!.every((source) => !unwanted.has(source) && !unwanted.has(source.slice(source.indexOf('.') + 1)))
  return pruned({ ...definitions, features: definitions.features.filter(allowed) }, schema)
}

/** The definitions without the features that read any of these tables, for their value or by what training taught. */
export function withoutReading(
  definitions: Definitions,
  absent: readonly string[],
  schema: Schema = portfolioSchema,
): Definitions {
  if (absent.length === 0) return definitions
  const [columns, tables] = [allSources(definitions, schema), allTables(definitions, schema)]
  const reads = ({ name }: FeatureDefinition) =>
    absent.some(
      (table) => tables.get(name)!.has(table) || columns.get(name)!.some((source) => source.startsWith(`${table}.`)),
    )
  return pruned({ ...definitions, features: definitions.features.filter((one) => !reads(one)) }, schema)
}

function pruned(definitions: Definitions, schema: Schema): Definitions {
  const lookedUp = (name: string) =>
    definitions.features.some(({ rule }) => new RegExp(`lookup\\(\\s*${name}\\b`).test(rule))
  const program = check(definitions, schema)
  const recipes = [
    ...[...program.tableFits].filter(([name]) => lookedUp(name)).map(([, fit]) => recipeOf(fit)),
    ...[...program.ruleFits.values()].map(recipeOf),
  ]
  const plan = planOf(
    { ...program, features: [...program.features, ...recipes.map((tree) => ({ tree }))] },
    { everyOrder: true },
  )
  const sets = plan.sets.map(({ set, derived, fromParent }): [string, SetDefinition] => {
    const { columns, parent, ...rest } = definitions.sets[set.name]!
    const kept = derived.map(([name]): [string, string] => [name, columns![name]!])
    const definition = {
      ...rest,
      ...(parent ? { parent: { ...parent, columns: fromParent } } : {}),
      ...(kept.length > 0 ? { columns: Object.fromEntries(kept) } : {}),
    }
    return [set.name, definition]
  })
  const rules = [
    ...definitions.features.map(({ rule }) => rule),
    ...sets.flatMap(([, { columns }]) => Object.values(columns ?? {})),
  ]
  const named = (pattern: string) => rules.some((rule) => new RegExp(pattern).test(rule))
  return {
    ...definitions,
    sets: Object.fromEntries(sets),
    lists: Object.fromEntries(Object.entries(definitions.lists).filter(([name]) => named(`\\.\\.\\.\\s*${name}\\b`))),
    tables: Object.fromEntries(Object.entries(definitions.tables).filter(([name]) => named(`lookup\\(\\s*${name}\\b`))),
  }
}

type Found = Set<SourceColumn>

/** A recipe as a tree that reads the same columns. */
export const recipeOf = (fit: TableFit | RuleFit): Tree => ('by' in fit ? keyed(fit) : regression(fit))

const keyed = ({ tree, set, by }: TableFit): Tree => ({
  op: 'list',
  name: 'missing',
  of: [tree, ...by.map((key) => aggregate('distinct', set.name, column(key, 'text'), []))],
  type: 'integer',
  key: '',
})

const regression = ({ set, clauses, target, on }: RuleFit): Tree => ({
  op: 'list',
  name: 'missing',
  of: [target, ...on].map((part) => aggregate('distinct', set.name, part, clauses)),
  type: 'integer',
  key: '',
})

/** `fits`: what training read to fill a lookup table is read too. */
function walker(
  program: Program,
  { fits }: { readonly fits: boolean },
): (tree: Tree, place: CheckedSet | null, found: Found) => void {
  /** null stands for the application. */
  const walk = (tree: Tree, place: CheckedSet | null, found: Found): void => {
    if (tree.op === 'column') {
      if (place) columnOf(place, tree.column, found)
      else found.add(`${applicationTable}.${tree.column}`)
    } else if (tree.op === 'aggregate') {
      overSet(tree, tree.set === 'rows' && place ? sourceOf(place)! : program.sets.get(tree.set)!, found)
    } else {
      if (tree.op === 'lookup' && fits) fitOf(tree.table, found)
      for (const child of children(tree)) walk(child, place, found)
    }
  }
  const fitOf = (table: string, found: Found): void => {
    const fit = program.tableFits.get(table)
    if (!fit) return
    walk(fit.tree, null, found)
    for (const key of fit.by) columnOf(fit.set, key, found)
  }
  const overSet = (tree: Aggregate, set: CheckedSet, found: Found): void => {
    membership(set, found)
    for (const child of children(tree)) walk(child, set, found)
    const asksOrder =
      tree.name === 'latest' || tree.name === 'earliest' || tree.clauses.some(({ clause }) => clause !== 'where')
    if (asksOrder) for (const { column: by } of set.order) columnOf(set, by, found)
  }
  /** What decides which rows a set has. */
  const membership = (set: CheckedSet, found: Found): void => {
    const source = sourceOf(set)
    // a count reads no column but whose row it is
    if ('table' in set.source) found.add(`${set.source.table}.${clientKey}`)
    if (source && 'clauses' in set.source) {
      membership(source, found)
      for (const clause of set.source.clauses) {
        if (clause.clause === 'where') walk(clause.condition, source, found)
        else for (const { column: by } of source.order) columnOf(source, by, found)
      }
    }
    for (const key of set.per ?? []) columnOf(source!, key, found)
    if (set.parent) {
      membership(set.parent.set, found)
      columnOf(set.parent.set, set.parent.key, found)
      if (source) columnOf(source, set.parent.key, found)
      else if ('table' in set.source) found.add(`${set.source.table}.${set.parent.key}`)
    }
  }
  const columnOf = (set: CheckedSet, name: string, found: Found): void => {
    const derived = set.derived.find(([of]) => of === name)
    if (derived) walk(derived[1], set, found)
    else if (set.parent?.columns.includes(name)) columnOf(set.parent.set, name, found)
    else if ('table' in set.source) found.add(`${set.source.table}.${name}`)
    else columnOf(set.source.set, name, found)
  }
  return walk
}

const sourceOf = (set: CheckedSet): CheckedSet | null => ('set' in set.source ? set.source.set : null)
