/** One clean tslab kernel: started in a folder, given cells one by one, and gone with whoever started it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Dealer, Subscriber } from 'zeromq'
import { z } from 'zod'
import type { Output } from './document.ts'
import { decode, encode, type Message } from './wire.ts'

/** What a cell did: `outputs` for the notebook, `stderr` for the reader of the failure, `ok` as the kernel saw it. */
export interface Execution {
  readonly ok: boolean
  readonly outputs: readonly Output[]
  readonly stderr: string
}

export interface Session {
  /** Runs one cell; throws when the kernel dies or does not answer in time. */
  execute(source: string): Promise<Execution>
  /** What reached stderr outside of any cell, after a last wait for stragglers. */
  stray(): Promise<string>
  close(): Promise<void>
}

export interface SessionOptions {
  readonly root: string
  /** The kernel's folder, from which its imports count. */
  readonly folder: string
  readonly workspace?: string | undefined
  /** A folder for the kernel's sockets, short enough for a Unix socket's path (about 100 bytes). */
  readonly scratch: string
  readonly seconds: { readonly start: number; readonly cell: number }
}

const stream = z.object({ name: z.enum(['stdout', 'stderr']), text: z.string() })
const display = z.object({ data: z.record(z.string(), z.unknown()), metadata: z.record(z.string(), z.unknown()) })
/** Timers and rejections of the last cell arrive after its answer. */
const stragglers = 100

/** The kernel's sockets are files in a private folder: no port to collide on, nothing that another user can reach. */
function connection(scratch: string): {
  folder: string
  file: string
  address: (channel: number) => string
  key: string
} {
  const folder = mkdtempSync(join(scratch, 'kernel-'))
  const ip = join(folder, 'k')
  const key = randomBytes(32).toString('hex')
  const file = join(folder, 'connection.json')
  const ports = { iopub_port: 1, shell_port: 2, control_port: 3, stdin_port: 4, hb_port: 5 }
  writeFileSync(file, JSON.stringify({ transport: 'ipc', ip, key, signature_scheme: 'hmac-sha256', ...ports }), {
    mode: 0o600,
  })
  return { folder, file, key, address: (channel) => `ipc://${ip}:${channel}` }
}

/** Ends the kernel when the process that started it is gone, however it went. */
const leash = `data:text/javascript,process.stdin.on('close',()=>process.exit()).resume()`

function start(options: SessionOptions, file: string): ChildProcess {
  const { WORKSPACE: _, NODE_OPTIONS: __, ...inherited } = process.env
  const workspace = options.workspace === undefined ? {} : { WORKSPACE: options.workspace }
  const tslab = join(options.root, 'node_modules', 'tslab', 'bin', 'tslab')
  const preload = pathToFileURL(join(import.meta.dirname, 'preload.mjs')).href
  return spawn(process.execPath, ['--import', leash, '--import', preload, tslab, 'kernel', '--config-path', file], {
    cwd: options.folder,
    env: { ...inherited, ...workspace, TZ: 'UTC', NO_COLOR: '1', LANG: 'C.UTF-8', OMP_WAIT_POLICY: 'passive' },
    stdio: ['pipe', 'ignore', 'pipe'],
  })
}

/** A kernel that runs and is not heard: another one may be. */
class SilentKernel extends Error {}

/** A session whose kernel has answered. One that stays silent for a third of `seconds.start` is replaced; what ends by itself is not. */
export async function openSession(options: SessionOptions): Promise<Session> {
  for (const deadline = performance.now() + options.seconds.start * 1000; ; ) {
    try {
      return await open(options, options.seconds.start / 3)
    } catch (error) {
      if (!(error instanceof SilentKernel) || performance.now() > deadline - 1000) throw error
    }
  }
}

async function open(options: SessionOptions, patience: number): Promise<Session> {
  const { folder, file, address, key } = connection(options.scratch)
  const child = start(options, file)
  const iopub = new Subscriber({ linger: 0 })
  const shell = new Dealer({ linger: 0 })
  let pipe = ''
  let late = ''
  let died: Error | null = null
  let collect: ((message: Message) => void) | null = null
  const failing = new Set<(error: Error) => void>()
  const replies = new Map<string, (message: Message) => void>()

  const fail = (error: Error) => {
    died ??= error
    for (const reject of failing) reject(died)
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    pipe += text
  })
  child.on('error', fail)
  const closed = new Promise<void>((resolve) =>
    child.on('close', (code, signal) => {
      fail(new Error(`the kernel ended by itself (${signal ?? `exit code ${code}`})${pipe ? `:\n${pipe.trim()}` : ''}`))
      resolve()
    }),
  )

  /** Settles with `work`, unless the kernel dies or `seconds` pass first. */
  function within<T>(seconds: number, what: string, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (died) return reject(died)
      const done = () => {
        clearTimeout(timer)
        failing.delete(stop)
      }
      const stop = (error: Error) => {
        done()
        reject(error)
      }
      const timer = setTimeout(() => stop(new Error(`${what} took more than ${seconds} s`)), seconds * 1000)
      failing.add(stop)
      work.then((value) => {
        done()
        resolve(value)
      }, stop)
    })
  }

  async function listen() {
    for await (const frames of iopub) {
      const message = decode(key, frames)
      const text = message.type === 'stream' ? stream.parse(message.content) : null
      if (text?.name === 'stderr' && !collect) late += text.text
      collect?.(message)
    }
  }
  async function receive() {
    for await (const frames of shell) {
      const message = decode(key, frames)
      if (message.parent) replies.get(message.parent)?.(message)
    }
  }

  /** Sends a request and waits for both its reply and the kernel's return to idle, in whichever order they come. */
  async function request(
    type: string,
    body: object,
    seconds: number,
    seen: (message: Message) => void,
  ): Promise<Message> {
    const { id, frames } = encode(key, type, body)
    const idle = new Promise<void>((resolve) => {
      collect = (message) => {
        seen(message)
        if (message.type === 'status' && message.content.execution_state === 'idle' && message.parent === id) resolve()
      }
    })
    const reply = new Promise<Message>((resolve) => replies.set(id, resolve))
    try {
      await shell.send(frames)
      const [message] = await within(
        seconds,
        type === 'execute_request' ? 'the cell' : 'starting the kernel',
        Promise.all([reply, idle]),
      )
      return message
    } finally {
      collect = null
      replies.delete(id)
    }
  }

  async function close() {
    failing.clear()
    iopub.close()
    shell.close()
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await closed
    rmSync(folder, { recursive: true, force: true })
  }

  iopub.connect(address(1))
  iopub.subscribe()
  shell.connect(address(2))
  for (const loop of [listen(), receive()]) loop.catch(fail)
  try {
    await ready(patience)
  } catch (error) {
    await close()
    throw error
  }

  /** A subscriber may join after the first answers: ask, ever more patiently, until one is heard on both channels. */
  async function ready(seconds: number) {
    const deadline = performance.now() + seconds * 1000
    for (let wait = 1; ; wait++) {
      try {
        await request('kernel_info_request', {}, wait, () => {})
        return
      } catch (error) {
        if (died) throw error
        if (performance.now() > deadline) throw new SilentKernel(`the kernel did not answer within ${seconds} s`)
      }
    }
  }

  async function execute(source: string): Promise<Execution> {
    const outputs: Output[] = []
    let stderr = ''
    const reply = await request(
      'execute_request',
      {
        code: source,
        silent: false,
        store_history: true,
        user_expressions: {},
        allow_stdin: false,
        stop_on_error: true,
      },
      options.seconds.cell,
      (message) => {
        if (message.type === 'stream') {
          const { name, text } = stream.parse(message.content)
          if (name === 'stderr') stderr += text
          else outputs.push({ output_type: 'stream', name, text })
        } else if (message.type === 'display_data' || message.type === 'update_display_data')
          outputs.push({ output_type: 'display_data', ...display.parse(message.content) })
      },
    )
    return { ok: reply.content.status === 'ok', outputs, stderr }
  }

  async function stray() {
    await new Promise((resolve) => setTimeout(resolve, stragglers))
    if (died) throw died
    return late + pipe
  }

  return { execute, stray, close }
}
