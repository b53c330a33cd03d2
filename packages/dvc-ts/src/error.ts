/** What can go wrong between this package, its files and dvc. */

/** Why a command of DVC did not do what was asked, as far as a program can act on it. */
export type Reason =
  | 'no-dvc' // no dvc command
  | 'no-git' // a revision is asked for where there is no git
  | 'not-a-repository'
  | 'invalid-file' // dvc.yaml, a .dvc file or a parameters file does not parse
  | 'unknown-revision'
  | 'missing-data' // neither in the workspace nor in the cache nor on the remote
  | 'no-remote'
  | 'locked' // another dvc is at work
  | 'aborted' // by the caller's signal
  | 'failed' // anything else

/** A file, a value or a command of DVC that is not as it must be. The message says what was expected, what came and where. */
export class DvcError extends Error {
  override name = 'DvcError'
  readonly reason: Reason
  /** What dvc printed on stderr, whole; '' when no command ran. */
  readonly stderr: string

  constructor(message: string, o: { reason?: Reason; stderr?: string } = {}) {
    super(message)
    this.reason = o.reason ?? 'failed'
    this.stderr = o.stderr ?? ''
  }
}

/** A parameters file that is absent, unreadable or does not hold what the program expects. */
export class ParamsError extends DvcError {
  override name = 'ParamsError'
  readonly file: string
  readonly section: string

  constructor(file: string, section: string, message: string) {
    super(message, { reason: 'invalid-file' })
    this.file = file
    this.section = section
  }
}
