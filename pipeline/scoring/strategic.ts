/** What must not buy an approval: inputs left blank and values beyond those of training. A request that owes its approval to one of them is referred. */
import { z } from 'zod'
import type { Row } from '../data/applicant.ts'

const words = z.strictObject({ fr: z.string(), en: z.string() })
const share = z.number().min(0).max(1)

/** What training found to pay (strategic-behaviour.ts); a bundle carries it. */
export const strategicSchema = z.strictObject({
  /** Inputs that belong together; left blank, a probability from `from` on is not believed. */
  blanks: z.array(z.strictObject({ name: z.string(), label: words, columns: z.array(z.string()).min(1), from: share })),
  /** Inputs whose values below `low` or above `high`, the least and the most of training, pay in the same way. */
  ranges: z.array(z.strictObject({ column: z.string(), label: words, low: z.number(), high: z.number(), from: share })),
})
export type Strategic = z.output<typeof strategicSchema>

/** What a client's form leaves open: it matters where the probability lies from `from` on and below the threshold. */
export interface Concern {
  readonly code: 'left_blank' | 'outside_experience'
  readonly field: string
  readonly label: { readonly fr: string; readonly en: string }
  readonly from: number
}

/** `leftOut`: the columns that were filled because nobody stated them. */
export function concernsOf(
  { blanks, ranges }: Strategic,
  application: Row,
  leftOut: readonly string[] = [],
): readonly Concern[] {
  const isBlank = (column: string) => (application[column] ?? null) === null || leftOut.includes(column)
  return [
    ...blanks.flatMap(({ columns, label, from }): Concern[] =>
      columns.every(isBlank) ? [{ code: 'left_blank', field: columns[0]!, label, from }] : [],
    ),
    ...ranges.flatMap(({ column, label, from, low, high }): Concern[] => {
      const value = application[column]
      const isOutside = typeof value === 'number' && (value < low || value > high)
      return isOutside ? [{ code: 'outside_experience', field: column, label, from }] : []
    }),
  ]
}
