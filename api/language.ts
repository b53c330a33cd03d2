/** The two languages of texts and problems, and which one a request asks for. */
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'

export type Language = 'fr' | 'en'
export type Text = Readonly<Record<Language, string>>

const known = (tag: string | undefined): Language | null => (tag === 'fr' || tag === 'en' ? tag : null)

/** The first language of an Accept-Language header that is known, by quality (RFC 9110, 12.5.4); French when none is. */
export function accepted(header: string | undefined): Language {
  const ranges = (header ?? '').split(',').map((range) => {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';')
    const quality = parameters.map((p) => /^\s*q=([\d.]+)\s*$/.exec(p)?.[1]).find((q) => q !== undefined)
    return { tag: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality) }
  })
  const best = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality)
  return best.map(({ tag }) => known(tag)).find((tag) => tag !== null) ?? 'fr'
}

/** The language of a request: `lang` in the query, then the page's cookie, then Accept-Language, then French. */
export function languageOf(c: Context): Language {
  return known(c.req.query('lang')) ?? known(getCookie(c, 'lang')) ?? accepted(c.req.header('accept-language'))
}
