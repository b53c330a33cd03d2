/** One change that a reader might make in each notebook, another column or another parameter: with it the notebook must run and say something else. */
import type { Notebook } from './document.ts'

interface Change {
  readonly from: string
  readonly to: string
}

const byJob = (column: string) => `rates(known.filter(pl.col('${column}').isNotNull()), pl.col('${column}'))`

const changes: Readonly<Record<string, Change>> = {
  '1-exploration': { from: byJob('OCCUPATION_TYPE'), to: byJob('ORGANIZATION_TYPE') },
  '2-features': { from: "pl.col('DAYS_INSTALMENT').gtEq(-365)", to: "pl.col('DAYS_INSTALMENT').gtEq(-180)" },
  '3-imbalance': { from: 'max_depth: 3', to: 'max_depth: 6' },
  '4-models': { from: 'lambda: 0.02', to: 'lambda: 0.2' },
  '5-decisions': { from: 'max_depth: 3', to: 'max_depth: 4' },
  '6-drift': { from: "const column: string = 'AMT_CREDIT'", to: "const column: string = 'DAYS_BIRTH'" },
}

/** The notebook with its change. Throws when no change is known for it, or when its text is not there exactly once. */
export function withChange(name: string, { cells }: Notebook): Notebook {
  const change = changes[name]
  if (!change) throw new Error(`no change is known for ${name}: add one to commands/notebooks/changed.ts`)
  const holds = cells.filter((cell) => cell.cell_type === 'code' && cell.source.split(change.from).length === 2)
  if (holds.length !== 1)
    throw new Error(`${name}: expected ${JSON.stringify(change.from)} in one cell, found it in ${holds.length}`)
  return {
    cells: cells.map((cell) =>
      cell === holds[0] ? { ...cell, source: cell.source.replace(change.from, change.to) } : cell,
    ),
  }
}

/** What a reader sees of the outputs: texts and figures, without the pictures that are drawn of them afterwards. */
const seen = ({ cells }: Notebook): string =>
  JSON.stringify(
    cells.flatMap((cell) =>
      (cell.cell_type === 'code' ? cell.outputs : []).map((output) =>
        'data' in output ? { ...output.data, 'image/png': null } : output,
      ),
    ),
  )

/** Throws when two replays show the same: the change reached nothing. */
export function mustDiffer(name: string, before: Notebook, after: Notebook): void {
  if (seen(before) === seen(after)) throw new Error(`${name}: its change leaves every output as it was`)
}
