/**
 * What Jupyter needs inside .venv, written with absolute paths and therefore never committed: the TypeScript kernel (tslab),
 * a JupyterLab extension that draws Plotly figures, and settings that keep JupyterLab from calling home.
 * No dependencies: set-up calls it before anything else of the project can run.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Writes only what differs, so that a call with nothing to do touches no file. */
function write(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
  return true
}

function copy(from, to) {
  if (existsSync(to) && statSync(to).size === statSync(from).size && readFileSync(to).equals(readFileSync(from)))
    return false
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, `${to}.new`)
  renameSync(`${to}.new`, to)
  return true
}

const json = (value) => `${JSON.stringify(value, null, 2)}\n`

/**
 * Registers the kernel `tslab` and the figure renderer in `root/.venv`; true when something was written.
 * Throws when `root` has no .venv or no node_modules yet.
 */
export function kernel(root) {
  for (const path of [
    '.venv/bin/node',
    'node_modules/tslab/bin/tslab',
    'node_modules/plotly.js-dist-min/plotly.min.js',
  ])
    if (!existsSync(join(root, path)))
      throw new Error(`${join(root, path)} is missing: the kernel is registered after .venv and node_modules are made`)
  // Real paths: a clone that borrows both by links must not register itself.
  const [venv, modules] = [realpathSync(join(root, '.venv')), realpathSync(join(root, 'node_modules'))]
  const jupyter = join(venv, 'share', 'jupyter')
  const node = join(venv, 'bin', 'node')
  const tslab = join(modules, 'tslab', 'bin', 'tslab')
  const plotly = join(modules, 'plotly.js-dist-min', 'plotly.min.js')
  const preload = join(realpathSync(root), 'commands', 'notebooks', 'preload.mjs')
  const source = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), 'notebooks', 'labextension')
  const extension = join(jupyter, 'labextensions', 'plotly-figures')
  return [
    write(
      join(jupyter, 'kernels', 'tslab', 'kernel.json'),
      json({
        argv: [node, '--import', preload, tslab, 'kernel', '--config-path', '{connection_file}'],
        display_name: 'TypeScript',
        language: 'typescript',
        env: { OMP_WAIT_POLICY: 'passive' }, // threads of XGBoost that wait do not spin
      }),
    ),
    copy(join(source, 'package.json'), join(extension, 'package.json')),
    copy(join(source, 'remoteEntry.js'), join(extension, 'static', 'remoteEntry.js')),
    copy(plotly, join(extension, 'static', 'plotly.min.js')),
    // JupyterLab's yarn.js is CommonJS without saying so; the nearest package.json would be the project's, which says "module".
    write(join(venv, 'package.json'), json({ private: true, type: 'commonjs' })),
    write(
      join(jupyter, 'lab', 'settings', 'overrides.json'),
      json({
        '@jupyterlab/apputils-extension:notification': {
          checkForUpdates: false,
          doNotDisturbMode: true,
          fetchNews: 'false',
        },
      }),
    ),
  ].some(Boolean)
}

if (process.argv[1] && resolve(process.argv[1]) === new URL(import.meta.url).pathname)
  kernel(resolve(process.argv[2] ?? '.'))
