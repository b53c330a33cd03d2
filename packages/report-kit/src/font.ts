/** Source Sans 3 (SIL Open Font License), served and embedded by us so that a page looks the same everywhere and asks the network for nothing. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The font file: variable weight, Latin, WOFF2. */
export const font = (): Buffer =>
  readFileSync(
    createRequire(import.meta.url).resolve(
      '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
    ),
  )

/** The @font-face rule with the font inside. */
export const fontFace = (): string =>
  `@font-face{font-family:"Source Sans 3";font-weight:200 900;src:url(data:font/woff2;base64,${font().toString('base64')}) format("woff2")}\n`
