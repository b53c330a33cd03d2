/** Scores of a round and of all rounds, and how the library's line of scores is read. */

/** One round: by evaluation matrix and metric. */
export type Scores = Record<string, Record<string, number>>

/** Every round's value, by evaluation matrix and metric. */
export type Log = Record<string, Record<string, number[]>>

export function append(log: Log, name: string, metric: string, value: number): void {
  log[name] ??= {}
  log[name][metric] ??= []
  log[name][metric].push(value)
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
    const metrics = name === undefined ? undefined : scores[name]
    if (metrics) metrics[part.slice(dash + 1, colon)] = number(part.slice(colon + 1))
  }
  return scores
}
