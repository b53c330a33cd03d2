/** Findings of made columns, for the tests of the page. */
import { type Column, numberColumn, textColumn } from '../../drift/column.ts'
import { comparison } from '../../drift/comparison.ts'
import type { Findings } from '../../drift/findings.ts'
import { random } from '../../learning/random.ts'

/** Two sides of `count` columns: the first is shifted, the second loses values, the last is a category. */
export function exampleFindings(count: number): Findings {
  const side = (seed: number, moved: boolean): Column[] => {
    const next = random(seed)
    const normal = () => next() + next() + next() + next() - 2
    return Array.from({ length: count }, (_, i): Column => {
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
    concept: column.endsWith('3') || column === 'COLUMN_0' ? 'income' : 'loan',
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
