/**
 * `npm run lab`: JupyterLab of .venv in notebooks/, with the TypeScript kernel and live figures, without access to the network.
 * It takes over the terminal; Ctrl-C ends it and its kernels. What is typed after `--` goes to JupyterLab.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { kernel } from './kernel.mjs'

const usage = `npm run lab [-- [--no-browser] [--port N] [any option of jupyter lab]]

Opens JupyterLab in notebooks/ and prints its address; the browser opens too where there is a display.
A notebook saved there holds metadata of JupyterLab; npm run notebooks removes it.`

/** The command line of JupyterLab. Without a display (or with --no-browser) it prints the address only. */
export function labArguments(
  root: string,
  given: readonly string[],
  env: NodeJS.ProcessEnv,
  user: number | undefined,
): string[] {
  const hasDisplay = process.platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
  return [
    `--ServerApp.root_dir=${join(root, 'notebooks')}`,
    // No look-up of newer versions, no news, no list of extensions from the network.
    '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
    '--LabApp.news_url=None',
    '--LabApp.extension_manager=readonly',
    ...(user === 0 ? ['--allow-root'] : []),
    ...(hasDisplay || given.includes('--no-browser') ? [] : ['--no-browser']),
    ...given,
  ]
}

async function main() {
  const given = process.argv.slice(2)
  if (given.includes('--help') || given.includes('-h')) return console.log(usage)
  const root = resolve(import.meta.dirname, '..')
  kernel(root)
  if (!existsSync(join(root, 'dist', 'pipeline')))
    console.error('dist/ is not compiled yet: the notebooks import it. Start by npm run lab.')
  const bin = join(root, '.venv', 'bin')
  const child = spawn(
    join(bin, 'python'),
    ['-m', 'jupyterlab', ...labArguments(root, given, process.env, process.getuid?.())],
    {
      cwd: join(root, 'notebooks'),
      stdio: 'inherit',
      env: {
        ...process.env,
        PATH: `${bin}:${process.env.PATH ?? ''}`,
        JUPYTER_PREFER_ENV_PATH: '1',
        JUPYTER_PLATFORM_DIRS: '1',
      },
    },
  )
  // The terminal sends Ctrl-C to both; JupyterLab asks, and this process waits for its answer.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.exitCode = await new Promise<number>((done, fail) => {
    child.on('error', fail)
    child.on('close', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 143)))
  })
}

if (import.meta.main) await main()
