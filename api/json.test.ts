/** JSON that is refused: where it stops being JSON, what to write there, and never what stands there. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseJson } from './json.ts'
import { jsonFault } from './json-fault.ts'
import { Problem } from './problems.ts'
import { randomOf } from './random.test-data.ts'

const refusal = (work: () => unknown): Problem => {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing was refused')
}

test('a fault of JSON has its line, column and pointer, and says what to write', () => {
  const cases: readonly [text: string, pointer: string, code: string, place: string][] = [
    ['{"application": {"AMT_CREDIT": NaN}}', '/application/AMT_CREDIT', 'json_not_a_number', 'Line 1, column 32'],
    ['[1, -Infinity]', '/1', 'json_not_a_number', 'Line 1, column 5'],
    ['{\n  "a": 1,\n  "b": None\n}', '/b', 'json_word', 'Line 3, column 8'],
    ['{"a": True}', '/a', 'json_word', 'Line 1, column 7'],
    ["{'a': 1}", '', 'json_name', 'Line 1, column 2'],
    ['{"a": 1,}', '', 'json_name', 'Line 1, column 9'],
    ['[{"a": [1, 2,]}]', '/0/a/2', 'json_value', 'Line 1, column 14'],
    ['{"a": \'x\'}', '/a', 'json_quote', 'Line 1, column 7'],
    ['{"a" 1}', '/a', 'json_colon', 'Line 1, column 6'],
    ['{"a": 1 "b": 2}', '/a', 'json_comma', 'Line 1, column 9'],
    ['{"a": 01}', '/a', 'json_number', 'Line 1, column 7'],
    ['{"a": +1}', '/a', 'json_number', 'Line 1, column 7'],
    ['{"a": 1.}', '/a', 'json_number', 'Line 1, column 7'],
    ['{"a": "x\ny"}', '/a', 'json_string', 'Line 1, column 9'],
    ['{"a": "\\x"}', '/a', 'json_string', 'Line 1, column 8'],
    ['{"a": [1, 2', '/a/1', 'json_end', 'Line 1, column 12'],
    ['{"client":', '/client', 'json_end', 'Line 1, column 11'],
    ['{} {}', '', 'json_more', 'Line 1, column 4'],
    [' \n ', '', 'json_empty', 'Line 2, column 2'],
    ['{"a/b~c": [x]}', '/a~1b~0c/0', 'json_word', 'Line 1, column 12'],
  ]
  for (const [text, pointer, code, place] of cases) {
    const found = jsonFault(text)
    assert.equal([found?.pointer, found?.code, found?.detail.en.split(':')[0]], [pointer, code, place], text)
  }
  assert.match(jsonFault('[NaN]')!.detail.en, /send null for a missing value/)
  assert.not.match(JSON.stringify(jsonFault('{"AMT_CREDIT": Durand450000}')), /Durand|450000/)
})

test('it refuses exactly what JSON.parse refuses, over 5,000 texts with pieces lost, doubled or strange', () => {
  const random = randomOf(20261130)
  const whole = JSON.stringify({ a: [1, -2.5e3, 'é"\\\u2028', { 'b c': null, d: [[], {}, [true, false]] }], e: '' })
  const pieces = [...'{}[]:,"\'\\ \n\t019.eE+-naNtuI\u0000é', 'NaN', 'null', '\\u00', '//']
  let refused = 0
  for (let i = 0; i < 5_000; i++) {
    let text = whole
    for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--) {
      const at = Math.floor(random() * text.length)
      const piece = random() < 0.3 ? '' : pieces[Math.floor(random() * pieces.length)]!
      text = text.slice(0, at) + piece + text.slice(at + Math.floor(random() * 3))
    }
    let parses = true
    try {
      JSON.parse(text)
    } catch {
      parses = false
    }
    const found = jsonFault(text)
    assert.is(found === null, parses, `${text}: ${found?.detail.en}`)
    if (!parses) refused++
  }
  assert.ok(refused > 1000 && refused < 4900, `${refused} of 5,000`)
})

test('lists a million deep, objects with a hundred thousand names and bytes that are no UTF-8 are refused at once', () => {
  const codeOf = (work: () => unknown) => refusal(work).faults.map(({ code }) => code)
  const deep = '['.repeat(1_000_000)
  assert.equal(
    codeOf(() => parseJson(deep)),
    ['json_end'],
  )
  assert.equal(
    codeOf(() => parseJson(deep + ']'.repeat(1_000_000))),
    ['too_deep'],
  )
  assert.equal(
    codeOf(() => parseJson(`{"a": ${'{"a":'.repeat(33)}1${'}'.repeat(34)}`)),
    ['too_deep'],
  )
  parseJson(`${'['.repeat(31)}{}${']'.repeat(31)}`)
  const wide = (count: number) => `{${Array.from({ length: count }, (_, i) => `"\\"k{${i}":[1]`).join(',')}}`
  assert.equal(
    codeOf(() => parseJson(wide(100_000))),
    ['too_many_members'],
  )
  const among = `[${Array(100)
    .fill(`{"a":"${'x'.repeat(400)}"}`)
    .join()},{"b":${wide(1001)}}]`
  assert.equal(
    codeOf(() => parseJson(among)),
    ['too_many_members'],
  )
  assert.is(Object.keys(parseJson(wide(1000)) as object).length, 1000)
  assert.equal(
    codeOf(() => parseJson('"Caf\uFFFD"')),
    ['not_utf8'],
  )
})

test.run()
