/** The space of booster parameters that a search looks through, as params.yaml writes it, and how settings are drawn from it. */
import { z } from 'zod'
import type { Random } from '../random.ts'

const range = z
  .strictObject({
    low: z.number(),
    high: z.number(),
    /** Drawn evenly on a logarithmic scale. */
    log: z.boolean().default(false),
    whole: z.boolean().default(false),
    /** Points of a grid search. */
    steps: z.int().min(2).default(3),
  })
  .refine(
    ({ low, high, log }) => low < high && (!log || low > 0),
    'low must be below high, and above 0 where log is set',
  )

/** A list of values, or a range. */
export const spaceSchema = z.record(z.string(), z.union([z.array(z.union([z.number(), z.string()])).min(1), range]))
export type Space = z.output<typeof spaceSchema>
export type Setting = Readonly<Record<string, number | string>>

/** The value at a place from 0 to 1 of a range, to three significant digits: a setting is something to be read. */
function at({ low, high, log, whole }: z.output<typeof range>, place: number): number {
  const value = log ? low * (high / low) ** place : low + place * (high - low)
  return whole ? Math.round(value) : Number(value.toPrecision(3))
}

/** One setting at random. */
export const drawn = (space: Space, next: Random): Setting =>
  Object.fromEntries(
    Object.entries(space).map(([name, values]) => [
      name,
      Array.isArray(values) ? (values[Math.floor(next() * values.length)] as number | string) : at(values, next()),
    ]),
  )

/** Every combination: lists as they stand, ranges in `steps` points. The first parameter varies slowest. */
export const grid = (space: Space): Setting[] =>
  Object.entries(space).reduce<Setting[]>(
    (settings, [name, values]) => {
      const points = Array.isArray(values)
        ? values
        : Array.from({ length: values.steps }, (_, i) => at(values, i / (values.steps - 1)))
      return settings.flatMap((setting) => points.map((value) => ({ ...setting, [name]: value })))
    },
    [{}],
  )
