/** What an MLflow server keeps unchanged (3.17, mlflow/utils/validation.py): anything else is refused here, before it is cut or turned into 0 there. */
import { TrackingError } from './error.ts'

const KEY = 250
const PARAM = 6000 // characters; longer ones the server cuts without a word
const TAG = 8000
const NAME = /^[\w. :/-]+$/

/** Most values that one request may hold. */
export const BATCH = { metrics: 1000, params: 100, tags: 100, bytes: 900_000 } as const

/** A metric's value as JSON that survives: JSON.stringify would make null of NaN, and a bare NaN is stored as 0. */
export const metricValue = (value: number): number | string => (Number.isFinite(value) ? value : String(value))

/** Refuses a name of a parameter, metric or tag that the server would refuse. */
export function checkKey(kind: 'parameter' | 'metric' | 'tag', key: string): void {
  if (
    !NAME.test(key) ||
    key.length > KEY ||
    key.startsWith('/') ||
    key.endsWith('/') ||
    /(^|\/)\.{0,2}(\/|$)/.test(key)
  )
    throw new TrackingError(
      `${kind} ${JSON.stringify(key)}: expected a name of letters, digits, _ - . space : and / (inside), of at most ${KEY} characters`,
    )
}

/** A value as text, refused when the server would cut it. */
function textOf(kind: 'parameter' | 'tag', key: string, value: unknown, limit: number): string {
  checkKey(kind, key)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text === undefined) throw new TrackingError(`${kind} ${key}: expected a value, received ${typeof value}`)
  if ([...text].length > limit)
    throw new TrackingError(
      `${kind} ${key}: ${[...text].length} characters, and MLflow keeps ${limit} of a ${kind}: log it as an artifact`,
    )
  return text
}

export const paramText = (key: string, value: unknown): string => textOf('parameter', key, value, PARAM)
export const tagText = (key: string, value: unknown): string => textOf('tag', key, value, TAG)

/** Groups of at most `count` values and BATCH.bytes of JSON. */
export function batches<T>(values: readonly T[], count: number): T[][] {
  const groups: T[][] = []
  let bytes = 0
  for (const value of values) {
    const size = Buffer.byteLength(JSON.stringify(value)) + 1
    const last = groups.at(-1)
    if (!last || last.length >= count || bytes + size > BATCH.bytes) {
      groups.push([value])
      bytes = size
    } else {
      last.push(value)
      bytes += size
    }
  }
  return groups
}
