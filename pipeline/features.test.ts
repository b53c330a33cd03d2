import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { page } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyTables } from './data/schema/tables.ts'
import { writeTable } from './data/tables.ts'
import type { FeaturesReport } from './features/catalogue.ts'
import { parseDefinitions } from './features/rules/check/definitions.ts'
import { smallPortfolio } from './features/small-portfolio.test-data.ts'
import { featuresView } from './views/features/page.ts'

const stage = join(import.meta.dirname, 'features.ts')

/** A small portfolio on disk, its first 120 clients for training, and a params.yaml next to it. */
function workspace({ synthetic }: { synthetic: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), 'features-'))
  const frames = smallPortfolio({ clients: 150, seed: 5 })
  const portfolio = join(folder, 'portfolio')
  mkdirSync(portfolio)
  const ofTraining = pl.col('SK_ID_CURR').ltEq(120)
  const target = pl.col('SK_ID_CURR').modulo(11).eq(0).cast(pl.Int32).alias('TARGET')
  const train = frames.application.filter(ofTraining).withColumns(target)
  writeTable(
    train.select('SK_ID_CURR', 'TARGET', ...frames.application.columns.slice(1)),
    portfolio,
    'application_train',
  )
  writeTable(frames.application.filter(ofTraining.not()), portfolio, 'application_test')
  for (const name of historyTables) writeTable(frames[name], portfolio, name)
  writeFileSync(
    join(portfolio, 'portfolio.json'),
    JSON.stringify({ synthetic: synthetic ? { seed: 5 } : null, tables: {}, hash: 'a1b2c3d4e5' }),
  )
  writeFileSync(
    join(folder, 'params.yaml'),
    'features:\n  exclude: [CODE_GENDER, WEEKDAY_APPR_PROCESS_START, HOUR_APPR_PROCESS_START]\n',
  )
  return folder
}

function run(folder: string, into: string, threads: number): void {
  const paths = ['portfolio', join(into, 'features'), join(into, 'reports')]
  const { status, stderr } = spawnSync(process.execPath, ['--conditions=source', stage, ...paths], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, POLARS_MAX_THREADS: String(threads) },
  })
  assert.is(status, 0, stderr)
}

test('the stage writes the same bytes with one thread and with two', () => {
  const folder = workspace({ synthetic: true })
  run(folder, 'one', 1)
  run(folder, 'two', 2)
  for (const part of ['features', 'reports']) {
    const files = readdirSync(join(folder, 'one', part)).sort()
    assert.equal(readdirSync(join(folder, 'two', part)).sort(), files)
    for (const file of files)
      assert.ok(
        readFileSync(join(folder, 'one', part, file)).equals(readFileSync(join(folder, 'two', part, file))),
        `${part}/${file} differs`,
      )
  }

  const definitions = parseDefinitions(JSON.parse(readFileSync(join(folder, 'one/features/definitions.json'), 'utf8')))
  const names = definitions.features.map(({ name }) => name)
  const train = pl.readParquet(join(folder, 'one/features/train.parquet'))
  const fresh = pl.readParquet(join(folder, 'one/features/new.parquet'))
  assert.equal(train.columns, ['SK_ID_CURR', 'TARGET', ...names])
  assert.equal(fresh.columns, ['SK_ID_CURR', ...names])
  assert.equal(
    train.getColumn('SK_ID_CURR').toArray(),
    Array.from({ length: 120 }, (_, index) => index + 1),
  )
  assert.is(fresh.height, 30)
  const type = (name: string) => String(train.getColumn(name).dtype)
  assert.match(type('SK_ID_CURR'), /Int32/)
  assert.match(type('TARGET'), /Int8/)
  for (const { name, kind, levels } of definitions.features) {
    assert.match(type(name), kind === 'category' ? /String|Utf8/ : /Float32/, name)
    if (kind !== 'category') continue
    const found = [...new Set(train.getColumn(name).dropNulls().toArray() as string[])].sort()
    assert.equal(levels, found, name)
  }
  assert.not(names.includes('missing_count'), 'it counts the gender too')

  const sample = JSON.parse(readFileSync(join(folder, 'one/reports/sample.json'), 'utf8')) as unknown[]
  assert.is(sample.length, 50)
  const report = JSON.parse(readFileSync(join(folder, 'one/reports/features.json'), 'utf8')) as FeaturesReport
  assert.equal(report.data, { clients: 150, hash: 'a1b2c3d4e5', synthetic: true })
  assert.match(page(featuresView(report)), 'Synthetic data: 150 clients, data a1b2c3d4')
  rmSync(folder, { recursive: true })
})

test('no value of a real client is shown', () => {
  const folder = workspace({ synthetic: false })
  run(folder, 'one', 2)
  assert.equal(readdirSync(join(folder, 'one/reports')).sort(), ['features.json', 'sample.json'])
  assert.equal(JSON.parse(readFileSync(join(folder, 'one/reports/sample.json'), 'utf8')), [])
  const report = JSON.parse(readFileSync(join(folder, 'one/reports/features.json'), 'utf8')) as FeaturesReport
  assert.not.match(page(featuresView(report)), /Synthetic data/)
  rmSync(folder, { recursive: true })
})

test.run()
