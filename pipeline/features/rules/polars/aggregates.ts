/** From a checked aggregate to what a polars group-by must make for it. */
import pl from 'nodejs-polars'
import type { Aggregate, Clause } from '../syntax/tree.ts'
import { type Expr, type Express, lit, otherwiseMissing } from './expressions.ts'

/** What an aggregate stands for in a frame: the columns that a group-by must make, and the value made of them afterwards. */
export interface Parts {
  readonly made: readonly (readonly [column: string, expression: Expr])[]
  /** A column that is 0, not missing, for a client without rows. */
  readonly counts?: string
  readonly value: Expr
}

/**
 * The aggregates inside one group-by, on a frame whose rows are in the set's order if the order matters.
 * Conditions alone become a mask under the aggregate; with newest, oldest, latest or earliest the rows are really filtered.
 * `anyColumn` is a column of the frame that has no gaps.
 */
export function aggregating(express: Express, anyColumn: string): (tree: Aggregate) => Parts {
  const kept = new Map<string, Expr>()
  /** An operand under clauses, shared by the aggregates that have both. */
  const operand = ({ of, clauses }: Aggregate, filtered: boolean): Expr => {
    const key = `${filtered} ${of!.key} of${clauses.map((clause) => clause.key).join('')}`
    const known = kept.get(key) ?? (filtered ? filtering(clauses, express) : masking(clauses, express))(express(of!))
    kept.set(key, known)
    return known
  }
  return (tree) => {
    const { name, clauses, key: column } = tree
    const made = (expression: Expr): Parts => ({ made: [[column, expression]], value: pl.col(column) })
    const counted = (expression: Expr): Parts => ({ ...made(expression), counts: column })
    const filtered = name === 'latest' || name === 'earliest' || clauses.some(({ clause }) => clause !== 'where')
    if (name === 'count') {
      if (clauses.length === 0) return counted(pl.len())
      if (filtered) return counted(filtering(clauses, express)(pl.col(anyColumn).isNull()).count())
      return counted(conjunction(clauses, express).sum())
    }
    const of = operand(tree, filtered)
    const known = `${column} known`
    switch (name) {
      case 'latest':
        return made(of.first())
      case 'earliest':
        return made(of.last())
      case 'distinct':
        return counted(of.dropNulls().nUnique())
      case 'mean':
        return made(of.mean())
      case 'median':
        return made(of.median())
      case 'min':
        return made(of.min())
      case 'max':
        return made(of.max())
      case 'std':
        return made(squares(of).mean().pow(0.5))
      case 'sum': // polars sums nothing to 0: the number of known values tells
        return {
          made: [
            [column, of.sum()],
            [known, of.count()],
          ],
          value: otherwiseMissing(pl.col(known).gt(lit(0)), pl.col(column)),
        }
      case 'std_sample': {
        const less = pl.col(known).cast(pl.Float64).minus(lit(1))
        return {
          made: [
            [column, squares(of).sum()],
            [known, of.count()],
          ],
          value: otherwiseMissing(less.gt(lit(0)), pl.col(column).div(less).pow(0.5)),
        }
      }
    }
  }
}

/** The squared distances from the mean: in two passes, so that equal values have no spread. */
const squares = (of: Expr): Expr => of.minus(of.mean()).pow(2)

type Keep = (of: Expr) => Expr

function conjunction(clauses: readonly Clause[], express: Express): Expr {
  return clauses
    .flatMap((clause) => (clause.clause === 'where' ? [express(clause.condition)] : []))
    .reduce((all, one) => all.and(one))
}

function masking(clauses: readonly Clause[], express: Express): Keep {
  if (clauses.length === 0) return (of) => of
  const condition = conjunction(clauses, express)
  return (of) => otherwiseMissing(condition, of)
}

/** Clause by clause, from the left: a condition must pass the same filters as what it judges. */
function filtering(clauses: readonly Clause[], express: Express): Keep {
  let keep: Keep = (of) => of
  for (const clause of clauses) {
    const before = keep
    if (clause.clause === 'where') {
      const condition = before(express(clause.condition))
      keep = (of) => before(of).filter(condition)
    } else {
      const { count } = clause
      keep = clause.clause === 'newest' ? (of) => before(of).head(count) : (of) => before(of).tail(count)
    }
  }
  return keep
}
