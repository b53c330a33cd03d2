/** The order of the test files and their parts: the longest first, so that none runs alone at the end, and none waits for a bundle. */
import { readFileSync } from 'node:fs'
import { UsageError } from '../commands/usage.ts'
import { type BundleName, bundleNames, bundlesFile } from './bundles.ts'
import { reachable } from './imports.ts'

/** Processor seconds of the test files that take long, bundles not counted, measured once. Others count as one second: only the order matters. */
const seconds: Readonly<Record<string, number>> = {
  'pipeline/train.test.ts': 94,
  'commands/mlflow.test.ts': 49,
  'api/page/browser.test.ts': 38,
  'pipeline/compare.test.ts': 36,
  'commands/notebooks.test.ts': 34,
  'commands/notebooks/replay.test.ts': 23,
  'commands/score.test.ts': 23,
  'api/page/accessibility.test.ts': 20,
  'pipeline/features/parity.test.ts': 20,
  'packages/dvc-ts/src/repo.test.ts': 19,
  'pipeline/features.test.ts': 17,
  'packages/dvc-ts/src/data.test.ts': 16,
  'api/server.test.ts': 14,
  'commands/usage.test.ts': 14,
  'pipeline/data/blocks.test.ts': 14,
  'pipeline/data/ingestion.test.ts': 14,
  'packages/xgboost-node/src/python.test.ts': 13,
  'api/page/truth.test.ts': 12,
  'api/page/typed.test.ts': 12,
  'packages/synthetic-credit/src/published/comparison.test.ts': 12,
  'pipeline/features/golden.test.ts': 12,
  'pipeline/tracking/track.test.ts': 12,
  'commands/architecture.test.ts': 11,
  'commands/fuzz-tables.test.ts': 11,
  'packages/xgboost-node/src/cycles.test.ts': 11,
  'packages/xgboost-node/src/forest.test.ts': 11,
  'pipeline/data/input.test.ts': 11,
  'commands/setup.test.ts': 10,
  'api/page/pictures.test.ts': 9,
  'packages/dvc-ts/src/repro.test.ts': 8,
  'packages/synthetic-credit/src/readme.test.ts': 8,
  'pipeline/ingest.test.ts': 8,
  'api/dropped.test.ts': 6,
  'api/parity.test.ts': 6,
  'commands/deployable.test.ts': 6,
  'packages/dvc-ts/src/readme.test.ts': 6,
  'packages/xgboost-node/src/pack.test.ts': 6,
  'api/body-limit.test.ts': 5,
  'api/journal/journal.test.ts': 5,
  'api/monitor.test.ts': 5,
  'api/page/keyboard.test.ts': 5,
  'packages/dvc-ts/src/set-param.test.ts': 5,
  'packages/xgboost-node/src/fuzz.test.ts': 5,
  'pipeline/stale-stages.test.ts': 5,
  'pipeline/views/ingest/page.test.ts': 5,
  'pipeline/views/report-page.test.ts': 4,
}

export const longTests: readonly string[] = Object.keys(seconds)

const secondsOf = (file: string): number => seconds[file] ?? 1

/** The longest first; files that take as long as each other by name. */
export const longestFirst = (files: readonly string[]): string[] =>
  [...files].sort((a, b) => secondsOf(b) - secondsOf(a) || (a < b ? -1 : 1))

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

export interface Task {
  readonly run: () => Promise<void>
  /** The tasks that must be over before. */
  readonly after: readonly Task[]
}

/** The bundles that a test file scores with: by itself, or by a file that it imports. */
export function bundlesOf(test: string): BundleName[] {
  const files = [...reachable(test).files]
  if (!files.includes(bundlesFile)) return []
  const text = files.filter((file) => file !== bundlesFile).map((file) => readFileSync(file, 'utf8')).join('\n') // biome-ignore format: one thought
  return bundleNames.filter((name) => new RegExp(`\\b${name}(Workspace|Bundle)\\(`).test(text))
}

/** A task for each bundle that is needed, first, and one for each file, after its bundles. */
export function tasksOf(
  files: readonly string[],
  { make, test }: { make: (bundle: BundleName) => Promise<void>; test: (file: string) => Promise<void> },
): Task[] {
  const needed = new Map(files.map((file) => [file, bundlesOf(file)]))
  const makers = new Map<BundleName, Task>()
  for (const name of bundleNames)
    if ([...needed.values()].some((names) => names.includes(name)))
      makers.set(name, { run: () => make(name), after: [...makers.values()] }) // one after the other: each uses all cores
  const tests = files.map((file) => ({
    run: () => test(file),
    after: needed.get(file)!.map((name) => makers.get(name)!),
  }))
  return [...makers.values(), ...tests]
}

/** Runs the tasks, `workers` at a time: the first in the list that need not wait for another. */
export async function inTurn(tasks: readonly Task[], workers: number): Promise<void> {
  const waiting = [...tasks]
  const over = new Set<Task>()
  const current = new Map<Task, Promise<void>>()
  while (waiting.length > 0 || current.size > 0) {
    const next = waiting.findIndex(({ after }) => after.every((task) => over.has(task)))
    if (next >= 0 && current.size < workers) {
      const [task] = waiting.splice(next, 1)
      current.set(
        task!,
        task!.run().then(() => {
          over.add(task!)
          current.delete(task!)
        }),
      )
    } else if (current.size > 0) await Promise.race(current.values())
    else throw new Error(`expected tasks that wait for a task of the list, received ${waiting.length} that do not`)
  }
}
