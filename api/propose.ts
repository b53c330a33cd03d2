/** One proposal: an applicant scored, explained and recorded; only then may it be answered. */
import type { ClientFeatures, ExplainedScore, Score } from '../pipeline/scoring/scorer.ts'
import type { steps } from '../pipeline/scoring/steps.ts'
import type { Service } from './env.ts'
import type { Prediction } from './journal/journal.ts'
import type { Asked } from './request.ts'

export interface Proposal {
  readonly prediction: Prediction
  /** Made anew whenever read; none where no reasons were asked for. */
  readonly contributions: ExplainedScore['contributions']
  /** Of this model, as just found; left out where the prediction was read from the journal. */
  readonly reasons?: ExplainedScore['reasons'] | null
}

export interface ProposalOptions {
  readonly requestId: string
  readonly source: 'api' | 'page'
  /** Milliseconds since 1970. */
  readonly started: number
  /** Off spares the contributions. */
  readonly reasons: boolean
  /** Whose key asks. */
  readonly caller: string | null
}

/** A proposal that is not recorded yet, from a score. */
export function proposalOf(
  service: Service,
  asked: Asked,
  score: Score | ExplainedScore,
  o: ProposalOptions,
): Proposal {
  const { scorer } = service
  const explained = 'explanation' in score ? score : null
  const prediction: Prediction = {
    requestId: o.requestId,
    at: new Date(o.started).toISOString(),
    source: o.source,
    version: score.version,
    client: asked.client,
    input: asked.input,
    probability: score.probability,
    threshold: score.threshold,
    greyZone: { lower: scorer.bundle.greyZone.lower, upper: scorer.bundle.greyZone.upper },
    decision: score.decision,
    referred: score.referred,
    rank: score.percentile,
    explanation: explained?.explanation ?? null,
    warnings: score.warnings,
    imputed: asked.imputed,
    // The clock may have been set meanwhile.
    latencyMs: Math.max(0, Math.round((service.now() - o.started) * 100) / 100),
    caller: o.caller,
  }
  return {
    prediction,
    reasons: explained?.reasons ?? null,
    get contributions() {
      return explained?.contributions ?? []
    },
  }
}

/** The features of whoever is asked for. */
export function clientFeaturesOf(service: Service, asked: Asked): ClientFeatures {
  if (asked.features) return asked.features
  const features = service.scorer.features(asked.applicant)
  if (asked.byId) service.known.set(asked.byId, features)
  return features
}

/** Scores one applicant; nothing is recorded. */
export function proposed(service: Service, asked: Asked, o: ProposalOptions): Proposal {
  const [score] = service.scorer.scoreFeatures([clientFeaturesOf(service, asked)], { explain: o.reasons })
  return proposalOf(service, asked, score!, o)
}

/** By how much each reason group of a recorded prediction shifts its probability, by the calibration of the model being served; null of another model's. */
export function stepsOf(service: Service, prediction: Prediction): ReturnType<typeof steps> | null {
  const { scorer } = service
  if (!prediction.explanation || prediction.version !== scorer.bundle.version) return null
  return scorer.steps(prediction.explanation)
}
