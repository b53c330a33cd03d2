/** Promotion and rollback in a real registry: the champion changes by the rule and nothing else. One server for the file. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MlflowClient } from './client.ts'
import { TrackingError } from './error.ts'
import { promote, promotionRule, rollback } from './registry.ts'
import { LocalServer } from './server.ts'
import { track } from './track.ts'

delete process.env.MLFLOW_TRACKING_URI // the tests bring their own server
const store = mkdtempSync(join(tmpdir(), 'registry-'))
const opening = LocalServer.open(store)
opening.catch(() => {}) // reported by the first test
const name = 'credit-scoring'
const rule = promotionRule.parse({})
const client = async () => new MlflowClient({ uri: (await opening).uri })

/** Registers a made-up bundle whose probabilities have some skill, for clients `from` to `to`. */
async function register(
  version: string,
  o: { skill: number; data?: string; from?: number; to?: number; words?: readonly [string, string] },
): Promise<void> {
  const { skill, data = 'data-1', from = 0, to = 3000, words = ['declined', 'approved'] } = o
  const ids = Array.from({ length: to - from }, (_, i) => from + i)
  const target = ids.map((id) => Number((id * 7919) % 100 < 9))
  const probability = ids.map((id, i) =>
    Math.min(0.95, Math.max(0.01, 0.05 + skill * target[i]! + ((id * 104729) % 97) / 800)),
  )
  const folder = join(store, version)
  mkdirSync(folder)
  writeFileSync(join(folder, 'MLmodel'), 'flavors: {}\n')
  const costs = { falseNegative: 10, falsePositive: 1 }
  writeFileSync(join(folder, 'bundle.json'), JSON.stringify({ version, costs, training: { data } }))
  const columnData = [
    { name: 'SK_ID_CURR', data: ids, type: 'INT32' as const },
    { name: 'TARGET', data: target, type: 'INT32' as const },
    { name: 'probability', data: probability, type: 'DOUBLE' as const },
    { name: 'decision', data: probability.map((p) => words[p >= 0.14 ? 0 : 1]), type: 'STRING' as const },
  ]
  writeFileSync(join(folder, 'oof.parquet'), new Uint8Array(parquetWriteBuffer({ columnData })))
  await track({ experiment: 'train', runName: version, store, onMessage: () => {} }, async (run) =>
    run.registerModel({ name, folder, version }),
  )
}
const champion = async () => (await (await client()).alias(name, 'champion'))?.version ?? null
const tagOf = async (version: string, key: string) =>
  (await (await client()).version(name, version)).tags.find((tag) => tag.key === key)?.value

test('without a model, without a challenger and without a champion the error says which is missing', async () => {
  const mlflow = await client()
  const refused = async (work: Promise<unknown>, message: string) => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof TrackingError)
    assert.match(error.message, message)
  }
  await refused(
    promote(mlflow, { name, rule }),
    'no version has the alias challenger; name one, or run dvc repro train',
  )
  await refused(rollback(mlflow, { name }), 'there is no champion to roll back')
})

test('the first challenger becomes champion, and again it is champion already', async () => {
  await register('aaaaaaaaaaa1', { skill: 0.02 })
  const first = await promote(await client(), { name, rule })
  assert.equal([first.promoted, first.challenger, first.champion], [true, '1', null])
  assert.is(await champion(), '1')
  const again = await promote(await client(), { name, rule })
  assert.is(again.promoted, false)
  assert.match(again.why, 'is the champion already')
})

test('a better challenger takes its place, a worse one does not, and what was compared is said', async () => {
  await register('aaaaaaaaaaa2', { skill: 0.08 })
  const better = await promote(await client(), { name, rule })
  assert.equal([better.promoted, better.champion, better.clients], [true, '1', 3000])
  assert.equal(
    better.improvements.map(({ measure }) => measure),
    ['cost', 'log_loss', 'brier', 'roc_auc'],
  )
  for (const { improvement, measure } of better.improvements) assert.ok(improvement > 0, measure)
  assert.match((await tagOf('2', 'champion.why'))!, /^cost [\d.]+ against [\d.]+, better by/)
  await register('aaaaaaaaaaa3', { skill: 0.05 })
  const worse = await promote(await client(), { name, rule })
  assert.is(worse.promoted, false)
  assert.match(worse.why, 'not more than 0')
  assert.is(await champion(), '2')
})

test('other data or too few common clients are refused, and a reason given sets it aside and is recorded', async () => {
  await register('aaaaaaaaaaa4', { skill: 0.2, data: 'data-2' })
  assert.match(
    (await promote(await client(), { name, rule })).why,
    'was trained on other data (data-2) than the champion (data-1)',
  )
  await register('aaaaaaaaaaa5', { skill: 0.2, from: 2100, to: 5000 })
  const few = await promote(await client(), { name, rule })
  assert.equal([few.promoted, few.clients], [false, 900])
  assert.match(few.why, 'only 900 clients are common to both, and 1000 are needed')
  assert.is(await champion(), '2')
  const forced = await promote(await client(), { name, rule, version: '4', force: 'the portfolio of 2027' })
  assert.is(forced.promoted, true)
  assert.is(await champion(), '4')
  assert.match((await tagOf('4', 'champion.why'))!, 'promoted all the same: the portfolio of 2027')
})

test('a version whose files are gone or not those of a bundle does not beat the champion and can be forced', async () => {
  const folder = join(store, 'strange')
  mkdirSync(folder)
  writeFileSync(join(folder, 'MLmodel'), 'flavors: {}\n')
  writeFileSync(join(folder, 'bundle.json'), '{"version": "x"}')
  await track({ experiment: 'train', runName: 'strange', store, onMessage: () => {} }, async (run) =>
    run.registerModel({ name, folder, version: 'strange' }),
  )
  const strange = await promote(await client(), { name, rule, version: 'strange' })
  assert.is(strange.promoted, false)
  assert.match(
    strange.why,
    /^versions 6 and 4 cannot be compared: version 6 of credit-scoring.* is not a bundle of this release/,
  )
  assert.match(
    strange.why,
    /its bundle\.json has nothing at costs .*It can be compared once it is trained again: dvc repro train/,
  )
  const unknown = await promote(await client(), { name, rule, version: 'none' }).catch((reason: unknown) => reason)
  assert.ok(unknown instanceof TrackingError && /there are 6 \(strange\), 5 \(aaaaaaaaaaa5\)/.test(unknown.message))
})

test('a version whose table has the words of an earlier release is named with the word, its row, and what to do', async () => {
  await register('aaaaaaaaaaa7', { skill: 0.3, words: ['refused', 'granted'] })
  const old = await promote(await client(), { name, rule, version: 'aaaaaaaaaaa7' })
  assert.is(old.promoted, false)
  assert.match(old.why, /version 7 of credit-scoring.* is not a bundle of this release/)
  assert.match(old.why, /its oof\.parquet has "(refused|granted)" at row 1, decision \(.*"approved"\|"declined"\)/)
  assert.match(old.why, 'trained again: dvc repro train registers it as a new version')
  assert.not.match(old.why, /\n/)
})

test('the error for a registry from before the alias challenger says which version had the old one', async () => {
  const mlflow = await client()
  await mlflow.deleteAlias(name, 'challenger')
  await mlflow.setAlias(name, 'candidate', '3')
  const error = await promote(mlflow, { name, rule }).catch((reason: unknown) => reason)
  assert.ok(error instanceof TrackingError)
  assert.match(
    error.message,
    'no version has the alias challenger; version 3 has the alias candidate, its name before; name one',
  )
})

test('rollback goes back step by step and stops where there is nothing before', async () => {
  const back = await rollback(await client(), { name, reason: 'alerts' })
  assert.equal([back.from, back.to, back.clients, back.incomparable], ['4', '2', 3000, null])
  const cost = back.improvements.find(({ measure }) => measure === 'cost')!
  assert.ok(cost.improvement < 0 && cost.challenger > cost.champion) // version 4 was the better one, on its own data
  assert.is(await tagOf('4', 'champion.rolled_back'), 'alerts')
  const again = await rollback(await client(), { name })
  assert.equal([again.from, again.to], ['2', '1'])
  assert.is(await champion(), '1')
  await promote(await client(), { name, rule, version: '7', force: 'a drill' })
  const old = await rollback(await client(), { name })
  assert.equal([old.from, old.to, old.clients], ['7', '1', 0])
  assert.match(old.incomparable!, 'version 7 of credit-scoring')
  const error = await rollback(await client(), { name }).catch((reason: unknown) => reason)
  assert.ok(error instanceof TrackingError && /took the place of no other/.test(error.message))
})

test('the server is closed', async () => {
  await (await opening).close()
  assert.is(await (await client()).reachable(), false)
})

test.run()
