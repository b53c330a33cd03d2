/** What the page links: one style sheet put together from style/, the script, the font; read once at start. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawingStyle, font, tokenRules } from 'report-kit'

export interface Asset {
  readonly type: string
  readonly body: string | Buffer
}

/** In the order of the page: what comes later wins. */
const parts = [
  'base',
  'header',
  'pieces',
  'fields',
  'find',
  'decision',
  'drawings',
  'tables',
  'monitoring',
  'sheet',
  'screens',
  'print',
] as const

const scripts = ['page', 'connection', 'draft', 'form', 'numbers', 'review', 'what-if'] as const

const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')

/** Without comments and indentation; strings hold neither. */
const compact = (css: string): string =>
  css
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .replaceAll(/\n?([{}:;,])\n?/g, '$1')
    .trim()

const style = compact([tokenRules, drawingStyle, ...parts.map((part) => read(`style/${part}.css`))].join('\n'))

/** By file name. */
export const assets: Readonly<Record<string, Asset>> = {
  'page.css': { type: 'text/css; charset=utf-8', body: style },
  ...Object.fromEntries(
    scripts.map((name) => [`${name}.js`, { type: 'text/javascript; charset=utf-8', body: read(`script/${name}.js`) }]),
  ),
  'source-sans-3.woff2': { type: 'font/woff2', body: font() },
}

/** Changes with the content, so that a browser may keep what it has. */
export const stamp = createHash('sha256')
  .update(
    Object.values(assets)
      .map(({ body }) => body)
      .join(''),
  )
  .digest('hex')
  .slice(0, 8)
