/** What a caller sends to be scored: a known client's id, or an application with its history. */
import { z } from '@hono/zod-openapi'
import {
  type Applicant,
  applicationSchema,
  historySchema,
  InvalidApplication,
  parseApplicant,
} from '../pipeline/data/applicant.ts'
import { valueKindOf } from '../pipeline/data/value-kind.ts'
import type { ClientFeatures } from '../pipeline/scoring/scorer.ts'
import type { Service } from './env.ts'
import { fault } from './faults.ts'
import type { KnownFeatures } from './feature-cache.ts'
import { escapePointer, type Fault, mostFaults, Problem } from './problems.ts'

export const byClient = z.strictObject({
  client: z.int().positive().openapi({ description: 'SK_ID_CURR of a client in the bundle' }),
})
export const byApplication = z.strictObject({ application: applicationSchema, history: historySchema.optional() })

/** For the OpenAPI document; the application itself is checked by the portfolio's own parser. */
export const scoreRequest = z.union([byClient, byApplication]).openapi('ScoreRequest')

/** A request that can be scored. */
export interface Asked {
  readonly input: unknown
  readonly client: number | null
  readonly applicant: Applicant
  readonly imputed: readonly string[]
  /** The id asked for, where the rows are the bundle's. */
  readonly byId?: number
  /** Where they are known already. */
  readonly features?: ClientFeatures
}

export const isObject = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null && !Array.isArray(body)

/**
 * @throws Problem invalid-application with its faults, or unknown-client
 */
export function parseRequest(body: unknown, clients: Service['clients'], known?: KnownFeatures): Asked {
  if (!isObject(body))
    throw new Problem('invalid-application', { faults: [fault('', 'not_an_object', valueKindOf(body))] })
  return Object.hasOwn(body, 'client') ? askedById(body, clients, known) : askedByApplication(body)
}

/** The applicant of an input that was accepted once; null when the bundle no longer holds its client or the schema refuses it. */
export function applicantOf(input: unknown, clients: Service['clients']): Applicant | null {
  try {
    return parseRequest(input, clients).applicant
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** The members of a body that it should not have, as faults. */
const strange = (names: readonly string[]): Fault[] =>
  names.map((name) => fault(`/${escapePointer(name)}`, 'unknown_field'))

function askedById(body: Record<string, unknown>, clients: Service['clients'], known?: KnownFeatures): Asked {
  const parsed = byClient.safeParse(body)
  if (!parsed.success) {
    const client = byClient.shape.client.safeParse(body.client).success
      ? []
      : [fault('/client', 'not_an_id', valueKindOf(body.client))]
    throw new Problem('invalid-application', {
      faults: [...client, ...strange(Object.keys(body).filter((name) => name !== 'client'))],
    })
  }
  const { client } = parsed.data
  const features = known?.get(client)
  const found = features ? null : clients.get(client)
  if (!features && !found) throw new Problem('unknown-client')
  return {
    input: parsed.data,
    client,
    byId: client,
    ...(features && { features }),
    imputed: [],
    get applicant() {
      const applicant = found ?? clients.get(client)
      if (!applicant) throw new Problem('unknown-client')
      return applicant
    },
  }
}

function askedByApplication(body: Record<string, unknown>): Asked {
  const { application, history } = body
  const others = Object.keys(body).filter((name) => name !== 'application' && name !== 'history')
  try {
    const { applicant, imputed } = parseApplicant({ application, ...(history !== undefined && { history }) })
    if (others.length > 0) throw new Problem('invalid-application', { faults: strange(others) })
    const id = applicant.application.SK_ID_CURR
    return { input: body, client: typeof id === 'number' ? id : null, applicant, imputed }
  } catch (error) {
    if (!(error instanceof InvalidApplication)) throw error
    const { issues, moreIssues } = error
    const found = issues.slice(0, mostFaults).map(({ pointer, code, received }) => fault(pointer, code, received))
    throw new Problem('invalid-application', {
      faults: [...strange(others), ...found],
      moreFaults: issues.length - found.length + moreIssues,
    })
  }
}
