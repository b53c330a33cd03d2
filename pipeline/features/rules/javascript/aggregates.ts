/** All aggregates over one client's rows of a set as one function: a single pass, whatever the clauses choose. */
import { append } from '../../../data/append.ts'
import { Script } from '../../../data/generated-function.ts'
import type { Aggregate, AggregateName, Clause, Tree } from '../syntax/tree.ts'
import { Scope, type Tables } from './expressions.ts'
import { type Aggregates, aggregates, type Cell } from './values.ts'

/** The cells of one row, in the order of the set's planned columns. */
export type CellRow = readonly Cell[]
export type Rows = readonly CellRow[]

/** An aggregate and where its result goes. */
export type Wanted = readonly [tree: Aggregate, place: number]

/** Rows that clauses choose: what is wanted of them all, and what of some of them. */
interface Selection {
  readonly wanted: Wanted[]
  readonly parts: Map<string, { readonly clause: Clause; readonly selection: Selection }>
}

/** One loop while it is written: what stands before and after it, and the loops over parts of its rows that follow. */
interface Loop {
  readonly script: Script
  readonly lying: keyof typeof aggregates
  readonly before: string[]
  readonly after: string[]
  readonly following: { readonly rows: string; readonly selection: Selection }[]
}

/** How the code says which row of a selection it is at; `isLast` is null where nobody knows before the end. */
interface Position {
  readonly count: string
  readonly isFirst: string
  readonly isLast: string | null
}

/** Writes each aggregate over the rows to its place. `lying` is where the rows lie for polars, which decides how it adds (values.ts). */
export function fused(
  wanted: readonly Wanted[],
  columns: readonly string[],
  tables: Tables,
  lying: keyof typeof aggregates,
): (rows: Rows, found: Cell[]) => void {
  const root = selecting()
  for (const one of wanted) selectionOf(root, one[0].clauses).wanted.push(one)
  const script = new Script()
  const lines = loopOver('rows', root)
  return script.compiled('rows, found', lines)

  function loopOver(rows: string, selection: Selection): string[] {
    const loop: Loop = { script, lying, before: [], after: [], following: [] }
    const scope = new Scope(script, tables, { column: (name) => `row[${slotOf(columns, name)}]` })
    const position = { count: `${rows}.length`, isFirst: 'at === 0', isLast: `at === ${rows}.length - 1` }
    visit(selection, scope, loop, position, rows)
    return [
      ...loop.before,
      `for (let at = 0; at < ${rows}.length; at++) {`,
      `const row = ${rows}[at]`,
      ...scope.lines,
      '}',
      ...loop.after,
      ...loop.following.flatMap((part) => loopOver(part.rows, part.selection)),
    ]
  }
}

/** Where a column's cells lie in a row. */
export function slotOf(columns: readonly string[], name: string): number {
  const slot = columns.indexOf(name)
  if (slot < 0) throw new Error(`the plan forgot the column ${name}`)
  return slot
}

const selecting = (): Selection => ({ wanted: [], parts: new Map() })

function selectionOf(root: Selection, clauses: readonly Clause[]): Selection {
  let selection = root
  for (const clause of clauses) {
    const part = selection.parts.get(clause.key) ?? { clause, selection: selecting() }
    selection.parts.set(clause.key, part)
    selection = part.selection
  }
  return selection
}

/** What is done with a row of a selection. `rows` names the array that holds exactly these rows, if there is one. */
function visit(selection: Selection, scope: Scope, loop: Loop, position: Position, rows: string | null): void {
  const byOperand = Map.groupBy(selection.wanted, ([{ of }]) => of?.key)
  for (const wanted of byOperand.values()) accumulate(wanted, scope, loop, position)
  let kept = rows
  for (const { clause, selection: part } of selection.parts.values()) {
    if (clause.clause === 'where') {
      const [holds, block, count] = [scope.holds(clause.condition), scope.block(), declared(loop, '0')]
      block.lines.push(`${count}++`)
      visit(part, block, loop, { count, isFirst: `${count} === 1`, isLast: null }, null)
      append(scope.lines, [`if (${holds}) {`, ...block.lines, '}'])
      continue
    }
    if (kept === null) {
      kept = declared(loop, '[]')
      scope.lines.push(`${kept}.push(row)`)
    }
    const some = loop.script.name()
    const [from, to] = clause.clause === 'newest' ? [0, clause.count] : [-clause.count, undefined]
    loop.after.push(`const ${some} = ${kept}.slice(${from}, ${to})`)
    loop.following.push({ rows: some, selection: part })
  }
}

function declared({ script, before }: Loop, start: string): string {
  const name = script.name()
  before.push(`let ${name} = ${start}`)
  return name
}

/** Aggregates of one operand over one selection: they share what they count and add. */
function accumulate(wanted: readonly Wanted[], scope: Scope, loop: Loop, position: Position): void {
  const operand = wanted[0]![0].of
  const names = new Set(wanted.map(([{ name }]) => name))
  const found = new Map<AggregateName, string>([['count', position.count]])
  if (operand) {
    cells(names, operand, scope, loop, position, found)
    numbers(names, operand, scope, loop, found)
  }
  for (const [{ name }, place] of wanted) loop.after.push(`found[${place}] = ${found.get(name)}`)
}

/** The aggregates that take any cell: of each the expression that gives it once the loop is done, as `numbers` does for the rest. */
function cells(
  names: ReadonlySet<AggregateName>,
  operand: Tree,
  scope: Scope,
  loop: Loop,
  { isFirst, isLast }: Position,
  found: Map<AggregateName, string>,
): void {
  if (names.has('latest')) found.set('latest', fromRow(operand, isFirst, scope, loop))
  if (names.has('earliest')) found.set('earliest', fromRow(operand, isLast, scope, loop))
  if (!names.has('distinct')) return
  const [seen, cell] = [declared(loop, 'new Set()'), scope.constant(scope.cell(operand))]
  scope.lines.push(`if (${cell} !== null) ${seen}.add(${cell})`)
  found.set('distinct', `${seen}.size`)
}

function numbers(
  names: ReadonlySet<AggregateName>,
  operand: Tree,
  scope: Scope,
  loop: Loop,
  found: Map<AggregateName, string>,
): void {
  const takesNumbers = (name: AggregateName) => /^(sum|mean|min|max|median|std|std_sample)$/.test(name)
  if (![...names].some(takesNumbers)) return
  const { known, value } = scope.value(operand)
  const count = declared(loop, '0')
  const lines = [`${count}++`]
  const some = (expression: string) => `${count} === 0 ? null : ${expression}`
  const inOrder = loop.lying === 'slice'
  const isAdded = names.has('sum') || names.has('mean')
  if (isAdded && inOrder) {
    const total = declared(loop, '0')
    lines.push(`${total} += ${value}`)
    found.set('sum', some(total)).set('mean', some(`${total} / ${count}`))
  }
  for (const [name, beats] of [
    ['min', '<'],
    ['max', '>'],
  ] as const) {
    if (!names.has(name)) continue
    const best = declared(loop, '0')
    lines.push(`if (${count} === 1 || ${value} ${beats} ${best}) ${best} = ${value}`)
    found.set(name, some(best))
  }
  const ofAll = (['median', 'std', 'std_sample'] as const).filter((name) => names.has(name))
  if (ofAll.length > 0 || (isAdded && !inOrder)) {
    const values = declared(loop, '[]')
    lines.push(`${values}.push(${value})`)
    const of = (name: keyof Aggregates) => `${loop.script.outside(aggregates[loop.lying][name])}(${values})`
    for (const name of ofAll) found.set(name, of(name))
    if (!inOrder) found.set('sum', some(of('sum'))).set('mean', some(`${of('sum')} / ${count}`))
  }
  append(scope.lines, [`if (${known}) {`, ...lines, '}'])
}

/** The operand's cell in the row for which the condition holds; without one, in the last row that comes. */
function fromRow(operand: Tree, when: string | null, scope: Scope, loop: Loop): string {
  const [cell, block] = [declared(loop, 'null'), scope.block()]
  const given = block.cell(operand)
  append(scope.lines, [when === null ? '{' : `if (${when}) {`, ...block.lines, `${cell} = ${given}`, '}'])
  return cell
}
