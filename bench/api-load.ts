/** Load on one address over loopback, from a process of its own, and what the server spent on it. */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { quantile } from '../pipeline/data/quantile.ts'

export interface Load {
  readonly requests: number
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Of the server, per request. */
  readonly processorMs: number
  readonly errors: number
  /** How often each kind of failure came: the status and problem, or the error's code. */
  readonly failures: ReadonlyMap<string, number>
}

/** Milliseconds of processor that a process has used (Linux; ticks of 10 ms). */
export function processorOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Resident memory in MB. */
export const residentOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

/** Posts one body; the answer's text. */
export function post(agent: Agent, url: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = request(url, { agent, method: 'POST', headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      answer.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** `connections` callers send the bodies in turn for `seconds`; `perSecond` holds them back to that rate. */
export async function load(
  server: { url: string; pid: number },
  path: string,
  bodies: readonly string[],
  o: { connections: number; seconds: number; perSecond?: number; answered?: (text: string) => void },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: o.connections })
  const times: number[] = []
  const failures = new Map<string, number>()
  const fail = (kind: string) => failures.set(kind, (failures.get(kind) ?? 0) + 1)
  let next = 0
  const [start, used] = [performance.now(), processorOf(server.pid)]
  const end = start + o.seconds * 1000
  const caller = async () => {
    while (performance.now() < end) {
      const turn = next++
      if (o.perSecond) {
        const wait = start + (turn / o.perSecond) * 1000 - performance.now()
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
      }
      const began = performance.now()
      try {
        const { status, text } = await post(agent, server.url + path, bodies[turn % bodies.length]!)
        if (status !== 200) fail(`${status} ${/"type":"([^"]*)"/.exec(text)?.[1] ?? ''}`)
        else o.answered?.(text)
      } catch (error) {
        fail(error instanceof Error && 'code' in error ? String(error.code) : String(error))
      }
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: o.connections }, caller))
  agent.destroy()
  const taken = (performance.now() - start) / 1000
  const sorted = times.toSorted((a, b) => a - b)
  return {
    requests: times.length,
    perSecond: times.length / taken,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    processorMs: (processorOf(server.pid) - used) / times.length,
    errors: [...failures.values()].reduce((sum, count) => sum + count, 0),
    failures,
  }
}
