/** The one error class of this package. */

/**
 * What libxgboost, or this package before calling it, refused.
 * `fn` is the C function that failed (`XGBoosterUpdateOneIter`), or the function of this package that refused its arguments (`DMatrix.fromColumns`).
 */
export class XGBoostError extends Error {
  readonly fn: string

  constructor(fn: string, message: string, options?: ErrorOptions) {
    super(`${fn}: ${message}`, options)
    this.name = 'XGBoostError'
    this.fn = fn
  }
}
