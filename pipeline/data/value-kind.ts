/** What kind of value something is that came as JSON: for messages that say what was received and not what it was. */

export type ValueKind = 'nothing' | 'null' | 'boolean' | 'number' | 'text' | 'list' | 'object'

export function valueKindOf(value: unknown): ValueKind {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  switch (typeof value) {
    case 'boolean':
      return 'boolean'
    case 'number':
      return 'number'
    case 'string':
      return 'text'
    default:
      return 'object'
  }
}
