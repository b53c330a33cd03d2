/** What an officer declares of the history on the form: that a group of tables was checked and holds nothing beyond what is supplied. */
import type { Applicant, History } from '../../pipeline/data/applicant.ts'
import { historyGroups } from '../../pipeline/data/supplied.ts'
import type { Typed } from './answers.ts'

type First = (typeof historyGroups)[number][0]

/** The names of the two check boxes, by the first table of their group. */
export const boxes = historyGroups.map(([first]): { readonly first: First; readonly name: `checked.${First}` } => ({
  first,
  name: `checked.${first}`,
}))

/** Sent with the boxes: without it their silence says nothing. */
export const boxesShown = 'checked'

/** The boxes as a file's history has them: ticked where every table of the group is known. */
export const boxesOf = ({ history }: Applicant): Typed =>
  Object.fromEntries(
    historyGroups.flatMap((group) => (group.every((name) => history[name]) ? [[`checked.${group[0]}`, '1']] : [])),
  )

/** The history with the tables of ticked groups that nobody brought known to be empty, and those of the other groups unknown. */
export function declared(history: History, form: Typed): History {
  if (form[boxesShown] === undefined) return history
  const tables = historyGroups.flatMap((group) =>
    group.flatMap((name) => {
      const rows = history[name]
      if (rows && rows.length > 0) return [[name, rows] as const]
      return form[`checked.${group[0]}`] === undefined ? [] : [[name, []] as const]
    }),
  )
  return Object.fromEntries(tables)
}
