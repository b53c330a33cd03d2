/** What can go wrong between the pipeline and an MLflow server. */

/** A value that MLflow would not keep as it is, a server that refuses or cannot be reached. Says what was asked of whom, and what came. */
export class TrackingError extends Error {
  override name = 'TrackingError'
  /** HTTP status of the refusal; null when there was no answer or nothing was asked. */
  readonly status: number | null
  /** MLflow's error code, such as RESOURCE_ALREADY_EXISTS; '' when there is none. */
  readonly code: string

  constructor(message: string, answer: { status?: number; code?: string } = {}) {
    super(message)
    this.status = answer.status ?? null
    this.code = answer.code ?? ''
  }
}
