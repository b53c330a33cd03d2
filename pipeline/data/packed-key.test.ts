import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packedKey } from './packed-key.ts'
import { canonical, emptyTable } from './tables.ts'

const frame = pl.DataFrame([
  pl.Series('a', [2, 1, null, 2, 1, 2], pl.Int32),
  pl.Series('b', [-5, 7, 7, null, -3, 9], pl.Int32),
])

const rowsBy = (columns: Parameters<typeof packedKey>[1], missing: 'first' | 'last') =>
  frame
    .withColumns(packedKey(frame, columns, missing).key.alias('key'))
    .sort('key')
    .select('a', 'b')
    .rows()

test('one number orders rows as the columns do, gaps first or last', () => {
  assert.equal(rowsBy([{ column: 'a' }, { column: 'b' }], 'first'), frame.sort(['a', 'b']).rows())
  assert.equal(rowsBy([{ column: 'a', descending: true }, { column: 'b' }], 'last'), [
    [2, -5],
    [2, 9],
    [2, null],
    [1, -3],
    [1, 7],
    [null, 7],
  ])
})

test('columns that do not fit into 53 bits are left to the caller', () => {
  const wide = pl.DataFrame([
    pl.Series('a', [-2147483648, 2147483647], pl.Int32),
    pl.Series('b', [0, 1000], pl.Int32),
    pl.Series('c', [0, 100_000], pl.Int32),
  ])
  const columns = ['a', 'b', 'c'].map((column) => ({ column }))
  assert.is(packedKey(wide, columns.slice(0, 2), 'first').holds, 2)
  assert.is(packedKey(wide, columns, 'first').holds, 2)
})

test('rows that the packed part of a key does not tell apart are ordered by the rest', () => {
  const columns = emptyTable('installments_payments').columns
  const row = (client: number, loan: number, version: number, paid: number) =>
    [loan, client, version, 3, -30, -31, 100, paid] as const
  const rows = [
    row(1, 2_000_000_000, 9, 1),
    row(2_000_000_000, 1, 0, 5),
    row(1, 2_000_000_000, 2, 7),
    row(1, 2_000_000_000, 2, 3),
  ]
  const made = (order: readonly number[]) =>
    pl.DataFrame(
      columns.map((name, at) =>
        pl.Series(
          name,
          order.map((index) => rows[index]![at]!),
          at > 5 ? pl.Float64 : pl.Int32,
        ),
      ),
    )
  const sorted = canonical(made([0, 1, 2, 3]), 'installments_payments')
  assert.equal(sorted.getColumn('AMT_PAYMENT').toArray(), [3, 7, 1, 5])
  assert.ok(canonical(made([3, 1, 0, 2]), 'installments_payments').frameEqual(sorted))
})

test.run()
