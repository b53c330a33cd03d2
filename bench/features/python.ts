/** From checked rules to Python: each tree as the text of a polars expression, each aggregate as what a group_by must make for it. */
import type { Definitions, TableDefinition } from '../../pipeline/features/rules/check/definitions.ts'
import { clientKey } from '../../pipeline/features/rules/check/program.ts'
import type { Aggregate, Clause, Tree } from '../../pipeline/features/rules/syntax/tree.ts'

/** A value as a Python literal; JSON's texts, numbers and lists are Python's too. */
export const literal = (value: unknown): string => JSON.stringify(value)

const number = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value))
const constant = (value: number | string): string =>
  `pl.lit(${typeof value === 'string' ? literal(value) : number(value)})`

export type Print = (tree: Tree) => string

interface Place {
  readonly tables: Definitions['tables']
  /** Columns that are whole numbers in the frame, and enter sums as float64. */
  readonly whole: ReadonlySet<string>
  readonly aggregate?: (tree: Aggregate) => string
}

/** The printer of expressions over the rows of one frame. */
export function printer({ tables, whole, aggregate }: Place): Print {
  const print: Print = (tree) => {
    switch (tree.op) {
      case 'constant':
        return constant(tree.value)
      case 'column':
        return `c(${literal(tree.column)})${whole.has(tree.column) ? '.cast(pl.Float64)' : ''}`
      case 'not':
        return `~${print(tree.of)}`
      case 'known':
        return `${print(tree.of)}.is_not_null()`
      case 'abs':
        return `${print(tree.of)}.abs()`
      case 'positive':
        return `${print(tree.of)}.clip(lower_bound=0.0)`
      case 'rate':
        return `monthly_rate(${tree.of.map(print).join(', ')})`
      case 'in':
        return `${print(tree.of)}.is_in(${literal(tree.values)})`
      case 'if':
        return `pl.when(${print(tree.condition)}).then(${print(tree.then)})${tree.otherwise ? `.otherwise(${print(tree.otherwise)})` : ''}`
      case 'list':
        return list(tree, print)
      case 'lookup':
        return lookup(tables[tree.table]!, tree.keys.map(print))
      case 'aggregate':
        if (!aggregate) throw new Error(`an aggregate inside the rows of a set: ${tree.key}`) // the checker refuses it first
        return aggregate(tree)
      case '/':
        return tree.right.op === 'constant'
          ? `(${print(tree.left)} / ${print(tree.right)})`
          : `ratio(${print(tree.left)}, ${print(tree.right)})`
      case '??':
        return `pl.coalesce(${print(tree.left)}, ${print(tree.right)})`
      default:
        return `(${print(tree.left)} ${operators[tree.op]} ${print(tree.right)})`
    }
  }
  return (tree) => (tree.op === 'not' || tree.op === 'if' ? `(${print(tree)})` : print(tree))
}

const operators = {
  '+': '+',
  '-': '-',
  '*': '*',
  '=': '==',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  and: '&',
  or: '|',
} as const

function list({ name, of }: Tree & { op: 'list' }, print: Print): string {
  const parts = `[${of.map(print).join(', ')}]`
  if (name === 'missing') return `pl.sum_horizontal([x.is_null().cast(pl.Float64) for x in ${parts}])`
  return `across_${name}(${parts})`
}

function lookup({ entries }: TableDefinition, keys: readonly string[]): string {
  const key = keys.length === 1 ? keys[0]! : `pl.concat_str([${keys.join(', ')}], separator="|")`
  const known = entries.map(([parts]) => parts.join('|'))
  const values = entries.map(([, value]) => number(value))
  return `${key}.replace_strict(${literal(known)}, [${values.join(', ')}], default=None, return_dtype=pl.Float64)`
}

/** What an aggregate is: the columns that a group_by makes, name and expression, and the value made of them afterwards. */
export interface Made {
  readonly columns: readonly (readonly [string, string])[]
  /** A column that is 0, not missing, where there are no rows. */
  readonly count: string | null
  readonly value: string
}

/** The printer of aggregates over the rows of one frame, which lie in the set's order where that matters. */
export function aggregates(print: Print): (tree: Aggregate) => Made {
  return (tree) => {
    const { name, of, clauses, key } = tree
    const value = `c(${literal(key)})`
    const made = (expression: string): Made => ({ columns: [[key, expression]], count: null, value })
    const counted = (expression: string): Made => ({
      columns: [[key, `${expression}.cast(pl.Float64)`]],
      count: key,
      value,
    })
    const filtered = name === 'latest' || name === 'earliest' || clauses.some(({ clause }) => clause !== 'where')
    if (name === 'count') {
      if (clauses.length === 0) return counted('pl.len()')
      return filtered
        ? counted(`${filter(`c(${literal(clientKey)})`, clauses, print)}.len()`)
        : counted(`(${all(clauses, print)}).sum()`)
    }
    const operand = print(of!)
    const rows = filtered
      ? filter(operand, clauses, print)
      : clauses.length > 0
        ? `pl.when(${all(clauses, print)}).then(${operand})`
        : `(${operand})`
    switch (name) {
      case 'latest':
        return made(`${rows}.first()`)
      case 'earliest':
        return made(`${rows}.last()`)
      case 'distinct':
        return counted(`${rows}.drop_nulls().n_unique()`)
      case 'std':
        return made(`${rows}.std(ddof=0)`)
      case 'std_sample':
        return made(`${rows}.std(ddof=1)`)
      case 'sum': // of nothing it is 0 in polars, and missing here
        return {
          columns: [
            [key, `${rows}.sum()`],
            [`${key} known`, `${rows}.count()`],
          ],
          count: null,
          value: `pl.when(c(${literal(`${key} known`)}) > 0).then(${value})`,
        }
      default:
        return made(`${rows}.${name}()`)
    }
  }
}

const all = (clauses: readonly Clause[], print: Print): string =>
  clauses.flatMap((clause) => (clause.clause === 'where' ? [`(${print(clause.condition)})`] : [])).join(' & ')

/** Clause by clause, from the left: a condition must pass the same filters as what it judges. */
function filter(operand: string, clauses: readonly Clause[], print: Print): string {
  let keep = (of: string) => of
  for (const clause of clauses) {
    const before = keep
    if (clause.clause === 'where') {
      const condition = before(`(${print(clause.condition)})`)
      keep = (of) => `${before(of)}.filter(${condition})`
    } else {
      const { count } = clause
      keep = (of) => `${before(of)}.${clause.clause === 'newest' ? 'head' : 'tail'}(${count})`
    }
  }
  return keep(operand)
}
