/**
 * Text that is known to be safe markup, and the template tag that makes it.
 *
 *   html`<p>${anything}</p>`   strings and numbers are escaped, Html goes in as it is, arrays are joined, null, undefined and false vanish
 *   raw('<b>safe</b>')         takes text for markup as it is: only for constants and the output of trusted code
 *   join(parts, separator?)    several pieces as one
 * Indentation after a line break of a template stays in the source: the page gets the line break alone.
 */

declare const safe: unique symbol

export interface Html {
  readonly markup: string
  readonly [safe]?: true
}

export type Part = Html | string | number | null | undefined | false | readonly Part[]

class Markup implements Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
  toString(): string {
    return this.markup
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character)

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  if (part instanceof Markup) return part.markup
  if (Array.isArray(part)) return part.map(render).join('')
  throw new TypeError('html: a part must be text, a number, Html or a list of these')
}

const outlines = new WeakMap<TemplateStringsArray, readonly string[]>()

/** The constant texts of a template without the indentation of their lines. */
function unindented(texts: TemplateStringsArray): readonly string[] {
  const known = outlines.get(texts)
  if (known) return known
  const made = texts.map((text) => text.replaceAll(/\n[ \t]+/g, '\n'))
  outlines.set(texts, made)
  return made
}

export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Markup(unindented(texts).reduce((all, text, i) => all + render(parts[i - 1]) + text))
}

export const raw = (markup: string): Html => new Markup(markup)

export const join = (parts: readonly Part[], separator: Part = ''): Html =>
  raw(parts.map(render).join(render(separator)))
