/** A client's history as a person brings it: pasted JSON, or files of JSON or CSV known by their header; read, and read back. */

import { isUtf8 } from 'node:buffer'
import { number } from 'report-kit'
import { append } from '../../pipeline/data/append.ts'
import type { Row, Value } from '../../pipeline/data/applicant.ts'
import { isMissingText, numberOf, type Separator } from '../../pipeline/data/csv-dialect.ts'
import { csvRows } from '../../pipeline/data/csv-rows.ts'
import { minimum } from '../../pipeline/data/extremes.ts'
import { formatOf } from '../../pipeline/data/file-format.ts'
import type { Column } from '../../pipeline/data/schema/column.ts'
import { type HistoryTable, historyTables, tables } from '../../pipeline/data/schema/tables.ts'
import { parseJson } from '../json.ts'
import type { Language, Text } from '../language.ts'
import { csvFaultText } from './csv-fault-text.ts'
import { wrongFileText } from './wrong-file.ts'

export const mostRows = 5_000 // of one table
export const mostShown = 20 // problems shown; their number is stated

export interface Upload {
  readonly name: string
  readonly bytes: Uint8Array
}

export type History = Partial<Record<HistoryTable, readonly Row[]>>

export interface Brought {
  /** From a file of application rows, which must hold one. */
  readonly application: Row | null
  /** Of the tables that were brought; null when there were none. */
  readonly history: History | null
  readonly problems: readonly Text[]
}

const readable = [...historyTables, 'application_test'] as const
type Readable = (typeof readable)[number]

const isTable = (name: string): name is HistoryTable => historyTables.some((table) => table === name)

/** The table that has all columns of a header; the one with the fewest others where several do. */
export function tableOf(header: readonly string[]): Readable | null {
  const fits = readable.filter((name) => {
    const known = new Set<string>(tables[name].columns.map((column) => column.name))
    return header.length > 1 && header.every((column) => known.has(column))
  })
  return fits.toSorted((a, b) => tables[a].columns.length - tables[b].columns.length)[0] ?? null
}

/** Reads what was pasted and all files; nothing is thrown, every problem is listed. */
export function readHistories(pasted: string, files: readonly Upload[]): Brought {
  const found: History = {}
  const problems: Text[] = []
  let application: Row | null = null
  let any = false
  const add = (name: Readable, rows: readonly Row[], of: string) => {
    any = true
    if (rows.length > mostRows)
      problems.push({
        fr: `${of} : ${number(rows.length, { lang: 'fr' })} lignes, ${number(mostRows, { lang: 'fr' })} au plus.`,
        en: `${of}: ${number(rows.length)} rows, ${number(mostRows)} at most.`,
      })
    if (name !== 'application_test') found[name] = [...(found[name] ?? []), ...rows]
    else if (rows.length === 1) application = rows[0]!
    else
      problems.push({
        fr: `${of} : ${rows.length} demandes, une seule attendue.`,
        en: `${of}: ${rows.length} applications, one expected.`,
      })
  }
  if (pasted.trim() !== '') addJson(pasted, { fr: 'Historique', en: 'History' }, add, problems)
  for (const { name, bytes } of files) {
    const format = formatOf(bytes)
    if (format) {
      problems.push(wrongFileText(name, format))
      continue
    }
    if (/^(\xef\xbb\xbf)?\s*[{[]/.test(Buffer.from(bytes.subarray(0, 1024)).toString('latin1')))
      addJsonFile(bytes, name, add, problems)
    else addCsv(bytes, name, add, problems)
  }
  return { application, history: any ? found : null, problems }
}

type Add = (table: Readable, rows: readonly Row[], of: string) => void

function addJsonFile(bytes: Uint8Array, name: string, add: Add, problems: Text[]): void {
  if (isUtf8(bytes))
    addJson(new TextDecoder().decode(bytes), { fr: `Fichier ${name}`, en: `File ${name}` }, add, problems)
  else
    problems.push({
      fr: `Fichier ${name} : un texte en UTF-8 est attendu, le codage est autre.`,
      en: `File ${name}: expected text in UTF-8, found another encoding.`,
    })
}

function addJson(text: string, what: Text, add: Add, problems: Text[]): void {
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    problems.push({
      fr: `${what.fr} : ce n’est pas du JSON lisible. Vérifiez accolades, guillemets et virgules, ou envoyez un fichier CSV.`,
      en: `${what.en}: not readable JSON. Check braces, quotes and commas, or send a CSV file.`,
    })
    return
  }
  const whole = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  if (!whole) {
    problems.push({
      fr: `${what.fr} : un objet JSON aux noms des tables est attendu, par exemple { "bureau": [ … ] }.`,
      en: `${what.en}: a JSON object by table name is expected, for example { "bureau": [ … ] }.`,
    })
    return
  }
  // The whole object of the API is taken too.
  const inner =
    'history' in whole && typeof whole.history === 'object' && whole.history !== null ? whole.history : whole
  if ('application' in whole && typeof whole.application === 'object' && whole.application !== null)
    add('application_test', [whole.application as Row], what.fr)
  const isBare = Object.keys(whole).some((name) => tables.application_test.columns.some((one) => one.name === name))
  if (isBare) {
    problems.push({
      fr: `${what.fr} : c’est une demande seule ; entourez-la de { "application": … }.`,
      en: `${what.en}: this is an application by itself; put it into { "application": … }.`,
    })
    return
  }
  for (const [name, rows] of Object.entries(inner)) {
    if (name === 'application') continue
    if (isTable(name) && Array.isArray(rows)) add(name, rows, name)
    else
      problems.push({
        fr: isTable(name)
          ? `${what.fr} : « ${name} » doit être une liste de lignes, [ { … }, … ].`
          : `${what.fr} : « ${name} » n’est pas une table d’historique (${historyTables.join(', ')}).`,
        en: isTable(name)
          ? `${what.en}: “${name}” must be a list of rows, [ { … }, … ].`
          : `${what.en}: “${name}” is not a table of history (${historyTables.join(', ')}).`,
      })
  }
}

function addCsv(bytes: Uint8Array, file: string, add: Add, problems: Text[]): void {
  const { names, rows: lines, separator, faults } = csvRows(bytes, { mayBeEmpty: true })
  if (faults.length > 0) {
    append(
      problems,
      faults.map((fault) => csvFaultText(file, fault)),
    )
    return
  }
  const table = tableOf(names)
  if (!table) {
    const odd = names.find(
      (name) => !readable.some((one) => tables[one].columns.some((column) => column.name === name)),
    )
    problems.push({
      fr: `Fichier ${file} : ses colonnes ne sont celles d’aucune table${odd ? ` (« ${odd.slice(0, 40)} » est inconnue)` : ''}.`,
      en: `File ${file}: its columns belong to no table${odd ? ` (“${odd.slice(0, 40)}” is unknown)` : ''}.`,
    })
    return
  }
  const missing = tables[table].key.find((column) => /^SK_ID_(?!CURR)/.test(column) && !names.includes(column))
  if (missing && table !== 'application_test')
    problems.push({
      fr: `Fichier ${file} : la colonne ${missing} manque.`,
      en: `File ${file}: the column ${missing} is missing.`,
    })
  const columns = names.map((name) => tables[table].columns.find((column) => column.name === name)!)
  const rows = lines.map(({ line, cells }) =>
    Object.fromEntries(
      columns.map((column, i) => [column.name, cellOf(cells[i]!, separator, column, { file, line }, problems)]),
    ),
  )
  add(table, rows, file)
}

function cellOf(
  text: string,
  separator: Separator,
  { name, type }: Column,
  { file, line }: { readonly file: string; readonly line: number },
  problems: Text[],
): Value {
  const plain = text.trim()
  if (isMissingText(plain)) return null
  if (type === 'text') return plain
  const value = numberOf(plain, separator)
  if (Number.isFinite(value)) return value
  const shown = plain.slice(0, 40)
  problems.push({
    fr: `${file}, ligne ${line}, ${name} : « ${shown} » n’est pas un nombre.`,
    en: `${file}, line ${line}, ${name}: “${shown}” is not a number.`,
  })
  return null
}

/** What was understood, one sentence a table, to be read before scoring. */
export function readBack(history: History, now: number, language: Language): string[] {
  const fr = language === 'fr'
  const year = (days: number) => new Date(now + days * 86_400_000).getUTCFullYear()
  const n = (count: number, one: string, many: string) =>
    `${number(count, { lang: language })} ${count === 1 || (fr && count === 0) ? one : many}`
  const numbers = (rows: readonly Row[], column: string) =>
    rows.flatMap((row) => (typeof row[column] === 'number' ? [row[column]] : []))
  const count = (rows: readonly Row[], passes: (row: Row) => boolean) => rows.filter(passes).length
  const say: Readonly<Record<HistoryTable, (rows: readonly Row[]) => string>> = {
    bureau: (rows) => {
      const active = count(rows, (row) => row.CREDIT_ACTIVE === 'Active')
      const oldest = minimum(numbers(rows, 'DAYS_CREDIT'))
      const since = Number.isFinite(oldest)
        ? fr
          ? `, le plus ancien de ${year(oldest)}`
          : `, the oldest of ${year(oldest)}`
        : ''
      return fr
        ? `ailleurs : ${n(rows.length, 'crédit', 'crédits')} dont ${number(active, { lang: language })} en cours${since}`
        : `elsewhere: ${n(rows.length, 'loan', 'loans')}, ${active} running${since}`
    },
    bureau_balance: (rows) =>
      fr
        ? `ailleurs : ${n(rows.length, 'mois', 'mois')} de suivi`
        : `elsewhere: ${n(rows.length, 'month', 'months')} of record`,
    previous_application: (rows) => {
      const declined = number(
        count(rows, (row) => row.NAME_CONTRACT_STATUS === 'Refused'),
        { lang: language },
      )
      return fr
        ? `chez nous : ${n(rows.length, 'demande', 'demandes')} dont ${declined} refusées`
        : `with us: ${n(rows.length, 'application', 'applications')}, ${declined} declined`
    },
    POS_CASH_balance: (rows) =>
      fr ? `${n(rows.length, 'mois', 'mois')} de crédit` : `${n(rows.length, 'month', 'months')} of loans`,
    installments_payments: (rows) => {
      const late = number(
        count(rows, (row) => Number(row.DAYS_ENTRY_PAYMENT ?? Number.NaN) > Number(row.DAYS_INSTALMENT ?? Number.NaN)),
        { lang: language },
      )
      return fr
        ? `${n(rows.length, 'échéance', 'échéances')} dont ${late} payées en retard`
        : `${n(rows.length, 'instalment', 'instalments')}, ${late} paid late`
    },
    credit_card_balance: (rows) =>
      fr ? `${n(rows.length, 'mois', 'mois')} de carte` : `${n(rows.length, 'month', 'months')} of credit card`,
  }
  return historyTables.flatMap((name) => {
    const rows = history[name]
    return rows && rows.length > 0 ? [say[name](rows)] : []
  })
}
