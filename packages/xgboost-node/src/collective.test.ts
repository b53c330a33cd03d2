/** Training over several processes. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Communicator, DMatrix, Tracker, train, trainAsync, type WorkerArguments } from './index.ts'
import { coarse, collectiveParams, collectiveRounds } from './testing/coarse.ts'

interface Report {
  readonly rank: number
  readonly worldSize: number
  readonly sum: number
  readonly most: number
  readonly heard: string
  readonly logloss: number
  readonly model: string
}

function worker(workerArguments: WorkerArguments, part: number, parts: number): Promise<Report> {
  const file = join(import.meta.dirname, 'testing', 'collective-worker.ts')
  const child = spawn(process.execPath, [
    '--conditions=source',
    file,
    JSON.stringify(workerArguments),
    String(part),
    String(parts),
  ])
  let [output, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text))
  return new Promise((resolve, reject) =>
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`worker ${part}: code ${code}, ${errors}`)),
    ),
  )
}

test('two processes, each on half the rows, train the model of one process on all', async () => {
  const tracker = Tracker.start({ workers: 2, timeout: 60, sortBy: 'task' })
  const reports = await Promise.all([0, 1].map((part) => worker(tracker.workerArguments, part, 2)))
  await tracker.wait(60)
  tracker.close()
  const { columns, label } = coarse()
  const dtrain = DMatrix.fromColumns(columns, { label })
  const alone = train({ params: collectiveParams, dtrain, rounds: collectiveRounds, evals: { all: dtrain } })
  assert.equal(reports.map(({ rank }) => rank).sort(), [0, 1])
  for (const { worldSize, sum, most, heard, logloss, model } of reports) {
    assert.equal([worldSize, sum, most, heard], [2, 3, 1, 'rank 1'])
    assert.ok(Math.abs(logloss - alone.evaluations.all!.logloss!.at(-1)!) < 1e-6)
    assert.is(model, Buffer.from(alone.booster.toBuffer()).toString('base64'))
  }
})

test('a tracker whose workers do not come says so in time, and closes', async () => {
  const tracker = Tracker.start({ workers: 2 })
  let message = ''
  try {
    await tracker.wait(1)
  } catch (error) {
    message = (error as Error).message
  }
  assert.match(message, /XGTrackerWaitFor: the workers did not come/)
  tracker.close()
  tracker.close()
  let closed = ''
  await tracker.wait().catch((error: Error) => {
    closed = error.message
  })
  assert.match(closed, /was closed/)
  assert.throws(() => Tracker.start({ workers: 0 }), /workers must be/)
})

test('a communicator of one worker joins, and a closed one is refused', async () => {
  const tracker = Tracker.start({ workers: 1, timeout: 60 })
  const communicator = Communicator.join(tracker.workerArguments)
  assert.throws(() => Communicator.join(tracker.workerArguments), /joined already/)
  assert.equal([communicator.rank, communicator.worldSize], [0, 1])
  communicator.close()
  assert.throws(() => communicator.rank, /was closed/)
  await tracker.wait(60)
  tracker.close()
  const dtrain = DMatrix.fromColumns([Float32Array.of(1, 2)], { label: [0, 1] })
  assert.is((await trainAsync({ params: {}, dtrain, rounds: 1 })).booster.rounds, 1)
})

test.run()
