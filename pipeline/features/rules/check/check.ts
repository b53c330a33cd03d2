/** From definitions to a program: each rule parsed, its names resolved, its types checked, features that it names put in. */

import { inRule, RuleError, suggestion } from '../syntax/error.ts'
import { parseRule } from '../syntax/parse.ts'
import { keywords } from '../syntax/tokens.ts'
import { choose, constant, not, type Tree } from '../syntax/tree.ts'
import { checkRuleFit, checkTableFit } from './check-fits.ts'
import { checkSet } from './check-set.ts'
import type { Definitions, FeatureDefinition } from './definitions.ts'
import { applicationTable, type CheckedSet, type Program, type RuleFit, type Schema, type TableFit } from './program.ts'
import { type Names, resolve } from './resolve.ts'

const programs = new WeakMap<Definitions, WeakMap<Schema, Program>>()

/**
 * Checks all definitions against the raw tables' columns; throws one RuleError that shows every faulty set and rule.
 * Neither of the two is ever changed: the program of both is made once.
 */
export function check(definitions: Definitions, schema: Schema): Program {
  const known = programs.get(definitions)?.get(schema)
  if (known) return known
  const program = checkAnew(definitions, schema)
  const of = programs.get(definitions) ?? new WeakMap<Schema, Program>()
  programs.set(definitions, of.set(schema, program))
  return program
}

function checkAnew(definitions: Definitions, schema: Schema): Program {
  const problems = new Set<string>()
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      problems.add(error.message)
      return null
    }
  }
  const sets = new Map<string, CheckedSet>()
  for (const [name, definition] of Object.entries(definitions.sets)) {
    const set = attempt(() => checkSet(name, definition, sets, schema, definitions))
    if (set) sets.set(name, set)
  }
  if (problems.size > 0) throw new RuleError([...problems].join('\n'))

  const names = featureNames(definitions, sets, schema)
  const seen = new Map<string, string>()
  const features = definitions.features.flatMap((definition) => {
    const tree = attempt(() => checkFeature(definition, names, definitions))
    if (!tree) return []
    const twin = seen.get(tree.key)
    if (twin) problems.add(`feature ${definition.name}: the same rule as ${twin}\n  ${definition.rule}`)
    seen.set(tree.key, definition.name)
    return [{ definition, tree }]
  })
  const tableFits = new Map<string, TableFit>()
  for (const [name, { fit }] of Object.entries(definitions.tables)) {
    const checked = fit && attempt(() => checkTableFit(name, fit, sets, definitions))
    if (checked) tableFits.set(name, checked)
  }
  const ruleFits = new Map<string, RuleFit>()
  for (const feature of definitions.features) {
    const checked = feature.fit && attempt(() => checkRuleFit(feature.name, feature.fit!, names))
    if (checked) ruleFits.set(feature.name, checked)
  }
  if (problems.size > 0) throw new RuleError([...problems].join('\n'))
  return { definitions, sets, features, tableFits, ruleFits }
}

/** The kind that a rule implies: a number of rows, levels or gaps is a count, a text a category, the rest numbers. */
export function kindOf(tree: Tree): FeatureDefinition['kind'] {
  if (tree.type === 'text') return 'category'
  const counts =
    tree.op === 'aggregate'
      ? tree.name === 'count' || tree.name === 'distinct'
      : tree.op === 'list' && tree.name === 'missing'
  return counts ? 'count' : 'number'
}

function featureNames(definitions: Definitions, sets: Names['sets'], schema: Schema): Names {
  const byName = new Map(definitions.features.map((feature) => [feature.name, feature]))
  const trees = new Map<string, Tree>()
  const path: string[] = []
  const names: Names = {
    place: 'the application',
    columns: new Map(Object.entries(schema[applicationTable] ?? {})),
    sets,
    definitions,
    features: new Set(byName.keys()),
    feature(name) {
      const known = trees.get(name)
      if (known) return known
      if (path.includes(name)) return `${name} is defined by itself: ${[...path, name].join(' → ')}`
      const { rule } = byName.get(name)!
      path.push(name)
      try {
        const tree = inRule(`feature ${name}`, rule, () => resolve(parseRule(rule), names))
        trees.set(name, tree)
        return tree
      } finally {
        path.pop()
      }
    },
  }
  return names
}

function checkFeature(definition: FeatureDefinition, names: Names, { features, groups }: Definitions): Tree {
  const { name, rule, kind, group } = definition
  const refuse = (problem: string): never => {
    throw new RuleError(`feature ${name}: ${problem}\n  ${rule}`)
  }
  if (keywords.has(name)) refuse(`"${name}" is a word of the algebra`)
  if (features.filter((other) => other.name === name).length > 1) refuse('two features have this name')
  if (!groups[group]) refuse(`no reason group "${group}"${suggestion(group, Object.keys(groups))}`)
  const resolved = names.feature!(name)
  if (typeof resolved === 'string') return refuse(resolved)
  const text = resolved.type === 'text'
  if ((kind === 'category') !== text) refuse(`its kind is ${kind}, but the rule gives a ${text ? 'text' : 'number'}`)
  return resolved.type === 'condition'
    ? choose(resolved, constant(1), choose(not(resolved), constant(0), null))
    : resolved
}
