/** The faults of a request in words: what was expected at a pointer; a fault never repeats the applicant's value. */
import { number } from 'report-kit'
import type { Column } from '../pipeline/data/schema/column.ts'
import { tables } from '../pipeline/data/schema/tables.ts'
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

/** A fault with its text in both languages. */
export function fault(pointer: string, code: string): Fault {
  const fixed = texts[code]
  const column = columnAt(pointer)
  const detail = fixed ?? (column ? { fr: expectation(column, 'fr'), en: expectation(column, 'en') } : refused)
  return { pointer, code, detail }
}
