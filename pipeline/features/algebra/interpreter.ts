/** All features of one client, in plain JavaScript and in well under a millisecond: the batch's twin for serving. */
import type { Applicant, Value } from '../../portfolio/applicant.ts'
import { check } from './check.ts'
import { type CellRow, Client, type RowsOf } from './client.ts'
import { type Compile, compiler, narrowing, reducer } from './compile.ts'
import type { Definitions } from './definitions.ts'
import { planOf } from './plan.ts'
import type { Schema } from './program.ts'
import { portfolioSchema } from './schema.ts'
import { setBuilders } from './sets.ts'
import type { Clause } from './tree.ts'

/**
 * Compiles the definitions once; the function gives one client's values in the order of `definitions.features`.
 * The order of the history's rows changes nothing: a set whose order matters is sorted by its own total order.
 */
export function interpreter(
  definitions: Definitions,
  schema: Schema = portfolioSchema,
): (applicant: Applicant) => Value[] {
  const program = check(definitions, schema)
  const plan = planOf(program)
  const sets = setBuilders(definitions.tables, plan)

  const compilers = new Map<string, Compile>()
  const within = (set: string): Compile => {
    const known = compilers.get(set) ?? compiler(definitions.tables, sets.get(set)!.plan.columns)
    compilers.set(set, known)
    return known
  }

  /** The rows that clauses keep; a prefix that several features share is applied once a client. */
  const selections = new Map<string, RowsOf>()
  const select = (set: string, clauses: readonly Clause[]): RowsOf => {
    if (clauses.length === 0) return sets.get(set)!.rows
    const key = set + clauses.map((clause) => clause.key).join('')
    const known = selections.get(key)
    if (known) return known
    const before = select(set, clauses.slice(0, -1))
    const narrow = narrowing(clauses.at(-1)!, within(set))
    const place = selections.size
    const rows: RowsOf = (client) => {
      const kept = client.selections[place] ?? narrow(before(client), client)
      client.selections[place] = kept
      return kept
    }
    selections.set(key, rows)
    return rows
  }

  let places = 0
  const compile = compiler(definitions.tables, plan.application, (tree) => {
    const place = places++
    const rows = select(tree.set, tree.clauses)
    const reduce = reducer(tree, within(tree.set), sets.get(tree.set)!.plan.sorted ? 'slice' : 'anywhere')
    return (_, client) => {
      const known = client.aggregates[place]
      if (known !== undefined) return known
      const result = reduce(rows(client), client)
      client.aggregates[place] = result
      return result
    }
  })
  const evaluators = program.features.map(({ tree }) => compile(tree))

  return (applicant) => {
    const client = new Client(applicant)
    const row: CellRow = plan.application.map((column) => applicant.application[column] ?? null)
    return evaluators.map((evaluate) => {
      const value = evaluate(row, client)
      return typeof value === 'boolean' ? Number(value) : value
    })
  }
}
