/** The words of a compared column: its label, and the reason group that it speaks of. */
import { tables } from '../data/schema/tables.ts'
import type { Definitions } from '../features/rules/check/definitions.ts'
import { allSources } from '../features/rules/check/sources.ts'
import type { Naming } from './comparison.ts'

/** A column of the application by its words in the schema and the reason group of the feature that reads it together with the fewest others. */
export function applicationNaming(definitions: Definitions | null): Naming {
  const groups = new Map<string, string>()
  if (definitions) {
    const byFeature = new Map(definitions.features.map(({ name, group }) => [name, group]))
    const narrowFirst = [...allSources(definitions)].sort(([, a], [, b]) => a.length - b.length)
    for (const [feature, columns] of narrowFirst)
      for (const source of columns) {
        const group = byFeature.get(feature)
        if (group !== undefined && !groups.has(source)) groups.set(source, group)
      }
  }
  return (name) => {
    const group = groups.get(`application.${name}`)
    return {
      label: tables.application_test.columns.find((column) => column.name === name)?.label.en ?? name,
      group: group === undefined ? null : (definitions?.groups[group]?.label.en ?? group),
    }
  }
}

/** A feature by the words of its definition. */
export function featureNaming({ features, groups }: Definitions): Naming {
  const byName = new Map(features.map((feature) => [feature.name, feature]))
  return (name) => {
    const feature = byName.get(name)
    return {
      label: feature?.label.en ?? name,
      group: feature ? (groups[feature.group]?.label.en ?? feature.group) : null,
    }
  }
}
