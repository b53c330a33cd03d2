/** For each set of a plan, a function that makes one client's rows of it: from a table or a set, per keys, with a parent, sorted. */
import type { Applicant, HistoryTable } from '../../../data/applicant.ts'
import { Script } from '../../../data/generated-function.ts'
import { applicationTable, type CheckedSet } from '../check/program.ts'
import type { SetPlan } from '../plan/plan.ts'
import type { Aggregate, Clause } from '../syntax/tree.ts'
import { type CellRow, fused, type Rows, slotOf, type Wanted } from './aggregates.ts'
import { Scope, type Tables } from './expressions.ts'
import { grouped } from './grouping.ts'
import type { Cell } from './values.ts'

/** A client's rows of one set, from the rows of those before it in the plan. */
export type MakeRows = (applicant: Applicant, sets: readonly Rows[]) => Rows

/** `before` are the sets of the plan that stand before it. */
export function rowMaker(plan: SetPlan, before: readonly SetPlan[], tables: Tables): MakeRows {
  const { set } = plan
  const make = set.per ? perKeys(plan, before, tables) : rowByRow(plan, before, tables)
  if (!plan.sorted || set.order.length === 0) return make
  const order = comparison(plan)
  return (applicant, sets) => {
    const rows = make(applicant, sets)
    return rows.length > 1 ? rows.sort(order) : rows
  }
}

type Make = (applicant: Applicant, sets: readonly Rows[]) => CellRow[]

const placeOf = (before: readonly SetPlan[], set: CheckedSet): number => before.findIndex((plan) => plan.set === set)

/** The rows that a set is made from, cells by column name (a table's) or by place (a set's). */
function sourceOf({ set }: SetPlan, before: readonly SetPlan[], tables: Tables) {
  if ('table' in set.source) {
    const table = set.source.table as HistoryTable | typeof applicationTable // the checker knows the table
    const rows = ({ application, history }: Applicant) =>
      table === applicationTable ? [application] : (history[table] ?? [])
    return { rows, cell: (name: string) => `row[${JSON.stringify(name)}] ?? null` }
  }
  const place = placeOf(before, set.source.set)
  const { columns } = before[place]!
  const choose = set.source.clauses.map((clause) => narrowing(clause, columns, tables))
  const rows = (_: Applicant, sets: readonly Rows[]) => choose.reduce((rows, keep) => keep(rows), sets[place]!)
  return { rows, cell: (name: string) => `row[${slotOf(columns, name)}]` }
}

/** The columns that the set takes over as they are; the parent's and the derived ones follow. */
const taken = ({ columns, fromParent, derived }: SetPlan) =>
  columns.slice(0, columns.length - fromParent.length - derived.length)

/**
 * The function that makes a row: the columns taken from `row`, those of the parent from `above`, and the derived ones, which may read aggregates
 * in `found`.
 */
function row(
  plan: SetPlan,
  cell: (name: string) => string,
  above: readonly string[],
  tables: Tables,
  aggregate?: (tree: Aggregate) => string,
): (row: unknown, above: CellRow | undefined, found: readonly Cell[]) => CellRow {
  const script = new Script()
  const names = new Map<string, string>()
  const scope = new Scope(script, tables, {
    column: (name) => names.get(name) ?? fail(name),
    ...(aggregate && { aggregate }),
  })
  for (const name of taken(plan)) names.set(name, scope.constant(cell(name)))
  for (const name of plan.fromParent) names.set(name, scope.constant(`above[${slotOf(above, name)}]`))
  for (const [name, tree] of plan.derived) names.set(name, scope.constant(scope.cell(tree)))
  const cells = plan.columns.map((name) => names.get(name))
  return script.compiled('row, above, found', [...scope.lines, `return [${cells.join(', ')}]`])
}

function fail(name: string): never {
  throw new Error(`the plan forgot the column ${name}`)
}

/** A row for each of the source's; where the set has a parent, one without is dropped. */
function rowByRow(plan: SetPlan, before: readonly SetPlan[], tables: Tables): Make {
  const { rows, cell } = sourceOf(plan, before, tables)
  const { parent } = plan.set
  if (!parent) {
    const make = row(plan, cell, [], tables)
    return (applicant, sets) => {
      const made: CellRow[] = []
      for (const one of rows(applicant, sets)) made.push(make(one, undefined, []))
      return made
    }
  }
  const place = placeOf(before, parent.set)
  const { columns } = before[place]!
  const parentKey = slotOf(columns, parent.key)
  const keyOf = keyed(cell(parent.key))
  const make = row(plan, cell, columns, tables)
  return (applicant, sets) => {
    const parents = new Map<Cell, CellRow>()
    for (const one of sets[place]!) parents.set(one[parentKey]!, one)
    const made: CellRow[] = []
    for (const one of rows(applicant, sets)) {
      const key = keyOf(one)
      const above = key === null ? undefined : parents.get(key)
      if (above) made.push(make(one, above, []))
    }
    return made
  }
}

const keyed = (cell: string): ((row: unknown) => Cell) => new Script().compiled('row', [`return ${cell}`])

/** A row for each group of the source's rows that agree in the keys. */
function perKeys(plan: SetPlan, before: readonly SetPlan[], tables: Tables): Make {
  const { rows, cell } = sourceOf(plan, before, tables)
  const { columns } = before[placeOf(before, (plan.set.source as { set: CheckedSet }).set)]!
  const wanted: Wanted[] = []
  const aggregate = (tree: Aggregate) => {
    const place = wanted.findIndex(([{ key }]) => key === tree.key)
    return `found[${place < 0 ? wanted.push([tree, wanted.length]) - 1 : place}]`
  }
  const make = row(plan, cell, [], tables, aggregate)
  const reduce = fused(wanted, columns, tables, 'anywhere')
  const keys = plan.set.per!.map((column) => slotOf(columns, column))
  const found: Cell[] = wanted.map(() => null)
  return (applicant, sets) =>
    grouped(rows(applicant, sets) as Rows, keys).map((group) => {
      reduce(group, found)
      return make(group[0], undefined, found)
    })
}

/** The rows that one clause keeps. */
function narrowing(clause: Clause, columns: readonly string[], tables: Tables): (rows: Rows) => Rows {
  if (clause.clause !== 'where') {
    const { count } = clause
    return clause.clause === 'newest' ? (rows) => rows.slice(0, count) : (rows) => rows.slice(-count)
  }
  const script = new Script()
  const scope = new Scope(script, tables, { column: (name) => `row[${slotOf(columns, name)}]` })
  const holds = scope.holds(clause.condition)
  const keep = script.compiled<(row: CellRow) => boolean>('row', [...scope.lines, `return ${holds}`])
  return (rows) => rows.filter(keep)
}

/** The set's total order, missing last. */
function comparison({ set, columns }: SetPlan): (a: CellRow, b: CellRow) => number {
  const script = new Script()
  const lines = set.order.flatMap(({ column, descending }) => {
    const [slot, a, b] = [slotOf(columns, column), script.name(), script.name()]
    const [before, after] = descending ? [1, -1] : [-1, 1]
    return [
      `const ${a} = a[${slot}], ${b} = b[${slot}]`,
      `if (${a} !== ${b}) return ${a} === null ? 1 : ${b} === null ? -1 : ${a} < ${b} ? ${before} : ${after}`,
    ]
  })
  return script.compiled('a, b', [...lines, 'return 0'])
}
