/** A candidate that learns from its clients once more with history tables masked, so that it can judge those whose histories nobody supplied. */
import type { TablesRead } from '../../features/rules/javascript/not-supplied.ts'
import { hasHistories, type Masking, maskedRepeats } from '../masking.ts'
import type { Candidate } from './candidate.ts'

/** `tables`: of each feature the tables that it reads. Weight 0, or features of the form alone: the candidate as it is. */
export function masked(
  candidate: Candidate,
  { tables, ...masking }: Masking & { readonly tables: TablesRead },
): Candidate {
  if (masking.weight === 0) return candidate
  return {
    ...candidate,
    fit: (train, seed, onRound) => {
      const own = new Map(train.matrix.names.map((name) => [name, tables.get(name) ?? new Set<string>()]))
      if (!hasHistories(own)) return candidate.fit(train, seed, onRound)
      const more = train.once(`masked ${seed}`, () => {
        const clients = train.own
        return train.with(maskedRepeats(clients.matrix, clients.target, tables, masking, seed))
      })
      return candidate.fit(more, seed, onRound)
    },
  }
}
