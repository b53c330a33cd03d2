/** A scorecard as practitioners print it: bin, clients, default rate, WoE, information value, points, and how stable the scores are. */

import { quantile } from '../../data/quantile.ts'
import type { FeatureDefinition } from '../../features/rules/check/definitions.ts'
import type { Sample } from '../candidates/sample.ts'
import type { Card } from '../comparison/findings.ts'
import type { Matrix } from '../matrix.ts'
import { populationStability } from '../population-stability.ts'
import { rangeLabel } from '../range-label.ts'
import { type Bin, binsOf } from './binning.ts'
import { pointsOf, type Scorecard, scoresOf } from './scorecard.ts'

/** The scorecard fitted on `train`, with its stability on the new clients. */
export function cardOf(
  card: Scorecard,
  { base_score: baseScore, base_odds: baseOdds, pdo }: { base_score: number; base_odds: number; pdo: number },
  train: Sample,
  recent: Matrix,
  features: readonly FeatureDefinition[],
): Card {
  const scale = { baseScore, baseOdds, pdo }
  const table = pointsOf(card, scale)
  const column = (matrix: Matrix, feature: string) => matrix.columns[matrix.names.indexOf(feature)] as Float32Array
  const characteristics = card.characteristics.map((one, c) => {
    const definition = features.find(({ name }) => name === one.feature)
    const counts = (matrix: Matrix) => tally(binsOf(one, column(matrix, one.feature)), one.bins.length)
    return {
      feature: one.feature,
      label: definition?.label.en ?? one.feature,
      iv: one.iv,
      coefficient: one.coefficient,
      psi: stability(counts(train.matrix), counts(recent)),
      bins: one.bins.map((bin, b) => ({
        label: named(bin, definition?.levels),
        clients: bin.good + bin.bad,
        share: (bin.good + bin.bad) / train.count,
        rate: bin.bad / Math.max(1, bin.good + bin.bad),
        woe: bin.woe,
        iv: bin.iv,
        points: table[c]![b]!,
      })),
    }
  })
  return {
    scale,
    intercept: card.intercept,
    clients: train.count,
    characteristics,
    stability: bands(scoresOf(card, scale, train.matrix), train.target, scoresOf(card, scale, recent)),
  }
}

/** Clients in each bin; those in none are left out. */
function tally(bins: ArrayLike<number>, count: number): number[] {
  const counts = new Array<number>(count).fill(0)
  for (let i = 0; i < bins.length; i++) if (bins[i]! >= 0) counts[bins[i]!]!++
  return counts
}

/** Shares; an empty bin counts as half a client, so that its logarithm exists. */
function shares(counts: readonly number[]): number[] {
  const filled = counts.map((count) => Math.max(0.5, count))
  const total = filled.reduce((a, b) => a + b, 0)
  return filled.map((count) => count / total)
}

/** Population stability index of two tallies over the same bins. */
const stability = (expected: readonly number[], actual: readonly number[]): number =>
  populationStability(shares(expected), shares(actual))

/** System stability: new clients in the score bands that hold a tenth of the training clients each. */
function bands(expected: Int32Array, target: Int8Array, actual: Int32Array): Card['stability'] {
  const sorted = Float64Array.from(expected).sort()
  const ends = [...new Set(Array.from({ length: 9 }, (_, i) => Math.floor(quantile(sorted, (i + 1) / 10))))].filter(
    (end) => end < (sorted.at(-1) as number),
  )
  const bandOf = (score: number) => {
    const at = ends.findIndex((end) => score <= end)
    return at < 0 ? ends.length : at
  }
  const [before, after] = [Array.from(expected, bandOf), Array.from(actual, bandOf)]
  const count = ends.length + 1
  const [old, recent] = [tally(before, count), tally(after, count)]
  const [p, q] = [shares(old), shares(recent)]
  return {
    psi: populationStability(p, q),
    bands: p.map((share, b) => ({
      label: rangeLabel(b > 0 ? ends[b - 1] : undefined, ends[b], String),
      expected: share,
      actual: q[b]!,
      rate: before.reduce((sum, band, i) => sum + (band === b ? (target[i] as number) : 0), 0) / Math.max(1, old[b]!),
      psi: populationStability([share], [q[b]!]),
    })),
  }
}

/** A bin in words. */
function named(bin: Bin, levels: readonly string[] | undefined): string {
  if (bin.missing) return 'missing'
  if (bin.codes) return bin.codes.map((code) => levels?.[code] ?? String(code)).join(', ')
  return rangeLabel(bin.from, bin.to)
}
