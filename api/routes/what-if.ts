/** POST /v1/what-if: an applicant as given and with changes: both answers and what moved. Nothing is recorded. */

import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { append } from '../../pipeline/data/append.ts'
import { applicationSchema } from '../../pipeline/data/applicant.ts'
import { percentagePoints } from '../../pipeline/scoring/steps.ts'
import { endpoint, jsonBody, lang } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { fault } from '../faults.ts'
import { type Language, languageOf } from '../language.ts'
import { escapePointer, type Fault, Problem } from '../problems.ts'
import { type Proposal, proposed, stepsOf } from '../propose.ts'
import { type Asked, byApplication, byClient, isObject, parseRequest } from '../request.ts'
import { scoreAnswer, scoreAnswerOf } from '../score-response.ts'

const changes = applicationSchema
  .omit({ SK_ID_CURR: true })
  .partial()
  .openapi({ description: 'Fields of the application with other values; null makes a field missing' })
const body = z.union([byClient.extend({ changes }), byApplication.extend({ changes })]).openapi('WhatIfRequest')

const outcome = scoreAnswer.omit({ requestId: true, contributions: true, bias: true })
const value = z.union([z.number(), z.string()]).nullable()
const answer = z
  .object({
    base: outcome,
    changed: outcome,
    moved: z.object({
      probability: z.number().openapi({ description: 'Changed less base' }),
      decision: z.boolean().openapi({ description: 'Whether the decision is another one' }),
      groups: z.array(
        z.object({
          group: z.string(),
          attribution: z.number().openapi({ description: 'Percentage points of PD, changed less base' }),
        }),
      ),
      features: z.array(
        z.object({ feature: z.string(), group: z.string(), label: z.string(), from: value, to: value }),
      ),
    }),
  })
  .openapi('WhatIf')

export function whatIfRoutes(app: OpenAPIHono<Env>, service: Service): void {
  endpoint(
    app,
    service,
    {
      method: 'post',
      path: '/v1/what-if',
      tag: 'Scoring',
      summary: 'Both answers, as given and with changes, and what moved; nothing is recorded',
      roles: ['score', 'review'],
      query: z.strictObject({ lang }),
      body,
      answer,
      problems: ['invalid-application', 'unknown-client'],
    },
    async (c) => {
      const language = languageOf(c)
      const sent = await jsonBody(c)
      if (!isObject(sent)) throw new Problem('invalid-application', { faults: [fault('', 'not_an_object')] })
      const asked = bothOf(sent, service)
      const [before, after] = asked.map((one) => {
        return proposed(service, one, {
          requestId: '',
          source: 'api',
          started: c.get('started'),
          reasons: true,
          caller: null, // nothing is recorded
        })
      }) as [Proposal, Proposal]
      c.header('content-language', language)
      return c.json({
        base: outcomeOf(service, before, language),
        changed: outcomeOf(service, after, language),
        moved: moved(service, before, after, language),
      })
    },
  )
}

/** The applicant as given and as changed. @throws Problem invalid-application with the faults of both, those of a change at /changes */
function bothOf(sent: Record<string, unknown>, service: Service): [Asked, Asked] {
  const { changes, ...given } = sent
  const faults: Fault[] = []
  const attempt = (work: () => Asked): Asked | null => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'invalid-application') throw error
      append(faults, error.faults)
      return null
    }
  }
  const base = attempt(() => parseRequest(given, service.clients))
  if (!isObject(changes)) {
    faults.push(fault('/changes', 'not_an_object'))
  } else {
    const { application, history } = base && 'client' in given ? base.applicant : given
    const changed = { ...(isObject(application) ? application : {}), ...changes }
    const before = faults.splice(0)
    const other = attempt(() =>
      parseRequest({ application: changed, ...(history !== undefined && { history }) }, service.clients),
    )
    const mine = new Map(Object.keys(changes).map((key) => [`/application/${escapePointer(key)}`, escapePointer(key)]))
    const found = faults.splice(0).flatMap((one) => {
      const key = mine.get(one.pointer)
      return key === undefined ? [] : [{ ...one, pointer: `/changes/${key}` }]
    })
    append(faults, [...before, ...found])
    if ('SK_ID_CURR' in changes) faults.push(fault('/changes/SK_ID_CURR', 'unknown_field'))
    if (base && other && faults.length === 0) return [base, other]
  }
  throw new Problem('invalid-application', { faults })
}

function outcomeOf(service: Service, proposal: Proposal, language: Language): z.output<typeof outcome> {
  const { requestId: _, ...rest } = scoreAnswerOf(service, proposal, language, { explain: false })
  return rest
}

function moved(service: Service, before: Proposal, after: Proposal, language: Language) {
  const shifts = ({ prediction }: Proposal) =>
    new Map((stepsOf(service, prediction)?.steps ?? []).map((step) => [step.group, step.shift]))
  const [was, is] = [shifts(before), shifts(after)]
  const groups = [...new Set([...was.keys(), ...is.keys()])]
    .map((group) => ({ group, attribution: percentagePoints((is.get(group) ?? 0) - (was.get(group) ?? 0)) }))
    .filter((one) => one.attribution !== 0)
    .toSorted((a, b) => Math.abs(b.attribution) - Math.abs(a.attribution))
  const changed = after.contributions
  const features = before.contributions.flatMap(({ feature, group, label, value: from }, i) => {
    const to = changed[i]?.value ?? null
    return from === to ? [] : [{ feature, group, label: label[language], from, to }]
  })
  return {
    probability: after.prediction.probability - before.prediction.probability,
    decision: after.prediction.decision !== before.prediction.decision,
    groups,
    features,
  }
}
