import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sampleWorkspace, smallWorkspace } from '../testing/bundles.ts'
import { notRun } from '../testing/shared.ts'
import { rocAuc } from './models/ranking.ts'
import { Clients } from './scoring/clients.ts'
import { Scorer } from './scoring/scorer.ts'
import { build } from './train.ts'

type Columns = Readonly<Record<string, number | string>>
const rows = async (path: string) => (await parquetReadObjects({ file: await asyncBufferFromFile(path) })) as Columns[]

/** Scores every client of the bundle from raw rows and compares with the batch. */
async function compare(workspace: string) {
  const model = join(workspace, 'artifacts', 'model')
  using scorer = Scorer.open(model)
  using clients = Clients.open(model)
  const scores = await rows(join(model, 'scores.parquet'))
  assert.is(clients.count, scores.length)
  let more = 0
  for (const { SK_ID_CURR, probability, decision } of scores) {
    const applicant = clients.get(Number(SK_ID_CURR))
    assert.ok(applicant, `client ${SK_ID_CURR} is in the bundle`)
    const score = scorer.score(applicant, { explain: false })
    if (Math.abs(score.probability - Number(probability)) > 1e-6 || score.decision !== decision) more++
  }
  assert.ok(more <= scores.length / 1000, `${more} of ${scores.length} clients differ`)
}

test('each new client of a synthetic portfolio is scored from raw rows as the batch scores it', async () => {
  await compare(smallWorkspace())
})

test('each new client of the real sample is scored from raw rows as the batch scores it', async () => {
  const workspace = sampleWorkspace()
  if (workspace === null)
    return notRun('each new client of the real sample is scored from raw rows as the batch scores it')
  await compare(workspace)
})

test('the model of the real sample ranks with a ROC AUC of at least 0.74 out of fold', () => {
  const workspace = sampleWorkspace()
  if (workspace === null)
    return notRun('the model of the real sample ranks with a ROC AUC of at least 0.74 out of fold')
  const metrics = JSON.parse(readFileSync(join(workspace, 'reports/train/metrics.json'), 'utf8')) as { roc_auc: number }
  assert.ok(metrics.roc_auc >= 0.74, `ROC AUC ${metrics.roc_auc}`)
})

test('the reported figures are those of oof.parquet', async () => {
  const workspace = smallWorkspace()
  const metrics = JSON.parse(readFileSync(join(workspace, 'reports/train/metrics.json'), 'utf8')) as Record<
    string,
    number
  >
  const judged = await rows(join(workspace, 'artifacts/model/oof.parquet'))
  const target = judged.map(({ TARGET }) => Number(TARGET))
  assert.is(
    rocAuc(
      target,
      judged.map(({ margin }) => Number(margin)),
    ),
    metrics.roc_auc,
  )
  const cost = judged.map(({ TARGET, decision }) =>
    TARGET ? (decision === 'approved' ? 10 : 0) : decision === 'declined' ? 1 : 0,
  )
  assert.ok(Math.abs(cost.reduce<number>((a, b) => a + b, 0) / cost.length - (metrics.cost ?? 0)) < 1e-12)
})

test('training twice gives the same bytes', async () => {
  const workspace = smallWorkspace()
  const folder = mkdtempSync(join(tmpdir(), 'train-'))
  try {
    const paths = {
      portfolio: join(workspace, 'artifacts/portfolio'),
      features: join(workspace, 'artifacts/features'),
      chosen: join(workspace, 'artifacts/compare/chosen.json'),
    }
    await build(
      { ...paths, model: join(folder, 'artifacts/model'), reports: join(folder, 'reports/train') },
      join(workspace, 'params.yaml'),
    )
    for (const part of ['artifacts/model', 'reports/train']) {
      const names = readdirSync(join(workspace, part), { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      )
      assert.ok(names.length > 4)
      for (const { parentPath, name } of names) {
        const path = join(parentPath, name)
        const again = join(folder, path.slice(workspace.length))
        assert.ok(readFileSync(path).equals(readFileSync(again)), `${path.slice(workspace.length)} differs`)
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.run()
