import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Figure, strangeness } from 'synthetic-credit/published'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { emptyFolder, smallPortfolio } from './data/small.test-data.ts'
import { ingest } from './ingest.ts'

let once: ReturnType<typeof report> | undefined
const reported = () => {
  once ??= report()
  return once
}

async function report(): Promise<{ portfolio: string; reports: string }> {
  const folder = emptyFolder()
  const paths = { data: smallPortfolio(), portfolio: join(folder, 'portfolio'), reports: join(folder, 'reports') }
  await ingest(paths)
  return paths
}

const bytes = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), 'latin1')])

test('the stage writes the same bytes every time, tables and report', async () => {
  const [one, other] = [await reported(), await report()]
  assert.equal(bytes(one.portfolio), bytes(other.portfolio))
  assert.equal(bytes(one.reports), bytes(other.reports))
  assert.equal(readdirSync(one.reports).sort(), ['ingest.json', 'published.json'])
})

test('the figures compared with published ones stand worst first, those with nothing to tolerate too', async () => {
  const { reports } = await reported()
  const figures: Figure[] = JSON.parse(readFileSync(join(reports, 'published.json'), 'utf8'))
  assert.ok(figures.some(({ published, found, tolerance }) => published === 0 && found === 0 && tolerance === 0))
  const distances = figures.map(strangeness)
  assert.equal(
    distances,
    distances.toSorted((a, b) => b - a),
  )
})

test('no client and no row of data stands in the report', async () => {
  const { reports } = await reported()
  const text = readdirSync(reports)
    .map((name) => readFileSync(join(reports, name), 'utf8'))
    .join('')
  for (const line of readFileSync(join(smallPortfolio(), 'application_train.csv'), 'utf8').split('\n').slice(1, 60)) {
    const client = line.split(',')[0]!
    assert.not.ok(client !== '' && new RegExp(`(?<![\\d.])${client}(?!\\d)`).test(text), client)
  }
})

test('the checks of the report count rows and defaults as they are', async () => {
  const { reports } = await reported()
  const { checks, clients } = JSON.parse(readFileSync(join(reports, 'ingest.json'), 'utf8'))
  const defaults = readFileSync(join(smallPortfolio(), 'application_train.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .filter((line) => line.split(',')[1] === '1').length
  assert.equal(clients, { train: 200, new: 40, defaults })
  assert.ok(checks.every(({ severity }: { severity: string }) => ['fine', 'to know'].includes(severity)))
})

test('data that cannot be used are reported problem by problem, without a stack', () => {
  const folder = emptyFolder()
  const paths = [folder, join(folder, 'portfolio'), join(folder, 'reports')]
  const ran = spawnSync(process.execPath, ['--conditions=source', 'pipeline/ingest.ts', ...paths], { encoding: 'utf8' })
  assert.is(ran.status, 1)
  assert.match(ran.stderr, 'ingest: the data cannot be used (2 problems):\n- application_train.csv: expected this file')
  assert.not.match(ran.stderr, /^\s+at /m)
  assert.equal(readdirSync(folder), [])
})

test.run()
