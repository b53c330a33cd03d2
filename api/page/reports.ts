/** The pipeline's reports, where their folder is at hand: listed, and served each under its own policy. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'
import type { Context } from 'hono'
import { compress } from 'hono/compress'
import { type Html, html } from 'report-kit'
import type { Env } from '../env.ts'
import type { Language } from '../language.ts'
import { Problem } from '../problems.ts'
import { anyRole, type Desk } from './desk.ts'
import { texts } from './texts.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.csv': 'text/csv; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.js': 'text/javascript; charset=utf-8',
}

const closed = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; sandbox`

/** A report states in its head what it needs, by hash; one that does not gets no script at all. */
export function policyOf(document: string): string {
  const stated = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(document)?.[1]
  return `${stated?.replaceAll('&#39;', "'") ?? closed}; frame-ancestors 'none'`
}

/** Pages of a folder of reports, by path. */
export function pagesIn(folder: string | null): string[] {
  if (folder === null || !existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .flatMap((name) =>
      existsSync(join(folder, name, 'index.html'))
        ? [`${name}/index.html`]
        : readdirSync(join(folder, name))
            .filter((file) => file.endsWith('.html'))
            .map((file) => `${name}/${file}`),
    )
}

export function reportList(folder: string | null, language: Language): Html {
  const t = texts[language]
  const pages = pagesIn(folder)
  const listed = folder !== null && existsSync(join(folder, 'index.html'))
  if (pages.length === 0) return html`<p>${t.model.noReports}</p>`
  const link = (path: string, title: string, what: string) =>
    html`<li><a href="/reports/${path}">${title}</a><span class="small">${what}</span></li>`
  const item = (path: string) => {
    const [name = '', file = ''] = path.split('/')
    const [title, what] = t.reports.names[name] ?? [name, '']
    const own = file === 'index.html' ? '' : ` · ${file.replace('.html', '')}`
    return link(path, `${title}${own}`, what)
  }
  return html`<ul class="links">${listed && link('', ...t.reports.all)}${pages.map(item)}</ul>`
}

export function reportRoutes({ app, service, get }: Desk): void {
  app.use('/reports/*', compress())
  get('/reports/*', anyRole, (c) => fileOf(c, service.reports))
}

/** @throws Problem not-found where the address holds bytes that are not UTF-8 */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new Problem('not-found')
  }
}

function fileOf(c: Context<Env>, folder: string | null): Response {
  const asked = normalize(decoded(new URL(c.req.url).pathname).slice('/reports/'.length))
  const path = asked === '.' || asked.endsWith('/') ? join(asked, 'index.html') : asked
  const type = types[extname(path)]
  if (folder === null || !type || path.startsWith('..') || path.includes('\0')) throw new Problem('not-found')
  const file = join(folder, path)
  if (!existsSync(file) || !statSync(file).isFile()) throw new Problem('not-found')
  const body = readFileSync(file)
  return c.body(new Uint8Array(body), 200, {
    'content-type': type,
    'content-security-policy': type.startsWith('text/html') ? policyOf(body.toString('utf8', 0, 20_000)) : closed,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-cache',
  })
}
