/** Two sections of the training page: the confusion matrix with its cost, and decisions under other cost ratios. */
import { html, number, percent, type Section, table } from 'report-kit'
import type { TrainingSummary } from '../../models/training-summary.ts'

/** Counts of the four outcomes of a decision and what each cost. The unit is what a good client declined costs, times `falsePositive`. */
export function confusionSection({ confusion, costs }: TrainingSummary): Section {
  const { truePositive, falsePositive, falseNegative, trueNegative } = confusion
  const lost = falseNegative * costs.falseNegative
  const forgone = falsePositive * costs.falsePositive
  const share = lost + forgone === 0 ? 0 : lost / (lost + forgone)
  const line = (decision: string, outcome: string, count: number, each: number) => [
    decision,
    outcome,
    number(count),
    number(each),
    number(count * each),
  ]
  return {
    id: 'confusion',
    title: `Approved loans that default make ${percent(share, { digits: 0 })} of the cost of the decisions`,
    body: html`${table({
      caption: 'Decisions and outcomes, out of fold, with their cost',
      columns: ['Decision', 'Outcome', 'Clients', 'Cost of one', 'Cost'].map((label, i) =>
        i < 2 ? { label } : { label, align: 'end' as const },
      ),
      rows: [
        line('approved', 'repaid', trueNegative, 0),
        line('approved', 'default', falseNegative, costs.falseNegative),
        line('declined', 'would have repaid', falsePositive, costs.falsePositive),
        line('declined', 'would have defaulted', truePositive, 0),
      ],
    })}
      <p>
        Costs are in units of params.yaml, decision: a good client declined counts ${number(costs.falsePositive)},
        an approved loan that defaults ${number(costs.falseNegative)}.
        The data hold no losses in money.
      </p>`,
  }
}

export function costRatioSection({ cost_ratios: lines }: TrainingSummary): Section {
  const [first, last] = [lines[0], lines.at(-1)]
  return {
    id: 'cost-ratios',
    title:
      `Between ${number(first?.ratio)}:1 and ${number(last?.ratio)}:1, ` +
      `${percent(first?.approved, { digits: 0 })} to ${percent(last?.approved, { digits: 0 })} would be approved`,
    body: html`${table({
      caption: 'The decisions, had a default cost so many times a good client declined',
      columns: ['Ratio', 'Threshold', 'In theory', 'Approved', 'Cost', 'All approved', 'Optimism', 'Regret'].map(
        (label, i) => (i === 0 ? { label } : { label, align: 'end' as const }),
      ),
      rows: lines.map((one) => [
        `${number(one.ratio)}:1`,
        percent(one.threshold),
        percent(one.theoretical),
        percent(one.approved, { digits: 0 }),
        number(one.cost, { digits: 3 }),
        number(one.accept_all, { digits: 3 }),
        number(one.optimism, { digits: 4 }),
        number(one.regret, { digits: 4 }),
      ]),
    })}
      <p>
        Costs are per client; a good client declined costs 1.
        Optimism: by how much the cost looks lower on the clients that the threshold was chosen on.
        Regret: by how much the best single threshold would have been cheaper, known afterwards.
      </p>`,
  }
}
