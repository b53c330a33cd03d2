/** Fits the members of a bundle again on other clients, by what they were fitted with; their weights stay. */
import { type Params, train } from 'xgboost-node'
import { maximum } from '../data/extremes.ts'
import { baseline } from '../models/candidates/baseline.ts'
import { treesMember } from '../models/candidates/candidate.ts'
import { linear } from '../models/candidates/linear.ts'
import type { Sample } from '../models/candidates/sample.ts'
import { strategies } from '../models/imbalance/strategy.ts'
import { type FittedMember, filed, type Member, weighted } from '../models/members/member.ts'
import { openMembers, type Predictor } from '../models/members/predictor.ts'
import { scorecard } from '../models/scorecard/scorecard.ts'

export interface Pace {
  /** Boosting learns that many times faster: larger steps, fewer rounds. */
  readonly speed: number
  /** Clients that it learns from, as a share of those that the model learnt from: rounds grow with them. */
  readonly share: number
  readonly threads: number
}

/** Boosters of faster learning: `speed` times the step in 1 / speed of the rounds. */
export function faster(params: Params, rounds: number, speed: number): { params: Params; rounds: number } {
  const eta = typeof params.eta === 'number' ? params.eta : 0.3
  return { params: { ...params, eta: Math.min(0.5, eta * speed) }, rounds: Math.max(1, Math.round(rounds / speed)) }
}

type Trees = Extract<Member, { family: 'trees' }>

/** Trees side by side are one step: they are no faster with fewer. */
function paced({ fit }: Trees, { speed, share }: Pace): { params: Params; rounds: number } {
  if (!fit) throw new Error(unknownFit('trees'))
  const params = fit.params as Params
  return fit.rounds === 1 ? { params, rounds: 1 } : faster(params, fit.rounds * share, speed)
}

const unknownFit = (family: string): string =>
  `explain: expected bundle.json to say what the ${family} member was fitted with (\`fit\`), and it does not. Make the bundle again with: dvc repro train`

/** Rounds of the boosted members fitted again, the most of them; null where none is boosted. */
export function refitRounds(members: readonly Member[], pace: Pace): number | null {
  const rounds = members.flatMap((member) => (member.family === 'trees' ? [paced(member, pace).rounds] : []))
  const boosted = rounds.filter((count) => count > 1)
  return boosted.length > 0 ? maximum(boosted) : null
}

/** The model of these members again; the caller closes it. */
export function refit(members: readonly Member[], sample: Sample, seed: number, pace: Pace): Predictor {
  const { members: again, models } = filed(
    members.flatMap((member) => weighted(fitted(member, sample, seed, pace), member.weight)),
  )
  return openMembers(again, sample.matrix.names, (file) => models.get(file) as Uint8Array)
}

function fitted(member: Member, sample: Sample, seed: number, pace: Pace): readonly FittedMember[] {
  if (member.family === 'trees') {
    const { params, rounds } = paced(member, pace)
    const given = { ...params, seed, nthread: pace.threads }
    using booster = train({ params: given, dtrain: sample.data, rounds }).booster
    return treesMember(booster, { params: given, rounds })
  }
  using model = candidateOf(member).fit(sample, seed)
  return model.members()
}

/** The candidate that a linear or scorecard member is a fit of; a linear one without columns knows the default rate alone. */
function candidateOf(member: Exclude<Member, Trees>) {
  if (member.family === 'linear' && member.columns.length === 0) return baseline()
  if (!member.fit) throw new Error(unknownFit(member.family))
  return member.family === 'linear'
    ? linear({ name: 'linear', label: '' }, member.fit, strategies.none)
    : scorecard(member.fit)
}
