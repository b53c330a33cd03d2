/** Source Sans 3 (SIL Open Font License), embedded so that a report looks the same everywhere and asks the network for nothing. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The @font-face rule with the font inside, or '' where the package is not installed: the system's own font then serves. */
export function fontFace(): string {
  let file: string
  try {
    file = createRequire(import.meta.url).resolve(
      '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
    )
  } catch {
    return ''
  }
  const bytes = readFileSync(file).toString('base64')
  return `@font-face{font-family:"Source Sans 3";font-weight:200 900;src:url(data:font/woff2;base64,${bytes}) format("woff2")}\n`
}
