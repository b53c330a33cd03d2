import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from './test.ts'

/** Runs the runner's own step on a test file with this body. */
async function outcomeOf(body: string) {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'))
  try {
    symlinkSync(join(import.meta.dirname, '..', 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const file = join(folder, 'x.test.ts')
    writeFileSync(file, body)
    return await run(file, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const head = "import { test } from 'uvu'\nimport * as assert from 'uvu/assert'\n"

test('a passing file passes with its number of tests', async () => {
  const { passed, failed } = await outcomeOf(
    `${head}test('a', () => assert.is(1, 1))\ntest('b', () => {})\ntest.run()\n`,
  )
  assert.equal({ passed, failed }, { passed: 2, failed: 0 })
})

const failing: Record<string, string> = {
  'a failing test': `${head}test('a', () => assert.is(1, 2))\ntest.run()\n`,
  'a test that throws something else than an Error': `${head}test('a', () => { throw 'text' })\ntest.run()\n`,
  'a file without a test': `${head}void assert\ntest.run()\n`,
  'a forgotten run': `${head}test('a', () => assert.is(1, 2))\n`,
  'a test singled out': `${head}test.${'only'}('a', () => {})\ntest('b', () => assert.is(1, 2))\ntest.run()\n`,
  'a test left out': `${head}test.${'skip'}('a', () => {})\ntest('b', () => {})\ntest.run()\n`,
  'a hook': `${head}test.${'before'}(() => { throw new Error('x') })\ntest('b', () => {})\ntest.run()\n`,
  'a crash while loading': `${head}throw new Error('x')\ntest.run()\n`,
  'an end before the summary': `${head}test('a', () => process.exit(0))\ntest.run()\n`,
  'an unhandled rejection': `${head}test('a', () => { Promise.reject(new Error('x')) })\ntest.run()\n`,
}
for (const [what, body] of Object.entries(failing))
  test(`${what} is a failure`, async () => {
    assert.ok((await outcomeOf(body)).failed > 0)
  })

test.run()
