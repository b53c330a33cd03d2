/** Parameters: a section of params.yaml (or any YAML or JSON file), checked against a zod schema. */
import { readFileSync } from 'node:fs'
import { isCollection, isMap, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { ParamsError } from './error.ts'

type Path = readonly (string | number)[]

/** A parsed parameters file that knows on which line a value stands. */
export interface ParamsFile {
  readonly file: string
  readonly value: unknown
  /** The line (from 1) of the value at a path, or of its nearest parent that is there. */
  lineOf(path: Path): number
  /** Whether the value at a path stands within braces or brackets. */
  isInFlow(path: Path): boolean
}

/** Reads a YAML or JSON file as DVC does (YAML 1.2, merge keys, no duplicate keys). */
export function readParamsFile(file: string): ParamsFile {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw new ParamsError(file, '', `${file}: expected a file of parameters, but ${why} (seen from ${process.cwd()})`)
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false })
  const broken = document.errors[0]
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0])
    throw new ParamsError(file, '', `${file}:${line}:${col}: expected YAML, but ${broken.message}`)
  }
  const lineOf = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
      const pair = isMap(parent) && parent.items.find((each) => String(each.key) === String(path[length - 1]))
      const node = pair ? pair.key : document.getIn(path.slice(0, length), true)
      const range = (node as { range?: readonly number[] | null } | undefined)?.range
      if (range?.[0] !== undefined) return lines.linePos(range[0]).line
    }
    return 1
  }
  const isInFlow = (path: Path): boolean =>
    path.some((_, length) => {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
      return isCollection(node) && node.flow === true
    })
  return { file, value: document.toJS(), lineOf, isInFlow }
}

const named = (path: Path): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index ? `.${part}` : part)).join('')

/**
 * One section of a parameters file, checked and typed by `schema`.
 *
 * @param section key at the root, or keys joined by dots (`train.booster`); '' is the whole file
 * @param options.file path of a YAML or JSON file, from the current folder; default: `params.yaml`
 * @throws ParamsError naming file, line, section and key, what was expected and what came, all problems at once
 */
export function params<S extends z.ZodType>(section: string, schema: S, options: { file?: string } = {}): z.output<S> {
  const source = readParamsFile(options.file ?? 'params.yaml')
  const path = section === '' ? [] : section.split('.')
  let value: unknown = source.value
  for (const [depth, key] of path.entries()) {
    const keys: string[] = value !== null && typeof value === 'object' ? Object.keys(value) : []
    if (!keys.includes(key)) {
      const where = depth === 0 ? 'the file' : `section ${path.slice(0, depth).join('.')}`
      const there = keys.length ? `${where} has ${keys.join(', ')}` : `${where} has no keys`
      throw new ParamsError(
        source.file,
        section,
        `${source.file}:${source.lineOf(path.slice(0, depth))}: expected a section ${section}, but ${there}`,
      )
    }
    value = (value as Record<string, unknown>)[key]
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const key = [...path, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))]
    const came = issue.code === 'invalid_type' ? '' : cameOf(value, issue.path)
    return `${source.file}:${source.lineOf(key)}: ${named(key) || 'the file'}: ${issue.message}${came}`
  })
  throw new ParamsError(source.file, section, problems.join('\n'))
}

/** What stands at a path, in a few words, for a message. */
function cameOf(value: unknown, path: readonly PropertyKey[]): string {
  let found = value
  for (const part of path) found = (found as Record<PropertyKey, unknown> | null | undefined)?.[part]
  const text = JSON.stringify(found)
  return text === undefined ? '' : `, received ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`
}
