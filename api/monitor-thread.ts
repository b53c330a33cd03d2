/** The monitor's engine in a thread that lives for one look: its memory goes with it. */
import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Application } from '../pipeline/monitor/application.ts'
import type { MonitorReport, ReportOptions } from '../pipeline/monitor/report.ts'
import type { JournalRow } from './journal/journal.ts'
import type { Detail, MonitorEngine } from './monitor-read.ts'

export type Asked =
  | { readonly what: 'details'; readonly rows: readonly JournalRow[] }
  | { readonly what: 'add'; readonly applications: readonly Application[] }
  | { readonly what: 'report'; readonly options: ReportOptions }

type Answer = { readonly value: unknown } | { readonly error: string }

/** Starts the thread on the bundle in a folder. One question at a time. */
export function monitorThread(model: string): MonitorEngine {
  const worker = new Worker(new URL(`./monitor-worker${extname(import.meta.filename)}`, import.meta.url), {
    workerData: model,
    resourceLimits: { maxYoungGenerationSizeMb: 8 }, // garbage is collected before it makes the process large
    execArgv: process.execArgv.filter((flag) => flag.startsWith('--conditions')),
  })
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the monitor's thread ended with ${code} before it answered`)))
  })
  ended.catch(() => {})
  async function ask(asked: Asked): Promise<unknown> {
    worker.postMessage(asked)
    const [answer] = (await Promise.race([once(worker, 'message'), ended])) as [Answer]
    if ('error' in answer) throw new Error(answer.error)
    return answer.value
  }
  return {
    details: async (rows) => (await ask({ what: 'details', rows })) as readonly Detail[],
    add: async (applications) => {
      await ask({ what: 'add', applications })
    },
    report: async (options) => (await ask({ what: 'report', options })) as MonitorReport,
    close: async () => {
      await worker.terminate()
    },
  }
}
