/** What a bundle keeps of a model: members whose log-odds of default are added up, each with a weight. Their kinds, as JSON. */
import { z } from 'zod'

const number = z.number()

const treesSchema = z.strictObject({
  family: z.literal('trees'),
  weight: number,
  /** The model in XGBoost's binary format, beside bundle.json. */
  file: z.string().regex(/^[\w-]+\.ubj$/),
  /** What it was fitted with, by which it is fitted again. */
  fit: z
    .strictObject({
      params: z.record(z.string(), z.json()),
      rounds: z.int().positive(),
    })
    .optional(),
})
export type TreesMember = z.output<typeof treesSchema>

/** A column of the design: the value of a feature, whether it has a code, or whether it is missing; centred and scaled by the training clients. */
const linearColumnSchema = z.strictObject({
  feature: z.string(),
  read: z.discriminatedUnion('as', [
    /** `fill` in place of a missing value; values beyond `low` and `high` are brought back to them. */
    z.strictObject({ as: z.literal('number'), fill: number, low: number, high: number }),
    z.strictObject({ as: z.literal('level'), code: z.int().min(0) }),
    z.strictObject({ as: z.literal('missing') }),
  ]),
  mean: number,
  sd: number.positive(),
  /** Log-odds per standard deviation. */
  coefficient: number,
})
export type LinearColumn = z.output<typeof linearColumnSchema>

const linearSchema = z.strictObject({
  family: z.literal('linear'),
  weight: number,
  /** Log-odds of a client who stands at the training mean of every column. */
  intercept: number,
  columns: z.array(linearColumnSchema).readonly(),
  /** Passes and penalties (candidates/linear.ts); none where nothing but the default rate was learnt. */
  fit: z.strictObject({ rounds: z.int().positive(), lambda: number, alpha: number }).optional(),
})
export type LinearMember = z.output<typeof linearSchema>

const scorecardBinSchema = z.strictObject({
  /** A number's range: above `from` (or from the start), up to `to` (or to the end). */
  from: number.optional(),
  to: number.optional(),
  /** Codes of a category. */
  codes: z.array(z.int().min(0)).readonly().optional(),
  missing: z.literal(true).optional(),
  /** Weight of evidence: above 0 safer than all. */
  woe: number,
})

const scorecardSchema = z.strictObject({
  family: z.literal('scorecard'),
  weight: number,
  /** Log-odds of a client whose weights of evidence are all 0. */
  intercept: number,
  characteristics: z
    .array(
      z.strictObject({
        feature: z.string(),
        coefficient: number,
        /** Mean weight of evidence of the training clients. */
        mean: number,
        bins: z.array(scorecardBinSchema).min(1).readonly(),
      }),
    )
    .readonly(),
  /** The rule by which characteristics and bins were chosen (scorecard/scorecard.ts). */
  fit: z
    .strictObject({
      characteristics: number,
      iv: number,
      correlation: number,
      bins: number,
      share: number,
      parts: number,
    })
    .optional(),
})
export type ScorecardMember = z.output<typeof scorecardSchema>

export const memberSchema = z.discriminatedUnion('family', [treesSchema, linearSchema, scorecardSchema])
export type Member = z.output<typeof memberSchema>
export type Family = Member['family']

/** A member as a fit makes it: its weight is 1, and of trees the bytes of the model. */
export interface FittedMember {
  readonly member: Member
  readonly bytes?: Uint8Array
}

/** The members with their weights multiplied: those of a blend. */
export const weighted = (members: readonly FittedMember[], weight: number): FittedMember[] =>
  members.map(({ member, ...rest }) => ({ member: { ...member, weight: member.weight * weight }, ...rest }))

/** The members as a bundle holds them, each with a file of its own where it has one, and the bytes of these files. */
export function filed(fitted: readonly FittedMember[]): {
  readonly members: readonly Member[]
  readonly models: ReadonlyMap<string, Uint8Array>
} {
  const models = new Map<string, Uint8Array>()
  const members = fitted.map(({ member, bytes }) => {
    if (member.family !== 'trees' || !bytes) return member
    const file = models.size === 0 ? 'model.ubj' : `model-${models.size + 1}.ubj`
    models.set(file, bytes)
    return { ...member, file }
  })
  return { members, models }
}
