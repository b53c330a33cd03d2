/** The words of a compared column: its label, and the concept that it speaks of. */
import { tables } from '../data/schema/tables.ts'
import type { Definitions } from '../features/rules/check/definitions.ts'
import { allSources } from '../features/rules/check/sources.ts'
import type { Naming } from './comparison.ts'

/** A column of the application by its words in the schema and the concept of the feature that reads it with the fewest others beside it. */
export function applicationNaming(definitions: Definitions | null): Naming {
  const concepts = new Map<string, string>()
  if (definitions) {
    const byFeature = new Map(definitions.features.map(({ name, concept }) => [name, concept]))
    const narrowFirst = [...allSources(definitions)].sort(([, a], [, b]) => a.length - b.length)
    for (const [feature, columns] of narrowFirst)
      for (const source of columns) {
        const concept = byFeature.get(feature)
        if (concept !== undefined && !concepts.has(source)) concepts.set(source, concept)
      }
  }
  return (name) => {
    const concept = concepts.get(`application.${name}`)
    return {
      label: tables.application_test.columns.find((column) => column.name === name)?.label.en ?? name,
      concept: concept === undefined ? null : (definitions?.concepts[concept]?.label.en ?? concept),
    }
  }
}

/** A feature by the words of its definition. */
export function featureNaming({ features, concepts }: Definitions): Naming {
  const byName = new Map(features.map((feature) => [feature.name, feature]))
  return (name) => {
    const feature = byName.get(name)
    return {
      label: feature?.label.en ?? name,
      concept: feature ? (concepts[feature.concept]?.label.en ?? feature.concept) : null,
    }
  }
}
