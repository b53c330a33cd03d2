/** The faults of a request in words: what was expected at a pointer; a fault never repeats the applicant's value. */
import { number } from 'report-kit'
import { boundsOf } from '../pipeline/data/row-reader.ts'
import type { Column } from '../pipeline/data/schema/column.ts'
import { historyTables, tables } from '../pipeline/data/schema/tables.ts'
import type { ValueKind } from '../pipeline/data/value-kind.ts'
import type { Language, Text } from './language.ts'
import type { Fault } from './problems.ts'

const texts: Readonly<Record<string, Text>> = {
  not_an_object: { fr: 'Attendu : un objet JSON.', en: 'Expected a JSON object.' },
  not_an_id: { fr: 'Attendu : un identifiant entier positif.', en: 'Expected a positive integer id.' },
  not_a_decision: { fr: 'Attendu : approved, declined ou referred.', en: 'Expected approved, declined or referred.' },
  not_an_override_reason: {
    fr: 'Attendu : un code (missing, wrong, special, guarantee, other) et un texte.',
    en: 'Expected a code (missing, wrong, special, guarantee, other) and a text.',
  },
  override_reason_too_short: {
    fr: 'Le motif d’une décision contraire compte 20 caractères ou plus.',
    en: 'The reason for overriding the suggestion has 20 characters or more.',
  },
  override_reason_required: {
    fr: 'La décision va contre la proposition : un motif est nécessaire.',
    en: 'The decision overrides the suggestion: a reason is required.',
  },
  not_a_list: { fr: 'Attendu : une liste JSON.', en: 'Expected a JSON array.' },
  list_length: { fr: 'Attendu : une liste de 1 à 10 000 éléments.', en: 'Expected a list of 1 to 10,000 items.' },
  not_an_outcome_status: { fr: 'Attendu : repaid ou defaulted.', en: 'Expected repaid or defaulted.' },
  not_a_day: { fr: 'Attendu : un jour, AAAA-MM-JJ.', en: 'Expected a day, YYYY-MM-DD.' },
  future_day: { fr: 'Ce jour est dans l’avenir.', en: 'This day lies in the future.' },
  unknown_prediction: {
    fr: 'Cette proposition n’est pas dans le journal.',
    en: 'This suggestion is not in the journal.',
  },
  not_a_key: {
    fr: 'Attendu : de 1 à 255 caractères ASCII visibles.',
    en: 'Expected 1 to 255 visible ASCII characters.',
  },
  key_reused: {
    fr: 'Prenez une nouvelle clé pour une nouvelle demande.',
    en: 'Take a new key for a new request.',
  },
  journal_moved: {
    fr: 'Les fichiers du journal ont été supprimés ou remplacés pendant que le service tournait.',
    en: 'The files of the journal were deleted or replaced while the service ran.',
  },
  journal_unwritable: {
    fr: 'Le journal ne peut pas être écrit en ce moment.',
    en: 'The journal cannot be written at the moment.',
  },
  coded_body: {
    fr: 'Envoyez le corps tel quel, sans compression.',
    en: 'Send the body as it is, without compression.',
  },
  charset: { fr: 'Attendu : de l’UTF-8.', en: 'Expected UTF-8.' },
  too_many_rows: {
    fr: 'Attendu : 20 000 lignes au plus dans une table.',
    en: 'Expected 20,000 rows at most in a table.',
  },
  too_many_fields: {
    fr: 'Le formulaire a plus de 1000 champs.',
    en: 'The form has more than 1000 fields.',
  },
  note_too_long: {
    fr: 'Attendu : une note de 500 caractères au plus.',
    en: 'Expected a note of 500 characters at most.',
  },
  unknown_field: { fr: 'Ce champ n’existe pas.', en: 'There is no such field.' },
  missing: { fr: 'Ce champ est obligatoire.', en: 'This field is required.' },
  another_client: { fr: 'Cette ligne appartient à un autre client.', en: 'This row belongs to another client.' },
  parameter: { fr: 'Paramètre inconnu ou valeur refusée.', en: 'Unknown parameter or value refused.' },
  unknown_loan: {
    fr: 'Ce crédit n’est pas parmi les lignes de bureau.',
    en: 'This loan is not among the rows of bureau.',
  },
}

const refused: Text = { fr: 'Valeur refusée.', en: 'Value refused.' }

/** What was received, by its kind alone. */
const kinds: Readonly<Record<ValueKind, Text>> = {
  nothing: { fr: 'rien', en: 'nothing' },
  null: { fr: 'null', en: 'null' },
  boolean: { fr: 'un booléen', en: 'a boolean' },
  number: { fr: 'un nombre', en: 'a number' },
  text: { fr: 'un texte', en: 'a text' },
  list: { fr: 'une liste', en: 'a list' },
  object: { fr: 'un objet', en: 'an object' },
}

const aTable: Text = {
  fr: 'Attendu : une liste de lignes, chacune un objet JSON ; [] si le client n’en a pas.',
  en: 'Expected a list of rows, each a JSON object; [] where the client has none.',
}
const aRow: Text = { fr: 'Attendu : une ligne, un objet JSON.', en: 'Expected a row, a JSON object.' }

/** What stands at a pointer that names no column: an application, a history, a table or a row. */
function placeExpectation(pointer: string): Text | null {
  const [, root, table, row, ...others] = pointer.split('/')
  if (root !== 'application' && root !== 'history') return null
  if (table === undefined) return texts.not_an_object!
  if (root === 'application' || !historyTables.some((name) => name === table) || others.length > 0) return null
  return row === undefined ? aTable : aRow
}

/** The column that a pointer such as /application/AMT_CREDIT or /history/bureau/3/AMT_CREDIT_SUM names. */
export function columnAt(pointer: string): Column | null {
  const [, root, ...path] = pointer.split('/')
  const table = root === 'application' ? 'application_test' : root === 'history' ? path[0] : undefined
  const schema = Object.entries(tables).find(([name]) => name === table)?.[1]
  return schema?.columns.find(({ name }) => name === path.at(-1)) ?? null
}

/** What a column accepts: "Attendu : un nombre entier de 0 à 23." */
export function expectation({ type, levels, closed, bounds: [low, high] }: Column, lang: Language): string {
  const fr = lang === 'fr'
  const start = fr ? 'Attendu : ' : 'Expected '
  if (type === 'text') {
    if (!closed || !levels) return fr ? 'Attendu : un texte.' : 'Expected a text.'
    return `${start}${levels.join(', ').replace(/, ([^,]*)$/, fr ? ' ou $1' : ' or $1')}.`
  }
  const kind = type === 'number' ? (fr ? 'un nombre' : 'a number') : fr ? 'un nombre entier' : 'a whole number'
  const bound = (value: number) => number(value, { lang })
  if (low !== null && high !== null)
    return `${start}${kind} ${fr ? 'de' : 'from'} ${bound(low)} ${fr ? 'à' : 'to'} ${bound(high)}.`
  if (low !== null) return `${start}${kind} ${fr ? 'd’au moins' : 'of at least'} ${bound(low)}.`
  if (high !== null) return `${start}${kind} ${fr ? 'd’au plus' : 'of at most'} ${bound(high)}.`
  return `${start}${kind}.`
}

/** A fault with its text in both languages; `received` is given where another kind of value was expected. */
export function fault(pointer: string, code: string, received?: ValueKind): Fault {
  const column = columnAt(pointer)
  // Beyond what a whole number may be at all: the bound that nobody writes otherwise.
  const shown = column && code === 'out_of_bounds' ? { ...column, bounds: boundsOf(column) } : column
  const expected =
    texts[code] ??
    (shown ? { fr: expectation(shown, 'fr'), en: expectation(shown, 'en') } : placeExpectation(pointer)) ??
    refused
  if (received === undefined || received === 'nothing') return { pointer, code, detail: expected }
  const quoted = received === 'text' && column !== null && column.type !== 'text'
  return {
    pointer,
    code,
    detail: {
      fr: `${expected.fr} Reçu : ${kinds[received].fr}${quoted ? ' ; un nombre s’écrit sans guillemets' : ''}.`,
      en: `${expected.en} Received ${kinds[received].en}${quoted ? '; a number has no quotes' : ''}.`,
    },
  }
}
