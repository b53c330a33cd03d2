import { existsSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { longestFirst, longTests, shardOf } from './schedule.ts'

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

test.run()
