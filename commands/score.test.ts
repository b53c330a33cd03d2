import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyTables } from '../pipeline/data/schema/tables.ts'
import { smallWorkspace } from '../testing/bundles.ts'
import { metricsOfKnown } from './score.ts'

const bundle = { version: 'abc', threshold: 0.2, costs: { falseNegative: 10, falsePositive: 1 } } as Parameters<
  typeof metricsOfKnown
>[1]
/** Clients with a probability and an outcome. */
const judged = (...clients: readonly (readonly [number, number])[]) => ({
  probability: clients.map(([p]) => p),
  target: clients.map(([, y]) => y),
  declined: clients.map(([p]) => (p >= 0.2 ? 1 : 0)),
})

/** Runs the command as npm does, typed in `from`. */
function score(from: string, ...args: string[]) {
  const env = { ...process.env, INIT_CWD: from }
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=source', 'commands/score.ts', ...args],
    { env, encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

test('metrics are of the clients whose outcome is known, and there are none when no outcome is', () => {
  const metrics = metricsOfKnown(judged([0.1, 0], [0.3, 1], [0.25, 0]), bundle)
  assert.is(metrics?.clients, 3)
  assert.is(metrics?.defaults, 1)
  assert.is(metrics?.cost, 1 / 3)
  assert.is(metrics?.roc_auc, 1)
  assert.is(metricsOfKnown(judged(), bundle), null)
})

test('one class alone has a cost and no ranking', () => {
  const metrics = metricsOfKnown(judged([0.1, 1], [0.3, 1]), bundle)
  assert.is(metrics?.roc_auc, null)
  assert.is(metrics?.cost, 5)
})

test('the command explains itself and what it misses, on stderr and without a stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'score-test-'))
  try {
    const help = score(folder, '--help')
    assert.is(help.status, 0)
    assert.match(help.stdout, /usage: npm run score -- DATA OUTPUT\.csv/)
    const cases: [RegExp, string[]][] = [
      [/expected a folder or zip archive and an output file, found 1 arguments/, ['x']],
      [/Unknown option '--modle'/, ['x', 'y.csv', '--modle', 'z']],
      [/expected a folder of tables or a zip archive at .*nowhere, and it is not there/, ['nowhere', 'out.csv']],
      [/expected the folder of a model's bundle/, ['.', 'out.csv', '--model', 'none']],
    ]
    for (const [message, args] of cases) {
      const { status, stdout, stderr } = score(folder, ...args)
      assert.is(status, 1)
      assert.is(stdout, '')
      assert.match(stderr, message)
      assert.not.match(stderr, /\n {4}at /)
    }
    assert.not.ok(existsSync(join(folder, 'out.csv')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a folder is scored as the bundle says, client by client, with scores and the codes of the reasons against', async () => {
  const workspace = smallWorkspace()
  const model = join(workspace, 'artifacts', 'model')
  const folder = mkdtempSync(join(tmpdir(), 'score-test-'))
  try {
    const out = join(folder, 'scores.csv')
    const { status, stdout, stderr } = score('.', join(workspace, '..', 'portfolio'), out, '--model', model)
    assert.is(status, 0, stderr)
    assert.is(JSON.parse(stdout).clients, 3000)
    const [head, ...lines] = readFileSync(out, 'utf8').trimEnd().split('\n')
    assert.is(head, 'SK_ID_CURR,probability,decision,referral,score,reason_codes')
    assert.is(lines.length, 3400)
    const bytes = readFileSync(join(model, 'scores.parquet'))
    const expected = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    })
    const cells = new Map(lines.map((line) => [Number(line.split(',')[0]), line.split(',')]))
    for (const { SK_ID_CURR, probability, decision } of expected) {
      const [, p, decided, referral, score, codes = ''] = cells.get(Number(SK_ID_CURR)) ?? []
      assert.ok(Math.abs(Number(p) - probability) <= 1e-6, `${SK_ID_CURR}: ${p}, expected ${probability}`)
      assert.is(decided, decision)
      assert.match(`${referral} ${score}`, /^(true|false) \d{3}$/)
      assert.match(codes, /^([a-z]+\.[a-z]+(;[a-z]+\.[a-z]+){0,3})?$/)
    }
    assert.is(expected.length, 400)
    assert.not.match(stderr, /not supplied|in training/)
    assert.ok(lines.some((line) => line.split(';').length > 2))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('clients whose history tables are not in the folder are referred, and a thin table is reported', () => {
  const workspace = smallWorkspace()
  const portfolio = join(workspace, '..', 'portfolio')
  const model = join(workspace, 'artifacts', 'model')
  const folder = mkdtempSync(join(tmpdir(), 'score-test-'))
  const scoredWith = (...files: string[]) => {
    const data = mkdtempSync(join(folder, 'data-'))
    const tables = readdirSync(portfolio).filter((file) => files.some((name) => file.startsWith(`${name}.`)))
    for (const file of tables) cpSync(join(portfolio, file), join(data, file))
    if (files.includes('thin'))
      writeFileSync(
        join(data, 'bureau.csv'),
        readFileSync(join(portfolio, 'bureau.csv'), 'utf8')
          .split('\n')
          .slice(0, 60)
          .map((line, i) => `${line},${i === 0 ? 'BRANCH' : 'x'}`)
          .join('\n'),
      )
    const out = join(data, 'scores.csv')
    const { status, stderr } = score('.', data, out, '--model', model)
    assert.is(status, 0, stderr)
    const lines = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
    return { stderr, lines, referred: lines.filter((cells) => cells[3] === 'true').length }
  }
  try {
    const forms = scoredWith('application_test')
    for (const table of historyTables)
      assert.match(
        forms.stderr,
        new RegExp(`score: ${table} is not there: not supplied, so every client is referred \\(referral=true\\)`),
      )
    assert.equal([forms.referred, forms.lines.length], [400, 400])
    const codes = forms.lines.map((cells) => cells[5]).join(';')
    assert.not.match(codes, /(bureau|lateness|overdue|debt|refusals|card)\./)
    // without cards only clients who applied here before may have had one
    const { stderr, referred } = scoredWith(
      'application_test',
      'thin',
      'bureau_balance',
      'previous_application',
      'POS_CASH_balance',
      'installments_payments',
    )
    const [, count, all] =
      /credit_card_balance is not there: not supplied, so (\d+) of (\d+) clients are referred/.exec(stderr) ?? []
    assert.is(all, '400')
    assert.ok(Number(count) > 300 && referred >= Number(count) && referred < 400, `${count} ${referred}`)
    assert.match(stderr, /score: bureau: not a column of this table, and left out: BRANCH\n/)
    assert.match(stderr, /score: bureau: \d+% of the clients have rows in it, \d+% in training/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.run()
