/** The candidate that knows nothing of a client: everybody has the default rate of the training clients. What others must beat. */
import { type Candidate, logit } from './candidate.ts'

export const baseline = (): Candidate => ({
  name: 'baseline',
  label: 'Default rate of all',
  fit: (train) => {
    const margin = logit(train.rate)
    return {
      margins: (rows) => new Float64Array(rows.count).fill(margin),
      members: () => [{ member: { family: 'linear', weight: 1, intercept: margin, columns: [] } }],
      [Symbol.dispose]: () => {},
    }
  },
})
