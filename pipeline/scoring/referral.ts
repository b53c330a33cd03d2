/** Whether a person must look at a score, and why: the risk is near the threshold, a history was not supplied, or its rows hold what no model has seen. */

import type { UnknownLevels } from '../data/levels.ts'
import { columnOf, type HistoryTable, type TableName } from '../data/schema/tables.ts'
import { historyGroups } from '../data/supplied.ts'
import type { Words } from '../features/rules/check/definitions.ts'
import type { Warning } from './warnings.ts'
import { raised } from './wording/format-feature-value.ts'

/** Why a person must look. */
export const referralCodes = [
  'near_threshold',
  'history_not_supplied',
  'unknown_history_level',
  'left_blank',
  'outside_experience',
] as const

export interface Referral {
  readonly code: (typeof referralCodes)[number]
  readonly text: Words
}

/** A warning as it was recorded: `tables` are the history tables that it is about. */
interface Recorded {
  readonly code: string
  readonly tables?: readonly string[]
}

const names: Readonly<Record<HistoryTable, Words>> = {
  bureau: { fr: 'crédits dans d’autres établissements', en: 'loans with other lenders' },
  bureau_balance: { fr: 'leurs états mensuels', en: 'their monthly statuses' },
  previous_application: { fr: 'demandes précédentes chez nous', en: 'earlier applications with us' },
  POS_CASH_balance: { fr: 'mois des crédits chez nous', en: 'months of loans with us' },
  installments_payments: { fr: 'échéances payées', en: 'instalments paid' },
  credit_card_balance: { fr: 'mois des cartes de crédit', en: 'months of credit cards' },
}
const groupNames: readonly Words[] = [
  { fr: 'Fichier des crédits', en: 'Credit bureau' },
  { fr: 'Historique chez nous', en: 'History with us' },
]

/** One warning a group of tables, with the tables of it that were not supplied. */
export const notSuppliedWarnings = (tables: readonly HistoryTable[]): Warning[] =>
  historyGroups.flatMap((group, i) => {
    const missing = group.filter((name) => tables.includes(name))
    const [first] = missing
    if (!first) return []
    const listed = (language: 'fr' | 'en') => missing.map((name) => names[name][language]).join(', ')
    return [
      {
        field: first,
        code: 'history_not_supplied',
        tables: missing,
        text: {
          fr: `${groupNames[i]!.fr} non fourni (${listed('fr')})\u00a0: compté comme inconnu.`,
          en: `${groupNames[i]!.en} not supplied (${listed('en')}): counted as unknown.`,
        },
      },
    ]
  })

/** One warning a column of the history whose texts are none of the published levels: what counts rows by these levels misses its own. */
export const unknownLevelWarnings = (found: readonly UnknownLevels[]): Warning[] =>
  found.flatMap(({ table, levels }) =>
    [...Map.groupBy(levels, ({ column }) => column)].map(([field, values]): Warning => {
      const { label } = columnOf(table, field)
      const listed = (left: string, right: string) =>
        `${values
          .slice(0, 3)
          .map(({ value }) => `${left}${value}${right}`)
          .join(', ')}${values.length > 3 ? ', …' : ''}`
      const isOne = values.length === 1
      return {
        field,
        code: 'unknown_history_level',
        tables: [table as HistoryTable],
        text: {
          fr: `${raised(nameOf(table).fr)}, ${label.fr.toLowerCase()}\u00a0: ${listed('«\u00a0', '\u00a0»')} ${isOne ? 'est inconnu' : 'sont inconnus'} du modèle\u00a0; ces lignes ne comptent avec aucune valeur connue.`,
          en: `${raised(nameOf(table).en)}, ${label.en.toLowerCase()}: ${listed('“', '”')} ${isOne ? 'is' : 'are'} unknown to the model; these rows count with no known value.`,
        },
      }
    }),
  )

const nameOf = (table: TableName): Words => names[table as HistoryTable]

/** The history tables that were not supplied, by the warnings of a score. */
export const tablesNotSupplied = (warnings: readonly Recorded[]): ReadonlySet<string> =>
  new Set(warnings.flatMap(({ code, tables = [] }) => (code === 'history_not_supplied' ? tables : [])))

/** Why a person must look, of a score or a recorded prediction; none where nobody must. Equal bounds of the grey zone: there is none. */
export function referralOf(
  probability: number,
  greyZone: { readonly lower: number; readonly upper: number },
  warnings: readonly Recorded[],
): Referral[] {
  const isNear = greyZone.lower < greyZone.upper && probability >= greyZone.lower && probability <= greyZone.upper
  const has = (wanted: Warning['code']) => warnings.some(({ code }) => code === wanted)
  return [
    ...(tablesNotSupplied(warnings).size > 0 ? [historyMissing] : []),
    ...(has('unknown_history_level') ? [historyUnknown] : []),
    ...(has('left_blank') ? [leftBlank] : []),
    ...(has('outside_experience') ? [outsideExperience] : []),
    ...(isNear ? [nearThreshold] : []),
  ]
}

const historyMissing: Referral = {
  code: 'history_not_supplied',
  text: {
    fr: 'L’historique de crédit n’a pas été fourni en entier\u00a0: le risque estimé n’est pas fiable.',
    en: 'The credit history was not supplied in full: the estimated risk is not reliable.',
  },
}
const historyUnknown: Referral = {
  code: 'unknown_history_level',
  text: {
    fr: 'L’historique contient des valeurs inconnues du modèle\u00a0: le risque estimé n’est pas fiable.',
    en: 'The credit history holds values unknown to the model: the estimated risk is not reliable.',
  },
}
const leftBlank: Referral = {
  code: 'left_blank',
  text: {
    fr: 'L’accord pourrait dépendre d’un champ laissé vide.',
    en: 'The approval may depend on a field that was left blank.',
  },
}
const outsideExperience: Referral = {
  code: 'outside_experience',
  text: {
    fr: 'L’accord pourrait dépendre d’une valeur que le modèle n’a jamais vue.',
    en: 'The approval may depend on a value that the model has never seen.',
  },
}
const nearThreshold: Referral = {
  code: 'near_threshold',
  text: { fr: 'Le risque est proche du seuil.', en: 'The risk is close to the cut-off.' },
}
