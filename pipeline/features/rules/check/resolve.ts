/** One rule: from words with places to a checked tree, in the light of the names that its place knows. */

import { Fault, type Span, suggestion } from '../syntax/error.ts'
import type { Node, Selection } from '../syntax/parse.ts'
import type { AggregateName, Clause, ListName, Tree, ValueType } from '../syntax/tree.ts'
import * as tree from '../syntax/tree.ts'
import type { Definitions } from './definitions.ts'
import type { CheckedSet } from './program.ts'

export interface Names {
  /** Where the rule stands, for messages: a set, or the application. */
  readonly place: string
  readonly columns: ReadonlyMap<string, ValueType>
  /** The sets that may be aggregated here. */
  readonly sets: ReadonlyMap<string, CheckedSet>
  readonly definitions: Definitions
  /** Other features, which a feature's rule may name: the tree, or what is wrong with it. */
  readonly features?: ReadonlySet<string>
  feature?(name: string): Tree | string
}

/** What a condition over the rows of a set may name: its columns alone. */
export const namesOf = (set: CheckedSet, definitions: Definitions): Names => ({
  place: set.name,
  columns: set.columns,
  sets: new Map(),
  definitions,
})

const aggregateNames: readonly string[] =
  'count sum mean median min max std std_sample share distinct latest earliest'.split(' ')
const listNames: readonly string[] = 'sum mean min max std product missing'.split(' ')
const functionNames: readonly string[] = ['if', 'abs', 'positive', 'rate', 'lookup']

/** The checked tree of a parsed rule; throws Fault with the place of the word. */
export function resolve(node: Node, names: Names): Tree {
  const number = (part: Node): Tree => expect(part, 'number', resolve(part, names))
  const condition = (part: Node): Tree => expect(part, 'condition', resolve(part, names))
  switch (node.node) {
    case 'constant':
      return tree.constant(node.value)
    case 'name':
      return resolveName(node.name, node.at, names)
    case 'spread':
      throw new Fault(`a list belongs in ${listNames.join(', ')}`, node.at)
    case 'minus':
      return tree.binary('-', tree.constant(0), number(node.of))
    case 'not':
      return tree.not(condition(node.of))
    case 'is': {
      const known = tree.known(resolve(node.of, names))
      return node.known ? known : tree.not(known)
    }
    case 'in': {
      const of = resolve(node.of, names)
      const values = node.values.map((value) => {
        alike(of, resolve(value, names), value.at)
        return value.node === 'constant' ? value.value : ''
      })
      const key = `(${of.key} in (${values.map((value) => tree.constant(value).key).join(', ')}))`
      return { op: 'in', of, values, type: 'condition', key }
    }
    case 'operator': {
      const { operator, left, right } = node
      if (operator === 'and' || operator === 'or') return tree.binary(operator, condition(left), condition(right))
      if (operator === '??' || operator === '=' || operator === '!=') {
        const [a, b] = [resolve(left, names), resolve(right, names)]
        alike(a, b, right.at)
        return operator === '!=' ? tree.not(tree.binary('=', a, b)) : tree.binary(operator, a, b)
      }
      return tree.binary(operator, number(left), number(right))
    }
    case 'call':
      return resolveCall(node, names)
    case 'aggregate':
      return resolveAggregate(node, names)
  }
}

/** The clauses after a set's name, `last` turned into a bound on the set's clock; throws Fault. */
export function checkClauses(selection: Selection, set: CheckedSet, names: Names): Clause[] {
  return selection.clauses.map((clause) => {
    if (clause.clause === 'where') {
      const condition = expect(clause.condition, 'condition', resolve(clause.condition, names))
      return tree.where(condition)
    }
    if (clause.clause !== 'last')
      return { clause: clause.clause, count: clause.count, key: ` ${clause.clause} ${clause.count}` }
    const { clock } = set
    if (!clock) throw new Fault(`"${set.name}" has no clock`, clause.at)
    if (clock.unit !== clause.unit) throw new Fault(`"${set.name}" counts in ${clock.unit}`, clause.at)
    const column = tree.column(clock.column, set.columns.get(clock.column)!)
    return tree.where(tree.binary('>=', column, tree.constant(clock.newest + 1 - clause.count)))
  })
}

function resolveName(name: string, at: Span, names: Names): Tree {
  const type = names.columns.get(name)
  if (type) return tree.column(name, type)
  if (names.features?.has(name)) {
    const feature = names.feature!(name)
    if (typeof feature === 'string') throw new Fault(feature, at)
    return feature
  }
  throw new Fault(
    `no column "${name}" in ${names.place}${suggestion(name, [...names.columns.keys(), ...(names.features ?? [])])}`,
    at,
  )
}

function resolveCall(node: Node & { node: 'call' }, names: Names): Tree {
  const { name, args, nameAt, at } = node
  if (name === 'if') {
    if (args.length < 2 || args.length > 3) throw new Fault('if takes a condition, a value and maybe another value', at)
    const [condition, then, otherwise] = args.map((arg) => resolve(arg, names))
    expect(args[0]!, 'condition', condition!)
    if (otherwise) alike(then!, otherwise, args[2]!.at)
    return tree.choose(condition!, then!, otherwise ?? null)
  }
  if (name === 'lookup') return resolveLookup(node, names)
  if (name === 'abs' || name === 'positive') {
    if (args.length !== 1) throw new Fault(`${name} takes one number`, at)
    const of = expect(args[0]!, 'number', resolve(args[0]!, names))
    return { op: name, of, type: of.type, key: `${name}(${of.key})` }
  }
  if (name === 'rate') {
    const [months, payment, amount, ...more] = args.map((arg) => expect(arg, 'number', resolve(arg, names)))
    if (!months || !payment || !amount || more.length > 0)
      throw new Fault('rate takes a number of months, a payment and an amount', at)
    const key = `rate(${[months, payment, amount].map((part) => part.key).join(', ')})`
    return { op: 'rate', of: [months, payment, amount], type: 'number', key }
  }
  if (!isListName(name)) {
    const needsSet = aggregateNames.includes(name)
    const known = [...functionNames, ...listNames, ...aggregateNames]
    throw new Fault(
      needsSet ? `${name} aggregates a set: "${name}(… of set)"` : `no function "${name}"${suggestion(name, known)}`,
      nameAt,
    )
  }
  const of = args.flatMap((arg) => {
    if (arg.node !== 'spread')
      return [name === 'missing' ? resolve(arg, names) : expect(arg, 'number', resolve(arg, names))]
    const { lists } = names.definitions
    const list = lists[arg.name]
    if (!list) throw new Fault(`no list "${arg.name}"${suggestion(arg.name, Object.keys(lists))}`, arg.at)
    return list.map((member) => {
      const found = resolveName(member, arg.at, names)
      return name === 'missing' ? found : expect(arg, 'number', found)
    })
  })
  return listOf(name, of)
}

function listOf(name: ListName, of: readonly Tree[]): Tree {
  const whole = name === 'missing' || (name !== 'mean' && name !== 'std' && of.every(({ type }) => type === 'integer'))
  const key = `${name}(${of.map((part) => part.key).join(', ')})`
  return { op: 'list', name, of, type: whole ? 'integer' : 'number', key }
}

function resolveLookup({ args, at }: Node & { node: 'call' }, names: Names): Tree {
  const [first, ...rest] = args
  if (first?.node !== 'name' || rest.length === 0) throw new Fault('lookup takes a table and its keys', at)
  const { tables } = names.definitions
  const table = tables[first.name]
  if (!table) throw new Fault(`no lookup table "${first.name}"${suggestion(first.name, Object.keys(tables))}`, first.at)
  const keys = rest.map((key) => expect(key, 'text', resolve(key, names)))
  const arity = table.fit?.by.length ?? table.entries[0]?.[0].length
  if (arity !== undefined && arity !== keys.length)
    throw new Fault(`${first.name} has ${arity} key(s), not ${keys.length}`, at)
  const whole = !table.fit && table.entries.every(([, value]) => Number.isInteger(value))
  const key = `lookup(${[first.name, ...keys.map((part) => part.key)].join(', ')})`
  return { op: 'lookup', table: first.name, keys, type: whole ? 'integer' : 'number', key }
}

function resolveAggregate(node: Node & { node: 'aggregate' }, names: Names): Tree {
  const { name, nameAt, selection, of } = node
  if (!aggregateNames.includes(name))
    throw new Fault(`no aggregate "${name}"${suggestion(name, aggregateNames)}`, nameAt)
  const set = names.sets.get(selection.set)
  if (!set) {
    const may = [...names.sets.keys()]
    const hint =
      may.length === 0 ? '; aggregates belong in features and in sets made per keys' : suggestion(selection.set, may)
    throw new Fault(`no set "${selection.set}"${hint}`, selection.at)
  }
  const inside = namesOf(set, names.definitions)
  const clauses = checkClauses(selection, set, inside)
  if (of === null) return tree.aggregate('count', selection.set, null, clauses)
  const operand = resolve(of, inside)
  if (tree.ratesIn(operand).length > 0)
    throw new Fault('a rate inside an aggregate: make it a column of the set first', of.at)
  if (name === 'share') {
    const satisfied = [...clauses, tree.where(expect(of, 'condition', operand))]
    return tree.binary(
      '/',
      tree.aggregate('count', selection.set, null, satisfied),
      tree.aggregate('count', selection.set, null, clauses),
    )
  }
  const anyType = name === 'distinct' || name === 'latest' || name === 'earliest'
  return tree.aggregate(
    name as AggregateName,
    selection.set,
    anyType ? operand : expect(of, 'number', operand),
    clauses,
  )
}

const isListName = (name: string): name is ListName => listNames.includes(name)

function expect(node: Node, wanted: 'number' | 'text' | 'condition', found: Tree): Tree {
  const fits = wanted === 'number' ? tree.isNumeric(found.type) : found.type === wanted
  if (!fits)
    throw new Fault(`expected a ${wanted}, found a ${tree.isNumeric(found.type) ? 'number' : found.type}`, node.at)
  return found
}

function alike(a: Tree, b: Tree, at: Span): void {
  const group = ({ type }: Tree) => (tree.isNumeric(type) ? 'number' : type)
  if (group(a) !== group(b)) throw new Fault(`expected a ${group(a)}, found a ${group(b)}`, at)
}
