/** Every watch that the monitor keeps. */
import { featureWatch } from './feature-watches.ts'
import { limitWatches } from './limit-watches.ts'
import { outcomeWatches } from './outcome-watches.ts'
import type { MonitorReference } from './reference.ts'
import { scoreWatches } from './score-watches.ts'
import type { Watch } from './watch.ts'

export const watchesOf = (reference: MonitorReference): Watch[] => [
  ...outcomeWatches(),
  ...scoreWatches(reference),
  ...featureWatch(reference, 'feature_drift'),
  ...featureWatch(reference, 'missing_values'),
  ...limitWatches(reference.fields),
]
