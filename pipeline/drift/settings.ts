/** The drift section of params.yaml. */
import { z } from 'zod'

export const driftParams = z
  .object({
    /** Share of tested columns (or of the model's importance in them) drifted that makes the data set drifted. */
    share: z.number().min(0).max(1),
    policy: z.enum(['default', 'evidently']).default('default'),
    /** Values a side below which a column is not tested, under the default policy. */
    min_count: z.int().positive().default(100),
    /** CSV file of SK_ID_CURR,TARGET: the new clients whose outcome is known by now. */
    outcomes: z.string().nullable().default(null),
    seed: z.int().default(20261124),
    threads: z.int().positive().default(2),
    /** How false alarms and detection are measured: sizes of the windows, draws of each, rows of the reference, columns a change is put into. */
    power: z
      .object({
        windows: z.array(z.int().positive()),
        runs: z.int().positive(),
        reference: z.int().positive(),
        columns: z.int().positive(),
      })
      .default({ windows: [250, 500, 1000, 2500], runs: 20, reference: 2500, columns: 6 }),
  })
  .transform(({ min_count: minCount, ...rest }) => ({ ...rest, minCount }))

export type DriftSettings = z.output<typeof driftParams>
