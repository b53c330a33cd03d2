/** /health/live: the process answers. /health/ready: it may be sent requests: not stopping, journal writable. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { endpoint } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { fault } from '../faults.ts'
import { type JournalError, JournalMoved } from '../journal/journal.ts'
import { Problem } from '../problems.ts'

const checkEvery = 500 // milliseconds; the journal's check writes, so it is not run for each caller

export function healthRoutes(app: OpenAPIHono<Env>, service: Service): void {
  let checked: { at: number; fault: Promise<JournalError | null> } | null = null
  const journalFault = () => {
    const now = performance.now()
    if (!checked || now - checked.at >= checkEvery) checked = { at: now, fault: service.journal.check() }
    return checked.fault
  }
  const common = { method: 'get', tag: 'Health', roles: null } as const
  endpoint(
    app,
    service,
    {
      ...common,
      path: '/health/live',
      summary: 'The process answers',
      answer: z.object({ status: z.literal('live') }),
    },
    (c) => c.json({ status: 'live' }),
  )
  endpoint(
    app,
    service,
    {
      ...common,
      path: '/health/ready',
      summary: 'The process may be sent requests',
      answer: z.object({ status: z.literal('ready'), version: z.string() }),
      problems: ['stopping', 'journal-down'],
    },
    async (c) => {
      if (service.stopping()) throw new Problem('stopping')
      const cause = await journalFault()
      if (cause) {
        const code = cause instanceof JournalMoved ? 'journal_moved' : 'journal_unwritable'
        throw new Problem('journal-down', { cause, faults: [fault('', code)], headers: { 'retry-after': '5' } })
      }
      return c.json({ status: 'ready', version: service.scorer.bundle.version })
    },
  )
}
