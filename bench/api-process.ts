/** The processes of bench:api: started on a port of their own until they are ready, stopped with a signal. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

export interface Running {
  readonly child: ChildProcess
  readonly pid: number
  readonly url: string
  readonly readyMs: number
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

/** Resolves once /health/ready answers. */
export async function started(
  command: string,
  args: string[],
  env: Record<string, string>,
  port: number,
): Promise<Running> {
  const began = performance.now()
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] })
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode}`)
    const up = await fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (up) break
    await new Promise((done) => setTimeout(done, 20))
  }
  return { child, pid: child.pid ?? 0, url, readyMs: performance.now() - began }
}

export async function stop({ child }: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  child.kill(signal)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
