/** Drift as the service sees it in what it is asked: one odd value is no alarm. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import { application, service } from './opened.test-data.ts'

const { ids, opened } = service(smallBundle())

/** Rows of the table of drift, by their texts: name, state, distance, two medians, missing. */
const rowsOf = (html: string): string[][] =>
  [...html.slice(html.indexOf('id="drift"')).matchAll(/<tr>\s*<th scope="row"[^>]*>.*?<\/tr>/gs)]
    .map(([row]) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '').trim()),
    )
    .filter((cells) => cells.length === 6)

/** An instalment of 24 and a loan of 800 for goods of 450,000. */
const typed = { AMT_CREDIT: 800, AMT_ANNUITY: 24, AMT_GOODS_PRICE: 450_000 }

async function shown(typos: number): Promise<string[][]> {
  const { ask } = await opened()
  const scored = async (body: unknown) => assert.is((await ask('/v1/score', body)).status, 200)
  for (const client of ids.slice(0, 292)) await scored({ client })
  for (let i = 0; i < typos; i++) await scored({ application: { ...application, ...typed } })
  const html = await (await ask('/monitoring?lang=en', undefined, { headers: { accept: 'text/html' } })).text()
  return rowsOf(html)
}

test('one application with sums typed wrong beside 292 moves no distance by 0.1, and no feature to another state', async () => {
  const [without, typo] = [await shown(0), await shown(1)]
  assert.ok(without.length > 20, `${without.length} rows`)
  const before = new Map(without.map((row) => [row[0], row]))
  for (const [name, state, distance] of typo) {
    const same = before.get(name)
    if (!same) continue // the features that weigh most may be others
    assert.is(state, same[1], name)
    // Too few values to be tested, with the typo and without.
    if (distance === '–' && same[2] === '–') continue
    assert.ok(Math.abs(Number(distance) - Number(same[2])) < 0.1, `${name}: ${same[2]} to ${distance}`)
  }
})

test.run()
