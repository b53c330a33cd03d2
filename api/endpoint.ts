/** One way to declare a JSON endpoint: its place in the OpenAPI document, who may call it, and its handler. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { allow } from './access.ts'
import type { Env, Service } from './env.ts'
import { fault } from './faults.ts'
import { parseJson } from './json.ts'
import { ownTurn } from './own-turn.ts'
import { kinds, mostFaults, Problem, type ProblemCode } from './problems.ts'
import type { Role } from './settings.ts'

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    instance: z.string(),
    detail: z.string().optional(),
    errors: z
      .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() }))
      .max(mostFaults)
      .optional()
      .openapi({ description: `The first ${mostFaults}` }),
    moreErrors: z
      .int()
      .positive()
      .optional()
      .openapi({ description: 'Further errors, which are counted and not listed' }),
  })
  .openapi('Problem', { description: 'RFC 9457; never holds the applicant’s values' })

export interface Endpoint {
  readonly method: 'get' | 'post' | 'delete'
  /** OpenAPI's form: /v1/clients/{id} */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** More than fits a line: Markdown. */
  readonly description?: string
  /** Null: anybody. `admin` may call all. */
  readonly roles: readonly Role[] | null
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** Takes and gives lines of JSON too (NDJSON): one line's body and answer. */
  readonly lines?: { readonly body: z.ZodType; readonly answer: z.ZodType }
  /** Takes an Idempotency-Key. */
  readonly once?: boolean
  readonly answer: z.ZodType
  /** What can be done with the answer: OpenAPI's links. */
  readonly links?: Record<string, { operationRef: string; parameters: Record<string, string> }>
  readonly problems?: readonly ProblemCode[]
}

/** `lang` of every endpoint that answers words. */
export const lang = z
  .enum(['fr', 'en'])
  .optional()
  .openapi({ description: 'Language of texts; else Accept-Language, else French' })

const always: readonly ProblemCode[] = ['not-acceptable', 'internal']

function responses(e: Endpoint) {
  const codes = new Set<ProblemCode>([
    ...always,
    ...(e.query ? (['invalid-query'] as const) : []),
    ...(e.once ? (['invalid-header', 'key-reused'] as const) : []),
    ...(e.roles ? (['too-many-requests'] as const) : []),
    ...(e.roles ? (['key-required', 'not-allowed'] as const) : []),
    ...(e.body ? (['malformed-json', 'too-large', 'unsupported-media-type'] as const) : []),
    ...(e.problems ?? []),
  ])
  const byStatus = Map.groupBy(codes, (code) => kinds[code].status)
  const refusals = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, members]) => [
      status,
      {
        description: members.map((code) => kinds[code].title.en).join(' '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ])
  const answer = {
    description: 'Done',
    content: {
      'application/json': { schema: e.answer },
      ...(e.lines && { [ndjson]: { schema: e.lines.answer } }),
    },
    ...(e.links && { links: e.links }),
  }
  return { 200: answer, ...Object.fromEntries(refusals) }
}

/** One JSON value a line. */
export const ndjson = 'application/x-ndjson'

const takenHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .openapi({ description: 'Sent again with the same request, it gets the same answer and nothing is scored twice' }),
})

/** Whether an Accept header lets JSON through (RFC 9110, 12.5.1). */
function takesJson(accept: string | undefined): boolean {
  if (!accept || accept === '*/*' || accept === 'application/json') return true
  return accept
    .split(',')
    .some((range) =>
      /^\s*(\*\/\*|application\/(\*|json|problem\+json|x-ndjson))\s*(;(?!.*\bq=0(\.0*)?\s*$).*)?$/i.test(range),
    )
}

/** Adds an endpoint to the app and to its OpenAPI document. The handler gets the query string as its schema reads it. */
export function endpoint<Q extends z.ZodObject = z.ZodObject<Record<never, never>>>(
  app: OpenAPIHono<Env>,
  service: Service,
  e: Endpoint & { readonly query?: Q },
  handler: (c: Context<Env>, query: z.output<Q>) => Response | Promise<Response>,
): void {
  app.openAPIRegistry.registerPath({
    method: e.method,
    path: e.path,
    tags: [e.tag],
    summary: e.summary,
    ...(e.description !== undefined && { description: e.description }),
    ...(e.roles && service.keys.length > 0 && { security: [{ key: [] }] }),
    request: {
      ...(e.params && { params: e.params }),
      ...(e.query && { query: e.query }),
      ...(e.once && { headers: takenHeaders }),
      ...(e.body && {
        body: {
          required: true,
          content: {
            'application/json': { schema: e.body },
            ...(e.lines && { [ndjson]: { schema: e.lines.body } }),
          },
        },
      }),
    },
    responses: responses(e),
  })
  const path = e.path.replaceAll(/\{(\w+)\}/g, ':$1')
  if (e.roles) app.on(e.method.toUpperCase(), path, allow(service.keys, e.roles))
  app.on(e.method.toUpperCase(), path, (c) => {
    if (!takesJson(c.req.header('accept'))) throw new Problem('not-acceptable')
    return handler(c, queryOf(c, e.query ?? anyQuery) as z.output<Q>)
  })
}

/** The parsed body. @throws Problem unsupported-media-type, malformed-json; too large (body-limit.ts) */
export async function jsonBody(c: Context<Env>): Promise<unknown> {
  requireJson(c)
  const text = await c.req.text()
  await ownTurn(text.length)
  return parseJson(text)
}

/** @throws Problem unsupported-media-type */
export function requireJson(c: Context<Env>): void {
  if (!isJson(c)) throw new Problem('unsupported-media-type')
  requireUtf8(c)
}

const isJson = (c: Context<Env>): boolean => {
  const type = c.req.header('content-type') ?? ''
  return type === 'application/json' || /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)
}

/** JSON is UTF-8 (RFC 8259, 8.1). @throws Problem unsupported-media-type where the body says otherwise */
export function requireUtf8(c: Context<Env>): void {
  const [, charset] = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(c.req.header('content-type') ?? '') ?? []
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset))
    throw new Problem('unsupported-media-type', { faults: [fault('/header/Content-Type', 'charset')] })
}

const anyQuery = z.object({})

/** The query string by its schema. @throws Problem invalid-query with every parameter that is refused */
function queryOf<S extends z.ZodType>(c: Context<Env>, schema: S): z.output<S> {
  const parsed = schema.safeParse(c.req.query())
  if (parsed.success) return parsed.data
  const names = new Set(
    parsed.error.issues.flatMap((i) => (i.code === 'unrecognized_keys' ? i.keys : [String(i.path[0])])),
  )
  throw new Problem('invalid-query', { faults: [...names].map((name) => fault(`/query/${name}`, 'parameter')) })
}
