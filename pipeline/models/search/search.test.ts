import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../random.ts'
import { lastRung, runSearch, type Search, searchSchema, settingsOf, winnerOf } from './search.ts'
import { drawn, grid } from './space.ts'

const search = (over: Partial<Search> = {}): Search =>
  searchSchema.parse({
    method: 'halving',
    trials: 12,
    first: 0.25,
    space: { depth: [2, 3, 4], weight: { low: 1, high: 100, log: true, whole: true }, share: { low: 0.5, high: 1 } },
    ...over,
  })

/** A made-up score with its best at depth 3 and weight 10. */
const score = (setting: Readonly<Record<string, number | string>>) =>
  -Math.abs(Number(setting.depth ?? 9) - 3) - Math.abs(Math.log10(Number(setting.weight ?? 1)) - 1)

test('drawn settings lie in the space and are spread as it says', () => {
  const { space } = search()
  const next = random(1)
  const all = Array.from({ length: 2000 }, () => drawn(space, next))
  assert.ok(all.every(({ depth }) => [2, 3, 4].includes(Number(depth))))
  assert.ok(all.every(({ weight }) => Number.isInteger(weight) && Number(weight) >= 1 && Number(weight) <= 100))
  const small = all.filter(({ weight }) => Number(weight) < 10).length
  assert.ok(small > 900 && small < 1100, `half of a logarithmic range lies below its geometric middle: ${small}`)
})

test('a grid is every combination, its given setting first', () => {
  const { space } = search()
  assert.is(grid(space).length, 27)
  const all = settingsOf(search({ method: 'grid', trials: 28 }), { depth: 9 }, 1)
  assert.equal(all[0], { depth: 9 })
  assert.is(new Set(all.map((each) => JSON.stringify(each))).size, 28)
  assert.throws(() => settingsOf(search({ method: 'grid', trials: 27 }), {}, 1), /27 settings and 27 trials/)
})

test('halving gives the better half twice the clients, keeps the given setting, and spends less', async () => {
  let spent = 0
  const trials = await runSearch(search(), {}, 7, async (setting, share) => {
    spent += share
    return [score(setting)]
  })
  assert.equal(
    [0.25, 0.5, 1].map((share) => trials.filter(({ rungs }) => rungs.some((rung) => rung.share === share)).length),
    [12, 7, 4],
  )
  assert.is(lastRung(trials[0]!).share, 1)
  assert.ok(spent < 12)
  assert.is(winnerOf(trials).number, trials.reduce((a, b) => (score(b.setting) > score(a.setting) ? b : a)).number)
})

test('the same seed tries the same settings, and the given one wins among equals', async () => {
  const run = () => runSearch(search({ method: 'random' }), { depth: 3 }, 5, async () => [1])
  assert.equal(await run(), await run())
  assert.is(winnerOf(await run()).number, 0)
})

test.run()
