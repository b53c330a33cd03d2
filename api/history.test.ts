/** None is not unknown: a history that was not supplied is warned of and referred to a person, one that is known to be empty is not. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyTables } from '../pipeline/data/schema/tables.ts'
import { smallBundle } from '../testing/bundles.ts'
import { application, service } from './opened.test-data.ts'
import { example } from './page/fields.ts'
import { show, textOf } from './page/shown.test-data.ts'
import { texts } from './page/texts.ts'
import { scoreAnswer } from './score-response.ts'

const { clients, ids, opened, scorer } = service(smallBundle())
type App = Awaited<ReturnType<typeof opened>>

const none = { bureau: [], previous_application: [] }
const whole = Object.fromEntries(historyTables.map((name) => [name, []]))
const asked = async ({ ask }: App, body: unknown) =>
  scoreAnswer.parse(await (await ask('/v1/score?lang=en', body)).json())
const missing = ({ warnings }: { warnings: readonly { code: string; field: string }[] }) =>
  warnings.filter(({ code }) => code === 'history_not_supplied').map(({ field }) => field)
/** Why a person must look, but for inputs of the form (scoring/strategic.ts). */
const notBlank = ({ referral }: { readonly referral: readonly { code: string }[] }) =>
  referral.map(({ code }) => code).filter((code) => code !== 'left_blank' && code !== 'outside_experience')
const { lower, upper } = scorer.bundle.greyZone
const isNear = (probability: number) => lower < upper && probability >= lower && probability <= upper

test('a request without a history is warned of, group by group, and referred; the same with empty tables is not', async () => {
  const app = await opened()
  const unknown = await asked(app, { application })
  assert.equal(missing(unknown), ['bureau', 'previous_application'])
  assert.equal(
    unknown.warnings.flatMap(({ tables = [] }) => tables),
    [...historyTables],
  )
  assert.ok(unknown.referral.some(({ code, text }) => code === 'history_not_supplied' && /not supplied/.test(text)))
  for (const history of [none, whole]) {
    const known = await asked(app, { application, history })
    assert.equal(missing(known), [])
    assert.equal(notBlank(known), isNear(known.probability) ? ['near_threshold'] : [])
  }
  const half = await asked(app, { application, history: { bureau: [] } })
  assert.equal(missing(half), ['previous_application'])
  assert.ok(half.referral.length > 0)
})

test('a client by id is known in full, and so are the same rows as an application', async () => {
  const app = await opened()
  for (const id of ids.slice(0, 20)) {
    const { application, history } = clients.get(id)!
    // the second time from the features kept
    for (const body of [{ client: id }, { client: id }, { application, history }]) {
      const answer = await asked(app, body)
      assert.equal(missing(answer), [])
      assert.is(notBlank(answer).length, isNear(answer.probability) ? 1 : 0)
    }
  }
})

test('no reason for or against a client comes from a table that was not supplied', async () => {
  const app = await opened()
  const { features } = scorer.bundle.definitions
  const read = (group: string) =>
    features.filter((one) => one.group === group).flatMap(({ name }) => [...scorer.catalogue.tables.get(name)!])
  let dropped = 0
  for (const id of ids.slice(0, 40)) {
    const { application } = clients.get(id)!
    const { reasons } = scorer.score({ application, history: {} })
    for (const { group } of [...reasons.against, ...reasons.for])
      assert.ok(read(group).includes('application'), `${group} reads only what was not supplied`)
    const against = scorer.score({ application, history: none }).reasons.against
    dropped += against.filter(({ group }) => !read(group).includes('application')).length
    const answer = await asked(app, { application })
    assert.equal(
      answer.reasons!.against.map(({ code }) => code),
      reasons.against.map(({ code }) => code),
    )
  }
  assert.ok(dropped > 0, 'no empty history was ever a reason, so nothing was tried')
})

test('batch, what-if and the journal say what a single score says', async () => {
  const app = await opened()
  const single = await asked(app, { application })
  const batch = (await (await app.ask('/v1/score/batch?lang=en', [{ application }, { client: ids[0] }])).json()) as {
    score: unknown
  }[]
  const [first, second] = batch.map(({ score }) => scoreAnswer.parse(score))
  assert.equal([first!.referral, first!.warnings], [single.referral, single.warnings])
  assert.equal(missing(second!), [])
  const what = (await (
    await app.ask('/v1/what-if?lang=en', { application, changes: { AMT_CREDIT: 300_000 } })
  ).json()) as Record<'base' | 'changed', typeof single>
  for (const { referral } of [what.base, what.changed])
    assert.ok(referral.some(({ code }) => code === 'history_not_supplied'))
  const kept = (await app.journal.prediction(single.requestId))!
  assert.is(kept.referred, true)
  assert.equal(
    kept.warnings.flatMap(({ tables = [] }) => tables),
    [...historyTables],
  )
})

const located = async (app: App, form: Readonly<Record<string, string>>) => {
  const answer = await app.send('/decisions', form)
  assert.is(answer.status, 303, await answer.clone().text())
  const path = answer.headers.get('location')!
  return { path, kept: (await app.journal.prediction(path.split('/').at(-1)!))! }
}

test('the page refers an application typed in without a history and says why, on the sheet too, in both languages', async () => {
  const app = await opened()
  const { path, kept } = await located(app, example)
  assert.is(kept.referred, true)
  for (const language of ['fr', 'en'] as const) {
    const t = texts[language]
    const shown = textOf((await show(app, path, language)).html)
    const [referred, first, sheet] = [
      { fr: 'L’historique de crédit n’a pas été fourni', en: 'The credit history was not supplied' },
      { fr: 'Fichier des crédits non fourni', en: 'Credit bureau not supplied' },
      textOf((await show(app, `${path}/sheet`, language)).html),
    ]
    for (const words of [t.verdict.referred, referred[language], first[language], t.complete, t.remedies.supplyFirst])
      assert.ok(shown.includes(words), words)
    assert.not.ok(shown.includes(t.form.noHistory))
    for (const words of [t.verdict.referred.toLowerCase(), referred[language], first[language]])
      assert.ok(sheet.includes(words), words)
  }
})

test('what an officer declares checked is kept as empty tables, through the form, a what-if and a new score', async () => {
  const app = await opened()
  const ticked = { ...example, checked: '1', 'checked.bureau': '1', 'checked.previous_application': '1' }
  const { path, kept } = await located(app, ticked)
  assert.equal(
    kept.warnings.filter(({ code }) => code === 'history_not_supplied'),
    [],
  )
  const history = ({ input }: typeof kept) => (input as { history: unknown }).history
  assert.equal(history(kept), whole)
  assert.ok(textOf((await show(app, path, 'en')).html).includes(texts.en.form.noHistory))
  const id = path.split('/').at(-1)!
  const boxes = async (from: string) =>
    [
      ...(await show(app, `/applications/new?from=${from}`)).html.matchAll(
        /<input type="checkbox" name="([\w.]+)" value="1"( checked)?>/g,
      ),
    ].map(([, name, checked]) => [name, checked !== undefined])
  assert.equal(await boxes(id), [
    ['checked.bureau', true],
    ['checked.previous_application', true],
  ])
  const again = await located(app, { as: 'again', from: id })
  const adopted = await app.send(`/decisions?from=${id}`, { AMT_CREDIT: '300000' })
  const moved = (await app.journal.prediction(adopted.headers.get('location')!.split('/').at(-1)!))!
  assert.equal([history(again.kept), history(moved)], [whole, whole])
  // taken back: a group whose box is no longer ticked is unknown again
  const half = await located(app, { ...example, from: id, checked: '1', 'checked.bureau': '1' })
  assert.equal(history(half.kept), { bureau: [], bureau_balance: [] })
  assert.equal(await boxes(half.path.split('/').at(-1)!), [
    ['checked.bureau', true],
    ['checked.previous_application', false],
  ])
  // rows that were brought stand; the box says that there are no others
  const rows = JSON.stringify({ bureau: [{ SK_ID_BUREAU: 1, DAYS_CREDIT: -100 }] })
  const brought = await located(app, { ...ticked, history: rows })
  assert.equal(missing(brought.kept), [])
  assert.equal(Object.keys(history(brought.kept) as object).sort(), [...historyTables].sort())
})

test('a level of the history that nobody published is warned of in both languages and referred; spaces around a level change nothing', async () => {
  const app = await opened()
  const loan = { SK_ID_BUREAU: 1, CREDIT_ACTIVE: 'Active', DAYS_CREDIT: -100, CREDIT_TYPE: 'Consumer credit' }
  const withLoan = (change: object) => ({ application, history: { ...none, bureau: [{ ...loan, ...change }] } })
  const plain = await asked(app, withLoan({}))
  assert.equal(
    await asked(app, withLoan({ CREDIT_ACTIVE: ' Active ' })).then(({ probability, warnings }) => ({
      probability,
      warnings,
    })),
    {
      probability: plain.probability,
      warnings: plain.warnings,
    },
  )
  const odd = await asked(app, withLoan({ CREDIT_ACTIVE: 'active' }))
  assert.ok(
    odd.referral.some(({ code, text }) => code === 'unknown_history_level' && /unknown to the model/.test(text)),
  )
  const [warning] = odd.warnings.filter(({ code }) => code === 'unknown_history_level')
  assert.equal([warning?.field, warning?.tables], ['CREDIT_ACTIVE', ['bureau']])
  assert.match(warning!.text, /state of the loan: “active” is unknown to the model/)
  const french = scoreAnswer.parse(
    await (await app.ask('/v1/score?lang=fr', withLoan({ CREDIT_ACTIVE: 'active' }))).json(),
  )
  assert.ok(french.warnings.some(({ text }) => /«\u00a0active\u00a0» est inconnu du modèle/.test(text)))
  const ahead = await app.ask('/v1/score?lang=en', withLoan({ DAYS_CREDIT: 100 }))
  assert.is(ahead.status, 422)
})

test.run()
