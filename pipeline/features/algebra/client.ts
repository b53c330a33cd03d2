/** One client while the features are computed: rows as arrays of cells, everything made at most once. */
import type { Applicant } from '../../portfolio/applicant.ts'
import type { Cell } from './values.ts'

/** The cells of one row, in the order of the set's planned columns. */
export type CellRow = Cell[]
export type Rows = readonly CellRow[]
export type RowsOf = (client: Client) => Rows

export class Client {
  readonly applicant: Applicant
  /** By the numbers that were handed out when the rules were compiled. */
  readonly sets: (Rows | undefined)[] = []
  readonly selections: (Rows | undefined)[] = []
  readonly aggregates: (Cell | undefined)[] = []
  readonly parents: (ReadonlyMap<Cell, CellRow> | undefined)[] = []
  /** The rows of the group whose columns are being computed. */
  group: Rows = []

  constructor(applicant: Applicant) {
    this.applicant = applicant
  }
}
