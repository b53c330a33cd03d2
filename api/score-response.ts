/** The answer of POST /v1/score, its schema for the OpenAPI document, and how a recorded prediction becomes it. */
import { z } from '@hono/zod-openapi'
import { type Reason, type Reasons, reasons } from '../pipeline/scoring/reasons.ts'
import { referralCodes, referralOf, tablesNotSupplied } from '../pipeline/scoring/referral.ts'
import type { Service } from './env.ts'
import type { Prediction } from './journal/journal.ts'
import type { Language } from './language.ts'
import { type Proposal, stepsOf } from './propose.ts'

const share = z.number().min(0).max(1)

const reason = z
  .object({
    code: z.string(),
    group: z.string().openapi({ description: 'Reason group: what the reason speaks of' }),
    headline: z.string(),
    text: z.string(),
    attribution: z.number().openapi({
      description:
        'Attribution to the reason group (Shapley value), in percentage points of PD: 4.6 raises a probability by 0.046; negative lowers it',
    }),
  })
  .openapi('Reason')

export const scoreAnswer = z
  .object({
    requestId: z.string(),
    version: z.string().openapi({ description: 'Model version: 12 hex digits' }),
    probability: share.openapi({ description: 'Calibrated probability of default' }),
    decision: z.enum(['approved', 'declined']).openapi({ description: 'declined when probability >= threshold' }),
    referral: z
      .array(
        z.object({
          code: z.enum(referralCodes),
          text: z.string(),
        }),
      )
      .openapi({
        description:
          'Why a person must look, empty where nobody must: the risk lies in the grey zone, a history was not supplied, its rows hold levels that are none of the published ones, or the approval may depend on a field left blank or on a value that the model has never seen',
      }),
    threshold: share,
    score: z.int().openapi({ description: 'On the PDO scale of the model; a higher score, less risk' }),
    greyZone: z.object({ lower: share, upper: share }),
    percentile: share.nullable().openapi({ description: 'Share of the reference portfolio with a lower risk' }),
    reasons: z.object({ against: z.array(reason), for: z.array(reason) }).nullable(),
    warnings: z.array(
      z.object({
        field: z.string(),
        code: z.string(),
        text: z.string(),
        tables: z.array(z.string()).optional().openapi({ description: 'The history tables that it is about' }),
      }),
    ),
    imputed: z.array(z.string()).openapi({ description: 'Fields left out and imputed with their usual value' }),
    contributions: z
      .array(
        z.object({
          feature: z.string(),
          group: z.string(),
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
  readonly group: string
  readonly headline: string
  readonly text: string
  readonly attribution: number
}
export interface SaidReasons {
  readonly against: readonly SaidReason[]
  readonly for: readonly SaidReason[]
}

/** The reasons of a recorded prediction in words; null when it has none, or another model is served now. */
export function reasonsOf(service: Service, prediction: Prediction, language: Language): SaidReasons | null {
  const { explanation } = prediction
  const found = stepsOf(service, prediction)
  if (!explanation || !found) return null
  return saidReasons(
    reasons(explanation, found.steps, service.scorer.catalogue, tablesNotSupplied(prediction.warnings)),
    language,
  )
}

function saidReasons(found: Reasons, language: Language): SaidReasons {
  const said = ({ code, group, headline, text, attribution }: Reason): SaidReason => ({
    code,
    group,
    headline: headline[language],
    text: text[language],
    attribution,
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
    referral: referralOf(p.probability, p.greyZone, p.warnings).map(({ code, text }) => ({
      code,
      text: text[language],
    })),
    threshold: p.threshold,
    score: service.scorer.scoreAt(p.probability),
    greyZone: p.greyZone,
    percentile: p.rank,
    reasons: found && { against: [...found.against], for: [...found.for] },
    warnings: p.warnings.map(({ field, code, text, tables }) => ({
      field,
      code,
      text: text[language],
      ...(tables && { tables: [...tables] }),
    })),
    imputed: [...p.imputed],
    ...(o.explain && {
      contributions: proposal.contributions.map((c) => ({
        feature: c.feature,
        group: c.group,
        label: c.label[language],
        value: c.value,
        contribution: c.contribution,
      })),
      bias: p.explanation?.bias,
    }),
  }
}
