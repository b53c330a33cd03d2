/** Three new clients as the service would tell them: one approved, one declined, one at the cut-off. */

import type { Applicant } from '../data/applicant.ts'
import type { Matrix } from '../models/matrix.ts'
import { Clients } from '../scoring/clients.ts'
import { alternatives, nothingSuffices } from '../scoring/counterfactual.ts'
import type { Reason } from '../scoring/reasons.ts'
import { valuesAt } from '../scoring/rows.ts'
import { type ExplainedScore, Scorer } from '../scoring/scorer.ts'
import type { ClientStory, StoryReason } from './findings.ts'

interface NewClient {
  readonly id: number
  readonly probability: number
  readonly decision: 'approved' | 'declined'
}

/** The first client approved, the first declined, and the one nearest to the threshold, by client number. */
export function examples<T extends NewClient>(
  clients: readonly T[],
  threshold: number,
): { kind: ClientStory['kind']; client: T }[] {
  const ordered = clients.toSorted((a, b) => a.id - b.id)
  const nearest = ordered.reduce<T | undefined>(
    (best, client) =>
      best && Math.abs(best.probability - threshold) <= Math.abs(client.probability - threshold) ? best : client,
    undefined,
  )
  const first = (decision: NewClient['decision']) =>
    ordered.find((client) => client.decision === decision && client !== nearest)
  return (
    [
      ['approved', first('approved')],
      ['declined', first('declined')],
      ['borderline', nearest],
    ] as const
  ).flatMap(([kind, client]) => (client ? [{ kind, client }] : []))
}

/** The stories of a bundle's new clients, whose features the matrix holds. */
export function stories(model: string, matrix: Matrix): ClientStory[] {
  using scorer = Scorer.open(model)
  using clients = Clients.open(model)
  const { bundle } = scorer
  const { features } = bundle.definitions
  const featuresOf = (row: number) => ({
    values: valuesAt(matrix.columns, features, row),
    notSupplied: [],
    unknownLevels: [],
  })
  const scored = Array.from(matrix.ids, (id, row) => ({ id, row }))
  const scores = scorer.scoreFeatures(
    scored.map(({ row }) => featuresOf(row)),
    { explain: false },
  )
  const known = scored.map((one, i) => ({ ...one, probability: scores[i]!.probability, decision: scores[i]!.decision }))
  return examples(known, bundle.threshold).map(({ kind, client }) => {
    const [score] = scorer.scoreFeatures([featuresOf(client.row)])
    const applicant = bundle.synthetic && score!.decision === 'declined' ? clients.get(client.id) : null
    return {
      ...story(score!, kind, scorer, bundle.synthetic ? client.id : null),
      ...(applicant && changes(scorer, applicant, score!)),
    }
  })
}

function changes(
  scorer: Scorer,
  applicant: Applicant,
  score: ExplainedScore,
): Pick<ClientStory, 'alternatives' | 'none'> {
  const found = alternatives(scorer, applicant, score)
  return {
    alternatives: found.map(({ text, probability }) => ({ text, probability })),
    ...(found.length === 0 && { none: nothingSuffices(score.reasons.against, scorer.catalogue) }),
  }
}

/** `id`: of a synthetic client; null for a real one, whose number and values are left out. */
function story(score: ExplainedScore, kind: ClientStory['kind'], scorer: Scorer, id: number | null): ClientStory {
  const said = ({ code, headline, text, attribution }: Reason): StoryReason => ({
    code,
    headline,
    ...(id !== null && { text }),
    attribution,
  })
  const { groups } = scorer.catalogue
  const other = { fr: 'autres éléments', en: 'other elements' }
  return {
    kind,
    ...(id !== null && { client: id }),
    probability: score.probability,
    decision: score.decision,
    score: score.score,
    bias: score.bias,
    margin: score.contributions.reduce((sum, { contribution }) => sum + contribution, score.bias),
    start: score.steps.start,
    steps: score.steps.steps.map(({ group, shift }) => ({
      group,
      label: groups[group]?.label ?? other,
      shift,
    })),
    against: score.reasons.against.map(said),
    for: score.reasons.for.map(said),
    features: score.contributions
      .map(({ feature, group, label, contribution, value }) => ({
        feature,
        group,
        label: label.en,
        contribution,
        ...(id !== null && { value }),
      }))
      .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  }
}
