/** createApp: the routes in order, what surrounds them, and the one onError. */
import { randomBytes } from 'node:crypto'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import { secureHeaders } from 'hono/secure-headers'
import { identify } from './access.ts'
import type { TrustedProxies } from './address.ts'
import { bodyLimits, isInterrupted } from './body-limit.ts'
import { wallClock } from './clock.ts'
import type { Ended, Env, Service } from './env.ts'
import { fault } from './faults.ts'
import { KnownFeatures } from './feature-cache.ts'
import { type Journal, JournalError, JournalMoved } from './journal/journal.ts'
import { type LogEntry, traceIdOf } from './log.ts'
import { methodsOf } from './methods.ts'
import { type Metrics, metricsOf } from './metrics.ts'
import { type Monitor, monitorOf } from './monitor.ts'
import { answerProblemPage } from './page/desk.ts'
import { pageRoutes } from './page/routes.ts'
import { signedCookie } from './page/session.ts'
import { answerProblem, Problem } from './problems.ts'
import { rateLimit, signInLimit } from './rate-limit.ts'
import type { Reference } from './reference.ts'
import { applicantOf } from './request.ts'
import { requestId } from './request-id.ts'
import { batchRoutes } from './routes/batch.ts'
import { clientRoutes } from './routes/clients.ts'
import { docsHeaders, docsRoutes } from './routes/docs.ts'
import { healthRoutes } from './routes/health.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { modelRoutes } from './routes/model.ts'
import { outcomeRoutes } from './routes/outcomes.ts'
import { predictionRoutes } from './routes/predictions.ts'
import { recordRoutes } from './routes/records.ts'
import { reviewRoutes } from './routes/reviews.ts'
import { scoreRoutes } from './routes/score.ts'
import { whatIfRoutes } from './routes/what-if.ts'
import { isLoopback, type Key } from './settings.ts'

export interface Options {
  /** A function where it is still being read. */
  readonly reference?: Reference | null | (() => Reference | null)
  /** The folder of the pipeline's reports, where it is at hand. */
  readonly reports?: string | null
  readonly keys?: readonly Key[]
  /** What signs the page's sessions; else they end with this app. */
  readonly sessionSecret?: Buffer
  /** Whose word on where a request came from is believed; nobody's unless set. */
  readonly trustedProxies?: TrustedProxies
  /** Requests a minute that one caller may send; 0 or nothing: any number. */
  readonly rateLimit?: number
  /** In which a body must have come; else what its route says (body-limit.ts). */
  readonly bodySeconds?: number
  /** In which the next line of a batch of lines must have come. */
  readonly lineSeconds?: number
  /** Refuses to answer under any name but this machine's own: with no keys, a page of any site could reach it by a name of its own (DNS rebinding). */
  readonly loopbackOnly?: boolean
  readonly metrics?: Metrics
  /** What watches the journal; else one that computes in this thread when it is asked. */
  readonly monitor?: Monitor
  readonly now?: () => number
  readonly stopping?: () => boolean
  readonly log?: (entry: LogEntry) => void
}

const strict = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    fontSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
})

/** The whole service as one function of a request; nothing is opened or listened to here. */
export function createApp(
  scorer: Service['scorer'],
  clients: Service['clients'],
  journal: Journal,
  options: Options = {},
): OpenAPIHono<Env> {
  const now = options.now ?? wallClock()
  const metrics = options.metrics ?? metricsOf(scorer.bundle.version)
  const service: Service = {
    scorer,
    clients,
    known: new KnownFeatures(),
    journal,
    get reference() {
      return (typeof options.reference === 'function' ? options.reference() : options.reference) ?? null
    },
    applicantOf: (input) => applicantOf(input, clients),
    reports: options.reports ?? null,
    keys: options.keys ?? [],
    sessionSecret: options.sessionSecret ?? randomBytes(32),
    monitor:
      options.monitor ??
      monitorOf({
        journal,
        version: scorer.bundle.version,
        // Read only where it is used: what the service asks for computes in a thread.
        engine: async () =>
          (await import('./monitor-engine.ts')).monitorEngine(scorer, clients, () => service.reference),
        now,
        looked: (report) => metrics.monitored(report),
      }),
    recorded: (prediction) => metrics.prediction(prediction),
    now,
    stopping: options.stopping ?? (() => false),
  }
  const app = new OpenAPIHono<Env>()
  app.use(async function around(c, next) {
    const [started, begun] = [now(), performance.now()]
    c.set('started', started)
    c.set('requestId', requestId(Math.floor(started)))
    await next()
    c.header('x-request-id', c.get('requestId'))
    // What is not said to be kept is about clients, or may be.
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
    if (service.stopping()) c.header('connection', 'close')
    const [method, route, status] = [c.req.method, routePath(c, -1), c.res.status]
    const tell = (ended?: Ended) => {
      const milliseconds = performance.now() - begun
      metrics.request({ method, route, status, seconds: milliseconds / 1000 })
      const note = ended?.how === 'left' ? 'caller_left' : c.get('note')
      const error = ended?.how === 'broken' ? ended.error : (c.get('failure') ?? (status >= 500 ? c.error : undefined))
      options.log?.({
        requestId: c.get('requestId'),
        traceId: traceIdOf(c.req.header('traceparent')),
        caller: c.get('caller') ?? undefined,
        method,
        route,
        status,
        milliseconds,
        ...(note && { note }),
        ...(error !== undefined && { error }),
      })
    }
    const ended = c.get('ended')
    if (ended) void ended.then(tell)
    else tell()
  })
  // A report brings its own policy, by the hashes of its style and script (page/reports.ts).
  app.use((c, next) =>
    /^\/reports\/./.test(c.req.path) ? next() : (/^\/docs(\/|$)/.test(c.req.path) ? docsHeaders : strict)(c, next),
  )
  // Hono has answered every Error below here; whatever else was thrown would leave an empty answer.
  app.use(async function errorsOnly(_, next) {
    try {
      await next()
    } catch (thrown) {
      throw new Error('what was thrown is no Error', { cause: thrown })
    }
  })
  if (options.loopbackOnly)
    app.use(async function answersHere(c, next) {
      if (!isLoopback(new URL(c.req.url).hostname)) throw new Problem('wrong-host')
      await next()
    })
  app.use(identify(service.keys))
  app.use(function cookie(c, next) {
    c.set('cookie', signedCookie(c, service))
    return next()
  })
  app.use(bodyLimits({ seconds: options.bodySeconds }))
  if (options.rateLimit) {
    app.use(rateLimit(options.rateLimit, options.trustedProxies ?? 0))
    app.use('/sign-in', signInLimit(options.rateLimit, options.trustedProxies ?? 0))
  }
  healthRoutes(app, service)
  metricsRoutes(app, service, metrics)
  scoreRoutes(app, service)
  batchRoutes(app, service, options)
  whatIfRoutes(app, service)
  clientRoutes(app, service)
  recordRoutes(app, service)
  predictionRoutes(app, service)
  reviewRoutes(app, service)
  outcomeRoutes(app, service)
  modelRoutes(app, service)
  docsRoutes(app, { version: scorer.bundle.version, clients })
  pageRoutes(app, service)
  const answer = (c: Context<Env>, problem: Problem) =>
    isForPerson(c) ? answerProblemPage(c, service, problem) : answerProblem(c, problem)
  const methodsAt = methodsOf(app)
  // Answered here rather than replaced after the other middleware, which has compressed by then.
  app.notFound((c) => {
    const methods = methodsAt(c.req.path)
    if (methods.length === 0 || methods.includes(c.req.method)) return answer(c, new Problem('not-found'))
    return answer(c, new Problem('method-not-allowed', { headers: { allow: methods.join(', ') } }))
  })
  /** Always answers: an error in wording an error is answered in fewer words. */
  async function onError(error: Error, c: Context<Env>): Promise<Response> {
    try {
      return await answer(c, problemOf(error, c))
    } catch (second) {
      c.error = new Error('the answer to an error could not be made', {
        cause: second instanceof Error && second.cause === undefined ? Object.assign(second, { cause: error }) : second,
      })
      return lastWord(c)
    }
  }
  app.onError(onError)
  return app
}

/** The refusal that an error is answered with. */
function problemOf(error: Error, c: Context<Env>): Problem {
  if (isInterrupted(c)) return new Problem('interrupted', { cause: error })
  if (error instanceof Problem) return error
  if (error instanceof JournalError)
    return new Problem('journal-down', {
      cause: error,
      headers: { 'retry-after': '5' },
      ...(error instanceof JournalMoved && { faults: [fault('', 'journal_moved')] }),
    })
  if (error instanceof HTTPException && error.status < 500) return new Problem('malformed-json')
  return new Problem('internal', { cause: error })
}

/** Of nothing that could fail once more. */
const lastWord = (c: Context<Env>): Response =>
  new Response(
    JSON.stringify({
      type: 'urn:problem:internal',
      title: 'Internal error.',
      status: 500,
      instance: `urn:request:${c.get('requestId')}`,
    }),
    { status: 500, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' } },
  )

/** Whether a refusal is read by a person in the page rather than by a program. */
const isForPerson = (c: Context<Env>): boolean =>
  !/^\/(v1|health|openapi\.json|metrics)(\/|$)/.test(c.req.path) && (c.req.header('accept') ?? '').includes('text/html')
