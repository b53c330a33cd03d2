/** Large bodies at once: each in a turn of its own, between which others are served. */
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ownTurn } from './own-turn.ts'

test('no two large bodies are worked on in one turn of the event loop, in the order they came; a small one does not wait', async () => {
  let turns = 0
  const seen: [name: string, turn: number][] = []
  const waiting = ['a', 'b', 'c'].map((name) => ownTurn(2e6).then(() => seen.push([name, turns])))
  const small = ownTurn(1000).then(() => seen.push(['small', turns]))
  for (; turns < 20; turns++) await turn()
  await Promise.all([...waiting, small])
  assert.equal(
    seen.map(([name]) => name),
    ['small', 'a', 'b', 'c'],
  )
  assert.is(seen[0]![1], 0)
  assert.is(new Set(seen.slice(1).map(([, at]) => at)).size, 3, String(seen))
})

test.run()
