/** The page's words by language. */
import type { Language } from '../language.ts'
import { en } from './texts-en.ts'
import { fr, type Texts } from './texts-fr.ts'

export const texts: Readonly<Record<Language, Texts>> = { fr, en }
