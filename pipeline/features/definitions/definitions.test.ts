import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { check, kindOf } from '../rules/check/check.ts'
import { parseDefinitions } from '../rules/check/definitions.ts'
import { portfolioSchema } from '../rules/check/schema.ts'
import { without } from '../rules/check/sources.ts'
import { definitions } from './index.ts'

/** Numbers of flags: never missing in the data, though the rule alone does not say so. */
const countsOfFlags = ['document_count', 'contact_count']

test('all definitions are read, checked and different from each other', () => {
  check(definitions, portfolioSchema) // refuses two features with one tree
  assert.equal(parseDefinitions(JSON.parse(JSON.stringify(definitions))), definitions)
})

test('every kind is what the rule gives', () => {
  for (const { definition, tree } of check(definitions, portfolioSchema).features)
    if (!countsOfFlags.includes(definition.name)) assert.is(definition.kind, kindOf(tree), definition.name)
})

test('a category has the unit text, a number has another', () => {
  for (const { name, kind, unit } of definitions.features) assert.is(kind === 'category', unit === 'text', name)
})

test('every label is a short noun phrase in both languages, and no two features share one', () => {
  for (const language of ['fr', 'en'] as const) {
    const seen = new Map<string, string>()
    for (const { name, label } of definitions.features) {
      const text = label[language]
      assert.ok(text.length >= 3 && text.length <= 90, `${name}: ${text}`)
      assert.match(text, /^[^A-Z_]/, `${name} begins in lower case and names no column: ${text}`)
      assert.not.match(text, /[._]$| {2}|'/, `${name}: ${text}`)
      assert.is(seen.get(text), undefined, `${name} and ${seen.get(text)} are both called ${text}`)
      seen.set(text, name)
    }
  }
})

test('every reason group has features', () => {
  const used = new Set(definitions.features.map(({ group }) => group))
  assert.equal(
    Object.keys(definitions.groups).filter((group) => !used.has(group)),
    [],
  )
})

test('with the default exclusions at least 280 features are left, and none reads the gender', () => {
  const kept = without(definitions, ['CODE_GENDER', 'WEEKDAY_APPR_PROCESS_START', 'HOUR_APPR_PROCESS_START'])
  assert.ok(kept.features.length >= 280, String(kept.features.length))
  assert.equal(
    definitions.features.filter((feature) => !kept.features.includes(feature)).map(({ name }) => name),
    ['missing_count'],
  )
})

test.run()
