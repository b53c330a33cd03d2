/** One set: where its rows come from, its columns in order, its order and its clock. */

import { inRule, RuleError, suggestion } from '../syntax/error.ts'
import { parseRule, parseSelection } from '../syntax/parse.ts'
import { keywords } from '../syntax/tokens.ts'
import { isNumeric, type Tree, type ValueType } from '../syntax/tree.ts'
import type { Definitions, SetDefinition } from './definitions.ts'
import { type CheckedSet, clientKey, type Schema } from './program.ts'
import { checkClauses, type Names, namesOf, resolve } from './resolve.ts'

/** Checks a set against the tables and the sets before it; throws RuleError. */
export function checkSet(
  name: string,
  definition: SetDefinition,
  sets: Names['sets'],
  schema: Schema,
  definitions: Definitions,
): CheckedSet {
  const owner = `set ${name}`
  const refuse = (problem: string): never => {
    throw new RuleError(`${owner}: ${problem}`)
  }
  if (keywords.has(name)) refuse(`"${name}" is a word of the algebra`)
  const from = inRule(owner, definition.from, () => parseSelection(definition.from))
  const earlier = sets.get(from.set)
  const table = schema[from.set]
  if (!earlier && !table)
    refuse(`no table or earlier set "${from.set}"${suggestion(from.set, [...sets.keys(), ...Object.keys(schema)])}`)
  if (!earlier && (from.clauses.length > 0 || definition.per))
    refuse(`clauses and keys need a set: give the table ${from.set} a set first`)
  const source = earlier
    ? {
        set: earlier,
        clauses: inRule(owner, definition.from, () => checkClauses(from, earlier, namesOf(earlier, definitions))),
      }
    : { table: from.set }
  const given = new Map(earlier ? earlier.columns : Object.entries(table ?? {}))
  const need = (column: string, columns: ReadonlyMap<string, ValueType>, use: string) => {
    if (!columns.has(column)) refuse(`no column "${column}" for ${use}${suggestion(column, columns.keys())}`)
  }

  let parent: CheckedSet['parent'] = null
  if (definition.parent) {
    const { set, key, columns } = definition.parent
    const other = sets.get(set) ?? refuse(`no earlier set "${set}" as parent${suggestion(set, sets.keys())}`)
    need(key, given, 'the parent key')
    for (const column of [key, ...columns]) need(column, other.columns, `${name} in its parent ${set}`)
    for (const column of columns) given.set(column, other.columns.get(column)!)
    parent = { set: other, key, columns }
  }
  if (table && !earlier && !table[clientKey] && !parent)
    refuse(`the table ${from.set} has no ${clientKey}, so it needs a parent`)

  if (definition.per && definition.parent) refuse('a set with keys has no parent: join the parent before or after')
  for (const key of definition.per ?? []) need(key, given, 'per')
  const columns = new Map(definition.per ? definition.per.map((key) => [key, given.get(key)!]) : given)
  const derived: (readonly [string, Tree])[] = []
  for (const [column, rule] of Object.entries(definition.columns ?? {})) {
    if (keywords.has(column) || columns.has(column))
      refuse(`"${column}" is ${columns.has(column) ? 'there already' : 'a word of the algebra'}`)
    const names: Names = {
      place: name,
      columns,
      sets: new Map(definition.per && earlier ? [['rows', earlier]] : []),
      definitions,
    }
    const tree = inRule(`${owner}, column ${column}`, rule, () => resolve(parseRule(rule), names))
    columns.set(column, tree.type)
    derived.push([column, tree])
  }

  const order = definition.order
    ? definition.order.map((text) => ({ column: text.replace(/^-/, ''), descending: text.startsWith('-') }))
    : definition.per || !earlier
      ? refuse('a set of a table or with keys states its order, newest first')
      : earlier.order
  for (const { column } of order) need(column, columns, 'order')
  const clock = definition.clock ?? (definition.per ? undefined : earlier?.clock)
  if (clock) {
    need(clock.column, columns, 'the clock')
    if (!isNumeric(columns.get(clock.column)!)) refuse(`the clock ${clock.column} is not a number`)
  }
  return { name, source, per: definition.per ?? null, parent, derived, columns, order, clock }
}
