/** Which of several parts a share of the clients falls into. */

/** Index of the part that holds `share` (0 to 1), the parts laid end to end from 0; `parts.length` where it lies beyond the last. */
export function partAt(share: number, parts: ArrayLike<number>): number {
  let left = share
  let place = 0
  for (; place < parts.length && left >= parts[place]!; place++) left -= parts[place]!
  return place
}
