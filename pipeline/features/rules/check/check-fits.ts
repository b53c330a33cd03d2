/** The recipes by which training fills a lookup table or writes a rule. */

import { inRule, RuleError, suggestion } from '../syntax/error.ts'
import { parseRule, parseSelection } from '../syntax/parse.ts'
import { aggregatesIn, isNumeric, type Tree } from '../syntax/tree.ts'
import type { Definitions, FeatureDefinition, TableDefinition } from './definitions.ts'
import type { RuleFit, TableFit } from './program.ts'
import { checkClauses, type Names, namesOf, resolve } from './resolve.ts'

/** Checks a table's recipe, which aggregates one set; throws RuleError. */
export function checkTableFit(
  name: string,
  fit: NonNullable<TableDefinition['fit']>,
  sets: Names['sets'],
  definitions: Definitions,
): TableFit {
  const owner = `table ${name}`
  const names: Names = { place: 'a fit, which reads sets only', columns: new Map(), sets, definitions }
  const tree = inRule(owner, fit.rule, () => resolve(parseRule(fit.rule), names))
  const over = new Set(aggregatesIn(tree).map(({ set }) => set))
  const [only] = over
  if (over.size !== 1 || !only)
    throw new RuleError(`${owner}: a fit aggregates one set, not ${over.size}\n  ${fit.rule}`)
  const set = sets.get(only)!
  for (const key of fit.by)
    if (set.columns.get(key) !== 'text')
      throw new RuleError(`${owner}: no text column "${key}" in ${only}${suggestion(key, set.columns.keys())}`)
  return { tree, set, by: fit.by }
}

/** Checks a rule's recipe; its predictors must make sense in the application too. Throws RuleError. */
export function checkRuleFit(
  name: string,
  { target, on, of }: NonNullable<FeatureDefinition['fit']>,
  application: Names,
): RuleFit {
  const owner = `the fit of ${name}`
  const { definitions, sets } = application
  const selection = inRule(owner, of, () => parseSelection(of))
  const set = sets.get(selection.set)
  if (!set) throw new RuleError(`${owner}: no set "${selection.set}"${suggestion(selection.set, sets.keys())}`)
  const names = namesOf(set, definitions)
  const number = (rule: string, where: Names): Tree => {
    const tree = inRule(owner, rule, () => resolve(parseRule(rule), where))
    if (!isNumeric(tree.type)) throw new RuleError(`${owner}: a fit is of numbers\n  ${rule}`)
    return tree
  }
  for (const rule of on) number(rule, application) // the predictors are read from the application afterwards
  const clauses = inRule(owner, of, () => checkClauses(selection, set, names))
  return { set, clauses, target: number(target, names), on: on.map((rule) => number(rule, names)) }
}
