// Numbers as the page's language writes and reads them.

const french = document.documentElement.lang === 'fr'
const grouped = new Intl.NumberFormat(french ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 2 })

/** "463 131,5" in French, "463,131.5" in English. */
export const write = (value) => grouped.format(value).replaceAll('\u202f', '\u00a0')

/** NaN when it is no number. */
export function read(text) {
  const close = text.replace(/[\s\u00a0\u202f€%]/g, '')
  return close === ''
    ? Number.NaN
    : Number(french ? close.replace(',', '.') : close.replaceAll(/,(?=\d{3}(\D|$))/g, ''))
}
