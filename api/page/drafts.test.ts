/** What was typed stays: across errors, the language and a reload, for the session that typed it and nobody else. */
import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../testing/bundles.ts'
import { service } from '../opened.test-data.ts'
import { Drafts } from './drafts.ts'
import { example } from './fields.ts'
import { show, shownAgain } from './shown.test-data.ts'

const { ids, opened } = service(smallBundle())
const wrong = { ...example, AMT_CREDIT: '463 131,5', AMT_ANNUITY: 'beaucoup', language: 'fr' }

test('a refused form is shown by an address that can be asked again, in either language, its amounts written in each', async () => {
  const app = await opened()
  const { path, html } = await shownAgain(app, await app.send('/decisions', wrong))
  assert.match(path, /^\/applications\/new\?draft=/)
  assert.match(html, /id="AMT_CREDIT"[^>]*value="463 131,5"/)
  const again = await show(app, path)
  const plain = (text: string) => text.replace(/name="once" value="[^"]+"/, '')
  assert.is(plain(again.html), plain(html))
  const english = await show(app, `${path}&lang=en`, 'fr')
  assert.match(english.html, /<html lang="en">/)
  assert.match(english.html, /id="AMT_CREDIT"[^>]*value="463,131\.5"/)
  assert.match(english.html, /Instalment: the value cannot be read; enter an amount above €0/)
})

test('the language is switched by a button of the form, which sends what was typed; no error is shown that was not there', async () => {
  const app = await opened()
  const { html } = await show(app, '/applications/new')
  const action = /<button class="link" form="typed" formaction="([^"]+)" lang="en">/.exec(html)?.[1] ?? ''
  assert.is(action, '/applications/draft?lang=en')
  const sent = { AMT_CREDIT: '463 131,5', NAME_FAMILY_STATUS: 'Married', 'DAYS_BIRTH.year': '1985', language: 'fr' }
  const { html: english } = await shownAgain(app, await app.send(action, sent), 'fr')
  assert.match(english, /<html lang="en">/)
  assert.match(english, /id="AMT_CREDIT"[^>]*value="463,131\.5"/)
  assert.match(english, /value="Married" selected/)
  assert.match(english, /id="DAYS_BIRTH\.year"[^>]*value="1985"/)
  assert.not.match(english, /class="error"/)
  assert.match(english, /name="language" value="en"/)
  const pasted = await shownAgain(app, await app.send(action, { as: 'file', json: '{"client": ' }), 'fr')
  assert.ok(pasted.path.startsWith('/applications/paste?draft='))
  assert.ok(pasted.html.includes('{&quot;client&quot;: </textarea>'))
})

test('the language of an error page is switched where it is, not by going home', async () => {
  const app = await opened()
  const { html } = await show(app, '/clients/1?x=1')
  assert.match(html, /href="\/clients\/1\?x=1&amp;lang=en"/)
  assert.match((await show(app, '/clients/1?lang=en')).html, /This client is not in the model being served/)
})

test('a draft is shown to the session that typed it alone, and one that is gone is said to be', async () => {
  const keys = (['score', 'review'] as const).map((role) => ({
    role,
    hash: createHash('sha256').update(`key-${role}`).digest(),
  }))
  const app = await opened({ keys })
  const enter = async (role: string) => {
    const cookie =
      (await app.send('/sign-in', { key: `key-${role}`, to: '/' })).headers.get('set-cookie')?.split(';')[0] ?? ''
    const { html } = await show(app, '/applications/new', 'fr', { cookie })
    return { cookie, token: /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '' }
  }
  const [mine, other] = [await enter('score'), await enter('review')]
  const sent = await app.send('/decisions', { ...wrong, token: mine.token }, { cookie: mine.cookie })
  const path = sent.headers.get('location') ?? ''
  assert.match((await show(app, path, 'fr', { cookie: mine.cookie })).html, /value="463 131,5"/)
  const foreign = (await show(app, path, 'fr', { cookie: other.cookie })).html
  assert.not.match(foreign, /463 131,5/)
  assert.match(foreign, /Votre saisie n’est plus gardée/)
})

test('drafts end after an hour, and the oldest go when there are more than two hundred', () => {
  const drafts = new Drafts()
  const session = { role: 'admin', name: null, caller: null, token: null } as const
  const draft = { form: { AMT_CREDIT: '1' }, language: 'fr', brought: null, isRefused: true } as const
  const first = drafts.keep(draft, session, 0)
  assert.equal(drafts.find(first, session, 3_599_999), draft)
  assert.is(drafts.find(first, session, 3_600_000), null)
  const second = drafts.keep(draft, session, 0)
  for (let i = 0; i < 199; i++) drafts.keep(draft, session, 0)
  assert.equal(drafts.find(second, session, 1), draft)
  assert.is(drafts.find(first, session, 1), null)
  const large = { ...draft, form: { history: 'x'.repeat(33_000_000) } }
  const [one, two] = [drafts.keep(large, session, 0), drafts.keep(large, session, 0)]
  assert.equal([drafts.find(one, session, 1), drafts.find(two, session, 1)?.form.history?.length], [null, 33_000_000])
})

test('addresses that take a form alone lead on when they are opened, in the language that was asked for', async () => {
  const app = await opened()
  for (const [path, onward] of [
    ['/decisions', '/applications/new'],
    ['/applications/check?lang=en', '/applications/new?lang=en'],
    ['/applications/draft', '/applications/new'],
    ['/clients', '/'],
    ['/sign-out', '/'],
  ] as const) {
    const { status, headers } = await show(app, path)
    assert.equal([status, headers.get('location')], [303, onward], path)
  }
  assert.ok(ids.length > 0)
})

test.run()
