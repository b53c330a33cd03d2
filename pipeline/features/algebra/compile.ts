/** From a checked tree to a closure over one row; equal trees share one closure. */
import type { CellRow, Client, Rows } from './client.ts'
import type { TableDefinition } from './definitions.ts'
import type { Aggregate, Clause, Tree } from './tree.ts'
import { aggregates, binary, type Cell, lists, monthlyRate, unary } from './values.ts'

export type Evaluate = (row: CellRow, client: Client) => Cell
export type Compile = (tree: Tree) => Evaluate

/** The compiler of one place: where its columns lie in a row, and what an aggregate means there. */
export function compiler(
  tables: Readonly<Record<string, TableDefinition>>,
  columns: readonly string[],
  aggregate: (tree: Aggregate) => Evaluate = refuse,
): Compile {
  const known = new Map<string, Evaluate>()
  const compile: Compile = (tree) => {
    const before = known.get(tree.key)
    if (before) return before
    const made = closure(tree)
    known.set(tree.key, made)
    return made
  }
  const closure = (tree: Tree): Evaluate => {
    switch (tree.op) {
      case 'constant':
        return () => tree.value
      case 'column': {
        const slot = columns.indexOf(tree.column)
        if (slot < 0) throw new Error(`the plan forgot the column ${tree.column}`)
        return (row) => row[slot]!
      }
      case 'not':
      case 'known':
      case 'abs':
      case 'positive': {
        const [of, apply] = [compile(tree.of), unary[tree.op]]
        return (row, client) => apply(of(row, client))
      }
      case 'in': {
        const [of, values] = [compile(tree.of), new Set<Cell>(tree.values)]
        return (row, client) => {
          const value = of(row, client)
          return value === null ? null : values.has(value)
        }
      }
      case 'if': {
        const [condition, then] = [compile(tree.condition), compile(tree.then)]
        const otherwise = tree.otherwise && compile(tree.otherwise)
        return (row, client) =>
          condition(row, client) === true ? then(row, client) : otherwise ? otherwise(row, client) : null
      }
      case 'rate': {
        const [months, payment, amount] = tree.of.map(compile)
        return (row, client) => monthlyRate(months!(row, client), payment!(row, client), amount!(row, client))
      }
      case 'list': {
        const of = tree.of.map(compile)
        if (tree.name === 'missing')
          return (row, client) => of.reduce((count, value) => count + (value(row, client) === null ? 1 : 0), 0)
        const combine = lists[tree.name]
        return (row, client) => combine(of.map((value) => value(row, client)).filter(isNumber))
      }
      case 'lookup': {
        const keys = tree.keys.map(compile)
        const values = new Map(tables[tree.table]!.entries.map(([key, value]) => [key.join('\n'), value]))
        return (row, client) => {
          const cells = keys.map((key) => key(row, client))
          return cells.includes(null) ? null : (values.get(cells.join('\n')) ?? null)
        }
      }
      case 'aggregate':
        return aggregate(tree)
      default: {
        const [left, right] = [compile(tree.left), compile(tree.right)]
        // polars divides by a constant as a product with its inverse, which can differ in the last bit
        if (tree.op === '/' && tree.right.op === 'constant' && tree.right.value !== 0) {
          const inverse = 1 / Number(tree.right.value)
          return (row, client) => binary['*'](left(row, client), inverse)
        }
        const apply = binary[tree.op]
        return (row, client) => apply(left(row, client), right(row, client))
      }
    }
  }
  return compile
}

/** One aggregate over rows that the clauses have already chosen, and where these lie for polars, which decides how it adds. */
export function reducer(
  tree: Aggregate,
  compile: Compile,
  lying: keyof typeof aggregates,
): (rows: Rows, client: Client) => Cell {
  const { name } = tree
  if (name === 'count') return (rows) => rows.length
  const of = compile(tree.of!)
  if (name === 'distinct')
    return (rows, client) => new Set(rows.map((row) => of(row, client)).filter((value) => value !== null)).size
  if (name === 'latest' || name === 'earliest')
    return (rows, client) => {
      const row = name === 'latest' ? rows[0] : rows.at(-1)
      return row ? of(row, client) : null
    }
  const combine = aggregates[lying][name]
  return (rows, client) => {
    const known: number[] = []
    for (const row of rows) {
      const value = of(row, client)
      if (value !== null) known.push(value as number) // the checker has seen to the type
    }
    return combine(known)
  }
}

/** The rows that one clause keeps. */
export function narrowing(clause: Clause, compile: Compile): (rows: Rows, client: Client) => Rows {
  if (clause.clause === 'where') {
    const condition = compile(clause.condition)
    return (rows, client) => rows.filter((row) => condition(row, client) === true)
  }
  const { count } = clause
  return clause.clause === 'newest' ? (rows) => rows.slice(0, count) : (rows) => rows.slice(-count)
}

const isNumber = (cell: Cell): cell is number => typeof cell === 'number'

function refuse(tree: Aggregate): never {
  throw new Error(`an aggregate inside the rows of a set: ${tree.key}`) // the checker refuses it first
}
