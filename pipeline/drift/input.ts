/** A file that cannot be compared: not there, unreadable, empty, or no table; the message says what to do. */
export class DriftInputError extends Error {
  override readonly name = 'DriftInputError'
}

/** What pandas.read_csv takes for a missing value. */
export const pandasMissing = [
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
] as const
