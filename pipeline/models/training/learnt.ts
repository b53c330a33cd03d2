/** What a training run learns from: the clients, repeated with histories masked; and the clients as they would be known without their histories. */
import type { DMatrix } from 'xgboost-node'
import { historyTables } from '../../data/schema/tables.ts'
import { allTables } from '../../features/rules/check/sources.ts'
import { Rows, Sample } from '../candidates/sample.ts'
import { hasHistories, maskedRepeats, withoutTables } from '../masking.ts'
import type { TrainingClients } from './clients.ts'
import type { TrainSettings } from './settings.ts'

export interface Learnt extends Disposable {
  /** The clients, and behind them the repeats. */
  readonly data: DMatrix
  /** Of each repeat the client's row. */
  readonly origin: Int32Array
  /** Null where no feature reads a history. */
  readonly bare: DMatrix | null
}

export function learntFrom({ matrix, target, definitions }: TrainingClients, { train }: TrainSettings): Learnt {
  const tables = allTables(definitions)
  const read = hasHistories(tables)
  const repeats =
    read && train.masking.weight > 0 ? maskedRepeats(matrix, target, tables, train.masking, train.seed) : null
  const sample = new Sample(matrix, target, repeats)
  const bare = read ? new Rows(withoutTables(matrix, tables, historyTables)) : null
  return {
    data: sample.data,
    origin: repeats?.origin ?? new Int32Array(0),
    bare: bare?.data ?? null,
    [Symbol.dispose]: () => {
      sample[Symbol.dispose]()
      bare?.[Symbol.dispose]()
    },
  }
}
