import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Column, numberColumn, textColumn } from '../../drift/column.ts'
import { comparison } from '../../drift/comparison.ts'
import type { Findings } from '../../drift/findings.ts'
import { metricsOf } from '../../drift/findings.ts'
import { random } from '../../learning/random.ts'
import { driftPage } from './page.ts'

/** Two sides of `count` columns: the first is shifted, the second loses values, the last is a category. */
function findings(count: number): Findings {
  const side = (seed: number, moved: boolean): Column[] => {
    const next = random(seed)
    const normal = () => next() + next() + next() + next() - 2
    return Array.from({ length: count }, (_, i): Column => {
      if (i === count - 1)
        return textColumn(
          'KIND',
          Array.from({ length: 700 }, () => (next() < (moved ? 0.5 : 0.2) ? '<b>odd</b>' : 'usual')),
        )
      const values = Array.from({ length: 700 }, () => normal() + (moved && i === 0 ? 0.4 : 0))
      return numberColumn(
        `COLUMN_${i}`,
        values.map((value) => (moved && i === 1 && next() < 0.3 ? Number.NaN : value)),
        'float',
      )
    })
  }
  const naming = (column: string) => ({ label: `Label of ${column}`, concept: null })
  return {
    policy: 'default',
    source: { data: '0123456789abcdef', model: null, synthetic: true },
    sides: { reference: 'Training clients', current: 'New clients' },
    ...comparison(side(1, false), side(2, true), { policy: 'default', share: 0.5 }, naming),
    score: null,
    features: null,
    separability: null,
    reconstruction: null,
    power: [],
  }
}

const small = findings(6)
const markup = driftPage(small)

test('the verdict stands in words first, in French then in English', () => {
  const fr = markup.indexOf('Les données tiennent')
  const en = markup.indexOf('The data hold: 2 of 6 columns have moved')
  assert.ok(fr > 0 && en > fr && en < markup.indexOf('<section'))
})

test('the table lists every column, worst first, drifted ones before the others', () => {
  const table = markup.slice(markup.indexOf('id="all-columns"'))
  const places = small.columns.map(({ column }) => table.indexOf(`<code>${column}</code>`))
  assert.ok(places.every((place, i) => place > 0 && (i === 0 || place > places[i - 1]!)))
  assert.equal(
    small.columns.slice(0, 2).map(({ drifted }) => drifted),
    [true, true],
  )
})

test('a share of missing values that moved is told though the usual tests cannot see it', () => {
  assert.match(markup, /Missing values moved in 1 column/)
  assert.match(markup, /Label of COLUMN_1: 0% missing before, \d\d% now/)
})

test('names from the data cannot become markup', () => {
  assert.not.match(markup, /<b>odd/)
  assert.match(markup, /&lt;b&gt;odd/)
})

test('a page of 121 columns stays under 600 kB and is the same every time', () => {
  const page = driftPage(findings(121))
  assert.ok(Buffer.byteLength(page) < 600_000, `${Buffer.byteLength(page)} bytes`)
  assert.is(page, driftPage(findings(121)))
})

test('the metrics are flat numbers', () => {
  const metrics = metricsOf(small)
  assert.equal([metrics.columns, metrics.drifted, metrics.missing_drifted, metrics.verdict], [6, 2, 1, 0])
  assert.ok(Object.values(metrics).every(Number.isFinite))
})

test.run()
