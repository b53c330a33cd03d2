/** What the checker makes of definitions: sets, features and recipes with every name resolved. */

import type { Clause, Tree, ValueType } from '../syntax/tree.ts'
import type { Definitions, FeatureDefinition, SetDefinition } from './definitions.ts'

/** The raw tables' columns and their types. */
export type Schema = Readonly<Record<string, Readonly<Record<string, ValueType>>>>

/** The column that says whose row it is. */
export const clientKey = 'SK_ID_CURR'
/** The table with one row per client, which features may read directly. */
export const applicationTable = 'application' as const

export interface CheckedSet {
  readonly name: string
  readonly source: { readonly table: string } | { readonly set: CheckedSet; readonly clauses: readonly Clause[] }
  readonly per: readonly string[] | null
  readonly parent: { readonly set: CheckedSet; readonly key: string; readonly columns: readonly string[] } | null
  readonly derived: readonly (readonly [name: string, tree: Tree])[]
  /** Every column that a rule over this set may read. */
  readonly columns: ReadonlyMap<string, ValueType>
  readonly order: readonly { readonly column: string; readonly descending: boolean }[]
  readonly clock: SetDefinition['clock']
}

/** A lookup table's recipe: a tree over one set's rows, taken by that set's key columns. */
export interface TableFit {
  readonly tree: Tree
  readonly set: CheckedSet
  readonly by: readonly string[]
}

/** A feature's recipe: least squares over the rows of a set that clauses choose. */
export interface RuleFit {
  readonly set: CheckedSet
  readonly clauses: readonly Clause[]
  readonly target: Tree
  readonly on: readonly Tree[]
}

export interface Program {
  readonly definitions: Definitions
  readonly sets: ReadonlyMap<string, CheckedSet>
  readonly tableFits: ReadonlyMap<string, TableFit>
  readonly ruleFits: ReadonlyMap<string, RuleFit>
  readonly features: readonly { readonly definition: FeatureDefinition; readonly tree: Tree }[]
}
