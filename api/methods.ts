/** Which methods an address takes, for a refusal that names them (RFC 9110, 15.5.6). */
import type { OpenAPIHono } from '@hono/zod-openapi'
import { TrieRouter } from 'hono/router/trie-router'
import type { Env } from './env.ts'

/** The methods of a path, none where no route has it; to be called once, asked when all routes are there. */
export function methodsOf(app: OpenAPIHono<Env>): (path: string) => readonly string[] {
  let known: TrieRouter<readonly string[]> | undefined
  return (path) => {
    known ??= routerOf(app)
    return [...new Set(known.match('ALL', path)[0].flatMap(([methods]) => methods))]
  }
}

function routerOf(app: OpenAPIHono<Env>): TrieRouter<readonly string[]> {
  const router = new TrieRouter<readonly string[]>()
  // Middleware stands under every method.
  const routes = app.routes.filter(({ method }) => method !== 'ALL' && method !== 'HEAD')
  for (const [path, all] of Map.groupBy(routes, (route) => route.path))
    router.add(
      'ALL',
      path,
      all.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
    )
  return router
}
