import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { usage } from '../api/settings.ts'
import { alertCodes, alertKinds } from '../pipeline/monitor/alerts.ts'

const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && existsSync(file))
const files = new Set(tracked)
const folders = new Set(tracked.flatMap((file) => file.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))))
const stands = (path: string) => files.has(path) || folders.has(path.replace(/\/$/, ''))
/** Whether some file's path ends so: a comment may name `threshold.ts` or `models/threshold.ts`. */
const endsSome = (path: string) => files.has(path) || tracked.some((file) => file.endsWith(`/${path}`))

const read = (file: string) => readFileSync(file, 'utf8')
const documents = tracked.filter((file) =>
  /^(README|CONTRIBUTING)\.md$|^docs\/.*\.md$|^packages\/[^/]+\/README\.md$/.test(file),
)

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')
const lineOf = (text: string, index: number) => text.slice(0, index).split('\n').length

/** The anchors of a document's headings, as GitHub makes them; of a page its ids. */
const anchorsOf = (file: string) =>
  file.endsWith('.html') ? new Set([...read(file).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)) : headings(file)

const headings = (file: string) =>
  new Set(
    [
      ...read(file)
        .replace(/^```[\s\S]*?^```/gm, '')
        .matchAll(/^#+ +(.*)$/gm),
    ].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  )

/** Why a path with an optional anchor leads nowhere, or null. */
function lost(path: string, anchor: string | undefined): string | null {
  if (!stands(path)) return 'no such file'
  return anchor === undefined || anchorsOf(path).has(anchor) ? null : 'no such heading'
}

/** The comments of a source file with the place of each; of a language without a rule here, its whole text. */
function comments(file: string): { line: number; text: string }[] {
  const text = read(file)
  if (!/\.(ts|mts|mjs|js|css)$/.test(file)) return [{ line: 1, text }]
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|(?<![:'"`\\\w])\/\/[^\n]*/g)].map((found) => ({
    line: lineOf(text, found.index),
    text: found[0],
  }))
}

const sources = tracked.filter(
  (file) =>
    (/\.(ts|mts|mjs|js|css|py|ya?ml|sh|ipynb)$|^Dockerfile$/.test(file) ||
      /^(packages|pipeline|bench)\/.*\.json$/.test(file)) &&
    !/^reports\/|^commands\/docs\.test\.ts$|remoteEntry/.test(file),
)

test('every link of a document leads to a file of the repository, and to a heading where it names one', () => {
  const wrong: string[] = []
  for (const file of documents)
    for (const [, target] of withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue
      const [path, anchor] = target!.split('#')
      const fault = lost(path === '' ? file : normalize(join(dirname(file), path!)), anchor)
      if (fault) wrong.push(`${file}: ${target}: ${fault}`)
    }
  assert.equal(wrong, [])
})

test('every source file and folder that a document names exists', () => {
  const wrong: string[] = []
  for (const file of documents.filter((name) => !name.startsWith('packages/')))
    for (const [, span] of read(file).matchAll(/`([^`\n]+)`/g)) {
      if (/\b(NAME|STAGE)\b/.test(span!)) continue // stands for any name
      const isFile = /^[\w@.-]+(\/[\w@.-]+)*\.(ts|mjs|py|sh|md|ipynb|ya?ml)$/.test(span!)
      const isFolder = /^(api|bench|commands|docs|notebooks|packages|pipeline|reports|testing)(\/[\w.-]+)*\/?$/.test(
        span!,
      )
      if (isFile ? !endsSome(span!) : isFolder && !stands(span!)) wrong.push(`${file}: ${span}`)
    }
  assert.equal(wrong, [])
})

test('every command that a document names can be run: npm scripts, stages of dvc, test files', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const { stages } = parse(read('dvc.yaml')) as { stages: Record<string, unknown> }
  const tests = tracked.filter((file) => file.endsWith('.test.ts'))
  const wrong: string[] = []
  for (const file of documents.filter((name) => !name.startsWith('packages/'))) {
    const text = read(file).replace(/^```tree[\s\S]*?^```/gm, '')
    for (const [, name] of text.matchAll(/\bnpm run ([a-z][\w:-]*)/g))
      if (!scripts[name!]) wrong.push(`${file}: npm run ${name}`)
    for (const [, name] of text.matchAll(/\bdvc repro ([a-z]\w*)/g))
      if (!stages[name!]) wrong.push(`${file}: dvc repro ${name}`)
    for (const [, part] of text.matchAll(/\bnpm test -- ([a-z][\w./-]*)/g))
      if (!tests.some((name) => name.includes(part!))) wrong.push(`${file}: npm test -- ${part}`)
  }
  assert.equal(wrong, [])
})

test('the picture of the architecture shows every stage of the pipeline', () => {
  const { stages } = parse(read('dvc.yaml')) as { stages: Record<string, unknown> }
  const picture = /```mermaid([\s\S]*?)```/.exec(read('docs/architecture.md'))?.[1] ?? ''
  assert.equal(
    Object.keys(stages).filter((stage) => !new RegExp(`(^|-> )${stage}\\b`, 'm').test(picture.replace(/^ +/gm, ''))),
    [],
  )
})

test('every alert has its entry in the runbook, which states its false alarms, and every alert of Prometheus names one', () => {
  const runbook = read('docs/runbook.md')
  const anchors = anchorsOf('docs/runbook.md')
  for (const code of alertCodes) {
    const entry = new RegExp(`^## ${code}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(runbook)?.[1] ?? ''
    for (const part of ['**Means**', '**Check first**', '**Do**']) assert.ok(entry.includes(part), `${code}: ${part}`)
    const { falseAlarms } = alertKinds[code]
    if (falseAlarms > 0) assert.ok(entry.includes(`False alarms a year: ${falseAlarms}`), `${code}: ${falseAlarms}`)
  }
  const named = [...read('deploy/prometheus/rules.yml').matchAll(/docs\/runbook\.md#([\w-]+)/g)].map(
    ([, anchor]) => anchor!,
  )
  assert.ok(named.length > 2)
  assert.equal(
    named.filter((anchor) => !anchors.has(anchor)),
    [],
  )
})

test('every parameter that a document names is in params.yaml', () => {
  const params = parse(read('params.yaml')) as Record<string, unknown>
  const wrong: string[] = []
  for (const file of documents)
    for (const [, span] of read(file).matchAll(/`([a-z_]+(?:\.[a-z_]+)+)`/g)) {
      const [section, ...rest] = span!.split('.')
      if (!(section! in params) || /\.(ts|mjs|py|json|md)$/.test(span!)) continue
      const value = rest.reduce<unknown>(
        (at, key) => (at as Record<string, unknown> | undefined)?.[key],
        params[section!],
      )
      if (value === undefined) wrong.push(`${file}: ${span}`)
    }
  assert.equal(wrong, [])
})

test('every setting of the service stands in the README', () => {
  const names = [...usage.matchAll(/^([A-Z_]+(?:, [A-Z_]+)*) {2,}/gm)].flatMap(([, list]) => list!.split(', '))
  assert.ok(names.length > 5, `${names.length} settings were found in the usage of api/settings.ts`)
  const readme = read('README.md')
  assert.equal(
    names.filter((name) => !readme.includes(`\`${name}`)),
    [],
  )
})

test('every document and source file that a comment names exists, headings included', () => {
  const wrong: string[] = []
  for (const file of sources)
    for (const { line, text } of comments(file)) {
      for (const [, path, anchor] of text.matchAll(
        /(?<![\w./*}>$-])([A-Za-z_][\w@-]*(?:[./][\w@-]+)*\.(?:md|ts|mjs))\b(?:#([\w-]+))?/g,
      )) {
        const named = anchor === undefined ? (endsSome(path!) ? null : 'no such file') : lost(path!, anchor)
        if (named) wrong.push(`${file}:${line}: ${path}${anchor ? `#${anchor}` : ''}: ${named}`)
      }
      if (/\.(ts|mts|mjs|js)$/.test(file))
        for (const [path] of text.matchAll(/(?:\.\.\/)+[\w.-]+(?:\/[\w.-]+)*/g))
          if (!stands(normalize(join(dirname(file), path)))) wrong.push(`${file}:${line}: ${path}`)
    }
  assert.equal(wrong, [])
})

test('a comment that cites a section names the work that it is a section of', () => {
  const wrong: string[] = []
  for (const file of sources.filter((name) => !/\.(json|ipynb|ya?ml)$/.test(name)))
    for (const { line, text } of comments(file))
      for (const found of text.matchAll(/[^\n]*(?:\b[Ss]ections? \d|§ ?\d)[^\n]*/g))
        if (!/\b(19|20)\d\d\b|RFC \d|https?:|\bdraft-/.test(found[0])) wrong.push(`${file}:${line}: ${found[0].trim()}`)
  assert.equal(wrong, [])
})

test('every French word of the glossary stands on the page', () => {
  const page = tracked
    .filter((file) => /^api\/page\/texts[\w-]*\.ts$/.test(file))
    .map((file) => read(file).toLowerCase())
    .join('\n')
  const rows = [...read('docs/glossary.md').matchAll(/^\| (.+?) \| (.+?) \| .+ \| \[/gm)]
  assert.ok(rows.length > 40, `${rows.length} terms were found in docs/glossary.md`)
  const strange = rows.flatMap(([, , french]) =>
    french === '–' ? [] : french!.split(', ').filter((word) => !page.includes(word.toLowerCase())),
  )
  assert.equal(strange, [])
})

test.run()
