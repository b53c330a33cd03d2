/** The shapes of dvc's JSON answers, parsed, and what this package makes of them. */
import { z } from 'zod'
import { DvcError } from './error.ts'
import { anyNumber } from './json.ts'

/** A parameter or metric: a number, text, a flag, nothing, or a nesting of these. */
export type Scalar = number | string | boolean | null
export interface Values {
  readonly [name: string]: Scalar | readonly unknown[] | Values
}

/** A value before and after; `diff` where both are numbers. A side is undefined where the value is not there. */
export interface Change {
  readonly old?: unknown
  readonly new?: unknown
  readonly diff?: number
}
/** By file, then by name with dots. */
export type Changes = Readonly<Record<string, Readonly<Record<string, Change>>>>

export const paramsAnswer = z.record(z.string(), z.unknown())

const path = z.object({ path: z.string(), hash: z.string().nullable() })
export const stagesAnswer = z.array(
  z.object({
    /** As dvc addresses it: `train`, `train@item`, `folder/dvc.yaml:train` or `data.dvc`. */
    name: z.string(),
    /** Shell commands, resolved; none for a .dvc file. */
    command: z.array(z.string()),
    /** Where they run, from the root. */
    folder: z.string(),
    file: z.string(),
    frozen: z.boolean(),
    alwaysChanged: z.boolean(),
    description: z.string().nullable(),
    /** Paths from the root (or a URL), with the hash of the last run; null before it. */
    deps: z.array(path),
    /** Tracked parameters by file; [] is the whole file. */
    params: z.record(z.string(), z.array(z.string())),
    outs: z.array(path.extend({ cache: z.boolean(), persist: z.boolean(), metric: z.boolean(), plot: z.boolean() })),
  }),
)
export type Stage = z.output<typeof stagesAnswer>[number]

const stageStatus = z.array(
  z.union([
    z.string(), // "changed command", "always changed"
    z.record(z.string(), z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]))),
  ]),
)
export const statusAnswer = z.record(z.string(), stageStatus)

/** One reason why a stage would run again. */
export type StageChange =
  | { readonly kind: 'command' | 'always' }
  /** state: modified, deleted, new, not in cache, … */
  | {
      readonly kind: 'dependency' | 'output' | 'parameter'
      readonly path: string
      readonly name?: string
      readonly state: string
    }

/** Why each changed stage would run, sorted by name; a stage that is up to date is not there. */
export type Status = Readonly<Record<string, readonly StageChange[]>>

export function statusOf(answer: z.output<typeof statusAnswer>): Status {
  const changesOf = (entry: z.output<typeof stageStatus>[number]): StageChange[] => {
    if (typeof entry === 'string') return [{ kind: entry.includes('command') ? 'command' : 'always' }]
    return Object.entries(entry).flatMap(([what, paths]) =>
      Object.entries(paths).flatMap(([file, state]): StageChange[] =>
        typeof state === 'string'
          ? [{ kind: what.includes('outs') ? 'output' : 'dependency', path: file, state }]
          : Object.entries(state).map(([name, each]) => ({ kind: 'parameter', path: file, name, state: each })),
      ),
    )
  }
  const stages = Object.entries(answer).map(([stage, entries]) => [stage, entries.flatMap(changesOf)] as const)
  return Object.fromEntries(stages.sort(([a], [b]) => (a < b ? -1 : 1))) // dvc's own order changes from call to call
}

/** Stages in `nodes`, and for each edge the stage that makes something and the one that needs it. */
export interface Dag {
  readonly nodes: readonly string[]
  readonly edges: readonly (readonly [from: string, to: string])[]
}

export function dagOf(dot: string): Dag {
  const nodes = new Set<string>()
  const edges: [string, string][] = []
  for (const [, from, to] of dot.matchAll(/^"((?:[^"\\]|\\.)*)"(?: -> "((?:[^"\\]|\\.)*)")?;$/gm)) {
    nodes.add(from!)
    if (to === undefined) continue
    nodes.add(to)
    edges.push([from!, to])
  }
  return { nodes: [...nodes].sort(), edges: edges.sort((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1)) }
}

const error = z
  .object({ type: z.string().default(''), msg: z.string().default('') })
  .partial()
  .or(z.string())
const file = z.object({ data: z.unknown().optional(), error: error.optional() })
const files = z.record(z.string(), file)
export const metricsAnswer = z.record(z.string(), z.object({ data: files.optional(), error: error.optional() }))

const wording = (fault: z.output<typeof error>): string =>
  typeof fault === 'string' ? fault : (fault.msg ?? fault.type ?? '')

/** Content of each file; one that dvc could not read is an error. */
export function valuesOf(answer: z.output<typeof files>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answer).map(([name, { data, error: fault }]) => {
      if (fault !== undefined) throw new DvcError(`${name}: ${wording(fault)}`, { reason: 'invalid-file' })
      return [name, data]
    }),
  )
}

export const diffAnswer = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({ old: z.unknown().optional(), new: z.unknown().optional(), diff: anyNumber.optional() }),
  ),
)

const drawn = z.looseObject({
  type: z.string(),
  revisions: z.array(z.string()).default([]),
  url: z.string().optional(),
})
export const plotsAnswer = z.object({
  data: z.record(z.string(), z.array(drawn)).default({}),
  errors: z.array(z.unknown()).default([]),
})
/** Plots by their name; each drawing is a Vega specification (`content`) or an image (`url`). */
export type Plots = z.output<typeof plotsAnswer>['data']

const result = z.object({
  rev: z.string(),
  timestamp: z.string().nullable().default(null),
  params: files.default({}),
  metrics: files.default({}),
})
const shown = z.object({
  rev: z.string(),
  name: z.string().nullable().default(null),
  data: result.nullable().default(null),
  error: error.nullable().default(null),
})
const range = z.object({
  revs: z.array(shown),
  executor: z.object({ state: z.string() }).loose().nullable().default(null),
  name: z.string().nullable().default(null),
})
export const experimentsAnswer = z.array(shown.extend({ experiments: z.array(range).nullable().default(null) }))

export interface Experiment {
  /** Commit; 'workspace' for what is there now. */
  readonly rev: string
  /** Of the experiment or branch; null when it has none. */
  readonly name: string | null
  /** The commit that it started from; null for the workspace and for commits themselves. */
  readonly baseline: string | null
  /** finished, or what its executor says: queued, running, failed. */
  readonly state: string
  readonly timestamp: string | null
  /** By file. */
  readonly params: Readonly<Record<string, unknown>>
  readonly metrics: Readonly<Record<string, unknown>>
  /** Why dvc could not show it. */
  readonly error: string | null
}

export function experimentsOf(answer: z.output<typeof experimentsAnswer>): Experiment[] {
  const read = (data: z.output<typeof files> | undefined) =>
    Object.fromEntries(Object.entries(data ?? {}).map(([name, each]) => [name, each.data]))
  const one = (each: z.output<typeof shown>, baseline: string | null, state: string): Experiment => ({
    rev: each.rev,
    name: each.name,
    baseline,
    state: each.error ? 'failed' : state,
    timestamp: each.data?.timestamp ?? null,
    params: read(each.data?.params),
    metrics: read(each.data?.metrics),
    error: each.error && wording(each.error),
  })
  return answer.flatMap((commit) => [
    one(commit, null, 'finished'),
    ...(commit.experiments ?? []).flatMap((each) =>
      each.revs.map((rev) => one(rev, commit.rev, each.executor?.state.toLowerCase() ?? 'finished')),
    ),
  ])
}
