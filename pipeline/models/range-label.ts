/** Ranges of numbers in words, for tables of groups and bins: "up to 5", "above 1,240 to 1,610". */

const threeDigits = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3, signDisplay: 'negative' })

/** A bound with three significant digits, U+2212 as its minus sign; "–" where it is missing. */
export const boundText = (value: number): string =>
  Number.isNaN(value) ? '–' : threeDigits.format(value).replaceAll('-', '\u2212')

/** Values above `from` up to and with `to`; undefined where there is no bound. */
export const rangeLabel = (
  from: number | undefined,
  to: number | undefined,
  text: (value: number) => string = boundText,
): string =>
  from === undefined
    ? to === undefined
      ? 'all'
      : `up to ${text(to)}`
    : to === undefined
      ? `above ${text(from)}`
      : `above ${text(from)} to ${text(to)}`
