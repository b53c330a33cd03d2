/** Each family of members, and a blend, end to end: the scorer, the service as a process, and MLflow's server give the same of one bundle. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readReference } from '../api/reference.ts'
import { startService } from '../api/started.test-data.ts'
import { maximum } from '../pipeline/data/extremes.ts'
import { openBundle } from '../pipeline/scoring/bundle.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { alternatives, changed } from '../pipeline/scoring/counterfactual.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { MlflowClient } from '../pipeline/tracking/client.ts'
import { LocalServer, mlflowCommand } from '../pipeline/tracking/server.ts'
import { track } from '../pipeline/tracking/track.ts'
import { familyBundles, familyNames } from './families.ts'

delete process.env.MLFLOW_TRACKING_URI // the test brings its own server
const bundles = await familyBundles()
const count = 200

/** The first clients of a bundle, as they apply. */
function applicantsOf(folder: string) {
  using clients = Clients.open(folder)
  return clients.search('', count).map(({ id }) => ({ id, applicant: clients.get(id)! }))
}

test('of every family the scorer gives the probabilities and decisions that training wrote of the same clients', async () => {
  for (const name of familyNames) {
    using scorer = Scorer.open(bundles[name])
    const bytes = readFileSync(join(bundles[name], 'scores.parquet'))
    const written = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    })
    const expected = new Map(written.map(({ SK_ID_CURR, ...rest }) => [Number(SK_ID_CURR), rest]))
    const decisions = new Set<string>()
    for (const { id, applicant } of applicantsOf(bundles[name])) {
      const { probability, decision } = scorer.score(applicant, { explain: false })
      const { probability: batch, decision: decided } = expected.get(id)!
      assert.ok(Math.abs(probability - Number(batch)) < 1e-9, `${name} ${id}: ${probability}, batch ${batch}`)
      assert.is(decision, decided, name)
      decisions.add(decision)
    }
    assert.is(decisions.size, 2, name)
  }
})

test('of every family contributions and bias add up to the margin, steps to the probability, reasons are the steps of their group', () => {
  for (const name of familyNames) {
    using scorer = Scorer.open(bundles[name])
    const clients = applicantsOf(bundles[name])
    const many = scorer.scoreMany(clients.map(({ applicant }) => applicant))
    const plain = scorer.scoreMany(clients.map(({ applicant }) => applicant), { explain: false }) // biome-ignore format: one thought
    const { bundle, predictor } = openBundle(bundles[name])
    const { features } = bundle.definitions
    for (const [i, score] of many.entries()) {
      const sum = score.contributions.reduce((total, { contribution }) => total + contribution, score.bias)
      assert.ok(Math.abs(scorer.probabilityAt(sum) - score.probability) < 1e-9, name)
      assert.is(score.probability, plain[i]!.probability, name)
      const steps = new Map(score.steps.steps.map(({ group, shift }) => [group, shift]))
      const end = [...steps.values()].reduce((total, shift) => total + shift, score.steps.start)
      assert.ok(Math.abs(end - score.probability) < 1e-9, `${name}: the steps end at ${end}, not ${score.probability}`)
      const reasons = [...score.reasons.against, ...score.reasons.for]
      assert.ok(reasons.length > 0, name)
      for (const { group, attribution } of reasons)
        assert.ok(Math.abs(attribution - 100 * steps.get(group)!) < 1e-5, `${name} ${group}`)
      assert.ok(
        score.reasons.against.every(({ attribution }) => attribution > 0),
        name,
      )
      assert.ok(
        score.reasons.for.every(({ attribution }) => attribution < 0),
        name,
      )
    }
    // The margins themselves, and one client alone, to the last bit of what the batch says.
    assert.is(predictor.width, features.length)
    const alone = scorer.score(clients[3]!.applicant)
    assert.equal([alone.probability, alone.contributions], [many[3]!.probability, many[3]!.contributions], name)
    predictor[Symbol.dispose]()
  }
})

test('of every family a change that is advised, scored again from its raw fields, is approved', () => {
  for (const name of familyNames) {
    using scorer = Scorer.open(bundles[name])
    let advised = 0
    for (const { applicant } of applicantsOf(bundles[name])) {
      const score = scorer.score(applicant)
      if (score.decision === 'approved' || score.probability > score.threshold + 0.05) continue
      for (const { changes, probability } of alternatives(scorer, applicant, score)) {
        const again = scorer.score(changed(applicant, changes), { explain: false })
        assert.equal([again.decision, again.probability], ['approved', probability], name)
        advised++
      }
    }
    assert.ok(advised > 0, `${name}: nobody near the threshold was advised`)
  }
})

interface Answer {
  readonly requestId: string
  readonly probability: number
  readonly decision: string
  readonly bias: number
  readonly reasons: { readonly against: readonly unknown[]; readonly for: readonly unknown[] }
  readonly contributions: readonly { readonly contribution: number }[]
}

test('of every family the service scores raw rows with contributions, alone and in a batch, and shows the decision and the model', async () => {
  for (const name of familyNames) {
    const folder = mkdtempSync(join(tmpdir(), 'family-'))
    const { child, url } = await startService({ MODEL: bundles[name], JOURNAL: join(folder, 'journal.sqlite') })
    try {
      using scorer = Scorer.open(bundles[name])
      const clients = applicantsOf(bundles[name]).slice(0, 20)
      const bodies = clients.map(({ applicant: { application, history } }) => ({ application, history }))
      const post = async (path: string, body: unknown) => {
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
        assert.is(answer.status, 200, await answer.clone().text())
        return answer.json()
      }
      const page = async (path: string, language: string) => {
        const answer = await fetch(url + path, { headers: { accept: 'text/html', 'accept-language': language } })
        assert.is(answer.status, 200)
        return answer.text()
      }
      const one = (await post('/v1/score?explain=true', bodies[0])) as Answer
      const own = scorer.score(clients[0]!.applicant)
      assert.equal([one.probability, one.decision], [own.probability, own.decision], name)
      const margin = one.contributions.reduce((sum, { contribution }) => sum + contribution, one.bias)
      assert.ok(Math.abs(scorer.probabilityAt(margin) - one.probability) < 1e-9, name)
      const batch = (await post('/v1/score/batch', bodies)) as { score: Answer }[]
      assert.equal(
        batch.map(({ score }) => score.probability),
        scorer.scoreMany(clients.map(({ applicant }) => applicant)).map(({ probability }) => probability),
        name,
      )
      const less = { AMT_CREDIT: 0.5 * Number(bodies[0]!.application.AMT_CREDIT) }
      const whatIf = (await post('/v1/what-if', { ...bodies[0], changes: less })) as { base: Answer; changed: Answer }
      const lower = scorer.score(changed(clients[0]!.applicant, less))
      assert.equal([whatIf.base.probability, whatIf.changed.probability], [own.probability, lower.probability], name)
      const shown = await page(`/decisions/${one.requestId}`, 'en')
      assert.match(shown, 'class="drawing')
      assert.match(shown, own.reasons.against[0]?.headline.en ?? own.reasons.for[0]!.headline.en)
      const { members, because } = (await (await fetch(`${url}/v1/model?lang=en`)).json()) as {
        members: readonly object[]
        because: string
      }
      assert.equal(members, scorer.bundle.members.map(({ family, weight }) => ({ family, weight }))) // biome-ignore format: one thought
      assert.is(because, `Chosen for the test: ${name}.`)
      const kinds = { boosting: 'Arbres de décision', forest: 'Arbres de décision', linear: 'Modèle linéaire' }
      const said = { ...kinds, scorecard: 'Grille de score', blend: 'Modèle linéaire 40\u00a0% + arbres de décision 35\u00a0% + grille de score 25\u00a0%' } // biome-ignore format: one thought
      const model = await page('/model', 'fr')
      assert.match(model, `<dd>${said[name]}</dd>`)
      assert.match(model, `Retenu pour le test : ${name}.`)
    } finally {
      child.kill('SIGTERM')
      await once(child, 'exit')
      rmSync(folder, { recursive: true })
    }
  }
})

test('of every family what MLflow loads from its server gives the probabilities of the scorer to 1e-12', async () => {
  const store = mkdtempSync(join(tmpdir(), 'family-mlflow-'))
  const server = await LocalServer.open(join(store, 'mlflow'), { share: true })
  try {
    const client = new MlflowClient({ uri: server.uri })
    const given: { uri: string; columns: string[]; data: unknown[][] }[] = []
    const expected: number[][] = []
    for (const name of familyNames) {
      using scorer = Scorer.open(bundles[name])
      await track(
        { experiment: 'families', runName: name, store: join(store, 'mlflow'), onMessage: () => {} },
        async (run) => run.registerModel({ name, folder: bundles[name], version: scorer.bundle.version }),
      )
      assert.is((await client.versions(name)).length, 1, name)
      const clients = applicantsOf(bundles[name]).map(({ applicant }) => applicant)
      const columns = scorer.bundle.definitions.features.map((feature) => feature.name)
      given.push({ uri: `models:/${name}/1`, columns, data: clients.map((one) => scorer.values(one)) })
      expected.push(scorer.scoreMany(clients, { explain: false }).map(({ probability }) => probability))
    }
    const program = `import json, sys, mlflow.pyfunc, pandas as pd
answers = []
for model in json.load(sys.stdin):
    loaded = mlflow.pyfunc.load_model(model["uri"])
    frame = pd.DataFrame(model["data"], columns=model["columns"])
    for column in loaded.metadata.get_input_schema().inputs:
        if column.type.name == "double":
            frame[column.name] = frame[column.name].astype("float64")
    answers.append(loaded.predict(frame).tolist())
    for module in [name for name in sys.modules if name == "credit_pyfunc"]:
        del sys.modules[module]
print(json.dumps(answers))`
    const printed = execFileSync(join(dirname(mlflowCommand()), 'python'), ['-B', '-c', program], {
      input: JSON.stringify(given),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: 'pipe', // its progress bars are told with a failure alone
      env: { ...process.env, MLFLOW_TRACKING_URI: server.uri, MLFLOW_DISABLE_TELEMETRY: 'true' },
    })
    const answers: number[][] = JSON.parse(printed.trim().split('\n').at(-1)!)
    familyNames.forEach((name, m) => {
      assert.is(answers[m]!.length, count)
      const worst = maximum(answers[m]!.map((p, i) => Math.abs(p - expected[m]![i]!)))
      assert.ok(worst <= 1e-12, `${name}: largest difference ${worst}`)
    })
  } finally {
    await server.close()
    rmSync(store, { recursive: true, force: true })
  }
})

test('every family has a reference portfolio whose risks are its own', async () => {
  for (const name of familyNames) {
    const { risks } = (await readReference(bundles[name]))!
    assert.ok(risks.length > 0 && risks.every((risk) => risk >= 0 && risk <= 1), name)
  }
})

test.run()
