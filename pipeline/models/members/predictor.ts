/** Opens the members of a model: log-odds of default, and what each feature contributes to them, for rows of encoded features. */
import type { Booster } from 'xgboost-node'
import { addLinearContributions, addLinearMargins } from './linear.ts'
import type { Member } from './member.ts'
import { addScorecardContributions, addScorecardMargins } from './scorecard.ts'
import { openTrees, type Trees } from './trees.ts'

/** A member reads a feature that is not among those of the definitions. */
export class UnknownFeature extends Error {
  override readonly name = 'UnknownFeature'
}

export interface Predictor extends Disposable {
  readonly width: number
  /** The log-odds of default of each of `count` clients; `rows` holds `width` float32 values a client, NaN where missing. */
  margins(rows: Float32Array, count: number): Float64Array
  /**
   * The log-odds, and what each feature contributes to them: row-major, `width` + 1 a client, in the order of the features and then the bias, so
   * that they add up to the log-odds. Trees: SHAP; linear and scorecard: deviation from the training mean. Members are added with their weights.
   */
  explain(rows: Float32Array, count: number): { readonly margins: Float64Array; readonly contributions: Float64Array }
  /** Those members that are trees, for what trees alone can be asked. */
  readonly trees: readonly { readonly weight: number; readonly booster: Booster }[]
}

/**
 * `features`: the names in the order of a row. `fileOf` gives the bytes of a member's file. Throws when a member reads a feature that is not
 * there, or when its trees were trained on others.
 */
export function openMembers(
  members: readonly Member[],
  features: readonly string[],
  fileOf: (name: string) => Uint8Array,
  options: { readonly forest?: boolean } = {},
): Predictor {
  const places = new Map(features.map((name, place) => [name, place]))
  const placeOf = (feature: string): number => {
    const place = places.get(feature)
    if (place === undefined)
      throw new UnknownFeature(`a member reads the feature ${feature}, which the definitions lack`)
    return place
  }
  for (const member of members) for (const feature of featuresOf(member)) placeOf(feature)
  using stack = new DisposableStack()
  const opened = members.map((member) => ({
    member,
    trees: member.family === 'trees' ? stack.use(openTrees(fileOf(member.file), options)) : null,
  }))
  const held = stack.move()
  const width = features.length
  const reader = (rows: Float32Array) => (feature: string) => {
    const place = placeOf(feature)
    return (row: number) => rows[row * width + place] as number
  }
  const addMargins = (member: Member, trees: Trees | null, rows: Float32Array, count: number, out: Float64Array) => {
    if (member.family === 'linear') addLinearMargins(member, count, reader(rows), out)
    else if (member.family === 'scorecard') addScorecardMargins(member, count, reader(rows), out)
    else addAll((trees as Trees).margins(rows, count), member.weight, out)
  }
  return {
    width,
    margins: (rows, count) => {
      const out = new Float64Array(count)
      for (const { member, trees } of opened) addMargins(member, trees, rows, count, out)
      return out
    },
    explain: (rows, count) => {
      const margins = new Float64Array(count)
      const contributions = new Float64Array(count * (width + 1))
      for (const { member, trees } of opened) {
        if (member.family === 'linear')
          addLinearContributions(member, count, reader(rows), placeOf, width, contributions)
        else if (member.family === 'scorecard')
          addScorecardContributions(member, count, reader(rows), placeOf, width, contributions)
        else {
          const own = (trees as Trees).margins(rows, count)
          addAll(own, member.weight, margins)
          addTreeContributions(own, (trees as Trees).contributions(rows, count), member.weight, width, contributions)
          continue
        }
        addMargins(member, trees, rows, count, margins)
      }
      return { margins, contributions }
    },
    trees: opened.flatMap(({ member, trees }) => (trees ? [{ weight: member.weight, booster: trees.booster }] : [])),
    [Symbol.dispose]: () => held.dispose(),
  }
}

/** The features that a linear or scorecard member reads; trees name theirs in their file. */
const featuresOf = (member: Member): readonly string[] => {
  if (member.family === 'linear') return member.columns.map(({ feature }) => feature)
  if (member.family === 'scorecard') return member.characteristics.map(({ feature }) => feature)
  return []
}

function addAll(values: ArrayLike<number>, weight: number, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! += weight * (values[i] as number)
}

/** SHAP values are sums in another order than the margin, which is of single precision: the bias takes what rounding leaves. */
function addTreeContributions(
  margins: ArrayLike<number>,
  contributionsOf: (row: number) => ArrayLike<number>,
  weight: number,
  width: number,
  out: Float64Array,
): void {
  for (let i = 0; i < margins.length; i++) {
    const [contributions, at] = [contributionsOf(i), i * (width + 1)]
    let sum = 0
    for (let j = 0; j < width; j++) {
      sum += contributions[j]!
      out[at + j]! += weight * contributions[j]!
    }
    out[at + width]! += weight * ((margins[i] as number) - sum)
  }
}
