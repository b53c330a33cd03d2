/** Gives a journal's entries to a server, in order, and knows how far it has come. */
import type { KeyValue, MetricPoint, MlflowClient } from './client.ts'
import { TrackingError } from './error.ts'
import { type Entry, filesOf } from './outbox.ts'

/** Tag by which the pipeline finds its own runs again. */
const KEY = 'tracking.key'

export interface SenderOptions {
  readonly experiment: string
  /** Unique text that the runs of one `track` carry. */
  readonly key: string
  readonly entries: readonly Entry[]
  /** Entries that the server has already, and the ids of the runs that they started. */
  readonly sent?: number
  readonly ids?: Readonly<Record<string, string>>
  readonly onMessage: (line: string) => void
}

export class Sender {
  /** How many entries the server has. */
  sent: number
  /** Id on the server of each run that was started there. */
  readonly ids: Record<string, string>
  readonly #o: SenderOptions
  #experimentId: string | null = null

  constructor(options: SenderOptions) {
    this.#o = options
    this.sent = options.sent ?? 0
    this.ids = { ...options.ids }
  }

  /** True when nothing waits. */
  get done(): boolean {
    return this.sent >= this.#o.entries.length
  }

  /** Sends what waits, also what is added meanwhile. Stops with an error at the first entry that the server does not take. */
  async flush(client: MlflowClient): Promise<void> {
    while (!this.done) {
      const batch = this.#next()
      await this.#send(client, batch)
      this.sent += batch.length
    }
  }

  /** Marks as killed what a process that died left running: to be called only while no other process uses the store. */
  async sweep(client: MlflowClient): Promise<void> {
    const running = await client.searchRuns([await this.#experiment(client)], "attributes.status = 'RUNNING'")
    for (const { info, data } of running)
      if (data.tags.some((tag) => tag.key === KEY) && !Object.values(this.ids).includes(info.run_id))
        await client.updateRun(info.run_id, { status: 'KILLED', end: Date.now() })
  }

  /** The next entry, or as many as follow each other with metrics of one run. */
  #next(): readonly Entry[] {
    const { entries } = this.#o
    const first = entries[this.sent]!
    let end = this.sent + 1
    if (first.op === 'metrics') while (entries[end]?.op === 'metrics' && entries[end]?.run === first.run) end++
    return entries.slice(this.sent, end)
  }

  async #experiment(client: MlflowClient): Promise<string> {
    this.#experimentId ??= await client.experiment(this.#o.experiment)
    return this.#experimentId
  }

  async #send(client: MlflowClient, batch: readonly Entry[]): Promise<void> {
    const entry = batch[0]!
    if (entry.op === 'start') return await this.#start(client, entry)
    const runId = this.ids[entry.run]
    if (runId === undefined) throw new TrackingError(`run ${entry.run} was not started on ${client.root}`)
    switch (entry.op) {
      case 'params':
        return await client.log(runId, { params: entry.params })
      case 'metrics': {
        const metrics = batch.flatMap((each): readonly MetricPoint[] => (each.op === 'metrics' ? each.metrics : []))
        return await client.log(runId, { metrics })
      }
      case 'tags':
        return await client.log(runId, { tags: entry.tags })
      case 'input':
        return await client.logInput(runId, entry)
      case 'artifact':
        return await client.upload((await client.getRun(runId)).info.artifact_uri, entry.as, entry.file)
      case 'model':
        return await this.#register(client, runId, entry)
      case 'end':
        return await client.updateRun(runId, { status: entry.status, end: entry.time })
    }
  }

  async #start(client: MlflowClient, entry: Extract<Entry, { op: 'start' }>): Promise<void> {
    const parent: KeyValue[] = []
    if (entry.parent !== null) parent.push({ key: 'mlflow.parentRunId', value: this.ids[entry.parent] ?? '' })
    const { info } = await client.createRun({
      experimentId: await this.#experiment(client),
      name: entry.name,
      start: entry.time,
      tags: [...entry.tags, ...parent],
      key: { key: KEY, value: `${this.#o.key}-${entry.run}` },
    })
    this.ids[entry.run] = info.run_id
  }

  /** A bundle that the registry has already gets no second version: the alias moves to the one it has. */
  async #register(client: MlflowClient, runId: string, entry: Extract<Entry, { op: 'model' }>): Promise<void> {
    const { name, folder, version, alias } = entry
    const tag = { key: 'bundle_version', value: version }
    const [known] = await client.versions(name, tag)
    if (known) {
      await client.setAlias(name, alias, known.version)
      const model = /^models:\/(m-.+)$/.exec(known.source)?.[1]
      if (model !== undefined) await client.addOutput(runId, model)
      await client.log(runId, { tags: [{ key: 'model_version', value: known.version }] })
      this.#o.onMessage(`${name} ${version} is in the registry already, as version ${known.version}; it is @${alias}`)
      return
    }
    const tags = [tag, ...entry.tags]
    const experimentId = await this.#experiment(client)
    const model = await client.createModel({ experimentId, runId, name, params: entry.params, tags })
    for (const file of filesOf(folder)) await client.upload(model.artifactUri, file, `${folder}/${file}`)
    await client.finishModel(runId, model.id)
    await client.registeredModel(name)
    const made = await client.createVersion({ name, modelId: model.id, runId, tags })
    await client.setAlias(name, alias, made.version)
    await client.log(runId, { tags: [{ key: 'model_version', value: made.version }] })
    this.#o.onMessage(`${name} ${version} is version ${made.version} of the registry, @${alias}`)
  }
}
