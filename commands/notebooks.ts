/**
 * `npm run notebooks`: replays the notebooks from clean kernels, two at a time, and writes them as they came out: the `.ipynb`
 * with a static image next to each figure, and a page of each that opens offline. Nothing is written for one that fails.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { copyWhole, writeWhole } from '../pipeline/data/write-whole.ts'
import { mustDiffer, withChange } from './notebooks/changed.ts'
import { type Notebook, parseNotebook, serialise } from './notebooks/document.ts'
import { imagesOf, openPainter, type Painter, withImages } from './notebooks/figures.ts'
import { pages } from './notebooks/html.ts'
import { replay } from './notebooks/replay.ts'

const usage = `npm run notebooks [-- [--workspace DIR] [--check | --changed] [--timeout SECONDS] [NAME…]]

Replays notebooks/*.ipynb (or those named: 1-exploration, exploration) from clean kernels and writes
  notebooks/NAME.ipynb            outputs and static images, the same bytes when nothing has changed
  reports/notebooks/NAME.html     opens offline; Plotly lies once in reports/plotly.min.js

  --workspace DIR     on the artifacts of DIR; both files go to DIR/reports/notebooks, the checkout stays untouched
  --check             write nothing, fail when a file would change
  --changed           replay each with one cell changed (another column, another parameter), write nothing, fail when one does
                      not run or says the same as before
  --timeout SECONDS   for one cell (default 120)

Fails on an error of a cell and on any text on stderr, and says which cell.`

export interface Options {
  /** The project: .venv, node_modules and the page template are taken from there. */
  readonly root: string
  /** Where the notebooks lie. */
  readonly folder: string
  /** Where the replayed `.ipynb` go: `folder` itself, unless it must stay untouched. */
  readonly out: string
  /** Where the pages go; Plotly lies one folder above them. */
  readonly pages: string
  /** What `workspace()` counts from inside the notebooks; the project when left out. */
  readonly workspace?: string | undefined
  readonly check?: boolean
  /** Replay with one cell changed and write nothing. */
  readonly changed?: boolean
  readonly names?: readonly string[]
  readonly seconds?: { readonly start: number; readonly cell: number }
  readonly say?: (line: string) => void
}

/** Writes next to the target and renames: an interrupted run leaves the old file whole. True when the bytes differ. */
function put(path: string, text: string, dry: boolean): boolean {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false
  if (dry) return true
  writeWhole(path, text)
  return true
}

function putPlotly(root: string, path: string, dry: boolean): boolean {
  const source = join(root, 'node_modules', 'plotly.js-dist-min', 'plotly.min.js')
  if (
    existsSync(path) &&
    statSync(path).size === statSync(source).size &&
    readFileSync(path).equals(readFileSync(source))
  )
    return false
  if (dry) return true
  copyWhole(source, path)
  return true
}

function chosen(folder: string, names: readonly string[]): string[] {
  const all = globSync('*.ipynb', { cwd: folder })
    .map((file) => basename(file, '.ipynb'))
    .sort()
  if (all.length === 0) throw new Error(`no notebook in ${folder}`)
  const pick = (name: string) => {
    const wanted = basename(name, '.ipynb')
    const found = all.find((each) => each === wanted || each.replace(/^\d+-/, '') === wanted)
    if (!found) throw new Error(`no notebook is called ${name}; there are ${all.join(', ')}`)
    return found
  }
  return names.length > 0 ? [...new Set(names.map(pick))] : all
}

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`

interface Playing extends Options {
  readonly scratch: string
}

/** Replays a notebook and says how far it is every five seconds. */
function played(name: string, notebook: Notebook, options: Playing): Promise<Notebook> {
  const { root, folder, workspace, scratch, say = () => {} } = options
  const start = performance.now()
  say(`${name}: ${notebook.cells.length} cells`)
  let reported = start
  return replay(notebook, {
    root,
    folder,
    workspace,
    scratch,
    seconds: options.seconds ?? { start: 120, cell: 120 },
    onCell(done, of) {
      if (performance.now() - reported < 5000) return
      reported = performance.now()
      say(`${name}: cell ${done} of ${of}, ${seconds(start)}`)
    },
  })
}

const sourceOf = (name: string, folder: string): Notebook =>
  parseNotebook(readFileSync(join(folder, `${name}.ipynb`), 'utf8'), `${name}.ipynb`)

/** Replays the notebook with its one change; throws when it fails or says the same as the file. */
async function replayChanged(name: string, options: Playing): Promise<void> {
  const source = sourceOf(name, options.folder)
  mustDiffer(name, source, await played(name, withChange(name, source), options))
  options.say?.(`${name}: runs with its change and says something else`)
}

/** Replays one notebook and gives the text of its new file. */
async function renewed(name: string, options: Options, painter: Painter, scratch: string): Promise<string> {
  const { root, folder, out, say = () => {} } = options
  const start = performance.now()
  const source = sourceOf(name, folder)
  const replayed = await played(name, source, { ...options, scratch })
  const earlier = join(out, `${name}.ipynb`)
  const images = imagesOf(source)
  if (out !== folder && existsSync(earlier))
    for (const [hash, image] of imagesOf(parseNotebook(readFileSync(earlier, 'utf8'), earlier))) images.set(hash, image)
  let drawn = 0
  const text = serialise(
    await withImages(root, replayed, images, {
      ...painter,
      paint(figure) {
        drawn++
        return painter.paint(figure)
      },
    }),
  )
  say(
    `${name}: replayed in ${seconds(start)}${drawn > 0 ? `, ${drawn} ${drawn === 1 ? 'figure' : 'figures'} drawn` : ''}`,
  )
  return text
}

/**
 * Replays what is asked; the absolute paths of the files that changed (with `check`: that would have). Throws when a notebook
 * fails, after the others have been written.
 */
export async function notebooks(options: Options): Promise<{ changed: string[] }> {
  const { root, check = false, say = () => {} } = options
  const names = chosen(options.folder, options.names ?? [])
  // Short, because the kernels' sockets lie in it.
  const scratch = mkdtempSync(join(tmpdir().length < 60 ? tmpdir() : '/tmp', 'notebooks-'))
  const sweep = () => rmSync(scratch, { recursive: true, force: true })
  process.on('exit', sweep)
  const painter = openPainter(root, scratch)
  const texts = new Map<string, string>()
  const failures: string[] = []
  try {
    const waiting = [...names]
    const worker = async () => {
      for (let name = waiting.shift(); name; name = waiting.shift()) {
        try {
          if (options.changed) await replayChanged(name, { ...options, scratch })
          else texts.set(name, await renewed(name, options, painter, scratch))
        } catch (error) {
          failures.push(`${name}.ipynb: ${error instanceof Error ? error.message : error}`)
          say(`${name}: FAILED`)
        }
      }
    }
    await Promise.all(Array.from({ length: Math.min(2, availableParallelism(), names.length) }, worker))
    const html = await pages(root, texts, scratch)
    const files = names.flatMap((name): [string, string][] => {
      const [text, page] = [texts.get(name), html.get(name)]
      if (text === undefined || page === undefined) return []
      return [
        [join(options.out, `${name}.ipynb`), text],
        [join(options.pages, `${name}.html`), page],
      ]
    })
    const changed = files.filter(([path, text]) => put(path, text, check)).map(([path]) => path)
    const plotly = join(options.pages, '..', 'plotly.min.js')
    if (html.size > 0 && putPlotly(root, plotly, check)) changed.push(plotly)
    if (failures.length > 0) throw new Error(failures.join('\n\n'))
    return { changed }
  } finally {
    await painter.close()
    sweep()
    process.off('exit', sweep)
  }
}

/** Where a run reads and writes: the project itself, or a workspace while the project stays untouched. */
export function places(
  root: string,
  workspace: string | undefined,
): Pick<Options, 'root' | 'folder' | 'out' | 'pages' | 'workspace'> {
  const folder = join(root, 'notebooks')
  if (workspace === undefined) return { root, folder, out: folder, pages: join(root, 'reports', 'notebooks') }
  if (!existsSync(join(workspace, 'artifacts')))
    throw new Error(
      `${workspace} holds no artifacts/: make them with npm run repro -- --data FOLDER --out ${workspace}`,
    )
  const out = join(workspace, 'reports', 'notebooks')
  return { root, folder, out, pages: out, workspace }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      workspace: { type: 'string' },
      check: { type: 'boolean', default: false },
      changed: { type: 'boolean', default: false },
      timeout: { type: 'string', default: '120' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const root = resolve(import.meta.dirname, '..')
  const cell = Number(values.timeout)
  if (!(cell > 0)) throw new Error(`--timeout wants a number of seconds above 0, not ${values.timeout}`)
  if (!existsSync(join(root, 'dist', 'pipeline')))
    throw new Error('dist/ is not compiled, and the notebooks import it: start by npm run notebooks')
  const typed = process.env.INIT_CWD ?? process.cwd()
  const start = performance.now()
  const { changed } = await notebooks({
    ...places(root, values.workspace === undefined ? undefined : resolve(typed, values.workspace)),
    check: values.check,
    changed: values.changed,
    names: positionals,
    seconds: { start: 120, cell },
    say: (line) => console.error(line),
  })
  if (values.changed) return console.log('every notebook runs with its change')
  const files = changed.map((path) => relative(typed, path))
  if (values.check) console.log(files.length > 0 ? `would change: ${files.join(', ')}` : 'nothing would change')
  else console.log(files.length > 0 ? `changed: ${files.join(', ')}` : 'nothing changed')
  console.error(`done in ${seconds(start)}`)
  if (values.check && files.length > 0) process.exitCode = 1
}

if (import.meta.main) {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.on(signal, () => process.exit(code))
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
