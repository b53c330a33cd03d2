/** The measures that may rank the candidates of a comparison. */

export const measures = ['roc_auc', 'average_precision', 'cost', 'log_loss', 'brier'] as const
export type Measure = (typeof measures)[number]

/** 1 where more is better. */
export const direction = (measure: Measure): 1 | -1 =>
  measure === 'roc_auc' || measure === 'average_precision' ? 1 : -1
