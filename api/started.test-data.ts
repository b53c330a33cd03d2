/** For tests: the service as a process of its own, listening on a free port of this machine. */
import { type ChildProcess, spawn } from 'node:child_process'

export interface Started {
  readonly child: ChildProcess
  readonly url: string
  /** What it wrote to standard error so far. */
  readonly said: () => string
  /** Its log so far: standard output. */
  readonly logged: () => string
}

/** Resolves once it listens. @throws Error with what it said when it ends instead */
export async function startService(env: Readonly<Record<string, string>>): Promise<Started> {
  const child = spawn(process.execPath, ['--conditions=source', 'api/server.ts'], {
    env: { ...process.env, PORT: '0', STOP_DELAY: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [said, logged] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (logged += text))
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /http:\/\/\S+/.exec(said)?.[0]
      if (found) resolve(found)
    })
    child.on('close', () => reject(new Error(said)))
  })
  return { child, url, said: () => said, logged: () => logged }
}

/** Asks for the score of a client of the bundle. */
export const scoreOf = (url: string, client: number): Promise<Response> =>
  fetch(`${url}/v1/score`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client }),
  })
