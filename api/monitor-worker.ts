/** A worker thread that computes for the monitor, with a model of its own, so that no request waits for it. */
import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { monitorEngine } from './monitor-engine.ts'
import type { Asked } from './monitor-thread.ts'
import { readReference } from './reference.ts'

// On Linux of this thread alone: requests go before.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW)
const model = String(workerData)
const reference = await readReference(model)
const scorer = Scorer.open(model)
const clients = Clients.open(model)
const engine = monitorEngine(scorer, clients, () => reference)

async function answer(asked: Asked): Promise<unknown> {
  if (asked.what === 'details') return engine.details(asked.rows)
  if (asked.what === 'add') return engine.add(asked.applications)
  return engine.report(asked.options)
}

parentPort?.on('message', async (asked: Asked) => {
  try {
    parentPort?.postMessage({ value: await answer(asked) })
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
})
