/** The decision rule: a probability of default against the threshold. */

export type Decision = 'approved' | 'declined'

/** Declined exactly when the probability is at or above the threshold. */
export const decide = (probability: number, threshold: number): Decision =>
  probability >= threshold ? 'declined' : 'approved'
