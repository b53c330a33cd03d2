/** Where libxgboost may lie: every path that is worth a try, in order, on this machine. */
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The folder of this package's code. */
  readonly here: string
  readonly home: string
  readonly platform: string
}

export const surroundings = (): Surroundings => ({
  env: process.env,
  cwd: process.cwd(),
  here: import.meta.dirname,
  home: homedir(),
  platform: process.platform,
})

const fileNames: Readonly<Record<string, string>> = { darwin: 'libxgboost.dylib', win32: 'xgboost.dll' }

/** The library's file name on a platform. */
export const libraryFile = (platform: string): string => fileNames[platform] ?? 'libxgboost.so'

/** A folder and all folders above it. */
function upwards(start: string): string[] {
  const folders = [resolve(start)]
  for (let folder = dirname(resolve(start)); folder !== folders.at(-1); folder = dirname(folder)) folders.push(folder)
  return folders
}

/** `lib/python3.11`, `lib/python3.12`, …: the newest first. Windows keeps one `Lib`. */
function pythonFolders(root: string): string[] {
  const found: string[] = []
  for (const lib of ['lib', 'lib64']) {
    const folder = join(root, lib)
    if (!existsSync(folder)) continue
    const minor = (name: string) => Number(name.slice('python3.'.length))
    const names = readdirSync(folder).filter((name) => /^python3\.\d+$/.test(name))
    for (const name of names.sort((a, b) => minor(b) - minor(a))) found.push(join(folder, name))
  }
  return [...found, join(root, 'lib', 'python3'), join(root, 'Lib')]
}

/** The wheel's library inside a Python environment (xgboost and xgboost-cpu have the same layout). */
function inEnvironment(root: string, file: string): string[] {
  return pythonFolders(root).flatMap((python) =>
    ['site-packages', 'dist-packages'].map((packages) => join(python, packages, 'xgboost', 'lib', file)),
  )
}

/**
 * The paths to try, in order: `XGBOOST_LIBRARY` alone when it is set; else the active environment (`VIRTUAL_ENV`, `CONDA_PREFIX`),
 * the `.venv` or `venv` of the working folder and of every folder above it, the same above this file, and the system's folders.
 */
export function candidates(at: Surroundings): string[] {
  const file = libraryFile(at.platform)
  if (at.env.XGBOOST_LIBRARY) return [at.env.XGBOOST_LIBRARY]
  const environments = [at.env.VIRTUAL_ENV, at.env.CONDA_PREFIX].flatMap((root) => root || [])
  const nearby = [...upwards(at.cwd), ...upwards(at.here)]
    .flatMap((folder) => [join(folder, '.venv'), join(folder, 'venv')])
    .filter((root) => existsSync(root))
  const conda = at.env.CONDA_PREFIX
    ? [join(at.env.CONDA_PREFIX, 'lib', file), join(at.env.CONDA_PREFIX, 'Library', 'bin', file)]
    : []
  const system =
    at.platform === 'win32'
      ? []
      : [
          ...inEnvironment(join(at.home, '.local'), file),
          ...inEnvironment('/usr/local', file),
          ...inEnvironment('/usr', file),
          ...[
            '/usr/local/lib',
            '/usr/lib',
            '/usr/lib64',
            '/usr/lib/x86_64-linux-gnu',
            '/usr/lib/aarch64-linux-gnu',
            '/opt/homebrew/lib',
          ].map((folder) => join(folder, file)),
        ]
  return [...new Set([...environments, ...nearby].flatMap((root) => inEnvironment(root, file)).concat(conda, system))]
}
