/** The journal's screen: its filters, the days they name, the same rows as CSV. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../testing/bundles.ts'
import { service } from '../opened.test-data.ts'
import { dayText } from './browse.ts'
import { copied, score, show } from './shown.test-data.ts'
import { dayOf, dayStart } from './words.ts'

const { ids, opened } = service(smallBundle())

test('the journal is filtered by day, proposal, decision and model, and its CSV holds the same rows', async () => {
  const app = await opened()
  const made: Awaited<ReturnType<typeof score>>[] = []
  for (const id of ids.slice(0, 12)) made.push(await score(app, id))
  await copied(app, made[0]!.requestId, { requestId: 'AAA', at: '2026-03-01T23:30:00.000Z', version: '0123456789ab' })
  const first = made[0]!
  await app.ask(`/v1/predictions/${first.requestId}/review`, { decision: 'referred' })
  const rows = async (query: string) => {
    const { html } = await show(app, `/journal${query}`)
    const csv = await (await app.app.request(`/journal.csv${query}`)).text()
    const shown = [...html.matchAll(/<tr>\s*<th scope="row"[^>]*><a href="\/decisions\/(\w+)"/g)].map(
      (found) => found[1],
    )
    assert.equal(
      csv
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
      shown,
      query,
    )
    return shown
  }
  assert.is((await rows('')).length, 13)
  // A referred prediction is on its own list.
  const isApproved = ({ decision, referral }: (typeof made)[number]) => decision === 'approved' && referral.length === 0
  const approved = made.filter(isApproved).length
  const copies = isApproved(first) ? 1 : 0
  assert.is((await rows('?proposal=approved')).length, approved + copies)
  assert.equal(await rows('?decision=referred'), [first.requestId])
  assert.is((await rows('?decision=none')).length, 12)
  assert.is((await rows('?version=0123456789ab')).length, 1)
  // 23:30 UTC is half past midnight of the next day at the lender's.
  assert.is((await rows('?from=2026-03-02&to=2026-03-02')).length, 1)
  assert.is((await rows('?to=2026-03-01')).length, 0)
})

test('a filter that cannot be read is said at its field, keeps what was typed, and nothing is listed or exported under it', async () => {
  const app = await opened()
  await score(app, ids[0]!)
  for (const [query, words] of [
    ['from=31/02/2026', /Du\u00a0: date illisible ; écrivez-la comme 24\/11\/2026/],
    ['to=hier', /Au\u00a0: date illisible/],
    ['from=2026-03-02&to=2026-03-01', /La fin précède le début/],
    ['version=%27', /Modèle\u00a0: douze chiffres ou lettres/],
  ] as const) {
    const { html } = await show(app, `/journal?${query}`)
    assert.match(html, words)
    assert.match(html, /<title>Erreur : /)
    assert.match(html, /aria-invalid="true"/)
    assert.not.match(html, /href="\/decisions\//)
    assert.is((await app.app.request(`/journal.csv?${query}`)).status, 400)
  }
  assert.match((await show(app, '/journal?to=hier')).html, /name="to" value="hier"/)
})

test('a day begins at midnight in Paris, in winter and in summer', () => {
  assert.is(new Date(dayStart('2026-01-15')).toISOString(), '2026-01-14T23:00:00.000Z')
  assert.is(new Date(dayStart('2026-07-15')).toISOString(), '2026-07-14T22:00:00.000Z')
  assert.is(dayStart('2026-01-15', 1) - dayStart('2026-01-15'), 86_400_000)
})

test('days of the journal’s filter are read as they are written in both languages', () => {
  for (const text of ['24/11/2026', '24.11.2026', '24 Nov 2026', '24 november 2026', '2026-11-24'])
    assert.is(dayText(text), '2026-11-24', text)
  for (const text of ['', '31/02/2026', '11/24/2026', '24 xxx 2026', 'hier']) assert.is(dayText(text), '', text)
  for (const language of ['fr', 'en'] as const) assert.is(dayText(dayOf('2026-09-01', language)), '2026-09-01')
})

test.run()
