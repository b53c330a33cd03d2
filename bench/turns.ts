/** This project and Python at the same task, turn by turn in one run: what counts is the median of the turns' ratios of processor time. */

import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { libraryPath } from 'xgboost-node'
import { maximum, minimum } from '../pipeline/data/extremes.ts'
import { median } from '../pipeline/data/quantile.ts'

export interface Seconds {
  readonly clock: number
  readonly processor: number
}

const processor = (taken: Seconds) => taken.processor
const clock = (taken: Seconds) => taken.clock

export interface Python {
  readonly ready: Promise<void>
  readonly measure: (task: string, times: number) => Promise<Seconds>
  readonly end: () => void
}

/** A Python process of the environment that runs a script of this folder and measures what it is asked to, in seconds. */
export function python(script: string, args: readonly string[]): Python {
  const root = dirname(dirname(dirname(dirname(dirname(dirname(libraryPath()))))))
  const child = spawn(join(root, 'bin', 'python3'), [join(import.meta.dirname, script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the Python process ended early')
    return String(value)
  }
  return {
    ready: line().then(() => {}),
    measure: (task, times) => {
      child.stdin.write(`${task} ${times}\n`)
      return line().then((text) => {
        const [clock = Number.NaN, processor = Number.NaN] = text.split(' ').map(Number)
        return { clock, processor }
      })
    },
    end: () => child.stdin.end(),
  }
}

export function seconds(times: number, task: () => void): Seconds {
  const [start, used] = [performance.now(), process.cpuUsage()]
  for (let i = 0; i < times; i++) task()
  const { user, system } = process.cpuUsage(used)
  return { clock: (performance.now() - start) / 1000, processor: (user + system) / 1e6 }
}

export interface TurnComparison {
  readonly what: string
  /** One or more of Python's ways to do it; the one with the least median counts. */
  readonly theirs: readonly string[]
  readonly ours: () => void
  readonly times: number
  readonly bar: number | null
}

/** Runs the comparisons, prints a line for each, and counts the bars that were missed. */
export async function compared(
  comparisons: readonly TurnComparison[],
  reference: Python,
  turns: number,
): Promise<number> {
  let missed = 0
  for (const { what, theirs, ours, times, bar } of comparisons) {
    const [mine, others]: [Seconds[], Seconds[][]] = [[], theirs.map(() => [])]
    seconds(1, ours)
    for (const task of theirs) await reference.measure(task, 1)
    for (let turn = 0; turn < turns; turn++) {
      // Who goes first alternates too.
      const first = turn % 2 ? seconds(times, ours) : null
      for (const [way, task] of theirs.entries()) others[way]?.push(await reference.measure(task, times))
      mine.push(first ?? seconds(times, ours))
    }
    const [quickest = []] = others.toSorted((a, b) => median(a.map(processor)) - median(b.map(processor)))
    const against = (of: (s: Seconds) => number) => mine.map((own, turn) => of(own) / of(quickest[turn] ?? own))
    const [ratios, clocks] = [against(processor), against(clock)]
    const ratio = median(ratios)
    const met = bar === null || ratio <= bar
    missed += met ? 0 : 1
    const verdict = bar === null ? '' : `, bar ${bar}: ${met ? 'met' : 'MISSED'}`
    const spread = `${minimum(ratios).toFixed(2)} to ${maximum(ratios).toFixed(2)}; by the clock ${median(clocks).toFixed(3)}`
    console.log(
      `${what}: ${((median(mine.map(processor)) / times) * 1000).toFixed(3)} ms, ratio to Python ${ratio.toFixed(3)} (${spread})${verdict}`,
    )
  }
  return missed
}
