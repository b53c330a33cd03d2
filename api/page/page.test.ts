/** The page without a browser: what is shown is what was answered and recorded, in words of one language, and forms keep what was typed. */
import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { tables } from '../../pipeline/data/schema/tables.ts'
import { smallBundle } from '../../testing/bundles.ts'
import { service } from '../opened.test-data.ts'
import { applicationOf, numberOf, typedOf } from './answers.ts'
import { example, fields } from './fields.ts'
import { type App, show, shownAgain, textOf } from './shown.test-data.ts'
import { texts } from './texts.ts'
import { riskAndCutOff } from './words.ts'

const { clients, ids, opened, scorer } = service(smallBundle())

/** The browser's reader; a script without types. */
const { read } = (await import(new URL('./script/numbers.js', import.meta.url).href)) as {
  readonly read: (text: string, kind: 'amount' | 'number', language: 'fr' | 'en') => number
}
const now = Date.parse('2026-11-24T13:05:00Z')
const columnNames = new Set(Object.values(tables).flatMap((table) => table.columns.map(({ name }) => name)))
const score = async (app: App, form: Record<string, string>) => {
  const answer = await app.send('/decisions', form)
  assert.is(answer.status, 303, await answer.clone().text())
  return answer.headers.get('location') ?? ''
}

test('verdict and risk on the page are those of the journal and of the API, in both languages', async () => {
  const app = await opened()
  for (const id of ids.slice(0, 12)) {
    const path = await score(app, { as: 'client', client: String(id) })
    const kept = (await app.journal.prediction(path.split('/').at(-1) ?? ''))!
    const answer = (await (await app.ask('/v1/score', { client: id })).json()) as {
      probability: number
      decision: 'approved' | 'declined'
      referral: string[]
    }
    assert.equal([kept.probability, kept.decision], [answer.probability, answer.decision])
    for (const language of ['fr', 'en'] as const) {
      const { status, html } = await show(app, path, language)
      assert.is(status, 200)
      const shown = textOf(html)
      assert.ok(shown.includes(texts[language].verdict[answer.referral.length > 0 ? 'referred' : answer.decision]))
      assert.ok(shown.includes(riskAndCutOff(kept.probability, kept.threshold, language).risk))
    }
  }
})

test('near the cut-off decimals are added until the two sides differ, and a risk is never shown as nothing', () => {
  const cases = [
    [0.114, 0.091, '11,4\u00a0%', '9,1\u00a0%'],
    [0.0912, 0.0909, '9,12\u00a0%', '9,09\u00a0%'],
    [0.0909, 0.0909, '9,1\u00a0%', '9,1\u00a0%'],
    [0.0004, 0.091, 'moins de 0,1\u00a0%', '9,1\u00a0%'],
  ] as const
  for (const [risk, threshold, one, other] of cases) {
    const shown = riskAndCutOff(risk, threshold, 'fr')
    assert.equal([shown.risk, shown.threshold], [one, other])
  }
})

test('no page shows a column’s raw name, a missing text or a thin space, and no element carries a style', async () => {
  const app = await opened()
  const path = await score(app, { as: 'client', client: String(ids[0]) })
  const pages = [
    '/',
    '/?query=retraite',
    `/clients/${ids[0]}`,
    '/applications/new',
    '/applications/paste',
    path,
    `${path}/sheet`,
    '/journal',
    '/monitoring',
    '/model',
    '/rights',
    '/sign-in',
    '/nowhere',
  ]
  for (const language of ['fr', 'en'] as const)
    for (const page of pages) {
      const { html } = await show(app, page, language)
      const shown = textOf(html)
      assert.not.match(html, /\sstyle=|\son\w+=/)
      assert.not.match(shown, /undefined|NaN|Infinity|\[object|log-odds|SHAP|\u202f/)
      // A French number has a comma, an English one a point.
      assert.not.match(shown, language === 'fr' ? /\d\.\d+\u00a0%/ : /\d,\d%/, page)
      assert.match(html, new RegExp(`<html lang="${language}">`))
      if (page === '/applications/paste') continue // names the tables: it is for whoever has a file of the data
      for (const word of shown.match(/[A-Z][A-Z0-9]+(_[A-Z0-9]+)+/g) ?? [])
        assert.not.ok(columnNames.has(word), `${page}: ${word}`)
    }
})

test('a client’s file sent back as it was is scored as the client', async () => {
  const app = await opened()
  for (const id of ids.slice(0, 8)) {
    const { application } = clients.get(id)!
    const path = await score(app, { ...typedOf(application, Date.now(), 'fr'), client: String(id) })
    const kept = await app.journal.prediction(path.split('/').at(-1) ?? '')
    assert.equal(kept?.input, { client: id })
  }
})

test('every client’s application is read back from the form as it was, to the last bit', () => {
  for (const language of ['fr', 'en'] as const)
    for (const id of ids.slice(0, 200)) {
      const { application } = clients.get(id)!
      const back = applicationOf(typedOf(application, now, language), application, now, language)
      assert.equal(back.application, application)
      assert.equal(back.unreadable, [])
    }
})

test('the same answers through the form and through JSON give the same probability', async () => {
  const app = await opened()
  const path = await score(app, example)
  const kept = (await app.journal.prediction(path.split('/').at(-1) ?? ''))!
  const answer = (await (await app.ask('/v1/score', kept.input)).json()) as { probability: number }
  assert.is(answer.probability, kept.probability)
  const sent = (kept.input as { application: Record<string, unknown> }).application
  assert.equal(
    [sent.AMT_CREDIT, sent.EXT_SOURCE_2, sent.REG_CITY_NOT_LIVE_CITY, sent.NAME_CONTRACT_TYPE],
    [450000, 0.48, 0, 'Cash loans'],
  )
})

test('what was typed wrongly is kept, named by its label on top and at its field, and nothing is recorded', async () => {
  const app = await opened()
  const answer = await app.send('/decisions?lang=fr', {
    ...example,
    AMT_CREDIT: 'beaucoup',
    AMT_ANNUITY: '',
    'DAYS_BIRTH.day': '31',
    'DAYS_BIRTH.month': '2',
  })
  const { sent, html } = await shownAgain(app, answer)
  assert.is(sent, 303)
  assert.match(html, /<title>Erreur : /)
  assert.ok(html.includes('value="beaucoup"') && html.includes('Il y a 3 champs à corriger'))
  for (const line of [
    'Montant demandé\u00a0: valeur illisible ; indiquez un montant supérieur à 0 €, par exemple 15 000.',
    'Mensualité\u00a0: indiquez un montant supérieur à 0 €, par exemple 15 000.',
    'Date de naissance\u00a0: valeur illisible ; indiquez le jour, le mois et l’année en chiffres, du ',
  ])
    assert.is(html.split(line).length, 3, `${line} stands on top and at its field`)
  assert.equal(await app.journal.predictions({ limit: 1 }), [])
})

test('a value beyond what the schema allows is refused in the form’s words', async () => {
  const app = await opened()
  const answer = await app.send('/decisions?lang=en', { ...example, 'DAYS_BIRTH.year': '2020' })
  const { html } = await shownAgain(app, answer, 'en')
  assert.match(html, /Date of birth: enter the day, the month and the year in figures, from \d\d\/\d\d\/\d{4} to/)
})

test('numbers are read as they are typed in each language', () => {
  const cases = [
    ['463 131,5', 'fr', 463131.5],
    ['463\u00a0131', 'fr', 463131],
    ['463,131.5', 'en', 463131.5],
    ['463131', 'en', 463131],
    ['−12', 'fr', -12],
    ['1,5', 'fr', 1.5],
    ['douze', 'fr', null],
    ['', 'fr', null],
    ['1e5', 'en', null],
    ['800.000', 'fr', 800_000],
    ['1.234.567,5', 'fr', 1_234_567.5],
    ['0.48', 'fr', 0.48],
    ['15 00', 'fr', null],
    ['800,000', 'en', 800_000],
    ['12,34,567', 'en', null],
    ['0,48', 'en', null],
    ['€1,500', 'en', 1500],
    ['1 500 euros', 'fr', 1500],
  ] as const
  for (const [text, language, value] of cases) {
    assert.is(numberOf(text, language), value, text)
    const inBrowser = read(text, 'number', language)
    assert.is(Number.isNaN(inBrowser) ? null : inBrowser, value, `${text} in the browser`)
  }
  // Three decimals of an amount are thousands of the other language, most likely.
  for (const [text, language] of [
    ['800,000', 'fr'],
    ['800.000', 'en'],
  ] as const) {
    assert.is(numberOf(text, language, 'amount'), null)
    assert.ok(Number.isNaN(read(text, 'amount', language)))
  }
})

test('what is typed into the search or pasted is shown as text, never as markup', async () => {
  const app = await opened()
  const { html } = await show(app, `/?query=${encodeURIComponent('"><script>alert(1)</script>')}`)
  assert.not.ok(html.includes('<script>alert'))
  const answer = await app.send('/decisions', { json: '</textarea><script>alert(1)</script>' })
  const { html: pasted } = await shownAgain(app, answer)
  assert.ok(pasted.includes('&lt;/textarea&gt;'))
  assert.not.ok(pasted.includes('<script>alert'))
})

test('the what-if box says what the model says of the changed file, and nothing is recorded', async () => {
  const app = await opened()
  const id = ids[3]!
  const path = await score(app, { as: 'client', client: String(id) })
  const raw = clients.get(id)!
  const changed = { ...raw, application: { ...raw.application, AMT_CREDIT: 300_000, AMT_ANNUITY: 15_000 } }
  const { risk } = riskAndCutOff(scorer.score(changed).probability, scorer.bundle.threshold, 'en')
  const box = await show(app, `${path}/what-if?AMT_CREDIT=300,000&AMT_ANNUITY=15000`, 'en')
  assert.ok(textOf(box.html).includes(`With these values ${risk}`), textOf(box.html))
  const whole = await show(app, `${path}?AMT_CREDIT=300,000&AMT_ANNUITY=15000`, 'en')
  assert.ok(textOf(whole.html).includes(`With these values ${risk}`))
  assert.is((await app.journal.predictions({ limit: 9 })).length, 1)
  const adopted =
    (
      await app.send(`/decisions?from=${path.split('/').at(-1)}`, { AMT_CREDIT: '300000', AMT_ANNUITY: '15000' })
    ).headers.get('location') ?? ''
  assert.is(
    (await app.journal.prediction(adopted.split('/').at(-1) ?? ''))?.probability,
    scorer.score(changed).probability,
  )
})

test('overriding the proposal needs a reason of 20 characters; going with it needs none; the latest decision is shown', async () => {
  const app = await opened()
  const path = await score(app, { as: 'client', client: String(ids[0]) })
  const id = path.split('/').at(-1) ?? ''
  const proposed = (await app.journal.prediction(id))!.decision
  const other = proposed === 'approved' ? 'declined' : 'approved'
  const asked = await shownAgain(app, await app.send(`${path}/review`, { decision: other }))
  assert.equal([asked.sent, asked.status], [303, 200])
  assert.ok(textOf(asked.html).includes(texts.fr.review.differs(texts.fr.review.choice[other])))
  assert.not.match(asked.html, /<title>Erreur/)
  const short = await app.send(`${path}/review`, { decision: other, code: 'special', text: 'trop court' })
  for (const language of ['fr', 'en'] as const) {
    const { html } = await shownAgain(app, short, language)
    assert.ok(html.includes('trop court') && html.includes(texts[language].review.textError), language)
  }
  assert.equal(await app.journal.reviews(id), [])
  assert.is((await app.send(`${path}/review`, { decision: proposed })).status, 303)
  assert.is(
    (await app.send(`${path}/review`, { decision: other, code: 'special', text: 'Un garant solvable se présente.' }))
      .status,
    303,
  )
  assert.equal(
    (await app.journal.reviews(id)).map(({ decision }) => decision),
    [proposed, other],
  )
  const shown = textOf((await show(app, path)).html)
  assert.ok(shown.includes(texts.fr.review.done[other]) && shown.includes('Un garant solvable se présente.'))
  const sheet = textOf((await show(app, `${path}/sheet`)).html)
  assert.ok(sheet.includes(texts.fr.sheet.outcome[other]))
})

test('the sheet claims no decision before a person has made one, and shows no percentile and no points', async () => {
  const app = await opened()
  const path = await score(app, { as: 'client', client: String(ids[1]) })
  const sheet = textOf((await show(app, `${path}/sheet`)).html)
  assert.ok(sheet.includes(texts.fr.sheet.proposed) && sheet.includes('RGPD'))
  assert.not.match(sheet, /relue|plus risqué que|points/)
})

test('a form sent from another site is refused', async () => {
  const app = await opened()
  const form = { as: 'client', client: String(ids[0]) }
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'https://example.test', host: 'localhost' },
  ] as Record<string, string>[])
    assert.is((await app.send('/decisions', form, headers)).status, 403)
  assert.equal(await app.journal.predictions({ limit: 1 }), [])
})

test('where keys are set the page asks to sign in, a role sees its own screens, and a decision says whose it is', async () => {
  const keys = (['score', 'read', 'review'] as const).map((role) => ({
    role,
    hash: createHash('sha256').update(`key-${role}`).digest(),
    ...(role === 'review' && { name: 'M. D.' }),
  }))
  const app = await opened({ keys })
  assert.is((await show(app, '/')).headers.get('location'), '/sign-in?to=%2F')
  assert.is((await app.send('/sign-in', { key: 'wrong', to: '/' })).status, 401)
  const enter = async (role: string, to = '/') => {
    const answer = await app.send('/sign-in', { key: `key-${role}`, to })
    const cookie = answer.headers.get('set-cookie') ?? ''
    assert.match(cookie, /HttpOnly/)
    assert.match(cookie, /SameSite=Strict/)
    return { cookie: cookie.split(';')[0] ?? '', location: answer.headers.get('location') }
  }
  assert.is((await enter('score', '//example.test')).location, '/')
  const { cookie } = await enter('score')
  const home = (await show(app, '/', 'fr', { cookie })).html
  assert.not.ok(home.includes('href="/journal"'))
  assert.is((await show(app, '/journal', 'fr', { cookie })).status, 403)
  assert.is(
    (await app.send('/decisions', { as: 'client', client: String(ids[0]) }, { cookie })).status,
    403,
    'without the form’s token',
  )
  const token = /name="token" value="([^"]+)"/.exec(home)?.[1] ?? ''
  const scored = await app.send('/decisions', { as: 'client', client: String(ids[0]), token }, { cookie })
  assert.is(scored.status, 303)
  const path = scored.headers.get('location') ?? ''
  assert.not.ok((await show(app, path, 'fr', { cookie })).html.includes(`${path}/review`))
  const adviser = (await enter('review')).cookie
  const shown = (await show(app, path, 'fr', { cookie: adviser })).html
  assert.match(shown, /<b>M\. D\.<\/b> · conseil/)
  const own = /name="token" value="([^"]+)"/.exec(shown)?.[1] ?? ''
  await app.send(`${path}/review`, { decision: 'referred', token: own }, { cookie: adviser })
  assert.match(
    textOf((await show(app, path, 'fr', { cookie: adviser })).html),
    /À examiner par M\. D\. le \d\d\/\d\d\/\d{4}/,
  )
  const reader = (await enter('read')).cookie
  assert.is((await show(app, '/journal', 'fr', { cookie: reader })).status, 200)
  const read = await show(app, path, 'fr', { cookie: reader })
  assert.is(read.status, 200)
  assert.match(textOf(read.html), /À examiner par M\. D\. le/)
  assert.not.match(read.html, /method="post" action="\/(decisions|applications)/, 'a reader gets nothing to send')
  assert.not.match(read.html, /href="\/applications/)
  const forged = cookie.replace('score', 'admin')
  assert.is((await show(app, '/', 'fr', { cookie: forged })).status, 303)
})

test('every control of the form sets a column of the application, each at most once', () => {
  const columns = fields.map(({ column }) => column)
  assert.is(new Set(columns).size, columns.length)
  for (const column of columns)
    assert.ok(
      tables.application_test.columns.some(({ name }) => name === column),
      column,
    )
})

test.run()
