/** /openapi.json and /docs: Swagger UI from node_modules, no address outside this server. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { compress } from 'hono/compress'
import { html, raw } from 'hono/html'
import { secureHeaders } from 'hono/secure-headers'
import type { Env, Service } from '../env.ts'
import { Problem } from '../problems.ts'

const files: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', validatorUrl: null, deepLinking: true })`
const startHash = createHash('sha256').update(start).digest('base64')

/** Swagger UI writes style attributes, so styles are the one thing less strict here than on the page. */
export const docsHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'", `'sha256-${startHash}'`],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
})

/** A client that is served, wherever the document asks for one: what is tried first works. */
function withExample(key: string, value: unknown, client: number | undefined): unknown {
  if (client === undefined || typeof value !== 'object' || value === null) return value
  if (key === 'ScoreRequest') return { ...value, example: { client } }
  if (key === 'client' && 'type' in value && value.type === 'integer') return { ...value, example: client }
  if ('in' in value && value.in === 'path' && 'schema' in value && 'description' in Object(value.schema))
    return Object(value.schema).description === 'SK_ID_CURR'
      ? { ...value, schema: { ...Object(value.schema), example: String(client) } }
      : value
  return value
}

export function docsRoutes(app: OpenAPIHono<Env>, about: { version: string; clients: Service['clients'] }): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' })
  let document: string | undefined
  app.use('/docs/*', compress())
  app.get('/openapi.json', compress(), (c) => {
    const [first] = about.clients.search('', 1)
    document ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'Prêt à dépenser: credit scoring',
          version: about.version,
          description: 'The probability that a client fails to repay, the decision at the cost threshold, and why.',
        },
        servers: [{ url: '/' }],
      }),
      (key, value) => withExample(key, value, first?.id),
    )
    return c.body(document, 200, { 'content-type': 'application/json' })
  })
  app.get('/docs', (c) =>
    c.html(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Prêt à dépenser: API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="docs"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script>${raw(start)}</script>
</body>
</html>`),
  )
  app.get('/docs/:file', (c) => {
    const file = c.req.param('file')
    const type = Object.hasOwn(files, file) ? files[file] : undefined
    if (!type) throw new Problem('not-found')
    return c.body(readFileSync(join(folder, file)), 200, {
      'content-type': type,
      'cache-control': 'public, max-age=86400',
    })
  })
}
