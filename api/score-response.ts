/** The answer of POST /v1/score, its schema for the OpenAPI document, and how a recorded prediction becomes it. */
import { z } from '@hono/zod-openapi'
import { pointsOf } from '../pipeline/scoring/points.ts'
import { type Reason, type Reasons, reasons } from '../pipeline/scoring/reasons.ts'
import { referralOf, tablesNotSupplied } from '../pipeline/scoring/referral.ts'
import type { Service } from './env.ts'
import type { Prediction } from './journal/journal.ts'
import type { Language } from './language.ts'
import { type Proposal, worth } from './propose.ts'

const share = z.number().min(0).max(1)

const reason = z
  .object({
    code: z.string(),
    concept: z.string(),
    claim: z.string(),
    text: z.string(),
    points: z
      .number()
      .openapi({ description: 'Risk points as a share: 0.046 is 4.6 points; positive raises the risk' }),
  })
  .openapi('Reason')

export const scoreAnswer = z
  .object({
    requestId: z.string(),
    version: z.string().openapi({ description: 'Model version: 12 hex digits' }),
    probability: share.openapi({ description: 'Calibrated probability of default' }),
    decision: z.enum(['approved', 'declined']).openapi({ description: 'declined when probability >= threshold' }),
    review: z.boolean().openapi({ description: 'A person must look; referral says why' }),
    referral: z
      .array(z.object({ code: z.enum(['near_threshold', 'history_not_supplied']), text: z.string() }))
      .openapi({
        description: 'Why a person must look: the risk lies in the grey zone, or a history was not supplied',
      }),
    threshold: share,
    points: z.int().openapi({ description: 'On the PDO scale of the model; more points, less risk' }),
    greyZone: z.object({ lower: share, upper: share }),
    percentile: share.nullable().openapi({ description: 'Share of the reference portfolio with a lower risk' }),
    reasons: z.object({ against: z.array(reason), for: z.array(reason) }).nullable(),
    warnings: z.array(
      z.object({
        field: z.string(),
        code: z.string(),
        text: z.string(),
        tables: z.array(z.string()).optional().openapi({ description: 'The history tables that were not supplied' }),
      }),
    ),
    assumed: z.array(z.string()).openapi({ description: 'Fields left out and filled with their usual value' }),
    contributions: z
      .array(
        z.object({
          feature: z.string(),
          concept: z.string(),
          label: z.string(),
          value: z.union([z.number(), z.string()]).nullable(),
          contribution: z.number().openapi({ description: 'Log-odds; all of them and the bias add up to the margin' }),
        }),
      )
      .optional(),
    bias: z.number().optional(),
  })
  .openapi('Score')

export type ScoreAnswer = z.output<typeof scoreAnswer>

/** A reason in one language. */
export interface SaidReason {
  readonly code: string
  readonly concept: string
  readonly claim: string
  readonly text: string
  readonly points: number
}
export interface SaidReasons {
  readonly against: readonly SaidReason[]
  readonly for: readonly SaidReason[]
}

/** The reasons of a recorded prediction in words; null when it has none, or another model is served now. */
export function reasonsOf(service: Service, prediction: Prediction, language: Language): SaidReasons | null {
  const { explanation } = prediction
  const worths = worth(service, prediction)
  if (!explanation || !worths) return null
  return saidReasons(
    reasons(explanation, worths.steps, service.scorer.catalogue, tablesNotSupplied(prediction.warnings)),
    language,
  )
}

function saidReasons(found: Reasons, language: Language): SaidReasons {
  const said = ({ code, concept, claim, text, points }: Reason): SaidReason => ({
    code,
    concept,
    claim: claim[language],
    text: text[language],
    points,
  })
  return { against: found.against.map(said), for: found.for.map(said) }
}

/** `explain` adds every feature's contribution. */
export function scoreAnswerOf(
  service: Service,
  proposal: Proposal,
  language: Language,
  o: { explain: boolean },
): ScoreAnswer {
  const { prediction: p } = proposal
  const found = proposal.reasons ? saidReasons(proposal.reasons, language) : reasonsOf(service, p, language)
  return {
    requestId: p.requestId,
    version: p.version,
    probability: p.probability,
    decision: p.decision,
    review: p.review,
    referral: referralOf(p.probability, p.greyZone, p.warnings).map(({ code, text }) => ({
      code,
      text: text[language],
    })),
    threshold: p.threshold,
    points: pointsOf(p.probability, service.scorer.bundle.points),
    greyZone: p.greyZone,
    percentile: p.rank,
    reasons: found && { against: [...found.against], for: [...found.for] },
    warnings: p.warnings.map(({ field, code, text, tables }) => ({
      field,
      code,
      text: text[language],
      ...(tables && { tables: [...tables] }),
    })),
    assumed: [...p.assumed],
    ...(o.explain && {
      contributions: proposal.contributions.map((c) => ({
        feature: c.feature,
        concept: c.concept,
        label: c.label[language],
        value: c.value,
        contribution: c.contribution,
      })),
      bias: p.explanation?.bias,
    }),
  }
}
