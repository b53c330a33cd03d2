/** The checked tree of a rule: every name resolved, every part typed, and its canonical text as a key to share work by. */

/** `integer` is a number that is whole by its making, so that its sums are exact in any order. */
export type ValueType = 'integer' | 'number' | 'text' | 'condition'

export type ComparisonOperator = '=' | '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | '/'
export type BinaryOperator = Arithmetic | ComparisonOperator | 'and' | 'or' | '??'
export type ListName = 'sum' | 'mean' | 'min' | 'max' | 'std' | 'product' | 'missing'
export type AggregateName =
  | 'count'
  | 'sum'
  | 'mean'
  | 'median'
  | 'min'
  | 'max'
  | 'std'
  | 'std_sample'
  | 'distinct'
  | 'latest'
  | 'earliest'

export type Clause =
  | { readonly clause: 'where'; readonly condition: Tree; readonly key: string }
  | { readonly clause: 'newest' | 'oldest'; readonly count: number; readonly key: string }

export interface Aggregate extends Typed {
  readonly op: 'aggregate'
  readonly name: AggregateName
  /** A set's name, or `rows` inside a set made `per` keys. */
  readonly set: string
  /** null for `count` alone. */
  readonly of: Tree | null
  readonly clauses: readonly Clause[]
}

interface Typed {
  readonly type: ValueType
  readonly key: string
}

/** The monthly rate at which so many payments repay an amount: see `monthlyRate` of values.ts. */
export type Rate = Typed & { readonly op: 'rate'; readonly of: readonly [months: Tree, payment: Tree, amount: Tree] }

/** `a != b` is `not a = b`, `is missing` is `not … is known`, `-x` is `0 - x`, `share` is a ratio of counts, `last` is a `where`. */
export type Tree =
  | (Typed & { readonly op: 'constant'; readonly value: number | string })
  | (Typed & { readonly op: 'column'; readonly column: string })
  | (Typed & { readonly op: BinaryOperator; readonly left: Tree; readonly right: Tree })
  | (Typed & { readonly op: 'not' | 'known' | 'abs' | 'positive'; readonly of: Tree })
  | (Typed & { readonly op: 'in'; readonly of: Tree; readonly values: readonly (number | string)[] })
  | (Typed & { readonly op: 'if'; readonly condition: Tree; readonly then: Tree; readonly otherwise: Tree | null })
  | Rate
  | (Typed & { readonly op: 'list'; readonly name: ListName; readonly of: readonly Tree[] })
  | (Typed & { readonly op: 'lookup'; readonly table: string; readonly keys: readonly Tree[] })
  | Aggregate

export const isNumeric = (type: ValueType): boolean => type === 'integer' || type === 'number'

export const constant = (value: number | string): Tree => ({
  op: 'constant',
  value,
  type: typeof value === 'string' ? 'text' : Number.isInteger(value) ? 'integer' : 'number',
  key: typeof value === 'string' ? `'${value}'` : String(value),
})

export const column = (name: string, type: ValueType): Tree => ({ op: 'column', column: name, type, key: name })

export const known = (of: Tree): Tree => ({ op: 'known', of, type: 'condition', key: `(${of.key} is known)` })

export const not = (of: Tree): Tree => ({ op: 'not', of, type: 'condition', key: `(not ${of.key})` })

export const binary = (op: BinaryOperator, left: Tree, right: Tree): Tree => ({
  op,
  left,
  right,
  type: binaryType(op, left.type, right.type),
  key: `(${left.key} ${op} ${right.key})`,
})

export const choose = (condition: Tree, then: Tree, otherwise: Tree | null): Tree => ({
  op: 'if',
  condition,
  then,
  otherwise,
  type: otherwise === null ? then.type : wider(then.type, otherwise.type),
  key: `if(${[condition, then, ...(otherwise ? [otherwise] : [])].map((tree) => tree.key).join(', ')})`,
})

export const where = (condition: Tree): Clause => ({ clause: 'where', condition, key: ` where ${condition.key}` })

export function aggregate(name: AggregateName, set: string, of: Tree | null, clauses: readonly Clause[]): Aggregate {
  const selection = `${set}${clauses.map((clause) => clause.key).join('')}`
  const key = `${name}(${of === null ? '' : `${of.key} of `}${selection})`
  return { op: 'aggregate', name, set, of, clauses, type: aggregateType(name, of), key }
}

/** The trees directly under one, those of an aggregate's operand and clauses included. */
export function children(tree: Tree): readonly Tree[] {
  switch (tree.op) {
    case 'constant':
    case 'column':
      return []
    case 'not':
    case 'known':
    case 'abs':
    case 'positive':
    case 'in':
      return [tree.of]
    case 'if':
      return [tree.condition, tree.then, ...(tree.otherwise ? [tree.otherwise] : [])]
    case 'list':
    case 'rate':
      return tree.of
    case 'lookup':
      return tree.keys
    case 'aggregate':
      return [
        ...(tree.of ? [tree.of] : []),
        ...tree.clauses.flatMap((clause) => (clause.clause === 'where' ? [clause.condition] : [])),
      ]
    default:
      return [tree.left, tree.right]
  }
}

/** The aggregates in a tree, those inside others left out. */
export const aggregatesIn = (tree: Tree): Aggregate[] =>
  tree.op === 'aggregate' ? [tree] : children(tree).flatMap(aggregatesIn)

/** The rates in a tree, those inside aggregates left out. */
export const ratesIn = (tree: Tree): Rate[] =>
  tree.op === 'rate' ? [tree] : tree.op === 'aggregate' ? [] : children(tree).flatMap(ratesIn)

/** Whether the answer hangs on the order of the set's rows: by what it asks for, or by the rounding of a sum. */
export function readsOrder({ name, of, clauses }: Aggregate): boolean {
  if (name === 'latest' || name === 'earliest') return true
  if (clauses.some(({ clause }) => clause !== 'where')) return true
  if (name === 'std' || name === 'std_sample') return true
  return (name === 'sum' || name === 'mean') && of?.type !== 'integer'
}

const wider = (left: ValueType, right: ValueType): ValueType => (left === right ? left : 'number')

function binaryType(op: string, left: ValueType, right: ValueType): ValueType {
  if (op === '/') return 'number'
  return op === '+' || op === '-' || op === '*' || op === '??' ? wider(left, right) : 'condition'
}

function aggregateType(name: AggregateName, of: Tree | null): ValueType {
  if (name === 'count' || name === 'distinct') return 'integer'
  return of === null || name === 'mean' || name === 'median' || name === 'std' || name === 'std_sample'
    ? 'number'
    : of.type
}
