/** POST /v1/outcomes: how loans ended, fed back later; corrections are kept beside what they correct, the latest counts. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { endpoint, jsonBody, lang } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { fault } from '../faults.ts'
import { outcomeFaults, outcomeSchema, takeOutcomes } from '../journal/outcomes.ts'
import { type Fault, Problem } from '../problems.ts'

const most = 10_000

const outcome = z
  .strictObject({
    ...outcomeSchema.shape,
    date: outcomeSchema.shape.date.openapi({ format: 'date', description: 'The day it was repaid, or given up' }),
  })
  .openapi('Outcome')
const body = z.array(outcome).min(1).max(most)
const answer = z.object({
  recorded: z.int().openapi({ description: 'Those that said something new' }),
  corrected: z.int().openapi({ description: 'Those of them of whose loan something else was known; both are kept' }),
  unchanged: z.int().openapi({ description: 'Known already as they were sent' }),
  at: z.iso.datetime(),
})

const codes: Readonly<Record<string, string>> = {
  requestId: 'unknown_prediction',
  status: 'not_an_outcome_status',
  date: 'not_a_day',
}

/** All faults of a body that the schema refuses, at their pointers. */
function faultsOf(error: z.ZodError): Fault[] {
  const faults = error.issues.flatMap((issue): Fault[] => {
    const [index, field] = issue.path
    if (index === undefined) return [fault('', issue.code === 'invalid_type' ? 'not_a_list' : 'list_length')]
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => fault(`/${String(index)}/${key}`, 'unknown_field'))
    if (field === undefined) return [fault(`/${String(index)}`, 'not_an_object')]
    return [fault(`/${String(index)}/${String(field)}`, codes[String(field)] ?? 'unknown_field')]
  })
  return [...new Map(faults.map((one) => [one.pointer, one])).values()]
}

export function outcomeRoutes(app: OpenAPIHono<Env>, service: Service): void {
  endpoint(
    app,
    service,
    {
      method: 'post',
      path: '/v1/outcomes',
      tag: 'Journal',
      summary: 'Records how loans ended: all that are sent, or none; what is known already changes nothing',
      roles: ['review'],
      query: z.strictObject({ lang }),
      body,
      answer,
      problems: ['invalid-outcomes', 'journal-down'],
    },
    async (c) => {
      const parsed = body.safeParse(await jsonBody(c))
      if (!parsed.success) throw new Problem('invalid-outcomes', { faults: faultsOf(parsed.error) })
      const sent = parsed.data
      const faults = (await outcomeFaults(service.journal, sent, service.now())).map(({ index, field, code }) =>
        fault(`/${index}/${field}`, code),
      )
      if (faults.length > 0) throw new Problem('invalid-outcomes', { faults })
      const at = new Date(service.now()).toISOString()
      return c.json({ ...(await takeOutcomes(service.journal, sent, at)), at })
    },
  )
}
