/** Columns of features as rows, one client after the other: what a predictor is asked with. */

/** `columns[j][i]` of the clients `from` up to, not including, `to`; all unless given. */
export function rowMajor(
  { columns }: { readonly columns: readonly Float32Array[] },
  from = 0,
  to = columns[0]?.length ?? 0,
): Float32Array {
  const width = columns.length
  const rows = new Float32Array((to - from) * width)
  columns.forEach((column, j) => {
    for (let i = from; i < to; i++) rows[(i - from) * width + j] = column[i] as number
  })
  return rows
}
