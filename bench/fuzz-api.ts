/**
 * `npm run bench:fuzz`: malformed requests (fuzz-requests.ts), to real services with and without keys, over sockets.
 * Exit code 1 when one is answered with 500 or more or not at all, or with another score than its body as JSON.parse reads it, when a service writes
 * to standard error or logs an error, or is not ready at the end.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Started, startService } from '../api/started.test-data.ts'
import { argumentsOf } from '../commands/usage.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { otherThanClean } from './fuzz-clean.ts'
import { type FuzzedRequest, fuzzer } from './fuzz-requests.ts'

const usage = `usage: npm run bench:fuzz [-- --requests 10000] [--seed 1] [--from 0]

--requests N  how many requests
--seed N      another seed, other requests
--from N      the first of them: a request that failed is asked for by its number

MODEL is another bundle than artifacts/model.`

const atOnce = 12
const patience = 60_000 // milliseconds in which a whole request must be answered; machines under test are slow

export interface Fuzzing {
  readonly requests: number
  /** Answers by status; 0: the caller had left. */
  readonly statuses: ReadonlyMap<number, number>
  /** Scores that were what their clean parse gets. */
  readonly compared: number
  /** What should not have happened, each with the number of its request. */
  readonly faults: readonly string[]
}

/** Sends one request; its status, or 0 where none came. */
function statusOf(url: string, { bytes, delivery, scoring }: FuzzedRequest): Promise<{ status: number; text: string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1').on('data', (part: string) => {
    if (scoring || text.length < 2000) text += part
  })
  socket.on('error', () => {})
  return new Promise((done) => {
    const late = setTimeout(() => socket.destroy(), delivery === 'left' || delivery === 'ended' ? 3000 : patience)
    socket.once('close', () => {
      clearTimeout(late)
      done({
        status: Number(/^HTTP\/1\.1 (\d+)/.exec(text.replace(/^HTTP\/1\.1 100[\s\S]*?\r\n\r\n/, ''))?.[1] ?? 0),
        text,
      })
    })
    const cut = Math.floor(bytes.length * (((bytes.length * 7919) % 100) / 100))
    if (delivery === 'whole') socket.write(bytes)
    else if (delivery === 'pieces') void inPieces(socket, bytes, { pieces: 7, pause: 3 })
    else if (delivery === 'slow') {
      socket.pause()
      void inPieces(socket, bytes, { pieces: 20, pause: 20 }).then(() => socket.resume())
    } else if (delivery === 'left') socket.write(bytes.subarray(0, cut), () => socket.destroy())
    else socket.end(bytes.subarray(0, cut))
  })
}

async function inPieces(socket: Socket, bytes: Buffer, o: { pieces: number; pause: number }): Promise<void> {
  const size = Math.max(1, Math.ceil(bytes.length / o.pieces))
  for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
    socket.write(bytes.subarray(at, at + size))
    await new Promise((resolve) => setTimeout(resolve, o.pause))
  }
}

/** Sends `requests` of a seed to services of a bundle; three of four to one without keys. */
export async function fuzzed(bundle: string, o: { requests: number; seed: number; from?: number }): Promise<Fuzzing> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
  const clients = Clients.open(bundle)
  const ids = clients.search('', 50).map(({ id }) => id)
  const requestOf = fuzzer(o.seed, ids.slice(0, 8).map((id) => clients.get(id)!), ids) // biome-ignore format: one line
  clients.close()
  const key = createHash('sha256').update('key').digest('hex')
  const services: Started[] = []
  const faults: string[] = []
  const statuses = new Map<number, number>()
  let compared = 0
  try {
    for (const [i, API_KEYS] of ['', `admin:${key}`].entries())
      services.push(
        await startService({ MODEL: bundle, JOURNAL: join(folder, `${i}.sqlite`), API_KEYS, RATE_LIMIT: '0' }),
      )
    const greetings = services.map(({ said }) => said())
    let next = o.from ?? 0
    const end = next + o.requests
    const caller = async () => {
      while (next < end) {
        const number = next++
        const request = requestOf(number)
        const { url } = services[number % 4 === 3 ? 1 : 0]!
        const first = await statusOf(url, request)
        const inPieces = request.delivery === 'pieces' || request.delivery === 'slow'
        // A refusal closes the connection: what is still being sent may reset it before the answer is read. Sent whole it must be read.
        const { status, text } =
          first.status === 0 && inPieces ? await statusOf(url, { ...request, delivery: 'whole' }) : first
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        const other = status === 200 && request.scoring && (await otherThanClean(url, request.scoring, text))
        if (other) faults.push(`${number} ${other}: ${request.how}`)
        if (other === null) compared++
        const expected = request.delivery === 'whole' || inPieces
        if (status >= 500)
          faults.push(`${number} answered ${status}: ${request.how}: ${text.split('\r\n\r\n')[1] || 'empty'}`)
        if (status === 0 && expected && !/length|content-length|transfer-encoding|upgrade|CONNECT/.test(request.how))
          faults.push(`${number} not answered: ${request.how}`)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, caller))
    for (const [i, { url, said, child }] of services.entries()) {
      const ready = await fetch(`${url}/health/ready`).then(
        (answer) => answer.status,
        (error: unknown) => String(error),
      )
      if (ready !== 200) faults.push(`service ${i} is not ready at the end: ${ready}`)
      if (said() !== greetings[i]) faults.push(`service ${i} wrote to standard error: ${said().slice(0, 2000)}`)
      child.kill('SIGTERM')
      await new Promise((resolve) => child.once('close', resolve))
    }
    for (const { logged } of services)
      for (const line of logged().split('\n'))
        if (/"level":(50|60)|"status":5\d\d/.test(line)) faults.push(`logged: ${line.slice(0, 600)}`)
  } finally {
    for (const { child } of services) child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
  return { requests: o.requests, statuses, compared, faults }
}

export const tallyOf = ({ requests, statuses, compared, faults }: Fuzzing): string =>
  `${requests} requests: ${[...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} times ${status || 'left'}`).join(', ')}; ${compared} as their clean parse; ${faults.length} faults` // biome-ignore format: one line

async function main(): Promise<void> {
  const { values } = argumentsOf(usage, {
    options: {
      requests: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
    },
  })
  const [requests, seed, from] = [Number(values.requests), Number(values.seed), Number(values.from)]
  const found = await fuzzed(resolve(process.env.MODEL ?? 'artifacts/model'), { requests, seed, from })
  for (const fault of found.faults) console.log(fault)
  console.log(tallyOf(found))
  process.exitCode = found.faults.length > 0 ? 1 : 0
}

if (import.meta.main) await main()
