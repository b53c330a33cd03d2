/** The frame of every page: head, header with sections and language, main, foot, and the style and script it links. */
import { type Html, html } from 'report-kit'
import type { Language } from '../language.ts'
import { stamp } from './assets.ts'
import type { Session } from './session.ts'
import { texts } from './texts.ts'

export type Section = 'clients' | 'application' | 'journal' | 'monitoring' | 'model'

const places: readonly (readonly [Section, string])[] = [
  ['clients', '/'],
  ['application', '/applications/new'],
  ['journal', '/journal'],
  ['monitoring', '/monitoring'],
  ['model', '/model'],
]

export interface Frame {
  readonly language: Language
  readonly title: string
  readonly section: Section | null
  /** Path and query of this page, for the link to the other language. */
  readonly url: string
  readonly synthetic: boolean
  readonly failed?: boolean
  readonly sections?: readonly Section[]
  /** Who is signed in; null where nobody need be or is. */
  readonly session: Session | null
  /** Whether the form of the page goes along when the language is switched. */
  readonly keepsTyped?: boolean
  readonly body: Html
}

/** The id of a form whose typed values are kept, and where they are sent for it. */
export const typedForm = 'typed'
export const draftPath = '/applications/draft'

function inLanguage(url: string, language: Language): string {
  const at = new URL(url, 'http://page')
  at.searchParams.set('lang', language)
  return at.pathname + at.search
}

function signedIn({ name, role }: Session, language: Language): Html {
  const t = texts[language].signIn
  return html`<form method="post" action="/sign-out" class="who">
<span>${name && html`<b>${name}</b> · `}${t.roles[role]}</span>
<button class="link">${t.out}</button>
</form>`
}

export function frame({
  language,
  title,
  section,
  url,
  synthetic,
  failed = false,
  sections,
  session,
  keepsTyped = false,
  body,
}: Frame): string {
  const t = texts[language]
  const shown = places.filter(([name]) => !sections || sections.includes(name))
  const languages = (['fr', 'en'] as const).map((one) => {
    const name = one === 'fr' ? (language === 'fr' ? 'FR' : 'Français') : language === 'en' ? 'EN' : 'English'
    return one === language
      ? html`<b>${name}</b>`
      : keepsTyped
        ? html`<button class="link" form="${typedForm}" formaction="${inLanguage(draftPath, one)}" lang="${one}">${name}</button>`
        : html`<a href="${inLanguage(url, one)}" lang="${one}" hreflang="${one}">${name}</a>`
  })
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${failed && t.errorPrefix}${title} · ${t.lender}</title>
<link rel="icon" href="data:,">
<link rel="preload" href="/page/${stamp}/source-sans-3.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/page/${stamp}/page.css">
<script type="module" src="/page/${stamp}/page.js"></script>
</head>
<body>
<a class="skip" href="#main">${t.skip}</a>
<header class="head"><div>
<a class="name" href="/">${t.lender}</a>
<nav aria-label="${t.menu}"><ul>${shown.map(
    ([name, href]) =>
      html`<li><a href="${href}"${name === section && html` aria-current="page"`}>${t.nav[name]}</a></li>`,
  )}</ul></nav>
<p class="languages" aria-label="${t.languages}" role="group">${languages[0]} · ${languages[1]}</p>
${session?.token && signedIn(session, language)}
</div>${synthetic && html`<p class="made">${t.synthetic}</p>`}
<p class="offline" role="alert" data-lost="${t.offline}" hidden></p></header>
<main id="main" tabindex="-1">
${body}
</main>
<footer class="foot"><p><a href="/rights">${t.rightsLink}</a> <a href="/docs" lang="en">${t.apiLink}</a></p></footer>
</body>
</html>`.markup
}
