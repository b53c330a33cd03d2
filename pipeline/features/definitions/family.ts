/** The short form in which features are written: what they share, then one line each. */
import type { FeatureDefinition, Kind, Unit } from '../rules/check/definitions.ts'
import type { GroupName } from './reason-groups.ts'

export type Line = readonly [rule: string, fr: string, en: string]

interface Shared {
  readonly group: GroupName
  readonly unit: Unit
  /** Only where it does not follow from the rule. */
  readonly kind?: Kind
  /** How training writes the rules anew; those given are a guess to begin with. */
  readonly fit?: FeatureDefinition['fit']
}

/** Features of one reason group and unit; the kind follows from unit and rule: text, a count alone, or a number. */
export function family({ group, unit, kind, fit }: Shared, lines: Readonly<Record<string, Line>>): FeatureDefinition[] {
  return Object.entries(lines).map(([name, [rule, fr, en]]) => ({
    name,
    rule,
    kind: kind ?? (unit === 'text' ? 'category' : isCount(rule) ? 'count' : 'number'),
    unit,
    group,
    label: { fr, en },
    ...(fit ? { fit } : {}),
  }))
}

/** Whether the whole rule is one count, one number of levels or one number of gaps. */
function isCount(rule: string): boolean {
  if (!/^(count|distinct|missing)\(/.test(rule)) return false
  let depth = 0
  for (const [place, character] of [...rule].entries()) {
    if (character === '(') depth++
    if (character === ')' && --depth === 0) return place === rule.length - 1
  }
  return false
}
