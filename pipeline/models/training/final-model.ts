/** The model of all training clients: the chosen candidate, fitted once more, as a bundle holds it. */
import type { Candidate } from '../candidates/candidate.ts'
import { Sample } from '../candidates/sample.ts'
import { filed } from '../members/member.ts'
import type { TrainingClients } from './clients.ts'
import type { TrainSettings } from './settings.ts'

export function finalModel(
  candidate: Candidate,
  { matrix, target }: TrainingClients,
  { model, models: fittedWith, train }: TrainSettings,
) {
  using everybody = new Sample(matrix, target)
  using final = candidate.fit(everybody, train.seed)
  const { members, models } = filed(final.members())
  return {
    members,
    models,
    model: { ...model, label: candidate.label, settings: { ...fittedWith } },
    /** Of boosted trees; null where there are none. */
    rounds: final.rounds?.rounds ?? null,
  }
}
