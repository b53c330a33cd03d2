/** The HTTP server around the app: which lines it cuts and when, and what is answered where the app itself cannot. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { getRequestListener, RequestError } from '@hono/node-server'
import { accepted } from './language.ts'
import { Problem, problemBody } from './problems.ts'
import { requestId } from './request-id.ts'

const headersMilliseconds = 10_000
const keepMilliseconds = 75_000 // longer than a balancer keeps its side open, so that it never sends into a closing line

export interface ListenerOptions {
  /** After which a line is cut where nothing moves and it is the caller's turn to move. */
  readonly silenceSeconds?: number | undefined
  /** Called with the errors that the app itself did not answer. */
  readonly failed?: (failure: { requestId: string; error: unknown }) => void
}

/**
 * Not listening yet. A line is cut after `silenceSeconds` without a byte when the caller is to send or to read; while an answer is
 * worked on it is not. How long a body may take is said by its route (body-limit.ts), not by Node for all of them.
 */
export function listenerOf(
  fetch: (request: Request, env: object) => Response | Promise<Response>,
  { silenceSeconds = 30, failed }: ListenerOptions = {},
): Server {
  const lastResort = (error: unknown, language: string | undefined): Response => {
    const id = requestId(Date.now())
    const isTheirs = error instanceof RequestError
    if (!isTheirs) failed?.({ requestId: id, error })
    const problem = new Problem(isTheirs ? 'malformed-request' : 'internal')
    return new Response(JSON.stringify(problemBody(problem, accepted(language), id)), {
      status: problem.status,
      // What is still to come of its body belongs to no route.
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', connection: 'close' },
    })
  }
  const answer = async (request: Request, env: object) => {
    try {
      return await fetch(request, env)
    } catch (error) {
      return lastResort(error, request.headers.get('accept-language') ?? undefined)
    }
  }
  const server = createServer(
    { connectionsCheckingInterval: 5000 },
    // A caller of HTTP/1.0, as health checkers are, names no host.
    getRequestListener(answer, { hostname: 'localhost', errorHandler: (error) => lastResort(error, undefined) }),
  )
  const latest = new WeakMap<Socket, ServerResponse>()
  server.on('request', ({ socket }, outgoing) => latest.set(socket, outgoing))
  server.keepAliveTimeout = keepMilliseconds
  server.headersTimeout = headersMilliseconds
  server.requestTimeout = 0
  server.setTimeout(silenceSeconds * 1000, (socket: Socket) => {
    const outgoing = latest.get(socket)
    if (outgoing && isWorkedOn(outgoing)) socket.setTimeout(silenceSeconds * 1000)
    else socket.destroy()
  })
  return server
}

/** All that was asked has come, all that was answered so far has been taken, and there is more to come. */
const isWorkedOn = (outgoing: ServerResponse): boolean =>
  outgoing.req.complete && !outgoing.writableEnded && outgoing.writableLength === 0
