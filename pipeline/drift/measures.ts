/** The model's performance on the current clients, measure by measure. */

export const performanceMeasures = [
  'auc',
  'average_precision',
  'cost',
  'recall',
  'precision',
  'f1',
  'accuracy',
] as const
export type PerformanceMeasure = (typeof performanceMeasures)[number]
