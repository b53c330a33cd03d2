/** What the form asks of its answers beyond the schema's bounds: hard limits that stop, doubts that are kept; and what follows from them. */

import { amount, number, percent } from 'report-kit'
import type { Row, Value } from '../../pipeline/data/applicant.ts'
import { period } from '../../pipeline/scoring/wording/format-feature-value.ts'
import type { Language, Text } from '../language.ts'

type Given = Readonly<Record<string, Value>>

interface Rule {
  readonly column: string
  readonly broken: (row: Given) => boolean
  readonly text: (row: Given, language: Language) => string
}

const value = (row: Given, column: string): number => {
  const found = row[column]
  return typeof found === 'number' ? found : Number.NaN
}
const say = (text: Text) => (_: Given, language: Language) => text[language]
const money = (row: Given, column: string, language: Language) => amount(value(row, column), { lang: language })
const youngest = 14 * 365.25

/** A limit that is broken stops the application. Comparisons with what is not known are false. */
export const hard: readonly Rule[] = [
  {
    column: 'AMT_CREDIT',
    broken: (row) => value(row, 'AMT_CREDIT') > 10_000_000,
    text: (_, language) =>
      language === 'fr'
        ? `saisissez un montant d’au plus ${amount(10_000_000, { lang: 'fr' })}.`
        : `enter an amount of at most ${amount(10_000_000)}.`,
  },
  {
    column: 'AMT_ANNUITY',
    broken: (row) => value(row, 'AMT_ANNUITY') >= value(row, 'AMT_CREDIT'),
    text: (row, language) =>
      language === 'fr'
        ? `saisissez un montant inférieur au crédit (${money(row, 'AMT_CREDIT', 'fr')}).`
        : `enter an amount below the loan (${money(row, 'AMT_CREDIT', 'en')}).`,
  },
  {
    column: 'DAYS_EMPLOYED',
    broken: (row) => -value(row, 'DAYS_EMPLOYED') > -value(row, 'DAYS_BIRTH') - youngest,
    text: say({
      fr: 'la date doit suivre le quatorzième anniversaire.',
      en: 'the date must be after the 14th birthday.',
    }),
  },
  {
    column: 'DAYS_ID_PUBLISH',
    broken: (row) => value(row, 'DAYS_ID_PUBLISH') < value(row, 'DAYS_BIRTH'),
    text: say({ fr: 'la date doit suivre la naissance.', en: 'the date must be after birth.' }),
  },
  {
    column: 'CNT_CHILDREN',
    broken: (row) => value(row, 'CNT_CHILDREN') > 20,
    text: say({ fr: 'saisissez un nombre de 0 à 20.', en: 'enter a number from 0 to 20.' }),
  },
]

const outside = (column: string, low: number, high: number, show: (x: number, language: Language) => string): Rule => ({
  column,
  broken: (row) => value(row, column) < low || value(row, column) > high,
  text: (_, language) => unusual(show(low, language), show(high, language), language),
})

const unusual = (low: string, high: string, language: Language) =>
  language === 'fr'
    ? `Inhabituel : d’habitude de ${low} à ${high}. La valeur est gardée.`
    : `Unusual: usually ${low} to ${high}. The value is kept.`

const asAmount = (x: number, language: Language) => amount(x, { lang: language })
const ratio = (
  column: string,
  of: (row: Given) => number,
  low: number,
  high: number,
  fr: string,
  en: string,
): Rule => ({
  column,
  broken: (row) => of(row) < low || of(row) > high,
  text: (row, language) => {
    const show = (x: number) => number(x, { digits: x < 10 && !Number.isInteger(x) ? 1 : 0, lang: language })
    const found = show(of(row))
    return language === 'fr'
      ? `${fr} : ${found}, d’habitude de ${show(low)} à ${show(high)}. La valeur est gardée.`
      : `${en}: ${found}, usually ${show(low)} to ${show(high)}. The value is kept.`
  },
})

/** Beyond what nearly all clients have (docs/data-sources.md#assumptions): said, and kept. */
export const soft: readonly Rule[] = [
  outside('AMT_CREDIT', 45_000, 4_050_000, asAmount),
  ratio(
    'AMT_GOODS_PRICE',
    (row) => value(row, 'AMT_CREDIT') / value(row, 'AMT_GOODS_PRICE'),
    0.5,
    1.5,
    'Crédit rapporté au prix du bien',
    'Loan over price of the goods',
  ),
  ratio(
    'AMT_ANNUITY',
    (row) => value(row, 'AMT_CREDIT') / value(row, 'AMT_ANNUITY'),
    6,
    60,
    'Nombre de mensualités',
    'Number of instalments',
  ),
  outside('AMT_INCOME_TOTAL', 25_650, 1_080_000, asAmount),
  outside('DAYS_EMPLOYED', -48 * 365.25, 0, (x, language) => period(Math.abs(x), language)),
  outside('DAYS_BIRTH', -70 * 365.25, -20 * 365.25, (x, language) => period(Math.abs(x), language)),
  outside('CNT_CHILDREN', 0, 6, (x) => String(x)),
  outside('OWN_CAR_AGE', 0, 40, (x, language) => period(x * 365.25, language)),
]

/** What breaks the rules, by column; a value that the file itself held is not questioned. */
export function broken(
  rules: readonly Rule[],
  row: Given,
  base: Row | null,
  language: Language,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { column, broken: isBroken, text } of rules)
    if (!found[column] && row[column] !== base?.[column] && isBroken(row)) found[column] = text(row, language)
  return found
}

/** One line a group of the form: what its answers amount to; '' while they do not say. */
export function derivedLines(row: Given, language: Language): Readonly<Record<'loan' | 'income' | 'client', string>> {
  const fr = language === 'fr'
  const [credit, annuity, income, price, birth] = [
    'AMT_CREDIT',
    'AMT_ANNUITY',
    'AMT_INCOME_TOTAL',
    'AMT_GOODS_PRICE',
    'DAYS_BIRTH',
  ].map((column) => value(row, column)) as [number, number, number, number, number]
  const lines = (...parts: readonly (readonly [number, string])[]) =>
    parts
      .filter(([x]) => Number.isFinite(x) && x > 0)
      .map(([, text]) => text)
      .join(' · ')
  const plain = (x: number, digits: number) => number(x, { digits, lang: language })
  const share = (x: number) => percent(x, { digits: 0, lang: language })
  return {
    loan: lines(
      [
        credit / annuity,
        fr
          ? `≈ ${plain(credit / annuity, 0)} mensualités hors intérêts`
          : `≈ ${plain(credit / annuity, 0)} instalments before interest`,
      ],
      [
        credit / price,
        fr
          ? `le crédit couvre ${share(credit / price)} du prix`
          : `the loan covers ${share(credit / price)} of the price`,
      ],
    ),
    income: lines(
      [
        annuity / income,
        fr
          ? `la mensualité prend ${share(annuity / income)} des revenus`
          : `the instalment takes ${share(annuity / income)} of income`,
      ],
      [
        credit / income,
        fr
          ? `le crédit fait ${plain(credit / income, 1)} fois les revenus`
          : `the loan is ${plain(credit / income, 1)} times income`,
      ],
    ),
    client: lines([-birth, fr ? `${Math.floor(-birth / 365.25)} ans` : `aged ${Math.floor(-birth / 365.25)}`]),
  }
}
