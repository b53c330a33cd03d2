/** The one gate for JSON that comes from dvc: Python's dialect, in which NaN and Infinity are numbers, parsed and then checked by a schema. */
import { z } from 'zod'
import { DvcError } from './error.ts'

/** Any number: `z.number()` takes finite ones only. */
export const anyNumber = z.custom<number>((value) => typeof value === 'number', 'expected a number')

const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

/** Parses what Python's json module writes. Throws a SyntaxError. */
export function parsePythonJson(text: string): unknown {
  // A text that no text of the answer equals stands for each of the three, and becomes the number again.
  let mark = '\u0001'
  while (text.includes(mark) || text.includes(JSON.stringify(mark).slice(1, -1))) mark += '\u0001'
  let found = false
  const marked = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) => {
    if (token.startsWith('"')) return token
    found = true
    return JSON.stringify(mark + token)
  })
  if (!found) return JSON.parse(text)
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? NON_FINITE[value.slice(mark.length)] : value,
  )
}

/** What dvc answered, as `schema` says. @param asked the question, for the message */
export function answerOf<S extends z.ZodType>(schema: S, text: string, asked: string): z.output<S> {
  let value: unknown
  try {
    value = parsePythonJson(text)
  } catch {
    throw new DvcError(`${asked}: expected JSON, received ${JSON.stringify(text.slice(0, 200))}`)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new DvcError(`${asked}: an answer that this package does not know:\n${z.prettifyError(parsed.error)}`)
}
