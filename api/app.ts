/** createApp: the routes in order, what surrounds them, and the one onError. */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { routePath } from 'hono/route'
import { secureHeaders } from 'hono/secure-headers'
import { identify } from './access.ts'
import { bodyLimits, isInterrupted } from './body-limit.ts'
import type { Ended, Env, Service } from './env.ts'
import { KnownFeatures } from './feature-cache.ts'
import { type Journal, JournalError } from './journal/journal.ts'
import type { LogEntry } from './log.ts'
import { type Metrics, metricsOf } from './metrics.ts'
import { answerProblemPage } from './page/desk.ts'
import { pageRoutes } from './page/routes.ts'
import { answerProblem, Problem } from './problems.ts'
import { rateLimit } from './rate-limit.ts'
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
  /** Requests a minute that one caller may send; 0 or nothing: any number. */
  readonly rateLimit?: number
  /** In which a body must have come; else what its route says (body-limit.ts). */
  readonly bodySeconds?: number
  /** In which the next line of a batch of lines must have come. */
  readonly lineSeconds?: number
  /** Refuses to answer under any name but this machine's own: with no keys, a page of any site could reach it by a name of its own (DNS rebinding). */
  readonly loopbackOnly?: boolean
  readonly metrics?: Metrics
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
  const now = options.now ?? (() => performance.timeOrigin + performance.now())
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
    recorded: (prediction) => metrics.prediction(prediction),
    now,
    stopping: options.stopping ?? (() => false),
  }
  const app = new OpenAPIHono<Env>()
  app.use(async function around(c, next) {
    const started = now()
    c.set('started', started)
    c.set('requestId', requestId(Math.floor(started)))
    await next()
    c.header('x-request-id', c.get('requestId'))
    // What is not said to be kept is about clients, or may be.
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
    if (service.stopping()) c.header('connection', 'close')
    const [method, route, status] = [c.req.method, routePath(c, -1), c.res.status]
    const tell = (ended?: Ended) => {
      const milliseconds = now() - started
      metrics.request({ method, route, status, seconds: milliseconds / 1000 })
      const note = ended?.how === 'left' ? 'caller_left' : c.get('note')
      const error = ended?.how === 'broken' ? ended.error : (c.get('failure') ?? (status >= 500 ? c.error : undefined))
      options.log?.({
        requestId: c.get('requestId'),
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
  if (options.loopbackOnly)
    app.use(async function answersHere(c, next) {
      if (!isLoopback(new URL(c.req.url).hostname)) throw new Problem('wrong-host')
      await next()
    })
  app.use(bodyLimits({ seconds: options.bodySeconds }))
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        answerProblem(c, new Problem('method-not-allowed', { headers: { allow: methods.join(', ') } })),
    }),
  )
  app.use(identify(service.keys))
  if (options.rateLimit) app.use(rateLimit(options.rateLimit))
  healthRoutes(app, service)
  metricsRoutes(app, service, metrics)
  scoreRoutes(app, service)
  batchRoutes(app, service, options)
  whatIfRoutes(app, service)
  clientRoutes(app, service)
  predictionRoutes(app, service)
  reviewRoutes(app, service)
  outcomeRoutes(app, service)
  modelRoutes(app, service)
  docsRoutes(app, { version: scorer.bundle.version })
  pageRoutes(app, service)
  const answer = (c: Context<Env>, problem: Problem) =>
    isForPerson(c) ? answerProblemPage(c, service, problem) : answerProblem(c, problem)
  app.notFound((c) => answer(c, new Problem('not-found')))
  app.onError((error, c) => {
    if (isInterrupted(c)) return answer(c, new Problem('interrupted', { cause: error }))
    if (error instanceof Problem) return answer(c, error)
    if (error instanceof JournalError)
      return answer(c, new Problem('journal-down', { cause: error, headers: { 'retry-after': '5' } }))
    if (error instanceof HTTPException && error.status < 500) return answer(c, new Problem('malformed-json'))
    return answer(c, new Problem('internal', { cause: error }))
  })
  return app
}

/** Whether a refusal is read by a person in the page rather than by a program. */
const isForPerson = (c: Context<Env>): boolean =>
  !/^\/(v1|health|openapi\.json|metrics)(\/|$)/.test(c.req.path) && (c.req.header('accept') ?? '').includes('text/html')
