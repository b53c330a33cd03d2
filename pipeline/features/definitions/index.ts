/** All feature definitions, as plain data. */
import { algebraVersion, type Definitions } from '../rules/check/definitions.ts'
import { application } from './application.ts'
import { bureau } from './bureau.ts'
import { bureauBalance } from './bureau-balance.ts'
import { card } from './card.ts'
import { across } from './cross-table.ts'
import { instalments } from './instalments.ts'
import { lists, tables } from './lists.ts'
import { pos } from './pos.ts'
import { previous } from './previous.ts'
import { groups } from './reason-groups.ts'
import { sets } from './sets.ts'

export const definitions: Definitions = {
  algebra: algebraVersion,
  groups,
  sets,
  lists,
  tables,
  features: [...application, ...bureau, ...bureauBalance, ...previous, ...pos, ...instalments, ...card, ...across],
}
