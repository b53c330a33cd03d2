/** Golden numbers of imbalanced-learn, optbinning and scipy (bench/compare_reference.py makes them). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const numbers = z.array(z.number())
const schema = z.object({
  smote: z.object({
    numbers: z.array(numbers),
    codes: z.array(numbers),
    median_deviation: z.number(),
    neighbours: z.array(numbers),
    draws: z.array(z.object({ base: z.int(), neighbour: z.int(), step: z.number() })),
    made_numbers: z.array(numbers),
    made_codes: z.array(numbers),
  }),
  binning: z.array(
    z.object({
      name: z.string(),
      values: z.array(z.number().nullable()),
      target: numbers,
      fine: numbers,
      splits: numbers,
      good: numbers,
      bad: numbers,
      woe: numbers,
      iv: numbers,
      total_iv: z.number(),
    }),
  ),
  paired: z.array(
    z.object({
      differences: numbers,
      ratio: z.number(),
      standard_error: z.number(),
      p: z.number(),
      callable: z.number(),
    }),
  ),
})

export const golden = () =>
  schema.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'oracles', 'compare.json'), 'utf8')))
