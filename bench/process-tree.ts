/** What a command and all that it starts take: wall clock, processor time, and the peak memory of its largest process (Linux: read from /proc). */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface Taken {
  /** Seconds. */
  readonly wall: number
  /** Seconds of user and system time of all processes. */
  readonly processor: number
  /** GB resident, of the largest single process. */
  readonly peak: number
  readonly code: number
  readonly output: string
}

const ticks = 100 // a second: USER_HZ of Linux
const everyMilliseconds = 200

/** Fields of /proc/PID/stat after the name, from field 3 on; null when the process is gone. */
function statOf(pid: string): readonly string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch {
    return null
  }
}

function peakOf(pid: string): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1e6
  } catch {
    return 0
  }
}

/** Runs a program to its end; its lines on stderr are passed on to `onLine`. What a process did in its last 0.2 s may be missing. */
export function measured(
  program: string,
  args: readonly string[],
  o: { readonly cwd: string; readonly env?: Record<string, string>; readonly onLine?: (line: string) => void },
): Promise<Taken> {
  const start = performance.now()
  const child = spawn(program, args, {
    cwd: o.cwd,
    env: { ...process.env, ...o.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const used = new Map<string, number>()
  let peak = 0
  const look = () => {
    const parents = new Map<string, string>()
    const stats = new Map<string, readonly string[]>()
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const stat = statOf(pid)
      if (!stat) continue
      stats.set(pid, stat)
      parents.set(pid, stat[1] ?? '')
    }
    const ours = new Set([String(child.pid)])
    for (let grown = true; grown; ) {
      grown = false
      for (const [pid, parent] of parents)
        if (ours.has(parent) && !ours.has(pid)) {
          ours.add(pid)
          grown = true
        }
    }
    for (const pid of ours) {
      const stat = stats.get(pid)
      if (!stat) continue
      used.set(`${pid} ${stat[19]}`, (Number(stat[11]) + Number(stat[12])) / ticks)
      peak = Math.max(peak, peakOf(pid))
    }
  }
  const timer = setInterval(look, everyMilliseconds)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
    for (const line of text.split('\n')) if (line.trim()) o.onLine?.(line)
  })
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', (code, signal) => {
      clearInterval(timer)
      done({
        wall: (performance.now() - start) / 1000,
        processor: [...used.values()].reduce((sum, seconds) => sum + seconds, 0),
        peak,
        code: code ?? 1,
        output: signal ? `${output}\nended by ${signal}` : output,
      })
    })
  })
}
