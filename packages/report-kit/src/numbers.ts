/**
 * Numbers as people read them, in French and English: no-break space U+00A0 (never U+202F), minus sign U+2212.
 *
 *   number(1234.5, { digits: 1 })             '1,234.5'        fr '1 234,5'
 *   number(-0.4, { digits: 1, signed: true }) '−0.4'           (+0.4 when positive)
 *   number(0.000123, { significant: 3 })      '0.000123'
 *   percent(0.1234)                           '12.3%'          fr '12,3 %'      takes a share, 1 digit unless given
 *   points(0.0456)                            '+4.6'           takes a difference of shares, always signed
 *   amount(463131)                            '€463,131'       fr '463 131 €'   0 digits unless given
 *   pValue(1e-9)                              '< 0.0001'
 *   bytes(12345)                              '12.3 kB'
 * Missing (null, NaN) is '–' everywhere. `lang` is 'en' unless given.
 */

export type Lang = 'fr' | 'en'

export interface NumberFormat {
  readonly digits?: number
  readonly significant?: number
  readonly signed?: boolean
  readonly lang?: Lang
}

type Missing = null | undefined

const cache = new Map<string, Intl.NumberFormat>()

function formatter(lang: Lang, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const { style, minimumFractionDigits, maximumSignificantDigits, signDisplay } = options
  const key = [lang, style, minimumFractionDigits, maximumSignificantDigits, signDisplay].join(' ') // these are all that differ
  const known = cache.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { signDisplay: 'negative', ...options })
  cache.set(key, made)
  return made
}

const typeset = (text: string): string => text.replaceAll('\u202f', '\u00a0').replaceAll('-', '\u2212')

function write(value: number | Missing, lang: Lang, options: Intl.NumberFormatOptions): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  return typeset(formatter(lang, options).format(value))
}

const fixed = (digits: number) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits })

export function number(value: number | Missing, options: NumberFormat = {}): string {
  const { digits = 0, significant, signed = false, lang = 'en' } = options
  return write(value, lang, {
    ...(significant ? { maximumSignificantDigits: significant } : fixed(digits)),
    ...(signed ? { signDisplay: 'exceptZero' as const } : {}),
  })
}

export const percent = (share: number | Missing, options: { digits?: number; lang?: Lang } = {}): string =>
  write(share, options.lang ?? 'en', { style: 'percent', ...fixed(options.digits ?? 1) })

export const points = (share: number | Missing, options: { digits?: number; lang?: Lang } = {}): string =>
  number(typeof share === 'number' ? share * 100 : share, {
    digits: options.digits ?? 1,
    signed: true,
    lang: options.lang,
  })

export const amount = (value: number | Missing, options: { digits?: number; lang?: Lang } = {}): string =>
  write(value, options.lang ?? 'en', { style: 'currency', currency: 'EUR', ...fixed(options.digits ?? 0) })

export function pValue(p: number | Missing, lang: Lang = 'en'): string {
  if (typeof p === 'number' && p < 1e-4) return `<\u00a0${lang === 'fr' ? '0,0001' : '0.0001'}`
  return number(p, { digits: typeof p === 'number' && p < 0.01 ? 4 : 3, lang })
}

export function bytes(size: number, lang: Lang = 'en'): string {
  const [unit, divisor] = size < 1e3 ? ['B', 1] : size < 1e6 ? ['kB', 1e3] : size < 1e9 ? ['MB', 1e6] : ['GB', 1e9]
  return `${number(size / divisor, { digits: divisor === 1 ? 0 : 1, lang })}\u00a0${unit}`
}
