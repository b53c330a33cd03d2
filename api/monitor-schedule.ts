/** The monitor's clock in the service: a look soon after the start and every MONITOR_EVERY, whose changes go to the webhook. */

import type { Monitor } from './monitor.ts'
import type { AlertChange } from './monitor-alerts.ts'
import { sendWebhook, type Webhook } from './monitor-webhook.ts'

const firstAfter = 5000 // milliseconds: the process has enough to do when it starts

export interface Schedule {
  readonly monitor: Monitor
  /** Milliseconds. */
  readonly every: number
  readonly say: (text: string) => void
  /** Told how each look ended: null where it did. */
  readonly ended: (error: unknown) => void
}

/** Until it is stopped; what goes wrong is said and tried again. */
export function startMonitor({ monitor, every, say, ended }: Schedule): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  const once = async () => {
    try {
      await monitor.look()
      ended(null)
    } catch (error) {
      ended(error)
      say(`monitor: ${error instanceof Error ? error.message : error}`)
    }
  }
  const start = () => {
    running = running.then(once)
  }
  const first = setTimeout(start, Math.min(firstAfter, every)).unref()
  const timer = setInterval(start, every).unref()
  return () => {
    clearTimeout(first)
    clearInterval(timer)
    return running
  }
}

/** Sends changes one after the other, beside whatever else goes on. */
export function webhookSender(
  webhook: Webhook | null,
  o: { readonly now: () => number; readonly say: (text: string) => void },
): { send(changes: readonly AlertChange[]): void; stop(): Promise<void> } {
  const stopping = new AbortController()
  let sending: Promise<void> = Promise.resolve()
  return {
    send(changes) {
      for (const change of webhook ? changes : [])
        sending = sending.then(async () => {
          try {
            await sendWebhook(webhook!, change, { now: o.now, signal: stopping.signal })
          } catch (error) {
            o.say(error instanceof Error ? error.message : String(error))
          }
        })
    },
    stop() {
      stopping.abort()
      return sending
    },
  }
}
