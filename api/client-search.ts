/** Clients by what people type: numbers as they are displayed, the words of both languages; and why each of them was found. */
import { amount, number } from 'report-kit'
import { tables } from '../pipeline/data/schema/tables.ts'
import type { Condition, Found } from '../pipeline/scoring/clients.ts'
import { levelName } from '../pipeline/scoring/levels.ts'
import type { Language } from './language.ts'

const columns = tables.application_test.columns
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Gender and number of a French word aside: "retraitées", "retraité" and "retraite" are one. */
const stem = (word: string): string => word.replace(/s$/, '').replace(/e+$/, '')
const wordsOf = (text: string): string[] =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

type Level = { readonly column: string; readonly level: string | number }

/** The words that people use in addition to the names of the levels, by column and level. */
const spoken: readonly (readonly [column: string, level: string | number, words: string])[] = [
  ['NAME_INCOME_TYPE', 'Pensioner', 'retraité, retraite, retired, pensioner, pension'],
  ['NAME_INCOME_TYPE', 'Working', 'salarié, employé, employed, employee, private sector, secteur privé'],
  ['NAME_INCOME_TYPE', 'State servant', 'fonctionnaire, civil servant, public sector, secteur public'],
  [
    'NAME_INCOME_TYPE',
    'Unemployed',
    'sans emploi, chômage, chômeur, chômeuse, unemployed, jobless, out of work, no job',
  ],
  ['NAME_INCOME_TYPE', 'Student', 'étudiant, student'],
  ['NAME_INCOME_TYPE', 'Businessman', 'chef d’entreprise, entrepreneur, businessman, business owner'],
  ['NAME_INCOME_TYPE', 'Maternity leave', 'congé maternité, congé parental, maternity leave, parental leave'],
  ['ORGANIZATION_TYPE', 'Self-employed', 'indépendant, à son compte, self employed, freelance'],
  ['CODE_GENDER', 'F', 'femme, woman, women, female'],
  ['CODE_GENDER', 'M', 'homme, man, men, male'],
  ['NAME_FAMILY_STATUS', 'Married', 'marié, married'],
  ['NAME_FAMILY_STATUS', 'Single / not married', 'célibataire, single, unmarried'],
  ['NAME_FAMILY_STATUS', 'Separated', 'séparé, divorcé, separated, divorced'],
  ['NAME_FAMILY_STATUS', 'Widow', 'veuf, veuve, widow, widower, widowed'],
  ['NAME_FAMILY_STATUS', 'Civil marriage', 'pacsé, pacs, concubinage, civil union, civil partnership'],
  ['NAME_HOUSING_TYPE', 'Rented apartment', 'locataire, location, tenant, renter, renting, rented'],
  ['NAME_HOUSING_TYPE', 'Municipal apartment', 'locataire, hlm, tenant, council flat, social housing'],
  ['NAME_HOUSING_TYPE', 'With parents', 'chez ses parents, chez les parents, with parents'],
  ['FLAG_OWN_REALTY', 'Y', 'propriétaire, owner, homeowner'],
  ['FLAG_OWN_REALTY', 'N', 'non propriétaire, not an owner'],
  ['FLAG_OWN_CAR', 'Y', 'voiture, avec voiture, car, with car'],
  ['FLAG_OWN_CAR', 'N', 'sans voiture, no car, without car'],
  ['CNT_CHILDREN', 0, 'sans enfant, no child, no children, childless'],
  ['OCCUPATION_TYPE', 'Sales staff', 'vendeur, vendeuse, seller, salesman, saleswoman'],
  ['OCCUPATION_TYPE', 'Drivers', 'chauffeur, conducteur, conductrice, driver'],
  ['OCCUPATION_TYPE', 'Laborers', 'ouvrier, ouvrière, labourer, laborer, worker'],
  ['OCCUPATION_TYPE', 'Low-skill Laborers', 'ouvrier, ouvrière, labourer, laborer, worker'],
  ['OCCUPATION_TYPE', 'Managers', 'cadre, manager'],
  ['OCCUPATION_TYPE', 'Accountants', 'comptable, accountant'],
  ['OCCUPATION_TYPE', 'Cooking staff', 'cuisinier, cuisinière, cook'],
  ['OCCUPATION_TYPE', 'Cleaning staff', 'agent d’entretien, cleaner'],
  ['OCCUPATION_TYPE', 'Medicine staff', 'infirmier, infirmière, médecin, nurse, doctor'],
  ['OCCUPATION_TYPE', 'Security staff', 'agent de sécurité, security guard'],
  ['OCCUPATION_TYPE', 'Secretaries', 'secrétaire, secretary'],
  ['OCCUPATION_TYPE', 'IT staff', 'informaticien, informaticienne, programmer, developer'],
  ['OCCUPATION_TYPE', 'Realty agents', 'agent immobilier, estate agent'],
  ['OCCUPATION_TYPE', 'Waiters/barmen staff', 'serveur, serveuse, waiter, waitress, barman'],
  ['ORGANIZATION_TYPE', 'School', 'enseignant, enseignante, professeur, teacher'],
  ['ORGANIZATION_TYPE', 'Military', 'militaire, soldier'],
  ['ORGANIZATION_TYPE', 'Police', 'policier, policière, police officer'],
]

interface Phrase {
  readonly stems: readonly string[]
  readonly any: Level[]
}

/** Phrases by their first stem, longest first. */
const vocabulary: ReadonlyMap<string, readonly Phrase[]> = (() => {
  const phrases = new Map<string, Phrase>()
  const add = (text: string, level: Level) => {
    const stems = wordsOf(text).map(stem)
    const key = stems.join(' ')
    const phrase = phrases.get(key) ?? { stems, any: [] }
    if (!phrase.any.some((one) => one.column === level.column && one.level === level.level)) phrase.any.push(level)
    if (key !== '') phrases.set(key, phrase)
  }
  for (const [column, level, words] of spoken) for (const text of words.split(', ')) add(text, { column, level })
  for (const { name, type, levels } of columns)
    if (type === 'text')
      for (const level of levels ?? [])
        if (level !== 'Y' && level !== 'N')
          for (const text of [level, levelName(level, 'fr'), levelName(level, 'en')]) add(text, { column: name, level })
  const longest = [...phrases.values()].sort((a, b) => b.stems.length - a.stems.length)
  return Map.groupBy(longest, ({ stems }) => stems[0]!)
})()

/** Words that say nothing of a client. */
const idle: ReadonlySet<string> = new Set(
  wordsOf(
    'un une le la les l de du des d et ou avec n no nº numero number client cliente dossier file credit pret loan montant amount ' +
      'euro eur the a an of and or with who is',
  ).map(stem),
)

/** "100 008", "100 008" and "100,008" are 100008; "450 000,50 €" is 450001: amounts are looked for rounded. */
const joined = (query: string): string =>
  query
    .replaceAll(/[\s\u00a0\u202f]+/g, ' ')
    .replaceAll(/(?<![\d.,])\d{1,3}(?:[ .,]\d{3})+(?!\d)/g, (digits) => digits.replaceAll(/[ .,]/g, ''))
    .replaceAll(/(?<!\d)(\d+)[.,](\d{1,2})(?!\d)/g, (_, whole, part) => String(Math.round(Number(`${whole}.${part}`))))
    .replaceAll(/\bn[°º]/gi, ' ')

const year = 365.25 // days

/** Of "43 ans" or "aged 43" at a place of the words: the years, and how many words say it. */
function ageAt(words: readonly string[], at: number): { years: number; length: number } | null {
  const [one = '', next = '', third = ''] = words.slice(at)
  const years = /^(1[89]|[2-9]\d)$/
  if (years.test(one) && /^(ans?|years?|yrs?)$/.test(next))
    return { years: Number(one), length: third === 'old' ? 3 : 2 }
  if (/^(aged?|agee?)$/.test(one) && years.test(next))
    return { years: Number(next), length: /^(ans?|years?)$/.test(third) ? 3 : 2 }
  return null
}

/** What a query asks for; nothing of a query without a word. */
export function conditionsOf(query: string): Condition[] {
  const words = wordsOf(joined(query))
  const conditions: Condition[] = []
  let at = 0
  while (at < words.length) {
    const word = words[at]!
    const age = ageAt(words, at)
    const phrase = vocabulary
      .get(stem(word))
      ?.find(({ stems }) => stems.every((one, i) => stem(words[at + i] ?? '') === one))
    if (age) {
      conditions.push({
        kind: 'range',
        column: 'DAYS_BIRTH',
        from: -(age.years + 1) * year + 0.01,
        to: -age.years * year,
      })
      at += age.length
    } else if (phrase) {
      conditions.push({ kind: 'level', any: phrase.any })
      at += phrase.stems.length
    } else {
      if (/^\d+$/.test(word)) conditions.push({ kind: 'number', digits: word })
      else if (!idle.has(stem(word))) conditions.push({ kind: 'word', word })
      at++
    }
  }
  return conditions
}

const colon = (language: Language) => (language === 'fr' ? '\u00a0: ' : ': ')
const genders: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  F: { fr: 'femme', en: 'woman' },
  M: { fr: 'homme', en: 'man' },
}

/** What of a client met a condition, in words: "Retraite", "Prix du bien financé : 450 000 €". */
function reasonFor(condition: Condition, { id, application }: Found, language: Language): string | null {
  switch (condition.kind) {
    case 'number': {
      if (String(id).startsWith(condition.digits)) return `n°\u00a0${number(id, { lang: language })}`
      const column = columns.find(
        ({ name, unit }) =>
          unit === 'amount' && Math.round(Number(application[name] ?? Number.NaN)) === Number(condition.digits),
      )
      return column
        ? `${column.label[language]}${colon(language)}${amount(Number(application[column.name]), { lang: language })}`
        : null
    }
    case 'level': {
      const met = condition.any.find(({ column, level }) => application[column] === level)
      const column = columns.find(({ name }) => name === met?.column)
      if (!met || !column) return null
      if (column.name === 'CODE_GENDER') return genders[met.level]?.[language] ?? null
      return `${column.label[language]}${colon(language)}${levelName(String(met.level), language).toLowerCase()}`
    }
    case 'range': {
      const years = number(Math.floor(-Number(application[condition.column]) / year), { lang: language })
      return language === 'fr' ? `${years} ans` : `aged ${years}`
    }
    case 'word': {
      const column = columns.find(({ name }) =>
        folded(String(application[name] ?? '')).includes(folded(condition.word)),
      )
      return column
        ? `${column.label[language]}${colon(language)}${levelName(String(application[column.name]), language).toLowerCase()}`
        : null
    }
  }
}

/** Why a client was found, a piece a condition. */
export const reasonsFor = (conditions: readonly Condition[], found: Found, language: Language): string[] => [
  ...new Set(conditions.flatMap((condition) => reasonFor(condition, found, language) ?? [])),
]
