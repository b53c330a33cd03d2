/** Counts as shares of their sum, and shares as text. */
import { percent } from './numbers.ts'
import type { Tone } from './tone.ts'

export interface Counted {
  readonly name: string
  readonly counts: ArrayLike<number>
  readonly tone?: Tone
}

export const shareOf = (counts: ArrayLike<number>): number[] => {
  const all = Array.from(counts)
  const total = all.reduce((sum, count) => sum + count, 0)
  return all.map((count) => (total ? count / total : 0))
}

export const shareText = (share: number): string => percent(share, { digits: share > 0 && share < 0.01 ? 2 : 1 })
