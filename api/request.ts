/** What a caller sends to be scored: a known client's id, or an application with its history. */
import { z } from '@hono/zod-openapi'
import {
  type Applicant,
  applicationSchema,
  historySchema,
  InvalidApplication,
  parseApplicant,
} from '../pipeline/data/applicant.ts'
import type { ClientFeatures } from '../pipeline/scoring/scorer.ts'
import type { Service } from './env.ts'
import { fault } from './faults.ts'
import type { KnownFeatures } from './feature-cache.ts'
import { Problem } from './problems.ts'

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
 * @throws Problem invalid-application with all faults, or unknown-client
 */
export function parseRequest(body: unknown, clients: Service['clients'], known?: KnownFeatures): Asked {
  if (!isObject(body)) throw new Problem('invalid-application', { faults: [fault('', 'not_an_object')] })
  return 'client' in body ? askedById(body, clients, known) : askedByApplication(body)
}

export const escapePointer = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** The applicant of an input that was accepted once; null when the bundle no longer holds its client or the schema refuses it. */
export function applicantOf(input: unknown, clients: Service['clients']): Applicant | null {
  try {
    return parseRequest(input, clients).applicant
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

function askedById(body: Record<string, unknown>, clients: Service['clients'], known?: KnownFeatures): Asked {
  const parsed = byClient.safeParse(body)
  if (!parsed.success) {
    const faults = Object.keys(body)
      .filter((key) => key !== 'client')
      .map((key) => fault(`/${escapePointer(key)}`, 'unknown_field'))
    const client = byClient.shape.client.safeParse(body.client).success ? [] : [fault('/client', 'not_an_id')]
    throw new Problem('invalid-application', { faults: [...client, ...faults] })
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
  const { application, history, ...others } = body
  const faults = Object.keys(others).map((key) => fault(`/${escapePointer(key)}`, 'unknown_field'))
  try {
    const { applicant, imputed } = parseApplicant({ application, ...(history !== undefined && { history }) })
    if (faults.length > 0) throw new Problem('invalid-application', { faults })
    const id = applicant.application.SK_ID_CURR
    return { input: body, client: typeof id === 'number' ? id : null, applicant, imputed }
  } catch (error) {
    if (!(error instanceof InvalidApplication)) throw error
    const found = error.issues.map(({ pointer, code }) => fault(pointer, code))
    throw new Problem('invalid-application', { faults: [...faults, ...found] })
  }
}
