import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bundlesOf, inTurn, longestFirst, longTests, shardOf, tasksOf } from './schedule.ts'

const files = ['api/a.test.ts', ...longTests, 'api/b.test.ts', 'api/c.test.ts'].sort()

test('every test that is known to take long exists', () => {
  assert.equal(
    longTests.filter((file) => !existsSync(file)),
    [],
  )
})

test('the parts hold every file once, and the two longest files are apart', () => {
  for (const parts of [1, 2, 3]) {
    const all = Array.from({ length: parts }, (_, i) => shardOf(files, `${i + 1}/${parts}`))
    assert.equal(all.flat().sort(), files)
  }
  const [first, second] = longestFirst(files)
  assert.not(shardOf(files, '1/2').includes(first!) && shardOf(files, '1/2').includes(second!))
})

test('the order of the files does not hang on the order in which they were found', () => {
  assert.equal(longestFirst(files).slice(0, longTests.length), longestFirst([...files].reverse()).slice(0, longTests.length)) // biome-ignore format: one thought
})

for (const wrong of ['0/2', '3/2', '1', '1/0', 'a/b', '1/2/3', '-1/2'])
  test(`--shard ${wrong} is refused`, () => assert.throws(() => shardOf(files, wrong), /expected --shard N\/M/))

test('a file needs the bundles that it, or what it imports, asks for', () => {
  assert.equal(bundlesOf('api/app.test.ts'), ['small'])
  assert.equal(bundlesOf('api/parity.test.ts'), ['sample'])
  assert.equal(bundlesOf('pipeline/train.test.ts'), ['small', 'sample'])
  assert.equal(bundlesOf('commands/drift.test.ts'), [])
})

test('what needs no bundle runs while one is made, what needs it after, and no more than two at a time', async () => {
  const [begun, events]: [string[], string[]] = [[], []]
  let [now, most] = [0, 0]
  const task = (milliseconds: number) => async (name: string) => {
    begun.push(name)
    most = Math.max(most, ++now)
    await pause(milliseconds)
    now--
    events.push(name)
  }
  const files = ['pipeline/train.test.ts', 'api/app.test.ts', 'commands/drift.test.ts', 'commands/key.test.ts']
  await inTurn(tasksOf(files, { make: task(60), test: task(10) }), 2)
  assert.equal(begun.slice(0, 3), ['small', 'commands/drift.test.ts', 'commands/key.test.ts'])
  assert.is(most, 2)
  assert.equal([...events].sort(), [...files, 'sample', 'small'].sort())
  const at = (name: string) => events.indexOf(name)
  assert.ok(at('small') < at('api/app.test.ts') && at('sample') < at('pipeline/train.test.ts'))
})

test('a task that fails stops the run with its error', async () => {
  const failing = { run: () => Promise.reject(new Error('no space')), after: [] }
  let message = ''
  await inTurn([failing], 2).catch((error: Error) => (message = error.message))
  assert.is(message, 'no space')
})

test.run()
