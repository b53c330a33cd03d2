/** Findings of made columns, for the tests of the page. */
import { type DriftColumn, numberColumn, textColumn } from '../../drift/column.ts'
import { comparison } from '../../drift/comparison.ts'
import type { Findings } from '../../drift/findings.ts'
import { reconstruction } from '../../drift/multivariate-drift.ts'
import { power } from '../../drift/power.ts'
import { scoreFindings } from '../../drift/score.ts'
import { random } from '../../models/random.ts'

/** Two sides of `count` columns: the first is shifted, the second loses values, the last is a category. */
export function exampleFindings(count: number): Findings {
  const side = (seed: number, moved: boolean): DriftColumn[] => {
    const next = random(seed)
    const normal = () => next() + next() + next() + next() - 2
    return Array.from({ length: count }, (_, i): DriftColumn => {
      if (i === count - 1)
        return textColumn(
          'KIND',
          Array.from({ length: 700 }, () => (next() < (moved ? 0.5 : 0.2) ? '<b>odd</b>' : 'usual')),
        )
      const values = Array.from({ length: 700 }, () => normal() + (moved && i === 0 ? 0.4 : 0))
      return numberColumn(
        `COLUMN_${i}`,
        values.map((value) => (moved && i === 1 && next() < 0.3 ? Number.NaN : value)),
        'float',
      )
    })
  }
  const naming = (column: string) => ({
    label: `Label of ${column}`,
    group: column.endsWith('3') || column === 'COLUMN_0' ? 'income' : 'loan',
  })
  return {
    policy: 'default',
    source: { data: '0123456789abcdef', model: null, synthetic: true },
    sides: { reference: 'Training clients', current: 'New clients' },
    ...comparison(side(1, false), side(2, true), { policy: 'default', share: 0.5 }, naming),
    score: null,
    features: null,
    separability: null,
    reconstruction: null,
    power: [],
  }
}

/** The same with every section that the stage's own report has: score, expected and realised performance, features, all columns together, power. */
export function wholeFindings(count: number): Findings {
  const next = random(9)
  const risks = (clients: number) => Float64Array.from({ length: clients }, () => 0.3 * next() ** 2)
  const drawn = (risk: Float64Array) => risk.map((p) => (next() < p ? 1 : 0))
  const [before, after] = [risks(3000), risks(1000)]
  const sides = { before, after, target: drawn(before), outcome: drawn(after), cutoff: 1 / 11, seed: 1 }
  const found = exampleFindings(count)
  const pool = Array.from({ length: 4 }, (_, i) => ({
    name: `n${i}`,
    kind: 'number' as const,
    values: risks(1200),
    whole: false,
  }))
  return {
    ...found,
    score: scoreFindings(
      { ...sides, costs: { falseNegative: 10, falsePositive: 1 } },
      { policy: 'default', share: 0.5, minCount: 100 },
    ),
    features: found,
    separability: { auc: 0.71, p: 0.0001 },
    reconstruction: reconstruction(pool, pool, 1),
    power: power(pool, { windows: [150, 300, 450, 600], runs: 2, seed: 1, reference: 600, columns: 3 }),
  }
}
