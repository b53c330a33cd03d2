/** The decision rule: a probability of default against the threshold. */

export type Decision = 'granted' | 'refused'

/** Refused exactly when the probability is at or above the threshold. */
export const decide = (probability: number, threshold: number): Decision =>
  probability >= threshold ? 'refused' : 'granted'
