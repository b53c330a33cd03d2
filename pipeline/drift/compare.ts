/**
 * Reference against current, column by column, under one of two policies, with one verdict computed once.
 *
 * evidently: the test that Evidently picks by size and type, its thresholds, the data set drifted at half of the columns.
 * default (the project's own): a column has drifted when it moved far enough to matter (0.1 standard deviations of the
 * reference, or a Jensen-Shannon distance of 0.1 for categories; major from twice that) and further than chance explains (p-value
 * of Kolmogorov-Smirnov or chi-square, false-discovery rate 5 % over all columns). Missing shares are tested apart. A new category is a note;
 * too few values or an unusable column is a row with its reason. The data set's verdict weighs columns by the model's importance where known.
 */
import { type Column, categories, distinctOfBoth, isNumber, present } from './column.ts'
import { type Distribution, distributionOf } from './distribution.ts'
import * as evidently from './evidently.ts'
import { falseDiscovery } from './false-discovery.ts'
import { counted, deciles, filled, quantile, shares } from './statistics/bins.ts'
import { chiSquareHomogeneity } from './statistics/chi-square.ts'
import { hellinger } from './statistics/hellinger.ts'
import { jensenShannon } from './statistics/jensen-shannon.ts'
import { ksDistance, ksPValue } from './statistics/kolmogorov-smirnov.ts'
import { lInfinity } from './statistics/l-infinity.ts'
import { populationStability } from './statistics/population-stability.ts'
import { proportions } from './statistics/proportions.ts'
import { wassersteinNormed } from './statistics/wasserstein.ts'

export type Policy = 'default' | 'evidently'
export type Band = 'none' | 'moderate' | 'major' | 'unknown'

export interface Missing {
  /** Shares, 0 to 1. */
  readonly reference: number
  readonly current: number
  /** Two-proportion z test, adjusted over all columns. */
  readonly adjusted_p: number
  readonly drifted: boolean
  readonly band: Band
}

export interface ColumnDrift {
  readonly column: string
  readonly type: 'number' | 'category' | 'text'
  /** Rows with a value. */
  readonly values: { readonly reference: number; readonly current: number }
  readonly test: string | null
  readonly measure: 'distance' | 'p' | null
  readonly score: number | null
  readonly threshold: number | null
  /** Under the default policy: the p-value beside the distance, adjusted over all columns. */
  readonly adjusted_p: number | null
  readonly drifted: boolean
  /** 1 at the threshold; comparable between tests. */
  readonly severity: number | null
  readonly band: Band
  /** Why there is no score. */
  readonly reason: string | null
  readonly missing: Missing
  /** Categories on one side only, with their share there. */
  readonly new_categories: readonly { readonly name: string; readonly share: number }[]
  readonly vanished_categories: readonly { readonly name: string; readonly share: number }[]
  /** Share of the model's total importance, 0 to 1; null where no model tells. */
  readonly importance: number | null
  readonly statistics: Readonly<Record<string, number>>
  /** Of numbers. */
  readonly mean: { readonly reference: number; readonly current: number } | null
  readonly quantiles: { readonly reference: readonly number[]; readonly current: readonly number[] } | null
  readonly distribution: Distribution | null
}

export interface DatasetDrift {
  readonly policy: Policy
  readonly rows: { readonly reference: number; readonly current: number }
  readonly columns: number
  /** Columns that could be tested. */
  readonly tested: number
  readonly drifted: number
  readonly major: number
  readonly missing_drifted: number
  /** Drifted ÷ columns. */
  readonly share: number
  /** Share of the model's importance in drifted columns; null where no importance is known. */
  readonly importance_drifted: number | null
  readonly threshold: number
  readonly verdict: 'drift' | 'no drift'
}

export interface Drift {
  readonly dataset: DatasetDrift
  /** Worst first. */
  readonly columns: readonly ColumnDrift[]
}

export interface CompareOptions {
  readonly policy: Policy
  /** Share of columns (or of importance) drifted that makes the data set drifted, 0 to 1. */
  readonly share: number
  /** Values that each side needs, under the default policy. */
  readonly least?: number
  /** Of each column by name; made to sum to 1. */
  readonly importance?: ReadonlyMap<string, number>
}

/** The measurement of one policy on one column; a column that cannot be tested has its reason and no score. */
export const scored = (policy: Policy, reference: Column, current: Column, least = 100): Scored =>
  policy === 'evidently' ? byEvidently(reference, current) : byDefault(reference, current, least)

/** Whether a column has drifted, given its adjusted p-value (which Evidently's tests do not have). */
export function isDrifted({ score, threshold, evidently: test }: Scored, adjusted: number | null): boolean {
  if (score === null || threshold === null) return false
  if (test) return evidently.drifted(test, score)
  return score >= threshold && (adjusted === null || adjusted < falseDiscoveryRate)
}

const falseDiscoveryRate = 0.05
const farEnough = 0.1
const missingPoints = { moderate: 0.05, major: 0.1 }
export const quantileShares = [0.05, 0.25, 0.5, 0.75, 0.95] as const

/** What one policy measures on one column, before p-values are adjusted over all of them. */
export interface Scored {
  readonly type: ColumnDrift['type']
  readonly test: string | null
  readonly measure: 'distance' | 'p' | null
  readonly score: number | null
  readonly threshold: number | null
  readonly p: number | null
  readonly reason: string | null
  readonly evidently?: evidently.Test
}

const unusable = (type: ColumnDrift['type'], reason: string): Scored => ({
  type,
  test: null,
  measure: null,
  score: null,
  threshold: null,
  p: null,
  reason,
})

function faultOf(reference: Column, current: Column, least: number): string | null {
  if (isNumber(reference) !== isNumber(current)) return `${reference.type} in the reference, ${current.type} now`
  const [n, m] = [present(reference), present(current)]
  if (n === 0 || m === 0) return `no value in the ${n === 0 ? 'reference' : 'current data'}`
  if (n < least || m < least) return `not enough data: ${n} and ${m} values, at least ${least} are needed`
  return null
}

function byEvidently(reference: Column, current: Column): Scored {
  const kind = evidently.kindOf(current)
  const type = kind === 'num' ? 'number' : kind === 'cat' ? 'category' : 'text'
  const fault = faultOf(reference, current, 1)
  if (fault) return unusable(type, fault)
  if (kind === 'text') return unusable(type, 'free text: over half of the values differ')
  const test = evidently.defaultTest(reference, current)
  const { name, measure, threshold } = evidently.tests[test]
  return {
    type,
    test: name,
    measure,
    score: evidently.scoreOf(test, reference, current),
    threshold,
    p: null,
    reason: null,
    evidently: test,
  }
}

/** Categories with fewer than five expected values a side join one rest, so that the chi-square law holds. */
function withoutRare(a: Float64Array, b: Float64Array): [number[], number[]] {
  const [n, m] = [a.reduce((x, y) => x + y, 0), b.reduce((x, y) => x + y, 0)]
  const out: [number[], number[]] = [[], []]
  let [restA, restB] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    if (((a[i]! + b[i]!) * Math.min(n, m)) / (n + m) < 5) {
      restA += a[i]!
      restB += b[i]!
    } else {
      out[0].push(a[i]!)
      out[1].push(b[i]!)
    }
  }
  if (restA + restB > 0) {
    out[0].push(restA)
    out[1].push(restB)
  }
  return out
}

function byDefault(reference: Column, current: Column, least: number): Scored {
  const numbers = isNumber(reference) && isNumber(current)
  const type = numbers && distinctOfBoth(reference, current, 10) > 10 ? 'number' : 'category'
  const fault = faultOf(reference, current, least)
  if (fault) return unusable(type, fault)
  if (!numbers && evidently.kindOf(current) === 'text')
    return unusable('text', 'free text: over half of the values differ')
  if (type === 'number' && numbers) {
    const [a, b] = [reference.sorted, current.sorted]
    const p = ksPValue(ksDistance(a, b), a.length, b.length)
    return {
      type,
      test: 'Wasserstein ÷ sd',
      measure: 'distance',
      score: wassersteinNormed(a, b),
      threshold: farEnough,
      p,
      reason: null,
    }
  }
  const both = categories(reference, current)
  const { p } = chiSquareHomogeneity(...withoutRare(both.reference, both.current), { yates: false })
  const score = jensenShannon(both.reference, both.current)
  return { type, test: 'Jensen-Shannon', measure: 'distance', score, threshold: farEnough, p, reason: null }
}

function statisticsOf(reference: Column, current: Column): Record<string, number> {
  if (present(reference) === 0 || present(current) === 0 || isNumber(reference) !== isNumber(current)) return {}
  if (isNumber(reference) && isNumber(current) && distinctOfBoth(reference, current, 10) > 10) {
    const [a, b] = [reference.sorted, current.sorted]
    const edges = deciles(a)
    const distance = ksDistance(a, b)
    return {
      ks_distance: distance,
      ks_p: ksPValue(distance, a.length, b.length),
      wasserstein_normed: wassersteinNormed(a, b),
      psi_deciles: populationStability(filled(shares(counted(a, edges))), filled(shares(counted(b, edges)))),
    }
  }
  const both = categories(reference, current)
  if (both.keys.length > 1000) return {}
  const [p, q] = [shares(both.reference), shares(both.current)]
  return {
    jensen_shannon: jensenShannon(p, q),
    chi_square_p: chiSquareHomogeneity(...withoutRare(both.reference, both.current), { yates: false }).p,
    psi_categories: populationStability(filled(p), filled(q)),
    hellinger: hellinger(p, q),
    l_infinity: lInfinity(p, q),
  }
}

function onOneSide(reference: Column, current: Column) {
  const none = { new_categories: [], vanished_categories: [] }
  if (isNumber(reference) || isNumber(current)) return none
  const [n, m] = [present(reference), present(current)]
  const list = (own: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>, total: number) =>
    [...own]
      .filter(([name]) => !other.has(name))
      .map(([name, count]) => ({ name, share: count / total }))
      .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1))
      .slice(0, 20)
  return {
    new_categories: list(current.counts, reference.counts, m),
    vanished_categories: list(reference.counts, current.counts, n),
  }
}

/** Bands of the change of missing shares, from adjusted p-values: five points and more than chance is moderate, ten major. */
export const missingBand = (reference: Column, current: Column, adjusted: number | null): Band =>
  adjusted !== null && adjusted < falseDiscoveryRate
    ? bandOf(
        Math.abs(current.missing / Math.max(1, current.rows) - reference.missing / Math.max(1, reference.rows)),
        missingPoints.moderate,
        missingPoints.major,
      )
    : 'none'

export const missingP = (reference: Column, current: Column): number =>
  proportions(reference.missing, reference.rows, current.missing, current.rows).p

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

const bandOf = (value: number, moderate: number, major: number): Band =>
  value >= major ? 'major' : value >= moderate ? 'moderate' : 'none'

/** Compares the columns that both sides have, in the order of the reference; columns of one side only become rows with a reason. */
export function compare(reference: readonly Column[], current: readonly Column[], options: CompareOptions): Drift {
  const { policy, share, least = 100 } = options
  const now = new Map(current.map((column) => [column.name, column]))
  const before = new Map(reference.map((column) => [column.name, column]))
  const names = [...new Set([...before.keys(), ...now.keys()])]
  const size = { reference: reference[0]?.rows ?? 0, current: current[0]?.rows ?? 0 }
  const absent = (name: string, rows: number): Column => ({
    name,
    type: 'float',
    rows,
    missing: rows,
    sorted: new Float64Array(),
  })

  const pairs = names.map((name) => {
    const [old, fresh] = [before.get(name), now.get(name)]
    const measured =
      old && fresh
        ? scored(policy, old, fresh, least)
        : unusable(isNumber(old ?? fresh!) ? 'number' : 'category', `only in the ${old ? 'reference' : 'current data'}`)
    return {
      name,
      both: Boolean(old && fresh),
      old: old ?? absent(name, size.reference),
      fresh: fresh ?? absent(name, size.current),
      measured,
    }
  })
  const adjusted = falseDiscovery(pairs.map(({ measured }) => measured.p))
  const missingTests = pairs.map(({ old, fresh, both }) => (both ? missingP(old, fresh) : null))
  const missingAdjusted = falseDiscovery(missingTests)
  const total = names.reduce((sum, name) => sum + (options.importance?.get(name) ?? 0), 0)

  const columns = pairs.map(({ name, old, fresh, both, measured }, i): ColumnDrift => {
    const { score, threshold, evidently: test } = measured
    const level =
      score === null || threshold === null ? null : test ? evidently.severity(test, score) : score / threshold
    const hit = isDrifted(measured, adjusted[i]!)
    const shares = { reference: old.missing / Math.max(1, old.rows), current: fresh.missing / Math.max(1, fresh.rows) }
    const emptied = missingBand(old, fresh, missingAdjusted[i]!)
    const usable = both && present(old) > 0 && present(fresh) > 0 && isNumber(old) === isNumber(fresh)
    return {
      column: name,
      type: measured.type,
      values: { reference: present(old), current: present(fresh) },
      test: measured.test,
      measure: measured.measure,
      score,
      threshold,
      adjusted_p: adjusted[i]!,
      drifted: hit,
      severity: level,
      band: score === null ? 'unknown' : hit ? (level! >= 2 ? 'major' : 'moderate') : 'none',
      reason: measured.reason,
      missing: { ...shares, adjusted_p: missingAdjusted[i] ?? 1, drifted: emptied !== 'none', band: emptied },
      ...onOneSide(old, fresh),
      importance: total > 0 ? (options.importance?.get(name) ?? 0) / total : null,
      statistics: both ? statisticsOf(old, fresh) : {},
      mean:
        usable && isNumber(old) && isNumber(fresh) && measured.type === 'number'
          ? { reference: meanOf(old.sorted), current: meanOf(fresh.sorted) }
          : null,
      quantiles:
        usable && isNumber(old) && isNumber(fresh) && measured.type === 'number'
          ? {
              reference: quantileShares.map((q) => quantile(old.sorted, q)),
              current: quantileShares.map((q) => quantile(fresh.sorted, q)),
            }
          : null,
      distribution: usable && measured.type !== 'text' ? distributionOf(old, fresh) : null,
    }
  })
  columns.sort(worstFirst)
  const drifted = columns.filter((column) => column.drifted)
  const weight = total > 0 ? drifted.reduce((sum, column) => sum + (column.importance ?? 0), 0) : null
  const part = columns.length ? drifted.length / columns.length : 0
  return {
    dataset: {
      policy,
      rows: size,
      columns: columns.length,
      tested: columns.filter((column) => column.score !== null).length,
      drifted: drifted.length,
      major: columns.filter((column) => column.band === 'major').length,
      missing_drifted: columns.filter((column) => column.missing.drifted).length,
      share: part,
      importance_drifted: weight,
      threshold: share,
      verdict:
        (policy === 'default' && weight !== null ? Math.max(weight, part) : part) >= share ? 'drift' : 'no drift',
    },
    columns,
  }
}

/** Drifted before not drifted, then by severity, then by name; columns without a score last. */
export function worstFirst(a: ColumnDrift, b: ColumnDrift): number {
  return (
    Number(b.drifted) - Number(a.drifted) || (b.severity ?? -1) - (a.severity ?? -1) || (a.column < b.column ? -1 : 1)
  )
}
