/** The comparison as Markdown, for readers of a diff or a terminal. */

import { number, percent } from 'report-kit'
import type { Comparison, Outcome } from '../../models/comparison/findings.ts'
import * as words from './words.ts'

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n')

export function compareMarkdown(found: Comparison): string {
  const { measure, clients, defaults, folds, seeds } = found
  const figures = ({ figures: f }: Outcome) => [
    `${words.four(f.roc_auc.mean)} ± ${words.four(f.roc_auc.sd)}`,
    words.four(f.average_precision.mean),
    words.four(f.cost.mean),
    words.four(f.cost_theoretical_raw.mean),
    words.four(f.brier_raw.mean),
    words.four(f.brier.mean),
    words.four(f.ece_raw.mean),
    words.four(f.ece.mean),
  ]
  const head = ['ROC AUC', 'PR AUC', 'cost', 'cost at 1/11, raw', 'Brier raw', 'after', 'ECE raw', 'after']
  const test = ({ against }: Outcome) =>
    against
      ? [`${words.signed(against.difference)}${against.significant ? ' *' : ''}`, words.four(against.minimumDetectable)]
      : ['–', '–']
  const block = (title: string, outcomes: readonly Outcome[], reference: string) => [
    `## ${title}`,
    tableOf(
      ['', ...head, `${words.measureWords[measure]} against ${reference}`, 'minimum detectable difference'],
      outcomes.map((one) => [one.label, ...figures(one), ...test(one)]),
    ),
  ]
  return `${[
    '# Comparison: which model, and why?',
    words.leadWords(found).en,
    `${found.data.synthetic ? 'Synthetic data. ' : ''}${number(clients)} clients, ${number(defaults)} defaults, ${folds} folds, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}; means over folds and seeds, * a significant difference (corrected resampled t-test, two-sided at ${percent(found.alpha, { digits: 0 })}).`,
    ...block('Candidates', words.ranked(found), 'the best'),
    words.bestSentence(found),
    words.historiesSentence(found),
    words.testedSentence(found),
    ...found.imbalance.flatMap((one) => [
      ...block(`Rare defaults: ${one.model}`, one.outcomes, 'nothing'),
      words.imbalanceSentence(found, one),
    ]),
    '## Search',
    words.searchSentence(found),
    '## Scorecard',
    tableOf(
      ['characteristic', 'bin', 'clients', 'default rate', 'WoE', 'IV', 'points'],
      found.card.characteristics.flatMap((one) =>
        one.bins.map((bin, b) => [
          b === 0 ? one.label : '',
          bin.label.replaceAll('|', '/'),
          number(bin.clients),
          percent(bin.rate),
          number(bin.woe, { digits: 3 }),
          number(bin.iv, { digits: 4 }),
          number(bin.points),
        ]),
      ),
    ),
    words.stabilitySentence(found),
  ].join('\n\n')}\n`
}
