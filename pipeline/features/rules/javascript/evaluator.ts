/** All features of one client, in JavaScript written from the rules and in a fraction of a millisecond: the batch's twin for serving. */
import type { Applicant, Row, Value } from '../../../data/applicant.ts'
import { Script } from '../../../data/generated-function.ts'
import { notSupplied } from '../../../data/supplied.ts'
import { check } from '../check/check.ts'
import type { Definitions } from '../check/definitions.ts'
import type { Program, Schema } from '../check/program.ts'
import { portfolioSchema } from '../check/schema.ts'
import { allTables } from '../check/sources.ts'
import { planOf } from '../plan/plan.ts'
import type { Aggregate } from '../syntax/tree.ts'
import { fused, type Rows } from './aggregates.ts'
import { Scope, type Tables } from './expressions.ts'
import { tablesRead, unknownRemover } from './not-supplied.ts'
import { rowMaker } from './row-sets.ts'
import type { Cell } from './values.ts'

const together = 40 // features in one function: small enough for the engine to compile well

/**
 * Compiles the definitions once; the function gives one client's values in the order of `definitions.features`.
 * The order of the history's rows changes nothing: a set whose order matters is sorted by its own total order. A table without rows is known to be
 * empty; of one that is left out nothing is known, and every feature that reads it is missing.
 * `only` leaves features out, so that what they alone read is not computed.
 */
export function evaluator(
  definitions: Definitions,
  schema: Schema = portfolioSchema,
  only: (feature: string) => boolean = () => true,
): (applicant: Applicant) => Value[] {
  const checked = check(definitions, schema)
  const program = { ...checked, features: checked.features.filter(({ definition }) => only(definition.name)) }
  const { sets } = planOf(program)
  const tables = new Map([...allTables(definitions, schema)].filter(([name]) => only(name)))
  const [read, withoutUnknown] = [tablesRead(tables), unknownRemover(tables)]
  const places = new Map<string, number>()
  const makers = sets.map((plan, i) => {
    const wanted = plan.aggregates.map((tree) => {
      const place = places.size
      places.set(tree.key, place)
      return [tree, place] as const
    })
    return {
      make: rowMaker(plan, sets.slice(0, i), definitions.tables),
      reduce: fused(wanted, plan.columns, definitions.tables, plan.sorted ? 'slice' : 'anywhere'),
    }
  })
  const aggregate = ({ key }: Aggregate): string => {
    const place = places.get(key)
    if (place === undefined) throw new Error(`the plan forgot the aggregate ${key}`)
    return `found[${place}]`
  }
  const parts = Array.from({ length: Math.ceil(program.features.length / together) }, (_, part) =>
    written(program.features, part * together, definitions.tables, aggregate),
  )
  return (applicant) => {
    const rows: Rows[] = []
    const found: Cell[] = new Array(places.size).fill(null)
    for (const { make, reduce } of makers) {
      const made = make(applicant, rows)
      rows.push(made)
      reduce(made, found)
    }
    const values: Value[] = []
    for (const write of parts) write(applicant.application, found, values)
    const absent = notSupplied(applicant.history, read)
    return absent.length > 0 ? withoutUnknown(values, absent) : values
  }
}

/** The function that appends the values of some features, from `first` on. */
function written(
  features: Program['features'],
  first: number,
  tables: Tables,
  aggregate: (tree: Aggregate) => string,
): (application: Row, found: readonly Cell[], values: Value[]) => void {
  const script = new Script()
  const column = (name: string) => `application[${JSON.stringify(name)}] ?? null`
  const scope = new Scope(script, tables, { column, aggregate })
  for (const { tree } of features.slice(first, first + together)) {
    const cell = scope.cell(tree)
    scope.lines.push(`values.push(${cell})`)
  }
  return script.compiled('application, found, values', scope.lines)
}
