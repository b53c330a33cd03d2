/** A small client of MLflow 3's REST API: what the pipeline writes and reads of it, typed, with time-outs and retries. */

import { openAsBlob } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { append } from '../data/append.ts'
import { TrackingError } from './error.ts'
import { BATCH, batches, metricValue } from './limits.ts'

/** A metric's value at a step; time in milliseconds since 1970. */
export interface MetricPoint {
  readonly key: string
  readonly value: number
  readonly step: number
  readonly timestamp: number
}
export interface KeyValue {
  readonly key: string
  readonly value: string
}
export type RunStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED'

const pairs = z.array(z.object({ key: z.string(), value: z.string().default('') })).default([])
const number = z.union([z.number(), z.string().transform(Number)]) // int64 and NaN come as text
const metric = z.object({
  key: z.string(),
  value: number.default(0),
  step: number.default(0),
  timestamp: number.default(0),
})
const run = z.object({
  info: z.object({
    run_id: z.string(),
    experiment_id: z.string(),
    run_name: z.string().default(''),
    status: z.string(),
    artifact_uri: z.string(),
  }),
  data: z.object({ metrics: z.array(metric).default([]), params: pairs, tags: pairs }).prefault({}),
})
const modelVersion = z.object({
  name: z.string(),
  version: z.coerce.string(),
  source: z.string().default(''),
  run_id: z.string().default(''),
  status: z.string().default(''),
  tags: pairs,
  aliases: z.array(z.string()).default([]),
})
const loggedModel = z.object({
  model: z.object({ info: z.object({ model_id: z.string(), artifact_uri: z.string(), status: z.string() }) }),
})
const files = z.object({
  files: z
    .array(z.object({ path: z.string(), is_dir: z.boolean().default(false), file_size: number.optional() }))
    .default([]),
})
const refusal = z.object({ error_code: z.string().default(''), message: z.string().default('') })
const nothing = z.object({})

export type TrackedRun = z.output<typeof run>
export type ModelVersion = z.output<typeof modelVersion>

export interface ClientOptions {
  /** Root of the server, http or https; a user and password in it go into the Authorization header. */
  readonly uri: string
  /** Bearer token instead. */
  readonly token?: string
  /** For one request, in milliseconds; uploads get a second more for every 500 kB. */
  readonly timeout?: number
  /** Attempts at one request before giving up: no answer, 429 and 5xx are tried again after 0.2, 0.4, 0.8 … seconds. */
  readonly attempts?: number
}

/** Checks MLFLOW_TRACKING_URI; returns it without credentials or trailing slash. */
export function serverOf(uri: string): { root: string; authorization: string | null } {
  const url = URL.parse(uri)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new TrackingError(
      `MLFLOW_TRACKING_URI: expected the address of an MLflow server, http://… or https://…, received ${JSON.stringify(uri)}`,
    )
  const { username, password } = url
  url.username = ''
  url.password = ''
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {
    root: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
    authorization: username ? `Basic ${Buffer.from(login).toString('base64')}` : null,
  }
}

export class MlflowClient {
  /** Root of the server, without credentials. */
  readonly root: string
  readonly #authorization: string | null
  readonly #timeout: number
  readonly #attempts: number

  constructor(options: ClientOptions) {
    const { root, authorization } = serverOf(options.uri)
    this.root = root
    this.#authorization = options.token ? `Bearer ${options.token}` : authorization
    this.#timeout = options.timeout ?? 30_000
    this.#attempts = options.attempts ?? 5
  }

  /** True when the server says that it is up; never throws. */
  async healthy(timeout = 2000): Promise<boolean> {
    try {
      return (await fetch(`${this.root}/health`, { signal: AbortSignal.timeout(timeout) })).ok
    } catch {
      return false
    }
  }

  /** True when anything answers at the address; never throws. */
  async reachable(): Promise<boolean> {
    try {
      await this.#fetch('health', {}, 5000)
      return true
    } catch {
      return false
    }
  }

  /** Id of the experiment of that name, made when absent. */
  async experiment(name: string): Promise<string> {
    const find = () => this.#get('experiments/get-by-name', { experiment_name: name }, experimentById)
    try {
      return (await find()).experiment.experiment_id
    } catch (error) {
      if (!(error instanceof TrackingError) || error.code !== 'RESOURCE_DOES_NOT_EXIST') throw error
    }
    try {
      return (await this.#post('experiments/create', { name }, z.object({ experiment_id: z.string() }))).experiment_id
    } catch (error) {
      if (error instanceof TrackingError && error.code === 'RESOURCE_ALREADY_EXISTS')
        return (await find()).experiment.experiment_id
      throw error
    }
  }

  /** Starts a run. `key` is a tag of its own by which a run is found again when the answer to its creation was lost. */
  async createRun(o: {
    experimentId: string
    name: string
    start: number
    tags: readonly KeyValue[]
    key: KeyValue
  }): Promise<TrackedRun> {
    const body = { experiment_id: o.experimentId, run_name: o.name, start_time: o.start, tags: [...o.tags, o.key] }
    const found = async () => (await this.searchRuns([o.experimentId], `tags.\`${o.key.key}\` = '${o.key.value}'`))[0]
    return (
      await this.#post('runs/create', body, z.object({ run }), async () => {
        const earlier = await found()
        return earlier && { run: earlier }
      })
    ).run
  }

  async getRun(runId: string): Promise<TrackedRun> {
    return (await this.#get('runs/get', { run_id: runId }, z.object({ run }))).run
  }

  async updateRun(runId: string, change: { status: RunStatus; end?: number }): Promise<void> {
    await this.#post('runs/update', { run_id: runId, status: change.status, end_time: change.end }, nothing)
  }

  /** Runs that match MLflow's filter language, newest first, at most `limit`. */
  async searchRuns(experimentIds: readonly string[], filter = '', limit = 100): Promise<TrackedRun[]> {
    const body = { experiment_ids: experimentIds, filter, max_results: limit }
    return (await this.#post('runs/search', body, z.object({ runs: z.array(run).default([]) }))).runs
  }

  /** Any number of parameters, metrics and tags, in requests of the size that the server takes. */
  async log(
    runId: string,
    o: { params?: readonly KeyValue[]; metrics?: readonly MetricPoint[]; tags?: readonly KeyValue[] },
  ) {
    const send = (body: object) => this.#post('runs/log-batch', { run_id: runId, ...body }, nothing)
    for (const params of batches(o.params ?? [], BATCH.params)) await send({ params })
    for (const tags of batches(o.tags ?? [], BATCH.tags)) await send({ tags })
    const metrics = (o.metrics ?? []).map((each) => ({ ...each, value: metricValue(each.value) }))
    for (const group of batches(metrics, BATCH.metrics)) await send({ metrics: group })
  }

  /** Every value of a metric, in the order of its steps. */
  async history(runId: string, key: string): Promise<MetricPoint[]> {
    const points: MetricPoint[] = []
    for (let token: string | undefined = ''; token !== undefined; ) {
      const page: z.output<typeof historyPage> = await this.#get(
        'metrics/get-history',
        { run_id: runId, metric_key: key, max_results: '5000', ...(token && { page_token: token }) },
        historyPage,
      )
      append(points, page.metrics)
      token = page.next_page_token || undefined
    }
    return points.sort((a, b) => a.step - b.step)
  }

  /** Says which data a run read. */
  async logInput(runId: string, o: { name: string; digest: string; source: object; context: string }): Promise<void> {
    const dataset = { name: o.name, digest: o.digest, source_type: 'local', source: JSON.stringify(o.source) }
    const tags = [{ key: 'mlflow.data.context', value: o.context }]
    await this.#post('runs/log-inputs', { run_id: runId, datasets: [{ dataset, tags }] }, nothing)
  }

  /** Uploads one file below an artifact address that the server gave (`mlflow-artifacts:/…`). */
  async upload(artifactUri: string, name: string, file: string): Promise<void> {
    const body = await openAsBlob(file).catch((error: unknown) => {
      throw new TrackingError(
        `artifact ${name}: ${file} cannot be read (${error instanceof Error ? error.message : error})`,
      )
    })
    const path = `api/2.0/mlflow-artifacts/artifacts/${this.#proxied(artifactUri)}/${encoded(name)}`
    await this.#request('PUT', path, { body, timeout: this.#timeout + body.size / 500 })
  }

  /** Bytes of a file below an artifact address. */
  async download(artifactUri: string, name: string): Promise<Uint8Array> {
    const path = `api/2.0/mlflow-artifacts/artifacts/${this.#proxied(artifactUri)}/${encoded(name)}`
    return new Uint8Array(await (await this.#request('GET', path, {})).arrayBuffer())
  }

  /** Names of the files below an artifact address, with the folders in them, sorted. */
  async artifacts(artifactUri: string, folder = ''): Promise<string[]> {
    const root = this.#proxied(artifactUri)
    const query = new URLSearchParams({ path: folder ? `${root}/${folder}` : root })
    const answer = await this.#request('GET', `api/2.0/mlflow-artifacts/artifacts?${query}`, {})
    const listed = parsed(files, await answer.text(), 'artifacts')
    const names: string[] = []
    for (const each of listed.files) {
      const name = folder ? `${folder}/${each.path}` : each.path
      if (each.is_dir) append(names, await this.artifacts(artifactUri, name))
      else names.push(name)
    }
    return names.sort()
  }

  /** The model of a run (MLflow 3's LoggedModel), not ready until `finishModel`. */
  async createModel(o: {
    experimentId: string
    runId: string
    name: string
    params: readonly KeyValue[]
    tags: readonly KeyValue[]
  }): Promise<{ id: string; artifactUri: string }> {
    const body = { experiment_id: o.experimentId, source_run_id: o.runId, name: o.name, params: o.params, tags: o.tags }
    const { info } = (await this.#post('logged-models', body, loggedModel)).model
    return { id: info.model_id, artifactUri: info.artifact_uri }
  }

  /** Declares the model's files complete and makes it an output of its run. */
  async finishModel(runId: string, modelId: string): Promise<void> {
    const body = JSON.stringify({ model_id: modelId, status: 'LOGGED_MODEL_READY' })
    await this.#request('PATCH', `api/2.0/mlflow/logged-models/${modelId}`, { body })
    await this.addOutput(runId, modelId)
  }

  /** Makes a model an output of a run; the UI then shows it there. */
  async addOutput(runId: string, modelId: string): Promise<void> {
    await this.#post('runs/outputs', { run_id: runId, models: [{ model_id: modelId, step: 0 }] }, nothing)
  }

  async modelArtifactUri(modelId: string): Promise<string> {
    return (await this.#get(`logged-models/${modelId}`, {}, loggedModel)).model.info.artifact_uri
  }

  /** Makes the registered model when absent. */
  async registeredModel(name: string, description = ''): Promise<void> {
    try {
      await this.#post('registered-models/create', { name, description }, nothing)
    } catch (error) {
      if (!(error instanceof TrackingError) || error.code !== 'RESOURCE_ALREADY_EXISTS') throw error
    }
  }

  async createVersion(o: {
    name: string
    modelId: string
    runId: string
    tags: readonly KeyValue[]
  }): Promise<ModelVersion> {
    const source = `models:/${o.modelId}`
    const body = { name: o.name, source, run_id: o.runId, model_id: o.modelId, tags: o.tags }
    const answer = z.object({ model_version: modelVersion })
    return (
      await this.#post('model-versions/create', body, answer, async () => {
        const earlier = (await this.versions(o.name)).find((each) => each.source === source)
        return earlier && { model_version: earlier }
      })
    ).model_version
  }

  /** Versions of a registered model, newest first, optionally those with a tag; [] when there is no such model. */
  async versions(name: string, tag?: KeyValue): Promise<ModelVersion[]> {
    const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
    const filter = `name=${quoted(name)}${tag ? ` and tags.\`${tag.key}\`=${quoted(tag.value)}` : ''}`
    const answer = z.object({ model_versions: z.array(modelVersion).default([]) })
    const { model_versions: found } = await this.#get('model-versions/search', { filter, max_results: '1000' }, answer)
    return found.sort((a, b) => Number(b.version) - Number(a.version))
  }

  async version(name: string, version: string): Promise<ModelVersion> {
    return (await this.#get('model-versions/get', { name, version }, z.object({ model_version: modelVersion })))
      .model_version
  }

  /** The version that an alias points to, or null. */
  async alias(name: string, alias: string): Promise<ModelVersion | null> {
    try {
      const answer = z.object({ model_version: modelVersion })
      return (await this.#get('registered-models/alias', { name, alias }, answer)).model_version
    } catch (error) {
      if (error instanceof TrackingError && (error.status === 404 || /alias .* not found/i.test(error.message)))
        return null
      throw error
    }
  }

  async setAlias(name: string, alias: string, version: string): Promise<void> {
    await this.#post('registered-models/alias', { name, alias, version }, nothing)
  }

  async deleteAlias(name: string, alias: string): Promise<void> {
    await this.#request('DELETE', 'api/2.0/mlflow/registered-models/alias', { body: JSON.stringify({ name, alias }) })
  }

  async setVersionTag(name: string, version: string, tag: KeyValue): Promise<void> {
    await this.#post('model-versions/set-tag', { name, version, key: tag.key, value: tag.value }, nothing)
  }

  /** The path behind `mlflow-artifacts:/…`, which the server itself stores and serves. */
  #proxied(artifactUri: string): string {
    const path = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(artifactUri)?.[1]
    if (path === undefined)
      throw new TrackingError(
        `${this.root}: expected a server that stores artifacts itself (mlflow server --artifacts-destination …), but it gave ${artifactUri}`,
      )
    return encoded(path)
  }

  #get<S extends z.ZodType>(path: string, query: Record<string, string>, schema: S): Promise<z.output<S>> {
    const search = new URLSearchParams(query).toString()
    return this.#request('GET', `api/2.0/mlflow/${path}${search && `?${search}`}`, {}).then(async (answer) =>
      parsed(schema, await answer.text(), path),
    )
  }

  /** @param earlier when an attempt had no clear answer: what it may have made, so that it is not made twice */
  async #post<S extends z.ZodType>(
    path: string,
    body: object,
    schema: S,
    earlier?: () => Promise<z.output<S> | undefined>,
  ): Promise<z.output<S>> {
    let done: z.output<S> | undefined
    const before =
      earlier &&
      (async () => {
        done = await earlier()
        return done !== undefined
      })
    const answer = await this.#request('POST', `api/2.0/mlflow/${path}`, { body: JSON.stringify(body), before })
    return done ?? parsed(schema, await answer.text(), path)
  }

  /** Counts only the time in which this process could have seen the answer: a training may block the event loop for minutes. */
  async #fetch(path: string, request: RequestInit, timeout: number): Promise<Response> {
    const controller = new AbortController()
    let ticks = 0
    const timer = setInterval(() => ++ticks > 10 && controller.abort(), timeout / 10)
    try {
      const answer = await fetch(`${this.root}/${path}`, { ...request, signal: controller.signal })
      const { status } = answer
      return new Response(status === 204 ? null : await answer.arrayBuffer(), { status, headers: answer.headers })
    } finally {
      clearInterval(timer)
    }
  }

  async #request(
    method: string,
    path: string,
    o: { body?: string | Blob; timeout?: number; before?: () => Promise<boolean> },
  ): Promise<Response> {
    const headers = new Headers()
    if (typeof o.body === 'string') headers.set('content-type', 'application/json')
    if (this.#authorization) headers.set('authorization', this.#authorization)
    const what = `${method} ${this.root}/${path.split('?')[0]}`
    for (let attempt = 1; ; attempt++) {
      let fault: TrackingError
      try {
        const answer = await this.#fetch(path, { method, headers, body: o.body }, o.timeout ?? this.#timeout)
        if (answer.ok) return answer
        const { error_code: code, message } = refusal
          .catch({ error_code: '', message: '' })
          .parse(jsonOf(await answer.text()))
        fault = new TrackingError(`${what}: ${answer.status} ${code} ${message}`.trimEnd(), {
          status: answer.status,
          code,
        })
        if (answer.status < 500 && answer.status !== 429) throw fault
      } catch (error) {
        if (error instanceof TrackingError) throw error
        fault = new TrackingError(`${what}: ${reasonOf(error)}`)
      }
      if (attempt >= this.#attempts) throw fault
      await pause(100 * 2 ** attempt)
      if (await o.before?.()) return new Response()
    }
  }
}

const experimentById = z.object({ experiment: z.object({ experiment_id: z.string() }) })
const historyPage = z.object({ metrics: z.array(metric).default([]), next_page_token: z.string().optional() })

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {
      message: text
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim()
        .slice(0, 200),
    }
  }
}

function parsed<S extends z.ZodType>(schema: S, text: string, path: string): z.output<S> {
  const found = schema.safeParse(jsonOf(text || '{}'))
  if (found.success) return found.data
  const [issue] = found.error.issues
  throw new TrackingError(
    `${path}: expected MLflow's answer, but ${issue?.path.join('.')} ${issue?.message}: ${text.slice(0, 200)}`,
  )
}

/** What fetch says only in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time'
  const { cause } = error
  return cause instanceof Error ? cause.message || ((cause as NodeJS.ErrnoException).code ?? cause.name) : error.message
}
