/** One drawing of a figure as an SVG file of its own, for places that show pictures and no pages, such as the README. */
import type { Html } from './html.ts'
import { drawingStyle } from './style.ts'
import { tokenRules } from './tokens.ts'

const font = 'svg{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}'

/** The widest drawing of a figure, with its style inside and a margin of 16 px around. Throws where the figure holds no drawing. */
export function picture(figure: Html): string {
  const drawing = [...String(figure).matchAll(/<svg\b([^>]*)>([\s\S]*?)<\/svg>/g)].at(-1)
  const [width, height] = ['width', 'height'].map((name) => Number(drawing?.[1]?.match(`\\b${name}="([0-9.]+)"`)?.[1]))
  if (!drawing || !width || !height) throw new Error('a figure with a drawing of known size was expected')
  const [w, h] = [width + 32, height + 32]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="-16 -16 ${w} ${h}"><style>${tokenRules}${font}
${drawingStyle}</style><rect x="-16" y="-16" width="${w}" height="${h}" rx="8" fill="var(--surface)"/>${drawing[2]}</svg>\n`
}
