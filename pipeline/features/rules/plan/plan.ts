/** What must be made to answer all features: of each set the columns, the aggregates and whether its order is read. */
import { type CheckedSet, clientKey, type Program } from '../check/program.ts'
import { type Aggregate, children, readsOrder, type Tree, type ValueType } from '../syntax/tree.ts'

export interface SetPlan {
  readonly set: CheckedSet
  /** The columns to carry, in the order of their making: those of the source, the parent's, the derived. */
  readonly columns: readonly string[]
  readonly types: ReadonlyMap<string, ValueType>
  /** The derived columns that somebody reads, in order. */
  readonly derived: readonly (readonly [name: string, tree: Tree])[]
  /** The columns read through the parent. */
  readonly fromParent: readonly string[]
  /** Distinct aggregates over the client's rows, for the features. */
  readonly aggregates: readonly Aggregate[]
  /** Whether an answer hangs on the order of the rows; if not, nobody sorts them. */
  readonly sorted: boolean
}

export interface Plan {
  /** The sets that are needed, each after those it is made from. */
  readonly sets: readonly SetPlan[]
  /** The columns of the application that are read, the client's number first. */
  readonly application: readonly string[]
}

interface Needs {
  readonly columns: Set<string>
  readonly aggregates: Map<string, Aggregate>
  sorted: boolean
}

/** Walks back from the features to the tables; `everyOrder` keeps what the sets' orders and clocks name, read or not. */
export function planOf(
  program: { readonly sets: Program['sets']; readonly features: readonly { readonly tree: Tree }[] },
  { everyOrder = false } = {},
): Plan {
  const needs = new Map<string, Needs>()
  const need = (set: CheckedSet): Needs => {
    const known = needs.get(set.name)
    if (known) return known
    const none: Needs = { columns: new Set(), aggregates: new Map(), sorted: false }
    needs.set(set.name, none)
    return none
  }
  const application = new Set<string>([clientKey])
  /** Notes what a tree reads: columns of its own place, and through aggregates those of other sets. */
  const walk = (tree: Tree, columns: Set<string>, setOf: (name: string) => CheckedSet, keep: boolean): void => {
    if (tree.op === 'column') columns.add(tree.column)
    if (tree.op !== 'aggregate') {
      for (const child of children(tree)) walk(child, columns, setOf, keep)
      return
    }
    const over = need(setOf(tree.set))
    if (readsOrder(tree)) over.sorted = true
    if (keep) over.aggregates.set(tree.key, tree)
    for (const child of children(tree)) walk(child, over.columns, setOf, keep)
  }
  for (const { tree } of program.features) walk(tree, application, (name) => program.sets.get(name)!, true)

  const plans: SetPlan[] = []
  for (const set of [...program.sets.values()].reverse()) {
    const needed = needs.get(set.name)
    if (!needed) continue
    const { columns } = needed
    if (needed.sorted || everyOrder) for (const { column } of set.order) columns.add(column)
    if (set.clock && everyOrder) columns.add(set.clock.column)
    for (const key of set.per ?? []) columns.add(key)
    const source = 'set' in set.source ? set.source.set : null
    // from the last to the first: a derived column may read those before it, which then are needed too
    for (let i = set.derived.length - 1; i >= 0; i--) {
      const [name, tree] = set.derived[i]!
      if (columns.has(name)) walk(tree, columns, () => source!, false)
    }
    const derived = set.derived.filter(([name]) => columns.has(name))
    if (set.parent) {
      columns.add(set.parent.key)
      const parent = need(set.parent.set)
      for (const column of [set.parent.key, ...set.parent.columns])
        if (column === set.parent.key || columns.has(column)) parent.columns.add(column)
    }
    const made = new Set(set.derived.map(([name]) => name))
    const fromParent = (set.parent?.columns ?? []).filter((column) => columns.has(column))
    const own = [...columns].filter((column) => !made.has(column) && !fromParent.includes(column)).sort()
    if (source && 'clauses' in set.source) {
      const below = need(source)
      for (const column of own) below.columns.add(column)
      for (const clause of set.source.clauses) {
        if (clause.clause === 'where') walk(clause.condition, below.columns, () => source, false)
        else below.sorted = true
      }
    }
    plans.push({
      set,
      columns: [...own, ...fromParent, ...derived.map(([name]) => name)],
      types: set.columns,
      derived,
      fromParent,
      aggregates: [...needed.aggregates.values()],
      sorted: needed.sorted,
    })
  }
  return { sets: plans.reverse(), application: [...application] }
}
