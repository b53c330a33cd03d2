/**
 * From the text of a rule to a tree of words with their places; no name is looked up here.
 *
 * expr      = literal | name | "(" expr ")" | expr operator expr | "not" expr | "-" expr | name "(" args ")" | aggregate
 * aggregate = name "(" expr "of" selection ")" | "count(" selection ")"
 * selection = name { "where" expr | "last" number ("days" | "months") | "newest" number | "oldest" number }
 * Precedence, low to high: ??, or, and, not, comparison / in (…) / is known / is missing, + -, * /, unary -.
 */
import { Fault, type Span } from './error.ts'
import { type Token, tokens } from './tokens.ts'

export type Operator = '??' | 'or' | 'and' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/'

export type ClauseNode =
  | { readonly clause: 'where'; readonly condition: Node; readonly at: Span }
  | { readonly clause: 'last'; readonly count: number; readonly unit: 'days' | 'months'; readonly at: Span }
  | { readonly clause: 'newest' | 'oldest'; readonly count: number; readonly at: Span }

export interface Selection {
  readonly set: string
  readonly at: Span
  readonly clauses: readonly ClauseNode[]
}

export type Node = { readonly at: Span } & (
  | { readonly node: 'constant'; readonly value: number | string }
  | { readonly node: 'name'; readonly name: string }
  | { readonly node: 'spread'; readonly name: string }
  | { readonly node: 'operator'; readonly operator: Operator; readonly left: Node; readonly right: Node }
  | { readonly node: 'not' | 'minus'; readonly of: Node }
  | { readonly node: 'is'; readonly of: Node; readonly known: boolean }
  | { readonly node: 'in'; readonly of: Node; readonly values: readonly Node[] }
  | { readonly node: 'call'; readonly name: string; readonly nameAt: Span; readonly args: readonly Node[] }
  | {
      readonly node: 'aggregate'
      readonly name: string
      readonly nameAt: Span
      readonly of: Node | null
      readonly selection: Selection
    }
)

const ladder: readonly (readonly string[])[] = [['??'], ['or'], ['and']]
const comparisons = new Set(['=', '!=', '<', '<=', '>', '>='])
const clauseWords = new Set(['where', 'last', 'newest', 'oldest'])

/** The tree of an expression; throws Fault. */
export function parseRule(text: string): Node {
  const parser = new Parser(text)
  const node = parser.expression()
  parser.end()
  return node
}

/** The tree of a set with clauses, as in a set's `from`; throws Fault. */
export function parseSelection(text: string): Selection {
  const parser = new Parser(text)
  const selection = parser.selection()
  parser.end()
  return selection
}

class Parser {
  private readonly tokens: readonly Token[]
  private index = 0

  constructor(text: string) {
    this.tokens = tokens(text)
  }

  end(): void {
    if (this.peek.kind !== 'end') this.fail('expected the end of the rule')
  }

  expression(level = 0): Node {
    const operators = ladder[level]
    if (!operators) return this.negation()
    let left = this.expression(level + 1)
    while (operators.includes(this.peek.text) && this.peek.kind !== 'text')
      left = this.binary(left, () => this.expression(level + 1))
    return left
  }

  selection(): Selection {
    const { text: set, at } = this.name('a set')
    const clauses: ClauseNode[] = []
    while (this.peek.kind === 'word' && clauseWords.has(this.peek.text)) clauses.push(this.clause())
    return { set, at, clauses }
  }

  private clause(): ClauseNode {
    const { text: word, at } = this.take()
    if (word === 'where') {
      const condition = this.expression()
      return { clause: 'where', condition, at: span(at, condition.at) }
    }
    const number = this.take()
    const count = Number(number.text)
    if (number.kind !== 'number' || !Number.isInteger(count) || count < 1)
      this.fail('expected a whole number of at least 1', number)
    if (word !== 'last') return { clause: word === 'newest' ? 'newest' : 'oldest', count, at: span(at, number.at) }
    const unit = this.take()
    if (unit.text !== 'days' && unit.text !== 'months') this.fail('expected "days" or "months"', unit)
    return { clause: 'last', count, unit: unit.text === 'days' ? 'days' : 'months', at: span(at, unit.at) }
  }

  private negation(): Node {
    if (!this.isWord('not')) return this.comparison()
    const { at } = this.take()
    const of = this.negation()
    return { node: 'not', of, at: span(at, of.at) }
  }

  private comparison(): Node {
    let left = this.sum()
    for (;;) {
      if (this.peek.kind === 'symbol' && comparisons.has(this.peek.text)) left = this.binary(left, () => this.sum())
      else if (this.isWord('is')) left = this.is(left)
      else if (this.isWord('in')) left = this.in(left)
      else return left
    }
  }

  private is(of: Node): Node {
    this.take()
    const word = this.take()
    if (word.text !== 'known' && word.text !== 'missing') this.fail('expected "known" or "missing"', word)
    return { node: 'is', of, known: word.text === 'known', at: span(of.at, word.at) }
  }

  private in(of: Node): Node {
    this.take()
    this.expect('(')
    const values: Node[] = []
    do values.push(this.literal())
    while (this.accept(','))
    return { node: 'in', of, values, at: span(of.at, this.expect(')')) }
  }

  private literal(): Node {
    const node = this.unary()
    if (node.node !== 'constant') throw new Fault('expected a number or a text in quotes', node.at)
    return node
  }

  private sum(): Node {
    let left = this.product()
    while (this.isSymbol('+') || this.isSymbol('-')) left = this.binary(left, () => this.product())
    return left
  }

  private product(): Node {
    let left = this.unary()
    while (this.isSymbol('*') || this.isSymbol('/')) left = this.binary(left, () => this.unary())
    return left
  }

  private unary(): Node {
    if (!this.isSymbol('-')) return this.primary()
    const minus = this.take()
    const of = this.unary()
    const at = span(minus.at, of.at)
    if (of.node === 'constant' && typeof of.value === 'number') return { node: 'constant', value: -of.value, at }
    return { node: 'minus', of, at }
  }

  private primary(): Node {
    const token = this.take()
    if (token.kind === 'number') return { node: 'constant', value: Number(token.text), at: token.at }
    if (token.kind === 'text') return { node: 'constant', value: token.text, at: token.at }
    if (token.kind === 'word')
      return this.accept('(') ? this.call(token) : { node: 'name', name: token.text, at: token.at }
    if (token.text !== '(' || token.kind !== 'symbol') this.fail('expected a number, a text, a name or "("', token)
    const inner = this.expression()
    this.expect(')')
    return inner
  }

  private call({ text: name, at: nameAt }: Token): Node {
    if (name === 'count') {
      const selection = this.selection()
      return { node: 'aggregate', name, nameAt, of: null, selection, at: span(nameAt, this.expect(')')) }
    }
    const args = [this.argument()]
    if (this.isWord('of')) {
      this.take()
      const selection = this.selection()
      return { node: 'aggregate', name, nameAt, of: args[0]!, selection, at: span(nameAt, this.expect(')')) }
    }
    while (this.accept(',')) args.push(this.argument())
    return { node: 'call', name, nameAt, args, at: span(nameAt, this.expect(')')) }
  }

  private argument(): Node {
    if (!this.isSymbol('...')) return this.expression()
    const dots = this.take()
    const list = this.name('a list')
    return { node: 'spread', name: list.text, at: span(dots.at, list.at) }
  }

  private binary(left: Node, next: () => Node): Node {
    const operator = this.take().text as Operator // the callers have compared it with the operators
    const right = next()
    return { node: 'operator', operator, left, right, at: span(left.at, right.at) }
  }

  private get peek(): Token {
    return this.tokens[this.index]! // the last token is `end` and is never passed
  }

  private take(): Token {
    const token = this.peek
    if (token.kind !== 'end') this.index++
    return token
  }

  private accept(symbol: string): boolean {
    const there = this.isSymbol(symbol)
    if (there) this.take()
    return there
  }

  private expect(symbol: string): Span {
    if (!this.isSymbol(symbol)) this.fail(`expected "${symbol}"`)
    return this.take().at
  }

  private name(what: string): Token {
    if (this.peek.kind !== 'word') this.fail(`expected the name of ${what}`)
    return this.take()
  }

  private isSymbol(text: string): boolean {
    return this.peek.kind === 'symbol' && this.peek.text === text
  }

  private isWord(text: string): boolean {
    return this.peek.kind === 'word' && this.peek.text === text
  }

  private fail(message: string, token: Token = this.peek): never {
    throw new Fault(`${message}, not ${token.kind === 'end' ? 'the end' : `"${token.text}"`}`, token.at)
  }
}

const span = (from: Span, to: Span): Span => ({ start: from.start, end: to.end })
