/** A candidate that fits each sample once: a blend and its members share their fits, which are closed with the sample. */
import type { Candidate, Model } from './candidate.ts'

export const remembered = (candidate: Candidate): Candidate => ({
  ...candidate,
  fit: (sample, seed, onRound): Model => ({
    ...sample.once(`fit ${candidate.name} ${seed}`, () => candidate.fit(sample, seed, onRound)),
    [Symbol.dispose]: () => {},
  }),
})
