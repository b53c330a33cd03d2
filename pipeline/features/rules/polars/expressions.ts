/** From a checked tree to a polars expression over the rows of one frame; equal trees share one expression (making one takes about a millisecond). */
import pl from 'nodejs-polars'
import type { TableDefinition } from '../check/definitions.ts'
import { type Aggregate, type BinaryOperator, isNumeric, type Tree } from '../syntax/tree.ts'

export type Expr = pl.Expr
export type Express = (tree: Tree) => Expr

/** Constants are made once: an expression object costs half a millisecond. */
const literals = new Map<number | string | null, Expr>()
export function lit(value: number | string | null): Expr {
  const known = literals.get(value) ?? pl.lit(value)
  literals.set(value, known)
  return known
}

export const otherwiseMissing = (condition: Expr, value: Expr): Expr =>
  pl.when(condition).then(value).otherwise(lit(null))

/** Above this many entries a lookup by a chain of cases would be slow. */
export const isLarge = ({ entries }: TableDefinition): boolean => entries.length > 20

interface Place {
  /** What an aggregate is in this frame. */
  readonly aggregate?: (tree: Aggregate) => Expr
  /** Whether lookups in large tables stand in the frame as columns, named by their key. */
  readonly joined?: boolean
}

/** The expressions of one frame. */
export function expressions(
  tables: Readonly<Record<string, TableDefinition>>,
  { aggregate = refuse, joined = false }: Place = {},
): Express {
  const known = new Map<string, Expr>()
  const express: Express = (tree) => {
    const before = known.get(tree.key)
    if (before) return before
    const made = expression(tree)
    known.set(tree.key, made)
    return made
  }
  const expression = (tree: Tree): Expr => {
    switch (tree.op) {
      case 'constant':
        return lit(tree.value)
      case 'column':
        return isNumeric(tree.type) ? pl.col(tree.column).cast(pl.Float64) : pl.col(tree.column)
      case 'not':
        return express(tree.of).not()
      case 'known':
        return express(tree.of).isNotNull()
      case 'abs':
        return express(tree.of).abs()
      case 'positive': {
        const of = express(tree.of)
        return pl
          .when(of.lt(lit(0)))
          .then(lit(0))
          .otherwise(of)
      }
      case 'rate':
        return pl.col(tree.key) // withRates has put it into the frame
      case 'in':
        return express(tree.of).isIn([...tree.values])
      case 'if':
        return pl
          .when(express(tree.condition))
          .then(express(tree.then))
          .otherwise(tree.otherwise ? express(tree.otherwise) : lit(null))
      case 'list':
        return list(tree, express)
      case 'lookup':
        return joined && isLarge(tables[tree.table]!)
          ? pl.col(tree.key)
          : lookup(tables[tree.table]!, tree.keys.map(express))
      case 'aggregate':
        return aggregate(tree)
      default:
        return operator(tree.op, express(tree.left), express(tree.right))
    }
  }
  return express
}

function operator(op: BinaryOperator, left: Expr, right: Expr): Expr {
  switch (op) {
    case '+':
      return left.plus(right)
    case '-':
      return left.minus(right)
    case '*':
      return left.mul(right)
    case '/':
      return otherwiseMissing(right.neq(lit(0)), left.div(right))
    case '=':
      return left.eq(right)
    case '<':
      return left.lt(right)
    case '<=':
      return left.ltEq(right)
    case '>':
      return left.gt(right)
    case '>=':
      return left.gtEq(right)
    case 'and':
      return left.and(right)
    case 'or':
      return left.or(right)
    case '??':
      return pl.when(left.isNotNull()).then(left).otherwise(right)
  }
}

/** Sums of whole numbers and choices may be left to polars; other sums are written out, to add in the order of the list. */
function list({ name, of, type }: Tree & { op: 'list' }, express: Express): Expr {
  const columns = of.flatMap((part) => (part.op === 'column' ? [part.column] : []))
  const plain = columns.length === of.length // one expression for all columns: making one for each is what takes the time
  if (name === 'missing')
    return pl.sumHorizontal(
      plain ? pl.cols(columns).isNull().cast(pl.Float64) : of.map((part) => express(part).isNull().cast(pl.Float64)),
    )
  const together = plain ? pl.cols(columns).cast(pl.Float64) : of.map(express)
  if (name === 'min') return pl.minHorizontal(together)
  if (name === 'max') return pl.maxHorizontal(together)

  const count = pl.sumHorizontal(
    Array.isArray(together)
      ? together.map((part) => part.isNotNull().cast(pl.Float64))
      : together.isNotNull().cast(pl.Float64),
  )
  // polars makes 0 of the sum of nothing
  const guarded = (value: Expr) => otherwiseMissing(count.gt(lit(0)), value)
  if (name === 'sum' && type === 'integer') return guarded(pl.sumHorizontal(together))
  const parts = of.map(express)
  if (name === 'product')
    return guarded(parts.map((part) => part.fillNull(lit(1))).reduce((total, part) => total.mul(part)))
  const add = (terms: readonly Expr[]) =>
    terms.map((term) => term.fillNull(lit(0))).reduce((total, term) => total.plus(term))
  const sum = add(parts)
  if (name === 'sum') return guarded(sum)
  const mean = sum.div(count)
  if (name === 'mean') return guarded(mean)
  return guarded(
    add(parts.map((part) => part.minus(mean).pow(2)))
      .div(count)
      .pow(0.5),
  )
}

/** A chain of cases, one for each distinct value: replaceStrict ignores its type and loses zeros. */
function lookup({ entries }: TableDefinition, keys: readonly Expr[]): Expr {
  const rows = new Map<number, (readonly string[])[]>()
  for (const [key, value] of entries) rows.set(value, [...(rows.get(value) ?? []), key])
  const isKey = (key: readonly string[]) =>
    key.map((part, i) => keys[i]!.eq(lit(part))).reduce((all, part) => all.and(part))
  let value: Expr = lit(null).cast(pl.Float64)
  for (const [number, with_] of rows) {
    const first = keys[0]!
    const found =
      keys.length === 1 ? first.isIn(with_.map((key) => key[0]!)) : with_.map(isKey).reduce((any, one) => any.or(one))
    value = pl.when(found).then(lit(number)).otherwise(value)
  }
  return value
}

function refuse(tree: Aggregate): never {
  throw new Error(`an aggregate inside the rows of a set: ${tree.key}`) // the checker refuses it first
}
