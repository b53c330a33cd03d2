/** JSON as it comes in: parsed once, and refused where it is none, or is deeper or wider than anything that is taken here. */
import { jsonFault } from './json-fault.ts'
import { type Fault, Problem } from './problems.ts'

const mostLevels = 32 // a list of applications with their history has 5
const mostMembers = 1000 // of one object; an application has 122
const wideFrom = 32_768 // characters; a smaller text is parsed in no time, whatever its members

const malformed = (fault: Fault) => new Problem('malformed-json', { faults: [fault] })

const said = (code: string, fr: string, en: string, pointer = ''): Fault => ({ pointer, code, detail: { fr, en } })

/**
 * The value of a JSON text; of a member that stands there twice the last counts (ECMA-262, JSON.parse).
 * @throws Problem malformed-json with the place and what to send
 */
export function parseJson(text: string): unknown {
  if (text.includes('\uFFFD'))
    throw malformed(
      said('not_utf8', 'Des octets ne sont pas de l’UTF-8 : envoyez de l’UTF-8.', 'Bytes are not UTF-8: send UTF-8.'),
    )
  // An object with a hundred thousand names keeps everybody waiting while it is made.
  if (text.length > wideFrom && hasWideObject(text, mostMembers))
    throw malformed(
      said(
        'too_many_members',
        `Un objet a plus de ${mostMembers} champs ; une demande en a 122 au plus.`,
        `An object has more than ${mostMembers} fields; an application has 122 at most.`,
      ),
    )
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const found = jsonFault(text)
    throw new Problem('malformed-json', { faults: found ? [found] : [] })
  }
  checkDepth(value)
  return value
}

/** @throws Problem malformed-json where lists and objects lie in each other more than 32 deep: what follows may recurse */
function checkDepth(value: unknown): void {
  if (isDeeper(value, mostLevels))
    throw malformed(
      said(
        'too_deep',
        `Les listes et objets sont imbriqués sur plus de ${mostLevels} niveaux ; une demande en a 4.`,
        `Lists and objects are nested more than ${mostLevels} deep; an application has 4 levels.`,
      ),
    )
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  if (Array.isArray(value)) {
    for (const one of value) if (typeof one === 'object' && isDeeper(one, levels - 1)) return true
    return false
  }
  const members = value as Readonly<Record<string, unknown>>
  for (const name in members) if (typeof members[name] === 'object' && isDeeper(members[name], levels - 1)) return true
  return false
}

const [quote, backslash, colon] = [34, 92, 58]

/** Whether an object of the text has more than `most` members: counted by their colons, without making anything. */
function hasWideObject(text: string, most: number): boolean {
  const outer: number[] = []
  let members = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === quote) {
      at = endOfString(text, at)
      if (at < 0) return false
    } else if (character === colon) {
      if (++members > most) return true
    } else if (character === 123 || character === 91) {
      outer.push(members)
      members = 0
    } else if (character === 125 || character === 93) members = outer.pop() ?? 0
  }
  return false
}

/** Where the string that opens at `from` closes, or −1. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = end
    while (text.charCodeAt(escapes - 1) === backslash) escapes--
    if ((end - escapes) % 2 === 0) return end
  }
  return -1
}
