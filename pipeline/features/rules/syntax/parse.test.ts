import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Node, parseRule, parseSelection } from './parse.ts'

/** The tree with every bracket written, to see what binds to what. */
function bracketed(node: Node): string {
  switch (node.node) {
    case 'constant':
      return JSON.stringify(node.value)
    case 'name':
      return node.name
    case 'spread':
      return `...${node.name}`
    case 'operator':
      return `(${bracketed(node.left)} ${node.operator} ${bracketed(node.right)})`
    case 'not':
    case 'minus':
      return `(${node.node} ${bracketed(node.of)})`
    case 'is':
      return `(${bracketed(node.of)} is ${node.known ? 'known' : 'missing'})`
    case 'in':
      return `(${bracketed(node.of)} in ${node.values.map(bracketed).join(' ')})`
    case 'call':
      return `${node.name}(${node.args.map(bracketed).join(', ')})`
    case 'aggregate':
      return `${node.name}(${node.of ? `${bracketed(node.of)} of ` : ''}${node.selection.set}${node.selection.clauses.map((clause) => ` ${clause.clause}`).join('')})`
  }
}

const same = (rule: string, wanted: string) => assert.is(bracketed(parseRule(rule)), wanted, rule)

test('operators bind as in arithmetic, and from the left', () => {
  same('a - b - c', '((a - b) - c)')
  same('a + b * c / d', '(a + ((b * c) / d))')
  same('-a * b', '((minus a) * b)')
  same('a - -2', '(a - -2)')
  same('(a + b) * c', '((a + b) * c)')
})

test('logic binds more loosely than comparison, and ?? most loosely', () => {
  same('a > 1 and b = 2 or not c is known', '(((a > 1) and (b = 2)) or (not (c is known)))')
  same('a ?? b + 1', '(a ?? (b + 1))')
  same("not s in ('x', 'y')", '(not (s in "x" "y"))')
  same('a + 1 > b - 1', '((a + 1) > (b - 1))')
})

test('a function with "of" aggregates a set, without it works on one row', () => {
  same('mean(a of s)', 'mean(a of s)')
  same('mean(a, ...more)', 'mean(a, ...more)')
  same('count(s where a > 1 last 6 months newest 3 oldest 2)', 'count(s where last newest oldest)')
  same('share(a > 1 of s where b is missing)', 'share((a > 1) of s where)')
})

test('every part remembers its place in the text', () => {
  const rule = 'a + max( late of loans )'
  const node = parseRule(rule)
  assert.is(node.node, 'operator')
  if (node.node !== 'operator') return
  assert.is(rule.slice(node.right.at.start, node.right.at.end), 'max( late of loans )')
  assert.is(rule.slice(node.at.start, node.at.end), rule)
})

test('a selection is a set with clauses', () => {
  const { set, clauses } = parseSelection('previous where approved newest 3')
  assert.is(set, 'previous')
  assert.equal(
    clauses.map(({ clause }) => clause),
    ['where', 'newest'],
  )
})

test.run()
