/** One worker of the collective tests: trains on its part of the rows and prints what it has as JSON. `node collective-worker.ts ARGUMENTS PART PARTS` */
import { Communicator, DMatrix, train } from '../index.ts'
import { coarse, collectiveParams, collectiveRounds } from './coarse.ts'

const [text = '{}', part = '0', parts = '1'] = process.argv.slice(2)
const communicator = Communicator.join({ ...JSON.parse(text), dmlc_task_id: part })
const { columns, label } = coarse()
const mine = Array.from(label.keys()).filter((row) => row % Number(parts) === Number(part))
const dtrain = DMatrix.fromColumns(
  columns.map((column) => Float32Array.from(mine, (row) => column[row]!)),
  { label: mine.map((row) => label[row]!) },
)
const { booster, evaluations } = train({
  params: collectiveParams,
  dtrain,
  rounds: collectiveRounds,
  evals: { all: dtrain },
})
const { rank, worldSize } = communicator
const sum = communicator.allreduce(Float64Array.of(rank + 1), 'sum')[0]
const most = communicator.allreduce(Int32Array.of(rank), 'max')[0]
const heard = Buffer.from(communicator.broadcast(Buffer.from(`rank ${rank}`), 1)).toString()
communicator.close()
console.log(
  JSON.stringify({
    rank,
    worldSize,
    sum,
    most,
    heard,
    logloss: evaluations.all!.logloss!.at(-1),
    model: Buffer.from(booster.toBuffer()).toString('base64'),
  }),
)
