/** What the operators mean for one client, written as JavaScript from checked trees; null is missing and spreads. */
import type { Script } from '../../../data/generated-function.ts'
import type { TableDefinition } from '../check/definitions.ts'
import { type Aggregate, isNumeric, type Tree, type ValueType } from '../syntax/tree.ts'
import { type Cell, lists, monthlyRate } from './values.ts'

export type Tables = Readonly<Record<string, TableDefinition>>

/** A number or a text: whether it is known and what it then is. A condition: whether it holds, whether it does not; neither is unknown. */
type Code = { readonly known: string; readonly value: string } | { readonly yes: string; readonly no: string }

/** Where the cells of columns and of aggregates found before lie: expressions. */
export interface Cells {
  readonly column: (name: string) => string
  readonly aggregate?: (tree: Aggregate) => string
}

/** The lines of one block. What an outer block computed is not computed again. */
export class Scope {
  readonly lines: string[] = []
  readonly script: Script
  readonly #tables: Tables
  readonly #cells: Cells
  readonly #outer: Scope | null
  readonly #known = new Map<string, Code>()

  constructor(script: Script, tables: Tables, cells: Cells, outer: Scope | null = null) {
    this.script = script
    this.#tables = tables
    this.#cells = cells
    this.#outer = outer
  }

  block(): Scope {
    return new Scope(this.script, this.#tables, this.#cells, this)
  }

  /** Declares a constant; its name. */
  constant(expression: string): string {
    const name = this.script.name()
    this.lines.push(`const ${name} = ${expression}`)
    return name
  }

  /** Whether a condition holds. */
  holds(tree: Tree): string {
    return this.#condition(tree).yes
  }

  /** A number or a text. */
  value(tree: Tree): { readonly known: string; readonly value: string } {
    const code = this.#code(tree)
    if ('yes' in code) throw new Error(`a condition where a value was expected: ${tree.key}`) // the checker refuses it first
    return code
  }

  /** The cell that a tree gives. */
  cell(tree: Tree): string {
    const code = this.#code(tree)
    if ('yes' in code) return `${code.yes} ? true : ${code.no} ? false : null`
    return code.known === 'true' ? code.value : `${code.known} ? ${code.value} : null`
  }

  #code(tree: Tree): Code {
    const known = this.#find(tree.key)
    if (known) return known
    const code = this.#write(tree)
    this.#known.set(tree.key, code)
    return code
  }

  #condition(tree: Tree): { readonly yes: string; readonly no: string } {
    const code = this.#code(tree)
    if ('known' in code) throw new Error(`a value where a condition was expected: ${tree.key}`) // the checker refuses it first
    return code
  }

  #find(key: string): Code | undefined {
    return this.#known.get(key) ?? (this.#outer === null ? undefined : this.#outer.#find(key))
  }

  /** The code of a cell that lies somewhere. */
  #loaded(expression: string, type: ValueType): Code {
    const cell = this.constant(expression)
    return type === 'condition'
      ? { yes: `${cell} === true`, no: `${cell} === false` }
      : this.#value(`${cell} !== null`, cell, type)
  }

  /** A value where it is known; elsewhere another of its kind stands in, so that the engine sees one kind only and compiles for it. */
  #value(known: string, value: string, type: ValueType): Code {
    if (known === 'true') return { known, value: this.constant(value) }
    const isKnown = this.constant(known)
    return { known: isKnown, value: this.constant(`${isKnown} ? ${value} : ${isNumeric(type) ? '0' : "''"}`) }
  }

  #truth(known: string, holds: string): Code {
    const yes = this.constant(all(known, holds))
    return { yes, no: all(known, `!${yes}`) }
  }

  #write(tree: Tree): Code {
    switch (tree.op) {
      case 'constant':
        return { known: 'true', value: literal(tree.value) }
      case 'column':
        return this.#loaded(this.#cells.column(tree.column), tree.type)
      case 'aggregate':
        if (!this.#cells.aggregate) throw new Error(`an aggregate inside the rows of a set: ${tree.key}`) // the checker refuses it first
        return this.#loaded(this.#cells.aggregate(tree), tree.type)
      case 'not': {
        const { yes, no } = this.#condition(tree.of)
        return { yes: no, no: yes }
      }
      case 'known': {
        const of = this.#code(tree.of)
        const known = this.constant('yes' in of ? `${of.yes} || ${of.no}` : of.known)
        return { yes: known, no: `!${known}` }
      }
      case 'abs':
      case 'positive': {
        const { known, value } = this.value(tree.of)
        return this.#value(known, tree.op === 'abs' ? `Math.abs(${value})` : `Math.max(${value}, 0)`, tree.type)
      }
      case 'in': {
        const { known, value } = this.value(tree.of)
        return this.#truth(known, `(${tree.values.map((one) => `${value} === ${literal(one)}`).join(' || ')})`)
      }
      case 'if':
        return this.#choice(tree.condition, tree.then, tree.otherwise)
      case 'rate':
        return this.#called(monthlyRate, tree.of.map((part) => this.cell(part)).join(', '))
      case 'list':
        return this.#list(tree)
      case 'lookup': {
        const { entries } = this.#tables[tree.table]!
        const keys = tree.keys.map((key) => this.value(key))
        const found = new Map(entries.map(([key, value]) => [key.join('\n'), value]))
        const key = keys.map(({ value }) => value).join(" + '\\n' + ")
        const known = all(...keys.map((one) => one.known))
        return this.#loaded(`${known} ? (${this.script.outside(found)}.get(${key}) ?? null) : null`, 'number')
      }
      case '??':
        return this.#first(tree.left, tree.right)
      case 'and': {
        const [a, b] = [this.#condition(tree.left), this.#condition(tree.right)]
        return { yes: this.constant(all(a.yes, b.yes)), no: this.constant(any(a.no, b.no)) }
      }
      case 'or': {
        const [a, b] = [this.#condition(tree.left), this.#condition(tree.right)]
        return { yes: this.constant(any(a.yes, b.yes)), no: this.constant(all(a.no, b.no)) }
      }
      case '=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.#comparison(tree.op, tree.left, tree.right)
      default: {
        const [a, b] = [this.value(tree.left), this.value(tree.right)]
        const known = all(a.known, b.known)
        if (tree.op !== '/') return this.#value(known, `${a.value} ${tree.op} ${b.value}`, tree.type)
        // polars divides by a constant as a product with its inverse, which can differ in the last bit
        if (tree.right.op === 'constant' && tree.right.value !== 0)
          return this.#value(known, `${a.value} * ${literal(1 / Number(tree.right.value))}`, tree.type)
        return this.#value(all(known, `${b.value} !== 0`), `${a.value} / ${b.value}`, tree.type)
      }
    }
  }

  #comparison(op: string, left: Tree, right: Tree): Code {
    if (left.type !== 'condition') {
      const [a, b] = [this.value(left), this.value(right)]
      return this.#truth(all(a.known, b.known), `${a.value} ${op === '=' ? '===' : op} ${b.value}`)
    }
    const [a, b] = [this.#condition(left), this.#condition(right)]
    return {
      yes: this.constant(any(all(a.yes, b.yes), all(a.no, b.no))),
      no: this.constant(any(all(a.yes, b.no), all(a.no, b.yes))),
    }
  }

  #choice(condition: Tree, then: Tree, otherwise: Tree | null): Code {
    const is = this.holds(condition)
    const [a, b] = [this.#code(then), otherwise && this.#code(otherwise)]
    const either = (first: string, second: string) => (first === second ? first : `(${is} ? ${first} : ${second})`)
    if ('yes' in a) {
      const other = b && 'yes' in b ? b : { yes: 'false', no: 'false' }
      return { yes: this.constant(either(a.yes, other.yes)), no: this.constant(either(a.no, other.no)) }
    }
    const other = b && 'known' in b ? b : { known: 'false', value: a.value }
    return this.#value(either(a.known, other.known), either(a.value, other.value), then.type)
  }

  #first(left: Tree, right: Tree): Code {
    const [a, b] = [this.#code(left), this.#code(right)]
    if ('yes' in a) {
      const other = this.#condition(right)
      return {
        yes: this.constant(any(a.yes, all(`!(${a.no})`, other.yes))),
        no: this.constant(any(a.no, all(`!(${a.yes})`, other.no))),
      }
    }
    const other = b as typeof a // alike, as the checker has seen to
    return this.#value(any(a.known, other.known), `(${a.known} ? ${a.value} : ${other.value})`, left.type)
  }

  #list({ name, of }: Tree & { readonly op: 'list' }): Code {
    if (name === 'missing') {
      const codes = of.map((part) => this.#code(part))
      const counts = codes.map((code) =>
        'yes' in code ? `(${code.yes} || ${code.no} ? 0 : 1)` : `(${code.known} ? 0 : 1)`,
      )
      return { known: 'true', value: this.constant(['0', ...counts].join(' + ')) }
    }
    const known = this.constant('[]')
    for (const part of of) {
      const code = this.value(part)
      this.lines.push(`${code.known === 'true' ? '' : `if (${code.known}) `}${known}.push(${code.value})`)
    }
    return this.#called(lists[name], known)
  }

  #called(of: (...cells: never[]) => Cell, given: string): Code {
    return this.#loaded(`${this.script.outside(of)}(${given})`, 'number')
  }
}

const literal = (value: number | string): string =>
  typeof value === 'string' ? JSON.stringify(value) : value < 0 ? `(${value})` : String(value)

const all = (...conditions: readonly string[]): string => {
  const open = [...new Set(conditions)].filter((condition) => condition !== 'true')
  return open.length === 0 ? 'true' : open.length === 1 ? open[0]! : `(${open.map(inner).join(' && ')})`
}

const any = (a: string, b: string): string => (a === 'true' || b === 'true' ? 'true' : `(${inner(a)} || ${inner(b)})`)

const inner = (condition: string): string => (/^[\w()!]+$/.test(condition) ? condition : `(${condition})`)
