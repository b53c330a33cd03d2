/** Logs a piece of work to MLflow without delaying it: entries are queued, sent while the work goes on, and kept on disk when no server accepts them. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type KeyValue, MlflowClient, serverOf } from './client.ts'
import { Connection, connectionOf } from './connection.ts'
import { TrackingError } from './error.ts'
import { checkKey, paramText, tagText } from './limits.ts'
import { type Entry, filesOf, keepUnsent } from './outbox.ts'
import { Sender } from './sender.ts'
import { sourceTags } from './source.ts'

/** A parameter or tag as MLflow keeps it: text; anything else than text is written as JSON. */
export type Logged = string | number | boolean | null | readonly Logged[] | { readonly [key: string]: Logged }

export interface TrackOptions {
  readonly experiment: string
  readonly runName: string
  /** Folder of the local store; default: `mlflow` in the current folder. */
  readonly store?: string
  /** Address of an MLflow server; default: MLFLOW_TRACKING_URI; without either, a server is started on the local store for the run. */
  readonly uri?: string
  /** Called with messages for the user; default: printed to stderr. */
  readonly onMessage?: (line: string) => void
}

/** What the runs of one `track` share. */
interface Work {
  readonly say: (entry: Entry) => void
  readonly numbers: { next: number }
  readonly source: readonly KeyValue[]
}

/** A run of MLflow. Every call returns at once; a value that MLflow would cut or change throws a TrackingError at once. */
export class Run {
  readonly #number: number
  readonly #work: Work
  readonly #params = new Map<string, string>()

  /** @internal */
  constructor(work: Work, name: string, parent: number | null) {
    this.#work = work
    this.#number = work.numbers.next++
    this.#say({ run: this.#number, op: 'start', name, parent, time: Date.now(), tags: runTags(work.source) })
  }

  #say(entry: Entry): void {
    this.#work.say(entry)
  }

  /** Parameters; nested ones are named with dots (`booster.eta`), lists are JSON. The same again is nothing, another value is an error. */
  params(record: { readonly [key: string]: Logged }): void {
    const params: KeyValue[] = []
    for (const [key, value] of flat(record)) {
      const text = paramText(key, value)
      const earlier = this.#params.get(key)
      if (earlier !== undefined && earlier !== text)
        throw new TrackingError(
          `parameter ${key}: ${earlier} is logged already, and a run's parameters do not change: ${text}`,
        )
      if (earlier === undefined) params.push({ key, value: text })
      this.#params.set(key, text)
    }
    if (params.length) this.#say({ run: this.#number, op: 'params', params })
  }

  /** One value of a metric. NaN stays NaN; the infinities become the largest doubles, as MLflow stores them. */
  metric(name: string, value: number, step = 0): void {
    this.metrics([{ name, value, step }])
  }

  /** Many values: a curve is a metric with steps. */
  metrics(values: readonly { readonly name: string; readonly value: number; readonly step?: number }[]): void {
    const timestamp = Date.now()
    const metrics = values.map(({ name, value, step = 0 }) => {
      checkKey('metric', name)
      if (typeof value !== 'number')
        throw new TrackingError(`metric ${name}: expected a number, received ${typeof value}`)
      if (!Number.isSafeInteger(step))
        throw new TrackingError(`metric ${name}: expected a whole step, received ${step}`)
      return { key: name, value, step, timestamp }
    })
    if (metrics.length) this.#say({ run: this.#number, op: 'metrics', metrics })
  }

  tags(record: { readonly [key: string]: Logged }): void {
    const tags = Object.entries(record).map(([key, value]) => ({ key, value: tagText(key, value) }))
    if (tags.length) this.#say({ run: this.#number, op: 'tags', tags })
  }

  /** One file; it is read when it is sent, so it must stay as it is until the work ends. @param as its path in MLflow */
  artifact(path: string, as = basename(path)): void {
    if (!existsSync(path)) throw new TrackingError(`artifact ${as}: there is no ${path}`)
    this.#say({ run: this.#number, op: 'artifact', file: path, as })
  }

  /** All files of a folder. @param as folder in MLflow; '' is the root */
  artifacts(folder: string, as = basename(folder)): void {
    for (const file of filesOf(folder)) this.artifact(join(folder, file), as ? `${as}/${file}` : file)
  }

  /**
   * What a stage wrote into its report folder, under `reports/`: its JSON and its plots. The pages in the same folder were drawn by the
   * stage `pages` from the figures of an earlier run.
   */
  reports(folder: string): void {
    for (const file of filesOf(folder))
      if (file.endsWith('.json') || file.startsWith('plots/')) this.artifact(join(folder, file), `reports/${file}`)
  }

  /** The data that the run read. @param dataset.hash any length; MLflow shows its first 32 characters, the source holds it whole */
  input(dataset: {
    readonly name: string
    readonly hash: string
    readonly source: string
    readonly context?: string
  }): void {
    const { name, hash, source, context = 'training' } = dataset
    this.#say({
      run: this.#number,
      op: 'input',
      name,
      digest: hash.slice(0, 32),
      source: { uri: source, hash },
      context,
    })
  }

  /**
   * Puts a bundle with its MLmodel into the registry: a logged model with the folder's files, a version of the registered model
   * `name` with the tag `bundle_version` and those of the source (git.commit, git.dirty, dvc.data), and the alias (default: `challenger`).
   * A version that is there already is not made twice.
   */
  registerModel(o: {
    readonly name: string
    readonly folder: string
    readonly version: string
    readonly alias?: string
    readonly params?: { readonly [key: string]: Logged }
    readonly tags?: { readonly [key: string]: Logged }
  }): void {
    if (!existsSync(join(o.folder, 'MLmodel')))
      throw new TrackingError(`model ${o.name}: expected an MLmodel file in ${o.folder}; write it with mlmodel()`)
    const params = [...flat(o.params ?? {})].map(([key, value]) => ({ key, value: paramText(key, value) }))
    const own = Object.entries(o.tags ?? {}).map(([key, value]) => ({ key, value: tagText(key, value) }))
    const tags = [...this.#work.source.filter(({ key }) => !own.some((tag) => tag.key === key)), ...own]
    const { name, folder, version, alias = 'challenger' } = o
    this.#say({ run: this.#number, op: 'model', name, folder, version, alias, params, tags })
  }

  /** A run inside this one, for a candidate or a trial; it ends with `work`, failed when that throws. */
  async child<T>(name: string, work: (run: Run) => Promise<T>): Promise<T> {
    const run = new Run(this.#work, name, this.#number)
    return await ended(run, work)
  }

  /** @internal */
  end(status: 'FINISHED' | 'FAILED'): void {
    this.#say({ run: this.#number, op: 'end', status, time: Date.now() })
  }
}

async function ended<T>(run: Run, work: (run: Run) => Promise<T>): Promise<T> {
  let status: 'FINISHED' | 'FAILED' = 'FAILED'
  try {
    const result = await work(run)
    status = 'FINISHED'
    return result
  } finally {
    run.end(status)
  }
}

function* flat(record: { readonly [key: string]: Logged }, prefix = ''): Generator<[string, Logged]> {
  for (const [key, value] of Object.entries(record)) {
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      yield* flat(value as { readonly [key: string]: Logged }, `${prefix}${key}.`)
    else yield [prefix + key, value]
  }
}

/**
 * Does `work`, which is given a run to log to, and returns its result. A run has children, and these have theirs:
 *
 *     await track({ experiment: 'credit-scoring', runName: 'compare' }, async (run) => {
 *       run.params({ folds: 5 })
 *       run.input({ name: 'portfolio', hash, source: 'artifacts/portfolio' })
 *       for (const candidate of candidates)
 *         await run.child(candidate.name, async (child) => {
 *           child.params(candidate.params)
 *           for (const trial of trials(candidate))
 *             await child.child(`trial ${trial.number}`, async (one) => one.metric('log_loss', trial.loss))
 *           child.metrics(curve.map((value, step) => ({ name: 'log_loss/fold_1', value, step })))
 *         })
 *       run.reports('reports/compare')
 *     })
 *
 * The work never waits for MLflow, and never fails for it: when the server, local or MLFLOW_TRACKING_URI, cannot be reached,
 * refuses or dies, the result is returned all the same, what was logged is written to `<store>/unsent/NAME.json`, and a message
 * says how to send it. When the work throws, the run is marked FAILED as far as a server is there, and the error goes on.
 *
 * @throws what `work` throws; a TrackingError when the address is not one
 */
export async function track<T>(options: TrackOptions, work: (run: Run) => Promise<T>): Promise<T> {
  const store = options.store ?? 'mlflow'
  const address = options.uri ?? (process.env.MLFLOW_TRACKING_URI || undefined)
  const server = address === undefined ? null : serverOf(address).root
  const onMessage = options.onMessage ?? ((line: string) => console.error(`MLflow: ${line}`))

  const entries: Entry[] = []
  const key = randomUUID()
  const sender = new Sender({ experiment: options.experiment, key, entries, onMessage })
  const bell = { ring: () => {}, closed: false }
  const say = (entry: Entry) => {
    entries.push(entry)
    bell.ring()
  }
  const connection = address === undefined ? await Connection.local(store, onMessage) : Connection.remote(address)
  const sending = (async () => {
    const client = await connection.client()
    if (connection.alone) await sender.sweep(client)
    while (!bell.closed || !sender.done) {
      await sender.flush(client)
      if (!bell.closed && sender.done) await new Promise<void>((done) => (bell.ring = done))
    }
  })()
  sending.catch(() => {}) // looked at below, when the work is done

  const end = () => {
    bell.closed = true
    bell.ring()
  }
  try {
    const run = new Run({ say, numbers: { next: 0 }, source: sourceTags() }, options.runName, null)
    const result = await ended(run, work)
    end()
    const waiting = setTimeout(() => onMessage('the work is done; waiting for the server to take what it logged'), 2000)
    try {
      await sending.catch(async (error: unknown) => {
        if (address === undefined) throw error
        const client = new MlflowClient({ ...connectionOf(address), attempts: 2 })
        if (!(await client.reachable())) throw error
        await sender.flush(client) // it was away and is back
      })
      onMessage(`run ${options.runName} of experiment ${options.experiment} is in ${server ?? store}`)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      keep(store, { options, key, why, server, sender, entries, onMessage })
    } finally {
      clearTimeout(waiting)
    }
    return result
  } catch (error) {
    end()
    // A failure is reported at once: it does not wait for a server that is only starting.
    if (connection.up) await Promise.race([sending.catch(() => {}), pause(10_000, null, { ref: false })])
    throw error
  } finally {
    await connection.close()
  }
}

function keep(
  store: string,
  o: {
    options: TrackOptions
    key: string
    why: string
    server: string | null
    sender: Sender
    entries: Entry[]
    onMessage: (line: string) => void
  },
): void {
  const { sent, ids } = o.sender
  const { experiment, runName } = o.options
  try {
    const journal = {
      format: 1 as const,
      experiment,
      key: o.key,
      why: o.why,
      server: o.server,
      sent,
      ids,
      entries: o.entries,
    }
    const file = keepUnsent(store, journal, `${experiment}-${runName}`)
    o.onMessage(
      `${o.why}\nThe work is done and its result is kept. What it logged waits in ${file}. Send it later with:`,
    )
    o.onMessage(`npm run mlflow -- send ${/\s/.test(resolve(file)) ? JSON.stringify(resolve(file)) : resolve(file)}`)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    o.onMessage(
      `${o.why}\nThe work is done and its result is kept, but what it logged could not be written either: ${message}`,
    )
  }
}

/** The source's tags under MLflow's own names too, which its UI shows. */
function runTags(source: readonly KeyValue[]): KeyValue[] {
  const commit = source.find(({ key }) => key === 'git.commit')?.value
  return [
    { key: 'mlflow.source.name', value: relative('', process.argv[1] ?? '') || 'node' },
    { key: 'mlflow.source.type', value: 'LOCAL' },
    ...(commit === undefined ? [] : [{ key: 'mlflow.source.git.commit', value: commit }]),
    ...source,
  ]
}
