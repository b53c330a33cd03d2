/** Scores of a round and of all rounds, and how the library's line of scores is read. */

/** One round: by evaluation matrix and metric. */
export type Scores = Record<string, Record<string, number>>

/** Every round's value, by evaluation matrix and metric. */
export type Log = Record<string, Record<string, number[]>>

/** Sets a field of an object's own, whatever its name: plain assignment to `__proto__` would change what the object inherits. */
export function put<T>(record: Record<string, T>, name: string, value: T): T {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true })
  return value
}

/** The field of an object's own, or null: every object inherits a `constructor`. */
export const ownField = <T>(record: Readonly<Record<string, T>>, name: string): T | null =>
  Object.hasOwn(record, name) ? (record[name] as T) : null

export function append(log: Log, name: string, metric: string, value: number): void {
  const metrics: Record<string, number[]> = ownField(log, name) ?? put(log, name, {})
  const values = ownField(metrics, metric) ?? put(metrics, metric, [])
  values.push(value)
}

const number = (text: string): number => {
  if (/inf/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return Number(text)
}

/** Reads `[7]\t0-logloss:0.25\t0-auc:0.75\t1-logloss:…`, where matrices are called by their place: a name may hold any character. */
export function parseEvaluation(line: string, names: readonly string[]): Scores {
  const scores: Scores = Object.fromEntries(names.map((name) => [name, {}]))
  for (const part of line.split('\t').slice(1)) {
    const [dash, colon] = [part.indexOf('-'), part.lastIndexOf(':')]
    const name = names[Number(part.slice(0, dash))]
    const metrics = name === undefined ? null : ownField(scores, name)
    if (metrics) put(metrics, part.slice(dash + 1, colon), number(part.slice(colon + 1)))
  }
  return scores
}
