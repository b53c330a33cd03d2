/** A member of trees: XGBoost's margins, and exact SHAP values by flat arrays where the forest allows them, else by the library. */
import { Booster, DMatrix, Forest } from 'xgboost-node'

/** Clients from which on a large forest is quicker than the library, which it equals to single precision: its tables are made once for all. */
const togetherFrom = 200

export interface Trees extends Disposable {
  readonly booster: Booster
  margins(rows: Float32Array, count: number): ArrayLike<number>
  /** Of each row its contributions in the order of the features, then the bias. */
  contributions(rows: Float32Array, count: number): (row: number) => ArrayLike<number>
}

/** Opens the trees in the bytes of a model. `forest: false` asks the library for every client, as models that have no forest do. */
export function openTrees(bytes: Uint8Array, options: { readonly forest?: boolean } = {}): Trees {
  const booster = Booster.load(bytes)
  const forest = options.forest === false ? null : Forest.read(bytes, { verify: false }) // the booster was read from the same bytes, with every check
  return treesOf(booster, forest && agreeing(forest, booster))
}

function treesOf(booster: Booster, forest: Forest | null): Trees {
  const width = booster.columns
  return {
    booster,
    margins: (rows, count) =>
      forest
        ? Float32Array.from({ length: count }, (_, i) => forest.margin(rows, i * width))
        : booster.predictRows(rows, count, { output: 'margin' }),
    contributions: (rows, count) => {
      if (forest?.tabled) return (row) => forest.contributions(rows, row * width)
      if (forest && count >= togetherFrom) return rowOf(forest.contributionsOf(rows, count), width + 1)
      const info = { featureNames: booster.featureNames ?? [], featureTypes: booster.featureTypes ?? [] }
      using matrix = DMatrix.fromRows(rows, { rows: count, columns: width }, info)
      return rowOf(booster.contributions(matrix), width + 1)
    },
    [Symbol.dispose]: () => booster.close(),
  }
}

const rowOf = (values: Float64Array | Float32Array, width: number) => (row: number) =>
  values.subarray(row * width, (row + 1) * width)

/** The forest where it answers as the library does to a client of whom nothing is known; else null, and the library is asked each time. */
function agreeing(forest: Forest, booster: Booster): Forest | null {
  const unknown = new Float32Array(booster.columns).fill(Number.NaN)
  return forest.margin(unknown) === booster.predictRows(unknown, 1, { output: 'margin' })[0] ? forest : null
}
