/** Tells another system of alerts that were opened or resolved: signed JSON, sent again while it is not taken; nothing of any applicant. */
import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import { alertKinds } from '../pipeline/monitor/alerts.ts'
import type { AlertChange } from './monitor-alerts.ts'

export interface Webhook {
  readonly url: string
  /** What the signature is made with; null: not signed. */
  readonly secret: string | null
}

const tries = 6
const firstPause = 1000 // milliseconds, doubled each time
const patience = 10_000 // milliseconds for one answer

/** What is sent of a change. */
export const webhookBody = ({ what, alert }: AlertChange, at: string) => ({
  id: randomUUID(),
  at,
  event: `alert.${what}`,
  alert: {
    code: alert.code,
    severity: alert.severity,
    version: alert.version,
    opened: alert.opened,
    changePoint: alert.changePoint,
    resolved: alert.resolved,
    falseAlarmsAYear: alertKinds[alert.code]?.falseAlarms ?? null,
    runbook: `docs/runbook.md#${alert.code}`,
    figures: alert.figures,
  },
})

/** HMAC-SHA-256 over the time, a dot and the body, so that an old message cannot be sent again as a new one. */
export const signatureOf = (secret: string, time: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`

/**
 * Sends one change; tries again with growing pauses while nobody answers or the answer is 408, 429 or 5xx. Answers the status that took it.
 * @throws Error saying why it was not taken
 */
export async function sendWebhook(
  { url, secret }: Webhook,
  change: AlertChange,
  o: { readonly now: () => number; readonly pause?: number; readonly signal?: AbortSignal },
): Promise<number> {
  const body = JSON.stringify(webhookBody(change, new Date(o.now()).toISOString()))
  for (let attempt = 1, pause = o.pause ?? firstPause; ; attempt++, pause *= 2) {
    const time = String(Math.floor(o.now() / 1000))
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(secret !== null && { 'x-signature': signatureOf(secret, time, body), 'x-signature-time': time }),
      },
      body,
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(patience), ...(o.signal ? [o.signal] : [])]),
    }).then(
      async (response) => {
        await response.body?.cancel()
        return response.status
      },
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    )
    if (typeof answer === 'number' && answer < 300) return answer
    const isPassing = typeof answer !== 'number' || answer === 408 || answer === 429 || answer >= 500
    if (!isPassing || attempt >= tries || o.signal?.aborted)
      throw new Error(
        `the webhook of MONITOR_WEBHOOK did not take ${change.alert.code} (${change.what}) in ${attempt} tries: ${
          typeof answer === 'number' ? `it answered ${answer}` : answer.message
        }`,
      )
    await after(pause, undefined, { signal: o.signal }).catch(() => {})
  }
}
