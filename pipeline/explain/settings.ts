/** The `explain` section of params.yaml. */
import { params } from 'dvc-ts'
import { z } from 'zod'

const explainSchema = z.strictObject({
  /** Training clients that the final model is explained on. */
  clients: z.int().positive(),
  seed: z.int(),
  threads: z.int().positive(),
  /** Models fitted again: on how many clients, how many folds and seeds, how many times faster they learn. */
  refits: z.strictObject({
    clients: z.int().positive(),
    folds: z.int().min(2),
    seeds: z.int().min(1),
    speed: z.number().min(1),
  }),
  /** The heaviest features whose values are shuffled one by one. */
  permutation: z.int().min(0),
  /** Clients whose interactions are computed: hundreds of times the work of their contributions. */
  interactions: z.int().min(0),
})
export type ExplainSettings = z.output<typeof explainSchema>

export const readExplainSettings = (): ExplainSettings => params('explain', explainSchema)
