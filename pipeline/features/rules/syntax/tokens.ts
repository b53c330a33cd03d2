/** The words of a rule, each with its place. */
import { Fault, type Span } from './error.ts'

export interface Token {
  readonly kind: 'number' | 'text' | 'word' | 'symbol' | 'end'
  readonly text: string
  readonly at: Span
}

/** Words that no column, set or feature may be called. */
export const keywords: ReadonlySet<string> = new Set(
  'of where last newest oldest and or not in is known missing if rows'.split(' '),
)

const pattern =
  /\s*(?:(\d+(?:\.\d+)?(?:e-?\d+)?)|'([^']*)'|([A-Za-z_][A-Za-z0-9_]*)|(\.\.\.|\?\?|!=|<=|>=|[-+*/=<>(),]))/y

/** All tokens of `rule` and a closing `end`; throws Fault at the first character that begins none. */
export function tokens(rule: string): Token[] {
  const found: Token[] = []
  let place = 0
  while (rule.slice(place).trim() !== '') {
    pattern.lastIndex = place
    const match = pattern.exec(rule)
    if (!match) {
      const start = place + rule.slice(place).search(/\S/)
      throw new Fault(rule[start] === "'" ? 'a text without its closing quote' : `cannot read "${rule[start]}"`, {
        start,
        end: start + 1,
      })
    }
    const [whole, number, text, word, symbol] = match
    const end = pattern.lastIndex
    const at = { start: end - whole.trimStart().length, end }
    if (number !== undefined) found.push({ kind: 'number', text: number, at })
    else if (text !== undefined) found.push({ kind: 'text', text, at })
    else if (word !== undefined) found.push({ kind: 'word', text: word, at })
    else found.push({ kind: 'symbol', text: symbol!, at })
    place = end
  }
  return [...found, { kind: 'end', text: '', at: { start: rule.length, end: rule.length } }]
}
