/**
 * `npm run repro`: regenerates model and reports with `dvc repro`, here or, on other data, in a workspace of its own.
 *
 * With `--out DIR` the pipeline's code is copied to DIR, the data are linked into it, and DVC runs there, so the checkout
 * stays as it is and DIR holds `artifacts/`, `reports/`, `dvc.lock` and `params.yaml` in the checkout's layout.
 */
import { spawn } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Document, isMap, isScalar, parse, parseDocument } from 'yaml'
import { writeWhole } from '../pipeline/data/write-whole.ts'
import { stoppable } from './stoppable.ts'

const root = join(import.meta.dirname, '..')
const typedFrom = process.env.INIT_CWD ?? process.cwd()

const usage = `npm run repro [-- [STAGE ...] [options]]   regenerate what changed: dvc repro

  --data PATH             run on the tables in the folder or zip archive PATH instead of data/ (needs --out)
  --out DIR               run in DIR, the checkout stays untouched; DIR is kept for the next run
  --set section.key=value change a parameter of that run (needs --out; may be repeated)
  --params NAME           apply a named set of params.yaml, such as quick or full (needs --out)
  --force                 rerun stages that are up to date`

class UsageError extends Error {}

/** Applies `section.key=value` to params.yaml; a key that is not there is an error that names those that are. */
export function setParameter(document: Document, assignment: string): void {
  const cut = assignment.indexOf('=')
  if (cut < 1) throw new UsageError(`--set ${assignment}: expected section.key=value`)
  assign(document, assignment.slice(0, cut), parse(assignment.slice(cut + 1)), '--set')
}

/** Applies a named set: a map from dotted keys to values under `sets:` in params.yaml. */
export function applySet(document: Document, name: string): void {
  const sets = document.get('sets')
  const names = isMap(sets) ? sets.items.map((item) => String(item.key)) : []
  const chosen = document.getIn(['sets', name])
  if (!isMap(chosen))
    throw new UsageError(`--params ${name}: params.yaml has no such set; it has ${names.join(', ') || 'none'}`)
  for (const [key, value] of Object.entries(chosen.toJSON() as Record<string, unknown>))
    assign(document, key, value, `sets.${name}`)
}

function assign(document: Document, dotted: string, value: unknown, from: string): void {
  const path = dotted.split('.')
  if (!document.hasIn(path)) {
    const parent = document.getIn(path.slice(0, -1))
    const known = isMap(parent) ? parent.items.map((item) => (isScalar(item.key) ? String(item.key.value) : '')) : []
    throw new UsageError(
      `${from}: params.yaml has no ${dotted}${known.length ? `; ${path.slice(0, -1).join('.') || 'it'} has ${known.join(', ')}` : ''}`,
    )
  }
  document.setIn(path, value)
}

/** The files to run on: those of a folder, or the zip archive itself; an error where there is nothing. */
function dataFiles(data: string): string[] {
  if (!existsSync(data)) throw new UsageError(`--data ${data}: there is no such folder or zip archive`)
  if (!statSync(data).isDirectory()) {
    if (data.toLowerCase().endsWith('.zip')) return [data]
    throw new UsageError(`--data ${data}: expected a folder of tables, or a zip archive of them`)
  }
  const files = readdirSync(data)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(data, name))
    .filter((path) => statSync(path).isFile())
  if (files.length > 0) return files
  throw new UsageError(
    `--data ${data}: the folder is empty; it should hold application_train.csv and the other tables (.csv, .csv.gz or .parquet), or a zip archive of them`,
  )
}

/** Replaces DIR/data by links to these files (copies where the file system is another). */
function linkData(files: readonly string[], out: string): void {
  rmSync(join(out, 'data'), { recursive: true, force: true })
  mkdirSync(join(out, 'data'))
  for (const file of files) {
    const [source, target] = [realpathSync(file), join(out, 'data', basename(file))]
    try {
      linkSync(source, target)
    } catch {
      copyFileSync(source, target)
    }
  }
}

/** Makes DIR a DVC workspace with this checkout's pipeline and these parameters. */
function makeWorkspace(out: string, data: string, document: Document): void {
  const files = dataFiles(data)
  if (existsSync(out) && !existsSync(join(out, '.dvc')) && readdirSync(out).length > 0)
    throw new UsageError(`--out ${out}: the folder is not empty and not the workspace of an earlier run`)
  if (realpathSync(root) === (existsSync(out) ? realpathSync(out) : out))
    throw new UsageError('--out must be another folder than the checkout')
  mkdirSync(join(out, '.dvc'), { recursive: true })
  writeFileSync(
    join(out, '.dvc', 'config'),
    `${readFileSync(join(root, '.dvc', 'config'), 'utf8').trimEnd()}\n    no_scm = true\n`,
  )
  const code = (path: string) => !/(^|\/)(node_modules|dist)(\/|$)/.test(path.slice(root.length))
  for (const part of ['.dvc/plots', 'pipeline', 'packages', 'dvc.yaml', '.dvcignore', 'package.json']) {
    rmSync(join(out, part), { recursive: true, force: true })
    cpSync(join(root, part), join(out, part), { recursive: true, preserveTimestamps: true, filter: code })
  }
  rmSync(join(out, 'node_modules'), { force: true })
  symlinkSync(join(root, 'node_modules'), join(out, 'node_modules'))
  linkData(files, out)
  writeWhole(join(out, 'params.yaml'), document.toString({ lineWidth: 0 }))
}

function dvcRepro(folder: string, args: readonly string[]): Promise<number> {
  const child = spawn('dvc', ['repro', ...args], {
    cwd: folder,
    stdio: 'inherit',
    env: { ...process.env, INIT_CWD: folder },
  })
  return new Promise((done, fail) => {
    child.on('error', (error) =>
      fail(new UsageError(`dvc could not be started (${error.message}): use npm run repro, or activate .venv`)),
    )
    child.on('exit', (code) => done(code ?? 1))
  })
}

async function main(): Promise<number> {
  const { values, positionals: stages } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      out: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      params: { type: 'string' },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const args = [...stages, ...(values.force ? ['--force'] : [])]
  if (values.out === undefined) {
    if (values.data !== undefined || values.params !== undefined || values.set.length > 0)
      throw new UsageError(
        '--data, --set and --params need --out DIR (to change the checkout itself, edit params.yaml or use dvc exp run -S)',
      )
    return dvcRepro(root, args)
  }
  const out = resolve(typedFrom, values.out)
  const document = parseDocument(readFileSync(join(root, 'params.yaml'), 'utf8'))
  if (values.params !== undefined) applySet(document, values.params)
  for (const assignment of values.set) setParameter(document, assignment)
  makeWorkspace(out, values.data === undefined ? join(root, 'data') : resolve(typedFrom, values.data), document)
  const code = await dvcRepro(out, args)
  if (code === 0)
    console.error(
      `\nmodel: ${join(out, 'artifacts/model')}   reports: ${join(out, 'reports')}\nserve it: MODEL=${join(out, 'artifacts/model')} npm start`,
    )
  return code
}

if (import.meta.main)
  await stoppable(async () => {
    try {
      process.exitCode = await main()
    } catch (error) {
      const known = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
      if (!known) throw error
      console.error(`repro: ${(error as Error).message}\n\n${usage}`)
      process.exitCode = 2
    }
  })
