/** The French names of reason groups in a sentence: "les cotes externes", "l’âge". */
import type { GroupName } from '../../features/definitions/reason-groups.ts'
import { lowered } from './format-feature-value.ts'

const articles: Readonly<Record<GroupName, 'le ' | 'la ' | 'l’' | 'les '>> = {
  external: 'les ',
  amount: 'le ',
  burden: 'le ',
  income: 'les ',
  employment: 'l’',
  education: 'le ',
  age: 'l’',
  family: 'la ',
  residence: 'le ',
  stability: 'les ',
  housing: 'le ',
  contact: 'les ',
  documents: 'les ',
  circle: 'les ',
  enquiries: 'les ',
  information: 'les ',
  bureau: 'les ',
  debt: 'les ',
  overdue: 'les ',
  history: 'les ',
  refusals: 'les ',
  terms: 'les ',
  contracts: 'les ',
  lateness: 'les ',
  payments: 'les ',
  card: 'l’',
}

const isGroup = (group: string): group is GroupName => Object.hasOwn(articles, group)

/** The name of a group with its article; a group of another model's definitions keeps its bare name. */
export const withArticle = (group: string, name: string): string =>
  `${isGroup(group) ? articles[group] : ''}${lowered(name)}`
