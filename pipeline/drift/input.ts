/** A file that cannot be compared: not there, unreadable, empty, or no table; the message says what to do. */
export class DriftInputError extends Error {
  override readonly name = 'DriftInputError'
}
