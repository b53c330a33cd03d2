/** One proposal: an applicant scored, explained and recorded; only then may it be answered. */
import type { Score } from '../pipeline/scoring/scorer.ts'
import type { Service } from './env.ts'
import { explain, steps } from './explanation.ts'
import type { Prediction } from './journal/journal.ts'
import { rank } from './reference.ts'
import type { Asked } from './request.ts'

export interface Proposal {
  readonly prediction: Prediction
  readonly contributions: NonNullable<Score['contributions']>
}

/** `started` in milliseconds since 1970; `reasons` off spares the contributions. @throws JournalError when it cannot be recorded: then there is no proposal */
export async function propose(
  service: Service,
  asked: Asked,
  o: { requestId: string; source: 'api' | 'page'; started: number; reasons: boolean },
): Promise<Proposal> {
  const { scorer, journal, reference } = service
  const score = scorer.score(asked.applicant, { explain: o.reasons })
  const contributions = score.contributions ?? []
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
    review: score.review,
    rank: reference && reference.risks.length > 0 ? rank(reference.risks, score.probability) : null,
    explanation: o.reasons && score.bias !== undefined ? explain(contributions, score.bias) : null,
    warnings: score.warnings,
    assumed: asked.assumed,
    latencyMs: Math.round((service.now() - o.started) * 100) / 100,
  }
  await journal.record(prediction)
  return { prediction, contributions }
}

/** The worth of each concept of a recorded prediction, in risk points, with the calibration of the model being served. */
export function worth(service: Service, prediction: Prediction): ReturnType<typeof steps> | null {
  const { scorer } = service
  if (!prediction.explanation || prediction.version !== scorer.bundle.version) return null
  return steps(prediction.explanation, (margin) => scorer.probabilityAt(margin))
}
