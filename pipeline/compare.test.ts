import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { page } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseDocument } from 'yaml'
import { setParameter } from '../commands/repro.ts'
import { sampleWorkspace, smallWorkspace } from '../testing/bundles.ts'
import { notRun } from '../testing/shared.ts'
import { build } from './compare.ts'
import { chooseCandidate } from './models/comparison/choice.ts'
import type { Comparison } from './models/comparison/findings.ts'
import { compareView } from './views/compare/page.ts'

const readComparison = (workspace: string): Comparison =>
  JSON.parse(readFileSync(join(workspace, 'reports/compare/compare.json'), 'utf8')) as Comparison

/** Runs `work` in a folder of its own with the paths of the small workspace and the fewest fits. */
async function apart(work: (paths: Parameters<typeof build>[0], file: string) => Promise<void>): Promise<void> {
  const workspace = smallWorkspace()
  const folder = mkdtempSync(join(tmpdir(), 'compare-'))
  try {
    const document = parseDocument(readFileSync(join(workspace, 'params.yaml'), 'utf8'))
    for (const change of [
      'compare.rule=one_standard_error', // boosting never splits so few clients
      ...['compare.clients=700', 'compare.quick.clients=700', 'compare.quick.rounds=15', 'train.rounds=15'],
      ...['compare.linear.rounds=5', 'compare.forest.trees=5', 'compare.imbalance.boosting=[none]'],
    ])
      setParameter(document, change)
    writeFileSync(join(folder, 'params.yaml'), document.toString())
    cpSync(join(workspace, 'artifacts/features'), join(folder, 'features'), { recursive: true })
    await work(
      {
        portfolio: join(workspace, 'artifacts/portfolio'),
        features: join(folder, 'features'),
        chosen: join(folder, 'chosen.json'),
        reports: join(folder, 'reports'),
      },
      join(folder, 'params.yaml'),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('each candidate beats the baseline on the real sample', () => {
  const workspace = sampleWorkspace()
  if (workspace === null) return notRun('each candidate beats the baseline on the real sample')
  const { candidates } = readComparison(workspace)
  assert.ok(candidates.length > 6)
  const nothing = candidates.find(({ name }) => name === 'baseline')!
  assert.is(nothing.figures.roc_auc.mean, 0.5)
  for (const { name, figures } of candidates.filter((one) => one !== nothing)) {
    assert.ok(figures.roc_auc.mean > 0.6, `${name}: ${figures.roc_auc.mean}`)
    assert.ok(figures.cost.mean < nothing.figures.cost.mean, `${name}: ${figures.cost.mean}`)
  }
})

test('comparing twice gives the same bytes', async () => {
  await apart(async (paths, file) => {
    const read = () =>
      readdirSync(paths.reports, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')])
        .concat([['chosen', readFileSync(paths.chosen, 'utf8')]])
    await build(paths, file)
    const first = read()
    await build(paths, file)
    assert.equal(first.map(([name]) => name).sort(), [
      'candidates.json',
      'chosen',
      'compare.json',
      'imbalance.json',
      'metrics.json',
      'search.json',
    ])
    assert.equal(read(), first)
  })
})

test('a feature that knows the outcome stops the stage', async () => {
  await apart(async (paths, file) => {
    const path = join(paths.features, 'train.parquet')
    const frame = pl.readParquet(path)
    const leak = frame.getColumn('TARGET').cast(pl.Float64).rename('income')
    frame.withColumns(leak).writeParquet(path)
    try {
      await build(paths, file)
    } catch (error) {
      assert.match((error as Error).message, /^compare: \w+: the out-of-fold ROC AUC is .* probably a feature knows/)
      return
    }
    assert.unreachable('the stage went on')
  })
})

test('the page of other data says what its numbers say', () => {
  const found = readComparison(smallWorkspace())
  // The style holds the font, whose base64 may spell anything.
  const text = page(compareView(found)).replace(/<style>[\s\S]*?<\/style>/, '')
  assert.match(text, found.search.chosen === 0 ? /finds no significant gain/ : /finds better parameters/)
  for (const { label } of found.card.characteristics) assert.ok(text.includes(label.replaceAll('&', '&amp;')), label)
  assert.not.match(text, /NaN|undefined|Infinity/)
})

test('the French sentence names every candidate in French, should it be chosen', () => {
  const { candidates } = readComparison(smallWorkspace())
  const complexity = candidates.map(({ name }) => name)
  for (const { name, label } of candidates) {
    const { because } = chooseCandidate(candidates, { rule: name, complexity, measure: 'cost' })
    assert.match(because.en, label)
    assert.not.match(because.fr, label)
  }
})

test.run()
