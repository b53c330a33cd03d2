/** Forms and files: limits beyond the schema, doubts that are kept, histories by JSON and CSV, answers that make questions void. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyTables, tables } from '../../pipeline/data/schema/tables.ts'
import { smallBundle } from '../../testing/bundles.ts'
import { service } from '../opened.test-data.ts'
import { typedOf } from './answers.ts'
import { documents, example, fields } from './fields.ts'
import { mostRows, readBack, readHistories, tableOf } from './histories.ts'
import { shownAgain } from './shown.test-data.ts'

const { clients, ids, opened } = service(smallBundle())

type App = Awaited<ReturnType<typeof opened>>
interface Checked {
  readonly errors: Readonly<Record<string, string>>
  readonly doubts: Readonly<Record<string, string>>
  readonly derived: Readonly<Record<string, string>>
}

const check = async ({ send }: App, form: Readonly<Record<string, string>>) =>
  (await (await send('/applications/check?lang=fr', form)).json()) as Checked

/** Sends a form with files as a browser does. */
const upload = ({ app }: App, form: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) => {
  const body = new FormData()
  for (const [name, value] of Object.entries(form)) body.set(name, value)
  for (const [name, text] of Object.entries(files)) body.append('files', new File([text], name))
  return app.request('/decisions?lang=fr', { method: 'POST', body, headers: { accept: 'text/html' } })
}
const keptOf = async ({ journal }: App, answer: Response) =>
  (await journal.prediction(answer.headers.get('location')?.split('/').at(-1) ?? ''))!

const csvOf = (rows: readonly Readonly<Record<string, unknown>>[]) => {
  const names = Object.keys(rows[0]!)
  return [names, ...rows.map((row) => names.map((name) => `"${row[name] ?? ''}"`))]
    .map((row) => row.join(','))
    .join('\n')
}

/** A client who has rows in every table that the file formats are tried on. */
const rich = ids
  .map((id) => clients.get(id)!)
  .find(({ history }) => history.bureau!.length > 1 && history.installments_payments!.length > 1)!

test('a check answers what sending would: the same errors by field, doubts, and what the answers amount to', async () => {
  const app = await opened()
  const found = await check(app, { ...example, AMT_ANNUITY: '460000', AMT_INCOME_TOTAL: '20 000', CNT_CHILDREN: '7' })
  assert.equal(Object.keys(found.errors), ['AMT_ANNUITY'])
  assert.match(
    found.errors.AMT_ANNUITY!,
    /^Mensualité\u00a0: saisissez un montant inférieur au crédit \(450\u00a0000\u00a0€\)\.$/,
  )
  assert.equal(Object.keys(found.doubts).sort(), ['AMT_ANNUITY', 'AMT_INCOME_TOTAL', 'CNT_CHILDREN'])
  const good = await check(app, example)
  assert.equal(good.errors, {})
  assert.match(good.derived.loan!, /≈ 19 mensualités hors intérêts/)
  assert.match(good.derived.income!, /la mensualité prend 16\u00a0% des revenus/)
  assert.equal(await app.journal.predictions({ limit: 1 }), [])
  const sent = await app.send('/decisions?lang=fr', { ...example, AMT_ANNUITY: '460000' })
  assert.is(sent.status, 303)
  assert.ok((await shownAgain(app, sent)).html.includes(found.errors.AMT_ANNUITY!))
})

test('limits across answers: a job before fourteen, an identity paper before birth; a file’s own values are not questioned', async () => {
  const app = await opened()
  const { errors } = await check(app, {
    ...example,
    'DAYS_EMPLOYED.year': '1990',
    'DAYS_ID_PUBLISH.day': '1',
    'DAYS_ID_PUBLISH.month': '1',
    'DAYS_ID_PUBLISH.year': '1980',
  })
  assert.equal(Object.keys(errors).sort(), ['DAYS_EMPLOYED', 'DAYS_ID_PUBLISH'])
  for (const id of ids.slice(0, 40)) {
    const typed = typedOf(clients.get(id)!.application, Date.now(), 'fr')
    const { errors: none, doubts } = await check(app, { ...typed, client: String(id) })
    assert.equal([none, doubts], [{}, {}], String(id))
  }
})

test('the retired keep no job, a file without a car no age of it, a revolving loan pays a twentieth', async () => {
  const app = await opened()
  const score = async (form: Record<string, string>) => {
    const { input } = await keptOf(app, await app.send('/decisions', { ...example, ...form }))
    return (input as { application: Record<string, unknown> }).application
  }
  const retired = await score({ NAME_INCOME_TYPE: 'Pensioner' })
  for (const column of ['DAYS_EMPLOYED', 'OCCUPATION_TYPE', 'ORGANIZATION_TYPE']) assert.is(retired[column], undefined)
  assert.is((await score({ FLAG_OWN_CAR: 'N', OWN_CAR_AGE: '12' })).OWN_CAR_AGE, undefined)
  assert.is((await score({ FLAG_OWN_CAR: 'Y', OWN_CAR_AGE: '12' })).OWN_CAR_AGE, 12)
  const revolving = await score({ NAME_CONTRACT_TYPE: 'Revolving loans', AMT_ANNUITY: '', AMT_GOODS_PRICE: '' })
  assert.equal([revolving.AMT_ANNUITY, revolving.AMT_GOODS_PRICE], [22_500, 450_000])
})

test('one question sets the flags of the three documents, and every sector stands under one heading', async () => {
  const app = await opened()
  for (const [answer, flags] of [
    ['6', [0, 1, 0]],
    ['0', [0, 0, 0]],
    ['', [undefined, undefined, undefined]],
  ] as const) {
    const { input } = await keptOf(app, await app.send('/decisions', { ...example, FLAG_DOCUMENT_3: answer }))
    const { application } = input as { application: Record<string, unknown> }
    assert.equal(
      documents.map((column) => application[column]),
      [...flags],
      answer,
    )
  }
  const control = fields.find(({ column }) => column === 'ORGANIZATION_TYPE')!.control
  assert.ok(control.kind === 'select' && control.sections)
  assert.is(control.sections.length, 9)
  assert.equal(
    control.sections.flatMap(({ options }) => options.map(({ value }) => value)).sort(),
    control.options.map(({ value }) => value).sort(),
  )
})

test('CSV files are known by their header, whatever they are called, and score as the same rows in JSON do', async () => {
  const app = await opened()
  const { application, history } = rich
  const asked = { application: Object.fromEntries(Object.entries(application).filter(([, v]) => v !== null)) }
  const tablesOf = Object.fromEntries(
    historyTables.flatMap((name) => (history[name]!.length > 0 ? [[name, history[name]!] as const] : [])),
  )
  const json = (await (await app.ask('/v1/score', { ...asked, history: tablesOf })).json()) as { probability: number }
  const files = Object.fromEntries(Object.entries(tablesOf).map(([, rows], i) => [`export-${i}.txt`, csvOf(rows)]))
  const answer = await upload(app, { as: 'file', json: '' }, { ...files, 'a.csv': csvOf([asked.application]) })
  assert.is(answer.status, 303, await answer.clone().text())
  assert.is((await keptOf(app, answer)).probability, json.probability)
  for (const name of historyTables) assert.is(tableOf(tables[name].columns.map((column) => column.name)), name)
  assert.is(tableOf(['SK_ID_CURR', 'NOTHING']), null)
})

test('what cannot be read in a file is named by file, line and column, the first twenty and how many', async () => {
  const app = await opened()
  const lines = Array.from({ length: 25 }, (_, i) => `1,${i + 1},1,-30,-28,abc`)
  const text = [
    'SK_ID_PREV,NUM_INSTALMENT_NUMBER,NUM_INSTALMENT_VERSION,DAYS_INSTALMENT,DAYS_ENTRY_PAYMENT,AMT_PAYMENT',
    ...lines,
  ].join('\n')
  const answer = await upload(app, example, { 'paid.csv': text })
  const { html } = await shownAgain(app, answer)
  assert.ok(html.includes('paid.csv, ligne 2, AMT_PAYMENT : « abc » n’est pas un nombre.'))
  assert.not.ok(html.includes('ligne 22,'))
  assert.ok(html.includes('25 problèmes en tout.'))
  const { problems } = readHistories('', [{ name: 'x.csv', bytes: Buffer.from('A,B\n1,2') }])
  assert.match(problems[0]!.fr, /ses colonnes ne sont celles d’aucune table/)
  const bureau = { SK_ID_BUREAU: 1, DAYS_CREDIT: -10 }
  const many = { bureau: new Array(mostRows + 1).fill(bureau) }
  assert.match(readHistories(JSON.stringify(many), []).problems[0]!.en, /5,001 rows, 5,000 at most/)
  assert.equal(await app.journal.predictions({ limit: 1 }), [])
})

test('a history is read back in a sentence a table, and rows of another client are an error', async () => {
  const app = await opened()
  const now = Date.parse('2026-11-24T12:00:00Z')
  const rows = [
    { SK_ID_BUREAU: 1, CREDIT_ACTIVE: 'Active', DAYS_CREDIT: -2700 },
    { SK_ID_BUREAU: 2, CREDIT_ACTIVE: 'Closed', DAYS_CREDIT: -100 },
  ]
  assert.equal(readBack({ bureau: rows }, now, 'fr'), ['ailleurs : 2 crédits dont 1 en cours, le plus ancien de 2019'])
  assert.equal(readBack({ bureau: rows }, now, 'en'), ['elsewhere: 2 loans, 1 running, the oldest of 2019'])
  const history = JSON.stringify({
    bureau: [
      { ...rows[0], SK_ID_CURR: 5 },
      { ...rows[1], SK_ID_CURR: 6 },
    ],
  })
  const { errors } = await check(app, { ...example, history })
  assert.match(errors.history!, /bureau, ligne 2, SK_ID_CURR\u00a0: Cette ligne appartient à un autre client\./)
})

test('a missing or refused answer says what to do, in words of the form, and never that a field is needed', async () => {
  const app = await opened()
  const { errors } = await check(app, { AMT_CREDIT: '0', CNT_CHILDREN: '1,5', EXT_SOURCE_1: '480' })
  assert.is(errors.FLAG_OWN_REALTY, 'Indiquez si le client est propriétaire.')
  assert.is(errors.FLAG_OWN_CAR, 'Indiquez si le client a une voiture.')
  assert.match(errors.AMT_CREDIT!, /^Montant demandé\u00a0: indiquez un montant supérieur à 0 €/)
  assert.match(errors.CNT_CHILDREN!, /indiquez un nombre entier de 0 à 30\.$/)
  assert.match(errors.EXT_SOURCE_1!, /indiquez un nombre de 0 à 100\.$/)
  for (const text of Object.values(errors)) assert.match(text, /[Ii]ndiquez|Choisissez/)
})

test('an external score below 1 of 100 is asked for: 0,48 or 48; confirmed, or from the file, it is taken', async () => {
  const app = await opened()
  const typed = { ...example, EXT_SOURCE_2: '0,48' }
  const { html } = await shownAgain(app, await app.send('/decisions?lang=fr', typed))
  assert.match(html, /Cote externe 2\u00a0: 0,48 ou 48 \? L’échelle va de 0 à 100/)
  assert.match(html, /name="confirmed\.EXT_SOURCE_2" value="0,48"/)
  assert.equal(await app.journal.predictions({ limit: 1 }), [])
  const sent = { ...typed, 'confirmed.EXT_SOURCE_2': '0,48' }
  const { input } = await keptOf(app, await app.send('/decisions?lang=fr', sent))
  assert.is((input as { application: Record<string, unknown> }).application.EXT_SOURCE_2, 0.0048)
  // The confirmation is of that value alone.
  const changed = { ...sent, EXT_SOURCE_2: '0,52' }
  assert.match((await shownAgain(app, await app.send('/decisions?lang=fr', changed))).html, /0,52 ou 52/)
})

test('what is no CSV and no JSON is called by its name with what to do; so is a shape that cannot be scored', async () => {
  const bytes = (start: string, rest = '') => Buffer.concat([Buffer.from(start, 'hex'), Buffer.from(rest)])
  for (const [name, content, words] of [
    ['a.png', bytes('89504e470d0a1a0a'), /a\.png : c’est une image PNG ; envoyez un fichier CSV ou JSON/],
    [
      'a.xlsx',
      bytes('504b0304', '....[Content_Types].xml'),
      /a\.xlsx : c’est un classeur Excel \(\.xlsx\) ; enregistrez/,
    ],
    ['a.csv', bytes('25504446', '-1.7'), /c’est un document PDF/],
  ] as const)
    assert.match(readHistories('', [{ name, bytes: content }]).problems[0]!.fr, words)
  const app = await opened()
  for (const [json, words] of [
    ['{"AMT_CREDIT": 450000, "AMT_ANNUITY": 24000}', /entourez-la de \{ &quot;application&quot;/],
    ['[]', /C’est une liste JSON : collez un seul dossier/],
    ['', /Rien n’est collé/],
    ['{"a": 1}', /Un objet JSON est attendu/],
    ['{"client":', /pas du JSON lisible : collez un objet entier/],
    ['{"application": 5}', /Attendu : un objet JSON|demande/],
  ] as const) {
    const { html } = await shownAgain(app, await app.send('/decisions?lang=fr', { as: 'file', json }))
    assert.match(html, words, json)
    assert.not.match(html, /<li> : |<li>\u00a0: /)
  }
})

test('a CSV file of a French spreadsheet, with semicolons and decimal commas, is read as the same numbers', async () => {
  const app = await opened()
  const columns = [
    'SK_ID_PREV',
    'NUM_INSTALMENT_NUMBER',
    'DAYS_INSTALMENT',
    'DAYS_ENTRY_PAYMENT',
    'AMT_INSTALMENT',
    'AMT_PAYMENT',
  ]
  const text = `${columns.join(';')}\r\n1;1;-30;-28;"2450,5";2450,5\r\n`
  const answer = await upload(app, example, { 'échéances.csv': text })
  assert.is(answer.status, 303)
  const { history } = (await keptOf(app, answer)).input as {
    history: { installments_payments: { AMT_PAYMENT: number }[] }
  }
  assert.is(history.installments_payments[0]!.AMT_PAYMENT, 2450.5)
})

test.run()
