/** Random search, successive halving and grid search over one space: which settings are tried, and on how many clients. */
import { z } from 'zod'
import { random } from '../random.ts'
import { drawn, grid, type Setting, spaceSchema } from './space.ts'

export const searchSchema = z.strictObject({
  /** random: all trials on all clients; halving: the better half goes on to twice the clients; grid: every combination. */
  method: z.enum(['random', 'halving', 'grid']),
  /** Settings tried, the given one among them. A grid has as many as it has; more than this is an error. */
  trials: z.int().positive(),
  /** Share of the training clients in the first rung of halving. */
  first: z.number().gt(0).max(1).default(0.25),
  space: spaceSchema,
})
export type Search = z.output<typeof searchSchema>

export interface Trial {
  readonly number: number // 0 is the given setting
  readonly setting: Setting
  /** Of each rung that it was in: share of the training clients, score of each fold; more is better. */
  readonly rungs: readonly { readonly share: number; readonly scores: readonly number[] }[]
}

/** Scores of each fold of a setting on a share of the training clients; more is better. */
export type Evaluate = (setting: Setting, share: number, number: number) => Promise<readonly number[]>

/** The settings to try: the given one first, then what the method says. */
export function settingsOf({ method, trials, space }: Search, given: Setting, seed: number): Setting[] {
  if (method !== 'grid') {
    const next = random(seed)
    return [given, ...Array.from({ length: trials - 1 }, () => drawn(space, next))]
  }
  const all = grid(space)
  if (all.length + 1 > trials)
    throw new Error(
      `compare.search: the grid has ${all.length} settings and ${trials} trials are allowed, one of them for the given setting. ` +
        'Raise compare.search.trials, or take fewer values and steps.',
    )
  return [given, ...all]
}

export const scoreOf = (scores: readonly number[]): number => scores.reduce((a, b) => a + b, 0) / scores.length

/** The score of the largest rung that a trial was in. */
export const lastRung = ({ rungs }: Trial) => rungs.at(-1) as Trial['rungs'][number]

/**
 * Tries the settings and returns them with what they reached. Successive halving (Jamieson and Talwalkar 2016) with clients as the budget:
 * after each rung the better half goes on with twice the clients, until the rest has them all. The given setting always goes on, to be beaten.
 */
export async function runSearch(search: Search, given: Setting, seed: number, evaluate: Evaluate): Promise<Trial[]> {
  const settings = settingsOf(search, given, seed)
  const trials = settings.map((setting, number) => ({ number, setting, rungs: [] as Trial['rungs'][number][] }))
  let alive = trials
  let share = search.method === 'halving' ? search.first : 1
  for (;;) {
    for (const trial of alive) trial.rungs.push({ share, scores: await evaluate(trial.setting, share, trial.number) })
    if (share >= 1) return trials
    const ranked = [...alive].sort(
      (a, b) => scoreOf(lastRung(b).scores) - scoreOf(lastRung(a).scores) || a.number - b.number,
    )
    const better = ranked.slice(0, Math.max(1, Math.floor(alive.length / 2)))
    alive = alive.filter((trial) => better.includes(trial) || trial.number === 0)
    share = Math.min(1, share * 2)
  }
}

/** The best of the trials that had all clients; the given setting among equals. */
export const winnerOf = (trials: readonly Trial[]): Trial =>
  trials
    .filter((trial) => lastRung(trial).share >= 1)
    .reduce((a, b) => (scoreOf(lastRung(b).scores) > scoreOf(lastRung(a).scores) ? b : a))
