/** Known changes that are put into a window of clients, to see whether they are found, and the columns that can take them. */
import type { PoolColumn, PoolNumber, PoolText } from './pool.ts'

/** In standard deviations of the reference, outliers left out of account (robustDeviation). */
export const shifts = { 'shift_0.1': 0.1, 'shift_0.2': 0.2, 'shift_0.3': 0.3 } as const

export const changes = ['shift_0.1', 'shift_0.2', 'shift_0.3', 'missing_10', 'rare_tripled'] as const
export type Change = (typeof changes)[number]

/** Share of values that go missing. */
export const missingPoints = 0.1

/** Numbers with a spread and mostly present, evenly picked. */
export function shiftable(pool: readonly PoolColumn[], most: number): PoolNumber[] {
  const fit = pool.filter((column): column is PoolNumber => {
    if (column.kind !== 'number') return false
    const known = column.values.filter((value) => !Number.isNaN(value))
    return known.length >= 0.8 * column.values.length && new Set(known).size > 20
  })
  return Array.from(
    { length: Math.min(most, fit.length) },
    (_, i) => fit[Math.floor((i * fit.length) / Math.min(most, fit.length))]!,
  )
}

/** Texts with a category of 1 to 10 %, and that category. */
export function withRare(pool: readonly PoolColumn[], most: number): { column: PoolText; rare: string }[] {
  return pool
    .flatMap((column) => {
      if (column.kind !== 'text') return []
      const counts = new Map<string, number>()
      for (const value of column.values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
      const rare = [...counts].filter(
        ([, count]) => count > 0.01 * column.values.length && count < 0.1 * column.values.length,
      )
      rare.sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
      return rare[0] ? [{ column, rare: rare[0][0] }] : []
    })
    .slice(0, most)
}

/** The window with each of its clients that has the rare category standing there three times, in the place of others. */
export function tripled({ values, name, kind }: PoolText, rows: readonly number[], rare: string): PoolText {
  const window = rows.map((row) => values[row]!)
  let more = 2 * window.filter((value) => value === rare).length
  return { name, kind, values: window.map((value) => (value !== rare && value !== null && more-- > 0 ? rare : value)) }
}
