/** Where a text stops being JSON, and what to write there: line, column and pointer, never what stands there. */
import type { Text } from './language.ts'
import { escapePointer, type Fault } from './problems.ts'

type Code =
  | 'json_empty'
  | 'json_end'
  | 'json_more'
  | 'json_not_a_number'
  | 'json_word'
  | 'json_number'
  | 'json_quote'
  | 'json_name'
  | 'json_colon'
  | 'json_comma'
  | 'json_string'
  | 'json_value'

const texts: Readonly<Record<Code, Text>> = {
  json_empty: { fr: 'le corps est vide.', en: 'the body is empty.' },
  json_end: { fr: 'le JSON s’arrête avant sa fin.', en: 'the JSON ends before it is complete.' },
  json_more: { fr: 'il reste quelque chose après la fin du JSON.', en: 'something follows the end of the JSON.' },
  json_not_a_number: {
    fr: 'NaN et Infinity ne sont pas du JSON ; envoyez null pour une valeur manquante.',
    en: 'NaN and Infinity are no JSON; send null for a missing value.',
  },
  json_word: {
    fr: 'attendu : true, false ou null, en minuscules ; un texte se met entre guillemets.',
    en: 'expected true, false or null in small letters; a text stands in double quotes.',
  },
  json_number: {
    fr: 'ce nombre n’est pas du JSON : des chiffres, un point décimal, ni signe + ni zéro en tête.',
    en: 'this number is no JSON: digits and a decimal point, no plus sign and no leading zero.',
  },
  json_quote: { fr: 'un texte se met entre guillemets doubles.', en: 'a text stands in double quotes.' },
  json_name: {
    fr: 'attendu : le nom d’un champ entre guillemets doubles (pas de virgule après le dernier).',
    en: 'expected the name of a field in double quotes (no comma after the last one).',
  },
  json_colon: { fr: 'attendu : deux-points après le nom.', en: 'expected a colon after the name.' },
  json_comma: { fr: 'attendu : une virgule ou la fin.', en: 'expected a comma or the end.' },
  json_string: {
    fr: 'ce texte contient un caractère de contrôle ou un échappement inconnu.',
    en: 'this text holds a control character or an unknown escape.',
  },
  json_value: {
    fr: 'attendu : une valeur JSON (pas de virgule après la dernière).',
    en: 'expected a JSON value (no comma after the last one).',
  },
}

const blank = /[ \t\n\r]*/y
const numeral = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const literal = /true|false|null/y
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const word = /[\w$.+-]*/y

const matched = (form: RegExp, text: string, at: number): string | null => {
  form.lastIndex = at
  return form.exec(text)?.[0] ?? null
}

/** Where something is not JSON. */
class Stop extends Error {
  readonly at: number
  readonly code: Code
  constructor(at: number, code: Code) {
    super(code)
    this.at = at
    this.code = code
  }
}

/** A list or object that has begun, and the name or index of the member that is read. */
interface Open {
  readonly closer: '}' | ']'
  key: string | number | null
}

/** The first fault of a text, or null where it is JSON: it refuses what JSON.parse refuses. */
export function jsonFault(text: string): Fault | null {
  const open: Open[] = []
  try {
    read(text, open)
  } catch (error) {
    if (error instanceof Stop) return faultAt(text, error, open)
    throw error
  }
  return null
}

const [shownLevels, shownName] = [8, 60] // of a pointer: where a fault lies need not be as long as what was sent

function faultAt(text: string, { at, code }: Stop, open: readonly Open[]): Fault {
  const before = text.slice(0, at)
  const [line, column] = [before.split('\n').length, at - before.lastIndexOf('\n')]
  const pointer = open
    .slice(0, shownLevels)
    .flatMap(({ key }) => (key === null ? [] : `/${escapePointer(String(key).slice(0, shownName))}`))
    .join('')
  return jsonFaultAt(code, { line, column }, pointer)
}

/** The fault at a place that is known already. */
export function jsonFaultAt(code: Code, { line, column }: { line: number; column: number }, pointer: string): Fault {
  const { fr, en } = texts[code]
  return {
    pointer,
    code,
    detail: { fr: `Ligne ${line}, colonne ${column} : ${fr}`, en: `Line ${line}, column ${column}: ${en}` },
  }
}

/** Reads without making anything and without recursion: lists may lie in each other a million deep. */
function read(text: string, open: Open[]): void {
  const skip = (at: number) => at + matched(blank, text, at)!.length
  let at = skip(0)
  if (at === text.length) throw new Stop(at, 'json_empty')
  for (;;) {
    const opener = text[at]
    if (opener === '{' || opener === '[') {
      const closer = opener === '{' ? '}' : ']'
      open.push({ closer, key: closer === '}' ? null : 0 })
      at = skip(at + 1)
      if (text[at] !== closer) {
        if (closer === '}') at = name(at)
        continue
      }
    } else at = skip(scalar(text, at))
    for (; text[at] !== undefined && text[at] === open.at(-1)?.closer; at = skip(at + 1)) open.pop()
    const within = open.at(-1)
    if (!within) {
      if (at < text.length) throw new Stop(at, 'json_more')
      return
    }
    if (at === text.length) throw new Stop(at, 'json_end')
    if (text[at] !== ',') throw new Stop(at, 'json_comma')
    at = skip(at + 1)
    if (within.closer === '}') at = name(at)
    else within.key = Number(within.key) + 1
  }

  /** Reads the name of a member and its colon; where its value begins. */
  function name(from: number): number {
    const within = open.at(-1)!
    within.key = null
    if (from === text.length) throw new Stop(from, 'json_end')
    if (text[from] !== '"') throw new Stop(from, 'json_name')
    const end = stringEnd(text, from)
    within.key = String(JSON.parse(text.slice(from, end)))
    const next = skip(end)
    if (next === text.length) throw new Stop(next, 'json_end')
    if (text[next] !== ':') throw new Stop(next, 'json_colon')
    return skip(next + 1)
  }
}

/** Where a string, number or word that begins at `at` ends. */
function scalar(text: string, at: number): number {
  const first = text[at]
  if (first === undefined) throw new Stop(at, 'json_end')
  if (first === '"') return stringEnd(text, at)
  const written = matched(word, text, at) ?? ''
  if (/^[+-]?(nan|inf(inity)?)$/i.test(written)) throw new Stop(at, 'json_not_a_number')
  const whole = matched(numeral, text, at) ?? matched(literal, text, at)
  if (whole !== null && whole === written) return at + whole.length
  if (/^[+\-.\d]/.test(written)) throw new Stop(at, 'json_number')
  if (first === "'" || first === '`') throw new Stop(at, 'json_quote')
  throw new Stop(at, written === '' ? 'json_value' : 'json_word')
}

function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 34) return at + 1
    if (character < 32) throw new Stop(at, 'json_string')
    if (character !== 92) continue
    const sequence = matched(escaped, text, at)
    if (sequence === null) throw new Stop(at, 'json_string')
    at += sequence.length - 1
  }
  throw new Stop(text.length, 'json_end')
}
