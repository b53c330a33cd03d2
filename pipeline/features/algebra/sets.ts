/** For each set of a plan, a function that makes one client's rows of it: from a table or a set, per keys, with a parent, sorted. */
import type { HistoryTable, Row } from '../../portfolio/applicant.ts'
import type { CellRow, Client, Rows, RowsOf } from './client.ts'
import { type Compile, compiler, narrowing, reducer } from './compile.ts'
import type { TableDefinition } from './definitions.ts'
import type { Plan, SetPlan } from './plan.ts'
import { applicationTable } from './program.ts'

type Tables = Readonly<Record<string, TableDefinition>>

interface Builder {
  readonly plan: SetPlan
  readonly rows: RowsOf
}

/** Rows are made when first asked for and kept with the client. */
export function setBuilders(tables: Tables, plan: Plan): ReadonlyMap<string, Builder> {
  const builders = new Map<string, Builder>()
  for (const [place, setPlan] of plan.sets.entries()) {
    const { set } = setPlan
    const make =
      'table' in set.source
        ? fromTable(set.source.table as Parameters<typeof fromTable>[0], setPlan) // the checker knows the table
        : fromSet(tables, setPlan, builders.get(set.source.set.name)!)
    const withParent = set.parent ? joining(setPlan, builders.get(set.parent.set.name)!, place) : null
    const derive = set.per ? null : derivation(setPlan, compiler(tables, setPlan.columns))
    const order = setPlan.sorted ? comparison(setPlan) : null
    const build = (client: Client): Rows => {
      let rows = make(client)
      if (withParent) rows = withParent(rows, client)
      derive?.(rows, client)
      return order && rows.length > 1 ? rows.sort(order) : rows
    }
    const rows: RowsOf = (client) => {
      const known = client.sets[place]
      if (known) return known
      const made = build(client)
      client.sets[place] = made
      return made
    }
    builders.set(set.name, { plan: setPlan, rows })
  }
  return builders
}

type Make = (client: Client) => CellRow[]

/** The columns that the set takes over as they are; the parent's and the derived ones follow. */
const taken = ({ columns, fromParent, derived }: SetPlan) =>
  columns.slice(0, columns.length - fromParent.length - derived.length)

function fromTable(table: HistoryTable | typeof applicationTable, plan: SetPlan): Make {
  const columns = taken(plan)
  const copy = (row: Row): CellRow => columns.map((column) => row[column] ?? null)
  if (table === applicationTable) return ({ applicant }) => [copy(applicant.application)]
  return ({ applicant }) => applicant.history[table].map(copy)
}

function fromSet(tables: Tables, plan: SetPlan, source: Builder): Make {
  const { columns } = source.plan
  const clauses = 'clauses' in plan.set.source ? plan.set.source.clauses : []
  const compile = compiler(tables, columns)
  const narrow = clauses.map((clause) => narrowing(clause, compile))
  const chosen: RowsOf = (client) => narrow.reduce((rows, keep) => keep(rows, client), source.rows(client))
  const slots = taken(plan).map((column) => columns.indexOf(column))
  const copy = (row: CellRow): CellRow => slots.map((slot) => row[slot]!)
  if (!plan.set.per) return (client) => chosen(client).map(copy)

  const keys = plan.set.per.map((column) => columns.indexOf(column))
  const derive = derivation(
    plan,
    compiler(tables, plan.columns, (tree) => overGroup(tree, compile)),
  )
  return (client) =>
    [...groups(chosen(client), keys)].map((group) => {
      const row = copy(group[0]!)
      client.group = group
      derive([row], client)
      return row
    })
}

/** The rows by key, in the order of their first row; a missing key is a group of its own. */
function groups(rows: Rows, keys: readonly number[]): Iterable<Rows> {
  const byKey = new Map<string, CellRow[]>()
  for (const row of rows) {
    let key = ''
    for (const slot of keys) key += typeof row[slot] === 'string' ? `'${row[slot]}'\n` : `${row[slot]}\n`
    const group = byKey.get(key)
    if (group) group.push(row)
    else byKey.set(key, [row])
  }
  return byKey.values()
}

function overGroup(tree: Parameters<typeof reducer>[0], compile: Compile) {
  const narrow = tree.clauses.map((clause) => narrowing(clause, compile))
  const reduce = reducer(tree, compile, 'anywhere')
  return (_: CellRow, client: Client) =>
    reduce(
      narrow.reduce((rows, keep) => keep(rows, client), client.group),
      client,
    )
}

/** Appends the derived columns to each row, in order. */
function derivation({ derived }: SetPlan, compile: Compile): (rows: CellRow[], client: Client) => void {
  const evaluators = derived.map(([, tree]) => compile(tree))
  return (rows, client) => {
    for (const row of rows) for (const evaluate of evaluators) row.push(evaluate(row, client))
  }
}

/** Appends the parent's cells to each row; a row without a parent is dropped. */
function joining(plan: SetPlan, parent: Builder, place: number): (rows: CellRow[], client: Client) => CellRow[] {
  const { key } = plan.set.parent!
  const own = plan.columns.indexOf(key)
  const parentKey = parent.plan.columns.indexOf(key)
  const slots = plan.fromParent.map((column) => parent.plan.columns.indexOf(column))
  return (rows, client) => {
    const parents = client.parents[place] ?? new Map(parent.rows(client).map((row) => [row[parentKey]!, row]))
    client.parents[place] = parents
    return rows.filter((row) => {
      const above = row[own] === null ? undefined : parents.get(row[own]!)
      if (above) for (const slot of slots) row.push(above[slot]!)
      return above !== undefined
    })
  }
}

/** The set's total order, missing last. */
function comparison({ set, columns }: SetPlan): (a: CellRow, b: CellRow) => number {
  const keys = set.order.map(({ column, descending }) => ({ slot: columns.indexOf(column), sign: descending ? -1 : 1 }))
  return (a, b) => {
    for (const { slot, sign } of keys) {
      const [x, y] = [a[slot]!, b[slot]!]
      if (x === y) continue
      if (x === null) return 1
      if (y === null) return -1
      return x < y ? -sign : sign
    }
    return 0
  }
}
