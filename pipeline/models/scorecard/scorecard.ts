/** A scorecard: characteristics chosen by information value, a logistic regression of their weights of evidence, written as points. */
import { logistic } from '../calibration.ts'
import type { Candidate, Model } from '../candidates/candidate.ts'
import type { Sample } from '../candidates/sample.ts'
import type { Matrix } from '../matrix.ts'
import type { ScorecardMember } from '../members/member.ts'
import { linearScale, type ScoreScale } from '../score-scale.ts'
import { type Binning, type BinningRule, binningOf, binsOf, woeOf } from './binning.ts'

export interface ScorecardRule extends BinningRule {
  /** Characteristics at most. */
  readonly characteristics: number
  /** Information value at least. */
  readonly iv: number
  /** Correlation of the weights of evidence of two characteristics, at most. */
  readonly correlation: number
}

export interface Characteristic extends Binning {
  /** Of the weight of evidence in the log-odds of default: negative. */
  readonly coefficient: number
}

/** A fitted scorecard. */
export interface Scorecard extends Model {
  readonly characteristics: readonly Characteristic[]
  /** Log-odds of default of a client whose weights of evidence are all 0. */
  readonly intercept: number
}

export const scorecard = (
  rule: ScorecardRule,
): Omit<Candidate, 'fit'> & { readonly fit: (train: Sample) => Scorecard } => ({
  name: 'scorecard',
  label: 'WoE scorecard',
  fit: (train) => fitScorecard(train, rule),
})

export function fitScorecard(train: Sample, rule: ScorecardRule): Scorecard {
  const found = train.matrix.names
    .flatMap((_, j) => {
      const binning = binningOf(train, j, rule)
      return binning && binning.iv >= rule.iv ? [{ binning, j }] : []
    })
    .sort((a, b) => b.binning.iv - a.binning.iv)
  const chosen: { binning: Binning; woe: Float64Array }[] = []
  for (const { binning, j } of found) {
    if (chosen.length === rule.characteristics) break
    const woe = woeOf(binning, train.matrix.columns[j] as Float32Array)
    if (chosen.every((other) => Math.abs(correlation(other.woe, woe)) <= rule.correlation))
      chosen.push({ binning, woe })
  }
  // A positive coefficient would give points for what is risky: such a characteristic only corrects another one, and goes.
  for (;;) {
    const weights = logistic(
      chosen.map(({ woe }) => woe),
      train.target,
      train.weight,
    )
    const intercept = weights.at(-1) as number
    const worst = weights.slice(0, -1).reduce((at, w, i, all) => (w > (all[at] as number) ? i : at), 0)
    if (chosen.length && (weights[worst] as number) >= 0) {
      chosen.splice(worst, 1)
      continue
    }
    const characteristics = chosen.map(({ binning }, i) => ({ ...binning, coefficient: weights[i] as number }))
    return {
      characteristics,
      intercept,
      margins: ({ matrix }) => marginsOf({ characteristics, intercept }, matrix),
      members: () => [{ member: { ...memberOf({ characteristics, intercept }, train), fit: ruleOf(rule) } }],
      [Symbol.dispose]: () => {},
    }
  }
}

/** Callers pass sections of settings that say more. */
const ruleOf = ({ characteristics, iv, correlation, bins, share, parts }: ScorecardRule): ScorecardRule => ({
  ...{ characteristics, iv, correlation, bins, share, parts },
})

/** What a bundle keeps of it. */
function memberOf(
  { characteristics, intercept }: Pick<Scorecard, 'characteristics' | 'intercept'>,
  train: Sample,
): ScorecardMember {
  return {
    family: 'scorecard',
    weight: 1,
    intercept,
    characteristics: characteristics.map((one) => ({
      feature: one.feature,
      coefficient: one.coefficient,
      mean: weightedMean(woeOf(one, columnNamed(train.matrix, one.feature)), train.weight),
      bins: one.bins.map(({ good: _, bad: __, iv: ___, ...bin }) => bin),
    })),
  }
}

function weightedMean(values: Float64Array, weight: Float32Array | null): number {
  if (!weight) return values.reduce((sum, v) => sum + v, 0) / values.length
  let [sum, total] = [0, 0]
  values.forEach((v, i) => {
    sum += v * (weight[i] as number)
    total += weight[i] as number
  })
  return sum / total
}

const columnNamed = ({ names, columns }: Matrix, name: string): Float32Array => {
  const column = columns[names.indexOf(name)]
  if (!column) throw new Error(`scorecard: the matrix has no feature ${name}`)
  return column
}

function marginsOf({ characteristics, intercept }: Pick<Scorecard, 'characteristics' | 'intercept'>, matrix: Matrix) {
  const margin = new Float64Array(matrix.ids.length).fill(intercept)
  for (const characteristic of characteristics)
    woeOf(characteristic, columnNamed(matrix, characteristic.feature)).forEach((woe, i) => {
      margin[i]! += characteristic.coefficient * woe
    })
  return margin
}

/** Pearson's correlation; 0 where one of the two does not vary. */
function correlation(a: Float64Array, b: Float64Array): number {
  const n = a.length
  const mean = (v: Float64Array) => v.reduce((sum, x) => sum + x, 0) / n
  const [ma, mb] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i]! - ma, b[i]! - mb]
    ab += x * y
    aa += x * x
    bb += y * y
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
}

/**
 * The points of each bin of each characteristic, whole numbers that add up to the score (score-scale.ts), the
 * intercept shared out in equal parts (Siddiqi 2006, ch. 7). More points, less risk.
 */
export function pointsOf(
  { characteristics, intercept }: Pick<Scorecard, 'characteristics' | 'intercept'>,
  scale: ScoreScale,
): number[][] {
  const { factor, offset } = linearScale(scale)
  const base = offset - factor * intercept
  return characteristics.map(({ bins, coefficient }) =>
    bins.map(({ woe }) => Math.round(base / characteristics.length - factor * coefficient * woe)),
  )
}

/** Each client's sum of whole points; a level that no bin has counts as a weight of evidence of 0. */
export function scoresOf(
  card: Pick<Scorecard, 'characteristics' | 'intercept'>,
  scale: ScoreScale,
  matrix: Matrix,
): Int32Array {
  const points = pointsOf(card, scale)
  const neutral = pointsOf(
    {
      ...card,
      characteristics: card.characteristics.map((one) => ({ ...one, bins: [{ good: 0, bad: 0, woe: 0, iv: 0 }] })),
    },
    scale,
  )
  const score = new Int32Array(matrix.ids.length)
  card.characteristics.forEach((characteristic, c) => {
    binsOf(characteristic, columnNamed(matrix, characteristic.feature)).forEach((b, i) => {
      score[i]! += points[c]![b] ?? neutral[c]![0]!
    })
  })
  return score
}
