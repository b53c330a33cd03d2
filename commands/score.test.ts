import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { metricsOf, type ScoredClient } from './score.ts'

const bundle = { version: 'abc', threshold: 0.2, costs: { falseNegative: 10, falsePositive: 1 } } as Parameters<
  typeof metricsOf
>[1]
const client = (id: number, probability: number, target: number | null): ScoredClient => ({
  id,
  probability,
  decision: probability >= 0.2 ? 'refused' : 'granted',
  target,
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
  const metrics = metricsOf([client(1, 0.1, 0), client(2, 0.3, 1), client(3, 0.9, null), client(4, 0.25, 0)], bundle)
  assert.is(metrics?.clients, 3)
  assert.is(metrics?.defaults, 1)
  assert.is(metrics?.cost, 1 / 3)
  assert.is(metrics?.roc_auc, 1)
  assert.is(metricsOf([client(3, 0.9, null)], bundle), null)
})

test('one class alone has a cost and no ranking', () => {
  const metrics = metricsOf([client(1, 0.1, 1), client(2, 0.3, 1)], bundle)
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

test.run()
