import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Html, html, join, raw } from './html.ts'

test('text from outside cannot become markup, whether in an element or in an attribute', () => {
  const evil = `"><script>alert('x')</script>&`
  const { markup } = html`<p title="${evil}">${evil}</p>`
  assert.not.match(markup, /<script/)
  assert.is((markup.match(/"/g) ?? []).length, 2)
})

test('markup made by html goes in unescaped, once', () => {
  assert.is(
    html`<ul>${['a', 'b<'].map((text) => html`<li>${text}</li>`)}</ul>`.markup,
    '<ul><li>a</li><li>b&lt;</li></ul>',
  )
})

test('nothing is written for null, undefined and false, and zero is written', () => {
  assert.is(html`${null}${undefined}${false}${0}`.markup, '0')
})

test('an object that only looks like Html is refused', () => {
  const alike = JSON.parse('{"markup":"<b>"}') as Html
  assert.throws(() => html`${alike}`, /must be text/)
})

test('join escapes its texts and its separator', () => {
  assert.is(join(['<', raw('<b>')], ' & ').markup, '&lt; &amp; <b>')
})

test('the indentation of a template is left out of the page, that of a value is kept', () => {
  const value = 'a\n    b'
  const made = html`<ul>
    <li>${value}</li>
  </ul>`
  assert.is(String(made), '<ul>\n<li>a\n    b</li>\n</ul>')
})

test.run()
