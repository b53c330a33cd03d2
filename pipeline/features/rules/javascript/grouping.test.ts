import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CellRow } from './aggregates.ts'
import { grouped } from './grouping.ts'

/** Slow and plain: the first row's place by the keys as JSON, NaN and -0 as themselves. */
function plain(rows: readonly CellRow[], keys: readonly number[]): number[][] {
  const groups = new Map<string, number[]>()
  rows.forEach((row, place) => {
    const key = JSON.stringify(keys.map((slot) => (typeof row[slot] === 'number' ? `n${row[slot]}` : row[slot])))
    const group = groups.get(key)
    if (group) group.push(place)
    else groups.set(key, [place])
  })
  return [...groups.values()]
}

const same = (rows: readonly CellRow[], keys: readonly number[]) =>
  assert.equal(
    grouped(rows, keys).map((group) => group.map((row) => rows.indexOf(row))),
    plain(rows, keys),
  )

test('rows that agree in the keys come together, in the order of their first row, whatever the cells are', () => {
  const cells = [0, 1, 2, -1, 31, -31, 0.5, Number.NaN, null, 'null', '1', '', true, 2 ** 31 - 1, 1e300]
  let seed = 7
  const next = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1
    return cells[seed % cells.length]!
  }
  for (const size of [0, 1, 2, 50, 400])
    for (const keys of [[0], [1, 0], [0, 1, 2]])
      same(
        Array.from({ length: size }, () => [next(), next(), next()]),
        keys,
      )
})

test('keys of one hash are distinguished, however many there are', () => {
  // k1 * 31 + k2 is 0 for all of them
  const rows = Array.from({ length: 300 }, (_, i) => [i % 100, -31 * (i % 100)])
  same(rows, [0, 1])
  assert.is(grouped(rows, [0, 1]).length, 100)
})

test.run()
