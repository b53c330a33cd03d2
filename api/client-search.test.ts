/** Finding clients: every number as it is displayed, the words people use in both languages, and why each one is found. */
import { amount, number } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Row } from '../pipeline/data/applicant.ts'
import { smallBundle } from '../testing/bundles.ts'
import { conditionsOf, reasonsFor } from './client-search.ts'
import { service } from './opened.test-data.ts'
import { show, textOf } from './page/shown.test-data.ts'

const { clients, ids, opened } = service(smallBundle())
const find = (query: string) => clients.find(conditionsOf(query), 1000)
const all = ids.map((id) => ({ id, application: clients.get(id)!.application }))
const where = (passes: (row: Row) => boolean) =>
  all.filter(({ application }) => passes(application)).map(({ id }) => id)

test('the number of a client is found as every page writes it, and comes first', () => {
  for (const id of ids.slice(0, 20))
    for (const text of [
      String(id),
      number(id, { lang: 'fr' }),
      number(id, { lang: 'en' }),
      `n° ${number(id, { lang: 'fr' })}`,
      `client ${id}`,
      `Dossier ${number(id, { lang: 'fr' }).replace('\u00a0', ' ')}`,
    ])
      assert.is(find(text).found[0]?.id, id, text)
  assert.is(find('100 008').total, 1)
})

test('amounts are found as they are displayed, whole', () => {
  const { application, id } = all[3]!
  const credit = Number(application.AMT_CREDIT)
  for (const lang of ['fr', 'en'] as const) {
    const { found } = find(amount(credit, { lang }))
    assert.ok(found.some((one) => one.id === id))
    for (const one of found)
      assert.ok(
        String(one.id).startsWith(String(Math.round(credit))) ||
          Object.values(one.application).some(
            (value) => typeof value === 'number' && Math.round(value) === Math.round(credit),
          ),
      )
  }
})

test('words of people, in every gender and number, find exactly the clients of whom they are true', () => {
  const income = (level: string) => where((row) => row.NAME_INCOME_TYPE === level)
  const renting = (row: Row) => ['Rented apartment', 'Municipal apartment'].includes(String(row.NAME_HOUSING_TYPE))
  const cases: readonly (readonly [queries: string, expected: number[]])[] = [
    ['retraité|retraitée|Retraités|RETRAITE|retired|pensioner', income('Pensioner')],
    ['femme|femmes|woman|women', where((row) => row.CODE_GENDER === 'F')],
    ['homme|man|male', where((row) => row.CODE_GENDER === 'M')],
    ['locataire|locataires|tenant|tenants', where(renting)],
    ['sans emploi|chômage|unemployed|out of work', income('Unemployed')],
    ['fonctionnaire|civil servant|secteur public', income('State servant')],
    ['propriétaire|homeowner', where((row) => row.FLAG_OWN_REALTY === 'Y')],
    ['sans voiture|no car', where((row) => row.FLAG_OWN_CAR === 'N')],
    ['mariée|married', where((row) => row.NAME_FAMILY_STATUS === 'Married')],
    ['chauffeur|drivers', where((row) => row.OCCUPATION_TYPE === 'Drivers')],
    [
      'retraitée locataire|tenant retired|une retraitée, locataire',
      where((row) => row.NAME_INCOME_TYPE === 'Pensioner' && renting(row)),
    ],
    ['43 ans|aged 43|43 years old', where((row) => Math.floor(-Number(row.DAYS_BIRTH) / 365.25) === 43)],
    ['zzzz', []],
  ]
  for (const [queries, expected] of cases)
    for (const query of queries.split('|')) {
      const { found, total } = find(query)
      assert.equal(
        found.map(({ id }) => id),
        expected,
        query,
      )
      assert.is(total, expected.length)
    }
})

test('a query that holds no word of a client is no query for all of them', async () => {
  assert.equal(conditionsOf('%%% le client'), [])
  const { html } = await show(await opened(), '/?query=%25%25')
  assert.match(textOf(html), /Aucun client ne correspond/)
})

test('the page says how many there are where the list is capped, why each was found, and what each does', async () => {
  const app = await opened()
  const women = where((row) => row.CODE_GENDER === 'F').length
  assert.ok(women > 20)
  const fr = textOf((await show(app, '/?query=femme')).html)
  assert.match(fr, new RegExp(`Les 20 premiers clients sur ${women}`))
  assert.match(fr, /Trouvé par : femme/)
  assert.match(
    textOf((await show(app, '/?query=femme&limit=200', 'en')).html),
    women > 200 ? /first 200 clients/ : /clients found/,
  )
  const [first] = find('retraité').found
  assert.match(textOf((await show(app, '/?query=retraité')).html), /retraite/)
  assert.equal(reasonsFor(conditionsOf('retired'), first!, 'en'), ['Work situation: retired'])
})

test.run()
