// Numbers as the page's language writes and reads them; answers.ts reads the same on the server.

const language = globalThis.document?.documentElement.lang ?? 'fr'
const writers = Object.fromEntries(
  Object.entries({ fr: 'fr-FR', en: 'en-GB' }).map(([one, tag]) => [
    one,
    new Intl.NumberFormat(tag, { maximumFractionDigits: 2 }),
  ]),
)
const written = {
  fr: { grouped: /^-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/, plain: /^-?(\d+|\d{1,3}( \d{3})+)([.,]\d+)?$/, dots: /\./g },
  en: { grouped: /^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/, plain: /^-?(\d+|\d{1,3}( \d{3})+)(\.\d+)?$/, dots: /,/g },
}

/** "463 131,5" in French, "463,131.5" in English. */
export const write = (value, lang = language) => writers[lang].format(value).replaceAll('\u202f', '\u00a0')

/** NaN when it is no number, or an amount that may be read in two ways. */
export function read(text, kind = 'number', lang = language) {
  const close = text
    .replaceAll(/[\s\u00a0\u202f]+/g, ' ')
    .replaceAll(/€|%|\beur(os?)?\b/gi, '')
    .trim()
    .replace('\u2212', '-')
  const { grouped, plain, dots } = written[lang]
  const bare = grouped.test(close) ? close.replaceAll(dots, '') : plain.test(close) ? close.replaceAll(' ', '') : ''
  if (bare === '' || (kind === 'amount' && /[.,]\d{3}$/.test(bare))) return Number.NaN
  return Number(bare.replace(',', '.'))
}
