/** Made data for the tests and benches: reproducible columns with missing values, categories and a label that depends on them. */

/** The linear congruential generator of Numerical Recipes: the same numbers in any language. */
export function lcg(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return state / 4294967296
  }
}

export interface Made {
  readonly columns: Float32Array[]
  /** A score on the log-odds scale. */
  readonly score: Float32Array
  /** 0 or 1, drawn by the score. */
  readonly label: Float32Array
}

/** `numeric` columns of numbers, a tenth of them missing, and `categorical` columns of codes 0 to 6. */
export function made(rows: number, numeric: number, categorical = 0, seed = 1): Made {
  const next = lcg(seed)
  const columns = Array.from({ length: numeric + categorical }, () => new Float32Array(rows))
  const [score, label] = [new Float32Array(rows), new Float32Array(rows)]
  for (let row = 0; row < rows; row++) {
    let sum = -0.5
    for (const [i, column] of columns.entries()) {
      const value = i < numeric ? next() * 2 - 1 : Math.floor(next() * 7)
      sum += i < numeric ? value * Math.cos(i) * 1.5 : value === 3 ? 0.8 : 0
      column[row] = next() < 0.1 ? Number.NaN : value
    }
    score[row] = sum
    label[row] = next() < 1 / (1 + Math.exp(-sum)) ? 1 : 0
  }
  return { columns, score, label }
}
