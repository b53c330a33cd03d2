/** The order of the test files and their parts: the longest first, so that none of them runs alone at the end. */
import { UsageError } from '../commands/usage.ts'

/** Seconds of the test files that take long, measured once on two quiet cores. Others count as one second: only the order matters. */
const seconds: Readonly<Record<string, number>> = {}

export const longTests: readonly string[] = Object.keys(seconds)

const secondsOf = (file: string): number => seconds[file] ?? 1

/** The longest first; files that take as long as each other stay in their order. */
export const longestFirst = (files: readonly string[]): string[] =>
  [...files].sort((a, b) => secondsOf(b) - secondsOf(a))

/** Part `N` of `M`, for `N/M`: each file goes, the longest first, to the part that has the least to do. The M parts are all files. */
export function shardOf(files: readonly string[], shard: string): string[] {
  const [, part, parts] = (/^([1-9]\d*)\/([1-9]\d*)$/.exec(shard) ?? []).map(Number)
  if (part === undefined || parts === undefined || part > parts)
    throw new UsageError(`expected --shard N/M with N from 1 to M, such as 1/2, received ${shard}`)
  const loads = Array.from({ length: parts }, () => ({ files: [] as string[], seconds: 0 }))
  for (const file of longestFirst(files)) {
    const least = loads.reduce((a, b) => (b.seconds < a.seconds ? b : a))
    least.files.push(file)
    least.seconds += secondsOf(file)
  }
  return loads[part - 1]!.files
}
