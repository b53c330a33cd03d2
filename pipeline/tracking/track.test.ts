/** What a run logs arrives unchanged in a real MLflow server, and what no server accepts is kept. One server for the file. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { MlflowClient } from './client.ts'
import { TrackingError } from './error.ts'
import { unsentOf } from './outbox.ts'
import { sendUnsent } from './send.ts'
import { freePort, LocalServer } from './server.ts'
import { type Run, type TrackOptions, track } from './track.ts'

delete process.env.MLFLOW_TRACKING_URI // the tests bring their own server
const store = mkdtempSync(join(tmpdir(), 'tracking-'))
const bundle = join(store, 'a bundle')
mkdirSync(join(bundle, 'code'), { recursive: true })
writeFileSync(join(bundle, 'MLmodel'), 'flavors: {}\n')
writeFileSync(
  join(bundle, 'code', 'é.bin'),
  Uint8Array.from({ length: 70_000 }, (_, i) => i % 251),
)

const opening = LocalServer.open(store, { share: true })
opening.catch(() => {}) // reported by the first test
const client = async () => new MlflowClient({ uri: (await opening).uri })

/** `track` on the file's own server by default, with its messages. */
async function tracked<T>(
  work: (run: Run) => Promise<T>,
  o: Partial<TrackOptions> = {},
): Promise<{ result: T; messages: string[] }> {
  const messages: string[] = []
  const onMessage = (line: string) => void messages.push(line)
  const result = await track({ experiment: 'tests', runName: 'run', store, onMessage, ...o }, work)
  return { result, messages }
}
const runsOf = async (experiment: string) => {
  const mlflow = await client()
  return await mlflow.searchRuns([await mlflow.experiment(experiment)])
}
const valueIn = (list: readonly { key: string; value: string | number }[], key: string) =>
  list.find((each) => each.key === key)?.value

/** Processes that work in a folder; null where the system does not tell. */
function processesIn(folder: string): number | null {
  if (process.platform !== 'linux') return null
  return readdirSync('/proc').filter((id) => {
    try {
      return /^\d+$/.test(id) && readlinkSync(`/proc/${id}/cwd`) === folder
    } catch {
      return false // not ours, or gone
    }
  }).length
}

/** A way to the server that can be cut: `cut` decides for each request, before it is passed on or only its answer is lost. */
async function wire(
  cut: (path: string) => 'pass' | 'refuse' | 'lose',
): Promise<{ uri: string; close(): Promise<void> }> {
  const target = new URL((await opening).uri)
  const server: Server = createServer((asked, answer) => {
    const fate = cut(asked.url ?? '')
    if (fate === 'refuse') return void asked.socket.destroy()
    const onward = request(
      { host: target.hostname, port: target.port, path: asked.url, method: asked.method },
      (reply) => {
        if (fate === 'lose') return void asked.socket.destroy()
        answer.writeHead(reply.statusCode ?? 500, reply.headers)
        reply.pipe(answer)
      },
    )
    for (const name of ['content-type', 'content-length'])
      if (asked.headers[name]) onward.setHeader(name, asked.headers[name])
    asked.pipe(onward)
  })
  const port = await freePort()
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((done) => server.close(() => done()))
  }
  return { uri: `http://127.0.0.1:${port}`, close }
}

test('parameters, tags, metrics with their steps, inputs and nested runs come back as they were said', async () => {
  const { result, messages } = await tracked(
    async (run) => {
      run.params({ folds: 5, booster: { eta: 0.03, kinds: ['q', 'c'] }, note: 'é' })
      run.params({ folds: 5 })
      run.tags({ 'dvc.data': 'abc', synthetic: true })
      run.metrics(Array.from({ length: 2500 }, (_, step) => ({ name: 'valid/logloss', value: 1 / (step + 1), step })))
      run.metric('auc', 0.75)
      run.input({ name: 'portfolio', hash: 'f'.repeat(64), source: 'data' })
      for (const name of ['tree', 'linear'])
        await run.child(name, async (child) => {
          child.metric('auc', 0.7)
          if (name === 'tree') await child.child('trial 1', async (trial) => trial.params({ depth: 3 }))
        })
      return 'done'
    },
    { experiment: 'whole' },
  )
  assert.is(result, 'done')
  assert.match(messages.join('\n'), 'run run of experiment whole is in')
  const runs = await runsOf('whole')
  assert.equal(runs.map((run) => run.info.run_name).sort(), ['linear', 'run', 'tree', 'trial 1'])
  const parent = runs.find((run) => run.info.run_name === 'run')!
  assert.is(parent.info.status, 'FINISHED')
  const { params, tags } = parent.data
  assert.equal(Object.fromEntries(params.map(({ key, value }) => [key, value])), {
    'booster.eta': '0.03',
    'booster.kinds': '["q","c"]',
    folds: '5',
    note: 'é',
  })
  assert.is(valueIn(tags, 'dvc.data'), 'abc')
  assert.is(valueIn(tags, 'synthetic'), 'true')
  const parentOf = (name: string) => {
    const { tags } = runs.find((run) => run.info.run_name === name)!.data
    return runs.find((run) => run.info.run_id === valueIn(tags, 'mlflow.parentRunId'))?.info.run_name
  }
  assert.equal(['tree', 'linear', 'trial 1'].map(parentOf), ['run', 'run', 'tree'])
  const curve = await (await client()).history(parent.info.run_id, 'valid/logloss')
  assert.equal(
    curve.map(({ step, value }) => [step, value]),
    Array.from({ length: 2500 }, (_, step) => [step, 1 / (step + 1)]),
  )
})

test('NaN stays NaN and the infinities become the largest numbers, never 0', async () => {
  await tracked(
    async (run) => {
      run.metric('nan', Number.NaN, 3)
      run.metric('up', Number.POSITIVE_INFINITY)
      run.metric('down', Number.NEGATIVE_INFINITY)
      run.metric('zero', 0)
    },
    { experiment: 'odd' },
  )
  const { metrics } = (await runsOf('odd'))[0]!.data
  assert.ok(Number.isNaN(valueIn(metrics, 'nan')))
  assert.is(metrics.find(({ key }) => key === 'nan')?.step, 3)
  assert.is(valueIn(metrics, 'up'), Number.MAX_VALUE)
  assert.is(valueIn(metrics, 'down'), -Number.MAX_VALUE)
  assert.is(valueIn(metrics, 'zero'), 0)
})

test('artifacts come back with the same bytes under the same names', async () => {
  await tracked(async (run) => run.artifacts(bundle, 'files of the run'), { experiment: 'artifacts' })
  const uri = (await runsOf('artifacts'))[0]!.info.artifact_uri
  const mlflow = await client()
  assert.equal(await mlflow.artifacts(uri), ['files of the run/MLmodel', 'files of the run/code/é.bin'])
  const back = await mlflow.download(uri, 'files of the run/code/é.bin')
  assert.ok(Buffer.from(back).equals(readFileSync(join(bundle, 'code', 'é.bin'))))
})

test('of a report folder the JSON and the plots are sent, and no page of an earlier run', async () => {
  const reports = join(store, 'reports')
  mkdirSync(join(reports, 'plots', 'metrics'), { recursive: true })
  for (const file of ['train.json', 'index.html', 'cost.svg', 'plots/metrics/loss.tsv'])
    writeFileSync(join(reports, file), '1\n')
  await tracked(async (run) => run.reports(reports), { experiment: 'reports' })
  const uri = (await runsOf('reports'))[0]!.info.artifact_uri
  assert.equal(await (await client()).artifacts(uri), ['reports/plots/metrics/loss.tsv', 'reports/train.json'])
})

test('a registered bundle is one version with its files, tags and alias, and registering it again makes no second one', async () => {
  const register = (version: string) => async (run: Run) =>
    run.registerModel({ name: 'credit-scoring', folder: bundle, version, tags: { 'data.hash': 'abc' } })
  const { messages } = await tracked(register('0123456789ab'))
  assert.match(messages.join('\n'), 'credit-scoring 0123456789ab is version 1 of the registry, @challenger')
  const mlflow = await client()
  const made = (await mlflow.alias('credit-scoring', 'challenger'))!
  assert.is(made.version, '1')
  assert.is(made.status, 'READY')
  const head = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
  const { outs } = parse(readFileSync('data.dvc', 'utf8')) as { outs: { md5: string }[] }
  const [parent] = await runsOf('tests')
  for (const tags of [made.tags, parent!.data.tags]) {
    assert.is(valueIn(tags, 'git.commit'), head)
    assert.ok(['true', 'false'].includes(String(valueIn(tags, 'git.dirty'))))
    assert.is(valueIn(tags, 'dvc.data'), outs[0]!.md5)
  }
  assert.is(valueIn(made.tags, 'bundle_version'), '0123456789ab')
  assert.is(valueIn(made.tags, 'data.hash'), 'abc')
  const uri = await mlflow.modelArtifactUri(made.source.replace('models:/', ''))
  assert.equal(await mlflow.artifacts(uri), ['MLmodel', 'code/é.bin'])
  await tracked(register('ba9876543210'))
  assert.is((await mlflow.alias('credit-scoring', 'challenger'))?.version, '2')
  const again = await tracked(register('0123456789ab'))
  assert.match(again.messages.join('\n'), 'is in the registry already, as version 1')
  assert.is((await mlflow.versions('credit-scoring')).length, 2)
  assert.is((await mlflow.alias('credit-scoring', 'challenger'))?.version, '1')
  assert.is(await mlflow.alias('credit-scoring', 'champion'), null)
})

test('a value that the server would cut, a changed parameter, a wrong name and an absent file are refused when they are said', async () => {
  await tracked(async (run) => {
    const refused = (say: () => void, message: RegExp) =>
      assert.throws(say, (error: unknown) => error instanceof TrackingError && message.test(error.message))
    refused(() => run.params({ long: 'x'.repeat(6001) }), /6001 characters, and MLflow keeps 6000/)
    run.params({ a: 1 })
    refused(() => run.params({ a: 2 }), /parameter a: 1 is logged already/)
    refused(() => run.metric('f1@0.5', 1), /metric "f1@0.5"/)
    refused(() => run.metric('f1', 1, 0.5), /expected a whole step/)
    refused(() => run.artifact('/no/such/file'), /there is no/)
    refused(() => run.registerModel({ name: 'm', folder: tmpdir(), version: 'v' }), /expected an MLmodel file/)
  })
})

test('work that fails keeps its own error and its run is marked as failed', async () => {
  const failing = tracked(
    async (run) => {
      run.metric('auc', 0.5)
      throw new Error('no signal in the data')
    },
    { experiment: 'failed' },
  )
  const error = await failing.then(
    () => null,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof Error && error.message === 'no signal in the data')
  assert.is((await runsOf('failed'))[0]?.info.status, 'FAILED')
})

test('with an unreachable server the result comes back, the run is kept with its files, and the command named in the message sends it', async () => {
  const uri = `http://127.0.0.1:${await freePort()}`
  const file = join(store, 'curve.json')
  writeFileSync(file, '[1]')
  const { result, messages } = await tracked(
    async (run) => {
      run.params({ eta: 0.1 })
      run.metrics([
        { name: 'auc', value: 0.7 },
        { name: 'lost', value: Number.NaN },
      ])
      run.artifact(file)
      return 42
    },
    { experiment: 'unsent', uri },
  )
  assert.is(result, 42)
  const [kept] = unsentOf(store)
  assert.ok(kept && existsSync(kept))
  assert.match(messages.join('\n'), `${uri}: no MLflow server answers there`)
  assert.match(messages.join('\n'), 'unsent-run-1.json')
  assert.match(messages.join('\n'), `npm run mlflow -- send ${kept}`)
  writeFileSync(file, 'the next run wrote this')
  // Another process: it uses the server that this one shares.
  const sending = spawn(
    process.execPath,
    ['--conditions=source', 'commands/mlflow.ts', 'send', kept, '--store', store],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  assert.match(await text(sending.stdout), `${kept} is in ${store}, experiment unsent`)
  assert.equal(unsentOf(store), [])
  const [sent] = await runsOf('unsent')
  assert.is(valueIn(sent!.data.params, 'eta'), '0.1')
  assert.ok(Number.isNaN(valueIn(sent!.data.metrics, 'lost')))
  assert.is(sent!.info.status, 'FINISHED')
  const back = await (await client()).download(sent!.info.artifact_uri, 'curve.json')
  assert.is(Buffer.from(back).toString(), '[1]')
})

test('when the server dies in the middle, the result comes back and what is sent later goes on where it stopped', async () => {
  let alive = true
  const cable = await wire((path) => {
    if (path.includes('log-batch')) alive = false
    return alive ? 'pass' : 'refuse'
  })
  try {
    const { result } = await tracked(
      async (run) => {
        run.metric('auc', 0.7)
        return 1
      },
      { experiment: 'died', uri: cable.uri },
    )
    assert.is(result, 1)
    assert.is((await runsOf('died'))[0]?.info.status, 'RUNNING')
    alive = true
    const reopened = await wire(() => 'pass')
    try {
      const [kept] = unsentOf(store)
      const elsewhere = readFileSync(kept!, 'utf8').replaceAll(cable.uri, reopened.uri)
      writeFileSync(kept!, elsewhere)
      await sendUnsent({ files: [kept!], store, uri: reopened.uri, onMessage: () => {} })
    } finally {
      await reopened.close()
    }
    const runs = await runsOf('died')
    assert.is(runs.length, 1)
    assert.is(runs[0]?.info.status, 'FINISHED')
    assert.is(valueIn(runs[0]!.data.metrics, 'auc'), 0.7)
  } finally {
    await cable.close()
  }
})

test('an answer that is lost on the way does not make a second run or a second version', async () => {
  const lost = new Set<string>()
  const cable = await wire((path) => {
    const once = /runs\/create|model-versions\/create/.exec(path)?.[0]
    if (once === undefined || lost.has(once)) return 'pass'
    lost.add(once)
    return 'lose'
  })
  try {
    const work = async (run: Run) => run.registerModel({ name: 'lost', folder: bundle, version: 'abcdef012345' })
    await tracked(work, { experiment: 'lost', uri: cable.uri })
    assert.equal([...lost].sort(), ['model-versions/create', 'runs/create'])
    assert.is((await runsOf('lost')).length, 1)
    assert.is((await (await client()).versions('lost')).length, 1)
  } finally {
    await cable.close()
  }
})

test('a run that a killed process left running is marked as killed by the next one', async () => {
  const mlflow = await client()
  const experimentId = await mlflow.experiment('swept')
  const key = { key: 'tracking.key', value: 'of a dead process-0' }
  const dead = await mlflow.createRun({ experimentId, name: 'dead', start: 1, tags: [], key })
  const foreign = await mlflow.createRun({
    experimentId,
    name: 'foreign',
    start: 1,
    tags: [],
    key: { key: 'k', value: 'v' },
  })
  const { Sender } = await import('./sender.ts')
  await new Sender({ experiment: 'swept', key: 'x', entries: [], onMessage: () => {} }).sweep(mlflow)
  assert.is((await mlflow.getRun(dead.info.run_id)).info.status, 'KILLED')
  assert.is((await mlflow.getRun(foreign.info.run_id)).info.status, 'RUNNING')
})

test('a process that is killed leaves no server behind, and its lock is free', async () => {
  const other = mkdtempSync(join(tmpdir(), 'tracking-killed-'))
  const script = join(other, 'work.ts')
  writeFileSync(
    script,
    `import { track } from ${JSON.stringify(join(import.meta.dirname, 'track.ts'))}
await track({ experiment: 'e', runName: 'r', store: ${JSON.stringify(join(other, 'store'))}, uri: undefined }, async () => {
  console.log('working')
  await new Promise((done) => setTimeout(done, 60_000))
})`,
  )
  const { MLFLOW_TRACKING_URI: _, ...env } = process.env
  const child = spawn(process.execPath, ['--conditions=source', script], { stdio: ['ignore', 'pipe', 'inherit'], env })
  await new Promise((done) => child.stdout.once('data', done))
  const folder = join(other, 'store')
  if (process.platform === 'linux') assert.ok((processesIn(folder) ?? 0) > 0)
  child.kill('SIGKILL')
  for (let waited = 0; waited < 80 && processesIn(folder); waited++) await pause(100)
  assert.is(processesIn(folder) ?? 0, 0)
  const { DatabaseSync } = await import('node:sqlite')
  const lock = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 })
  lock.exec('BEGIN EXCLUSIVE')
  lock.close()
})

test('the server is gone with all its processes when the last user closes it', async () => {
  const server = await opening
  await server.close()
  // Killed with the keeper; the system may still be clearing them away.
  for (let waited = 0; waited < 50 && processesIn(store); waited++) await pause(20)
  assert.is(processesIn(store) ?? 0, 0)
  assert.is(await new MlflowClient({ uri: server.uri, attempts: 1 }).reachable(), false)
})

test.run()
