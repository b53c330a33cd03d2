/** A DVC repository from TypeScript: asks and drives the real dvc, whose answers are parsed and whose failures are DvcErrors. */
import { randomUUID } from 'node:crypto'
import { createReadStream, existsSync, type ReadStream, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import {
  type Changes,
  type Dag,
  dagOf,
  diffAnswer,
  type Experiment,
  experimentsAnswer,
  experimentsOf,
  metricsAnswer,
  type Plots,
  paramsAnswer,
  plotsAnswer,
  type Stage,
  type Status,
  stagesAnswer,
  statusAnswer,
  statusOf,
  valuesOf,
} from './answers.ts'
import { ask, markedCommand } from './bridge.ts'
import { failure, findDvc, run } from './command.ts'
import { DvcError, ParamsError } from './error.ts'
import { fetched, type Revision } from './fetched.ts'
import { answerOf } from './json.ts'
import { type Progress, type Reproduced, reader } from './progress.ts'
import { type NewValues, prepared } from './set-param.ts'

/** A path, or several. */
export type Targets = string | readonly string[]
const list = (targets: Targets | undefined): readonly string[] =>
  targets === undefined ? [] : typeof targets === 'string' ? [targets] : targets

export interface ReproOptions {
  /** Stages (with what they depend on); default: all of dvc.yaml. */
  readonly stage?: Targets
  /** Runs stages that are up to date too. */
  readonly force?: boolean
  /** Only the stages named, without what they depend on. */
  readonly single?: boolean
  readonly pull?: boolean
  /** Called when a stage begins, ends or is skipped, and with each line that is printed. */
  readonly onProgress?: (progress: Progress) => void
  /** Stops dvc and the stage that runs. */
  readonly signal?: AbortSignal
}
export interface ExperimentOptions extends ReproOptions {
  readonly name?: string
  /** Parameters to change, such as `{ 'train.booster.eta': 0.1 }`; with a file: `{ 'other.yaml:eta': 0.1 }`; a new one: `{ '+train.seed': 1 }`. */
  readonly set?: NewValues
}
export interface TransferOptions {
  readonly targets?: Targets
  readonly remote?: string
  /** What the lock files of every commit name, not only those of the workspace. */
  readonly allCommits?: boolean
  /** Also results of earlier runs. */
  readonly runCache?: boolean
  readonly signal?: AbortSignal
  readonly onLine?: (line: string) => void
}
export interface GcOptions {
  /** What is kept; at least one must be true. */
  readonly workspace?: boolean
  readonly allBranches?: boolean
  readonly allTags?: boolean
  readonly allCommits?: boolean
  readonly allExperiments?: boolean
  /** Also removes it from the remote. */
  readonly cloud?: boolean
  readonly remote?: string
  /** Only tells what would go. */
  readonly dry?: boolean
}

export class Repo {
  /** Folder that holds `.dvc`. */
  readonly root: string
  /** Path of the dvc command. */
  readonly dvc: string
  /** Version of dvc, such as 3.67.1. */
  readonly version: string

  private constructor(root: string, dvc: string, version: string) {
    this.root = root
    this.dvc = dvc
    this.version = version
  }

  /** Opens the repository that `dir` (default: the current folder) lies in. Throws a DvcError: no dvc, not a repository, dvc older than 3. */
  static async open(dir = '.'): Promise<Repo> {
    if (!existsSync(dir))
      throw new DvcError(`${dir}: expected a folder in a DVC repository, but it is not there`, {
        reason: 'not-a-repository',
      })
    let root = realpathSync(dir)
    while (!existsSync(join(root, '.dvc', 'config'))) {
      const parent = dirname(root)
      if (parent === root)
        throw new DvcError(
          `${resolve(dir)}: expected a folder in a DVC repository (dvc init), but neither it nor one above it holds .dvc`,
          {
            reason: 'not-a-repository',
          },
        )
      root = parent
    }
    const dvc = findDvc([root, '.'])
    const version = (await run(dvc, ['--version'], { cwd: root })).trim()
    if (!(Number.parseInt(version, 10) >= 3))
      throw new DvcError(`${dvc}: expected DVC 3 or newer, received ${version}`, { reason: 'no-dvc' })
    return new Repo(root, dvc, version)
  }

  /**
   * Parameters as DVC reads them: of all files in dvc.yaml, `vars` included. With a section: that section, with a schema: checked.
   *
   * @param section keys joined by dots; '' is everything
   */
  params(): Promise<Record<string, unknown>>
  params(section: string): Promise<unknown>
  params<S extends z.ZodType>(section: string, schema: S, o?: ParamsOptions): Promise<z.output<S>>
  async params(
    section = '',
    schema: z.ZodType = section === '' ? z.record(z.string(), z.unknown()) : z.unknown(),
    o: ParamsOptions = {},
  ): Promise<unknown> {
    const argument = { files: list(o.files), stages: list(o.stages), rev: o.rev ?? null }
    const file = o.files === undefined ? 'the parameters of dvc.yaml' : list(o.files).join(', ')
    let value: unknown = await ask(this.dvc, this.root, 'params', argument, paramsAnswer)
    for (const key of section === '' ? [] : section.split('.')) {
      const there = value !== null && typeof value === 'object' ? Object.keys(value) : []
      if (!there.includes(key))
        throw new ParamsError(
          file,
          section,
          `${file}: expected a section ${section}, but ${key} is not among ${there.join(', ') || 'no keys'}`,
        )
      value = (value as Record<string, unknown>)[key]
    }
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    const problems = parsed.error.issues.map(
      (issue) => `${file}: ${[section, ...issue.path].filter(String).join('.')}: ${issue.message}`,
    )
    throw new ParamsError(file, section, problems.join('\n'))
  }

  /** Stages and .dvc files of the whole repository with foreach, matrix and `${}` resolved, sorted by name. */
  async stages(): Promise<Stage[]> {
    return await ask(this.dvc, this.root, 'stages', {}, stagesAnswer)
  }

  /** What depends on what. @param o.outs files in place of stages */
  async dag(o: { outs?: boolean } = {}): Promise<Dag> {
    return dagOf(await this.run('dag', '--dot', ...(o.outs ? ['--outs'] : [])))
  }

  /** Why each changed stage would run again; {} when all is up to date. */
  async status(targets?: Targets): Promise<Status> {
    return statusOf(await this.#json(statusAnswer, 'status', '--json', '--', ...list(targets)))
  }

  /** Content of each metrics file. */
  async metrics(o: { rev?: string; targets?: Targets } = {}): Promise<Record<string, unknown>> {
    if (o.rev !== undefined) return await this.#metricsAt(o.rev)
    const answer = await this.#json(metricsAnswer, 'metrics', 'show', '--json', '--', ...list(o.targets))
    const workspace = Object.values(answer)[0]
    if (workspace?.error !== undefined) throw new DvcError(`dvc metrics show: ${JSON.stringify(workspace.error)}`)
    return valuesOf(workspace?.data ?? {})
  }

  /** Metrics that differ between two revisions: by default HEAD and the workspace. @param o.all also those that do not */
  async metricsDiff(from = 'HEAD', to?: string, o: { all?: boolean } = {}): Promise<Changes> {
    return await this.#json(
      diffAnswer,
      'metrics',
      'diff',
      '--json',
      ...(o.all ? ['--all'] : []),
      ...revisions(from, to),
    )
  }

  /** Parameters that differ between two revisions: by default HEAD and the workspace. @param o.all also those that do not */
  async paramsDiff(from = 'HEAD', to?: string, o: { all?: boolean } = {}): Promise<Changes> {
    return await this.#json(diffAnswer, 'params', 'diff', '--json', ...(o.all ? ['--all'] : []), ...revisions(from, to))
  }

  /** Plots of the workspace, or of revisions side by side. */
  async plots(o: { revs?: readonly string[]; targets?: Targets } = {}): Promise<Plots> {
    const targets = list(o.targets)
    const args = o.revs
      ? ['plots', 'diff', '--json', ...(targets.length ? ['--targets', ...targets, '--'] : []), ...revisions(...o.revs)]
      : ['plots', 'show', '--json', '--', ...targets]
    return (await this.#json(plotsAnswer, ...args)).data
  }

  /** Writes the plots as a page into a folder; path of its index.html. */
  async plotsPage(out: string, o: { revs?: readonly string[]; targets?: Targets } = {}): Promise<string> {
    const folder = resolve(out)
    const targets = list(o.targets)
    if (o.revs)
      await this.run(
        'plots',
        'diff',
        '--out',
        folder,
        ...(targets.length ? ['--targets', ...targets, '--'] : []),
        ...revisions(...o.revs),
      )
    else await this.run('plots', 'show', '--out', folder, '--', ...targets)
    return join(folder, 'index.html')
  }

  /** The workspace, the current commit and its experiments; with `allCommits` those of every commit. */
  async experiments(o: { allCommits?: boolean } = {}): Promise<Experiment[]> {
    return experimentsOf(
      await this.#json(experimentsAnswer, 'exp', 'show', '--json', ...(o.allCommits ? ['--all-commits'] : [])),
    )
  }

  /** Runs the stages that are not up to date (`dvc repro`). */
  async repro(o: ReproOptions = {}): Promise<Reproduced> {
    return await this.#reproduce(['repro'], o)
  }

  /**
   * Runs the pipeline with changed parameters as an experiment (`dvc exp run`). A text arrives as that text, a number as that number, whatever
   * they would mean to Hydra; what cannot is refused before dvc runs. Parameters that are not named keep their values.
   */
  async runExperiment(o: ExperimentOptions = {}): Promise<Reproduced> {
    const set = prepared(this.root, o.set ?? {})
    const result = await this.#reproduce(['exp', 'run', ...(o.name ? [`--name=${o.name}`] : []), ...set.args], o)
    set.check()
    return result
  }

  /** Puts files or folders under DVC's control (`dvc add`). */
  async add(targets: Targets): Promise<void> {
    await this.run('add', '--', ...list(targets))
  }

  /** Uploads what the workspace's lock files name. */
  async push(o: TransferOptions = {}): Promise<void> {
    await this.#transfer('push', o)
  }

  /** Downloads what the workspace's lock files name and checks it out. */
  async pull(o: TransferOptions = {}): Promise<void> {
    await this.#transfer('pull', o)
  }

  /** Removes from the cache (and the remote) what nothing that is kept needs. */
  async gc(o: GcOptions): Promise<void> {
    const kept = [
      o.workspace && '--workspace',
      o.allBranches && '--all-branches',
      o.allTags && '--all-tags',
      o.allCommits && '--all-commits',
      o.allExperiments && '--all-experiments',
    ].filter((flag) => typeof flag === 'string')
    if (kept.length === 0)
      throw new DvcError(
        'gc: expected at least one of workspace, allBranches, allTags, allCommits, allExperiments to keep',
      )
    const where = [
      ...(o.cloud ? ['--cloud'] : []),
      ...(o.remote ? ['--remote', o.remote] : []),
      ...(o.dry ? ['--dry'] : []),
    ]
    await this.run('gc', '--force', ...kept, ...where)
  }

  /**
   * Path on this machine of a file or folder of the repository, tracked by DVC or by git, as it was at a revision.
   *
   * Without `rev`: the one in the workspace, and when it is not there, what the workspace's lock files name, from cache or
   * remote. With `rev`: from git, cache or remote, kept under `.dvc/tmp/dvc-ts/COMMIT/`. Do not write to it.
   */
  async path(path: string, o: Revision = {}): Promise<string> {
    if (o.rev === undefined && existsSync(resolve(this.root, path))) return resolve(this.root, path)
    return await fetched(this, path, o)
  }

  /** Content of a file at a revision, as text. */
  async read(path: string, o: Revision = {}): Promise<string> {
    return readFileSync(await this.#file(path, o), 'utf8')
  }

  /** Content of a file at a revision, as a stream of bytes. */
  async open(path: string, o: Revision = {}): Promise<ReadStream> {
    return createReadStream(await this.#file(path, o))
  }

  /** Runs any command of dvc at the root; what it printed on stdout. */
  async run(...args: readonly string[]): Promise<string> {
    return await run(this.dvc, args, { cwd: this.root })
  }

  async #file(path: string, o: Revision): Promise<string> {
    const file = await this.path(path, o)
    if (statSync(file).isDirectory()) throw new DvcError(`${path}: expected a file, but it is a folder; use path()`)
    return file
  }

  async #metricsAt(rev: string): Promise<Record<string, unknown>> {
    // `dvc metrics show` knows no single revision; a difference of a revision with itself that shows all does.
    const answer = await this.metricsDiff(rev, rev, { all: true })
    const entries = Object.entries(answer).map(([file, names]) => [
      file,
      Object.fromEntries(Object.entries(names).map(([name, change]) => [name, change.new])),
    ])
    return Object.fromEntries(entries)
  }

  async #json<S extends z.ZodType>(schema: S, ...args: readonly string[]): Promise<z.output<S>> {
    return answerOf(schema, await this.run(...args), `dvc ${args.join(' ')} (${this.version})`)
  }

  async #reproduce(command: readonly string[], o: ReproOptions): Promise<Reproduced> {
    const flags = [
      ...(o.force ? ['--force'] : []),
      ...(o.single ? ['--single-item'] : []),
      ...(o.pull ? ['--pull'] : []),
    ]
    const args = [...command, ...flags, '--', ...list(o.stage)]
    const mark = randomUUID()
    const read = reader(o.onProgress ?? (() => {}), mark)
    const [program, words] = markedCommand(this.dvc, mark, args)
    try {
      await run(program, words, { cwd: this.root, onLine: read.line, signal: o.signal, asked: args })
    } catch (error) {
      if (!(error instanceof DvcError) || error.reason !== 'failed') throw error
      const at = read.running === null ? '' : `stage ${read.running} failed\n${read.last.join('\n')}\n`
      throw new DvcError(`${at}${error.message}`, error)
    }
    return read.end()
  }

  async #transfer(command: 'push' | 'pull', o: TransferOptions): Promise<void> {
    const flags = [
      ...(o.remote ? ['--remote', o.remote] : []),
      ...(o.runCache ? ['--run-cache'] : []),
      ...(o.allCommits ? ['--all-commits'] : []),
    ]
    const args = [command, ...flags, '--', ...list(o.targets)]
    let printed = ''
    const onLine = (line: string) => {
      printed += `${line}\n`
      o.onLine?.(line)
    }
    await run(this.dvc, args, { cwd: this.root, signal: o.signal, onLine })
    // `dvc pull` without a remote says so, fetches nothing and ends with 0 when nothing is missing.
    if (/No remote provided/.test(printed)) throw failure(args, 0, printed)
  }
}

interface ParamsOptions {
  /** Files to read in place of those that dvc.yaml names. */
  readonly files?: Targets
  /** Only what these stages track. */
  readonly stages?: Targets
  readonly rev?: string
}

/** Revisions as arguments, refused when dvc would take one for an option. */
function revisions(...revs: readonly (string | undefined)[]): string[] {
  const given = revs.filter((rev) => rev !== undefined)
  for (const rev of given)
    if (rev === '' || rev.startsWith('-'))
      throw new DvcError(`expected a git revision, received ${JSON.stringify(rev)}`, { reason: 'unknown-revision' })
  return given
}
