/** A whole file as it was pasted or brought in files: what can be scored, or what to do about it. */
import { tables } from '../../pipeline/data/schema/tables.ts'
import type { Service } from '../env.ts'
import type { Language, Text } from '../language.ts'
import { Problem } from '../problems.ts'
import { type Asked, isObject, parseRequest } from '../request.ts'
import type { FormError } from './form.ts'
import type { Brought } from './histories.ts'
import { errorsOf } from './read-form.ts'

export interface Pasted {
  /** Null where there are errors. */
  readonly asked: Asked | null
  readonly errors: readonly FormError[]
}

const shape = '{ "application": { … }, "history": { … } }'
const remedies = {
  empty: {
    fr: `Rien n’est collé : collez { "client": 100001 } ou ${shape}, ou choisissez des fichiers.`,
    en: `Nothing is pasted: paste { "client": 100001 } or ${shape}, or choose files.`,
  },
  unreadable: {
    fr: `Ce n’est pas du JSON lisible : collez un objet entier, ${shape}.`,
    en: `This is not readable JSON: paste a whole object, ${shape}.`,
  },
  list: {
    fr: `C’est une liste JSON : collez un seul dossier, ${shape}. Une liste de dossiers s’envoie à POST /v1/score/batch.`,
    en: `This is a JSON list: paste one file, ${shape}. A list of files is sent to POST /v1/score/batch.`,
  },
  value: {
    fr: `Un objet JSON est attendu : ${shape}, ou { "client": 100001 }.`,
    en: `A JSON object is expected: ${shape}, or { "client": 100001 }.`,
  },
  bare: {
    fr: 'C’est une demande seule : entourez-la de { "application": … }.',
    en: 'This is an application by itself: put it into { "application": … }.',
  },
} as const satisfies Record<string, Text>

const columns: ReadonlySet<string> = new Set(tables.application_test.columns.map(({ name }) => name))

/** What is wrong with the shape of a pasted value; null where it can be read further. */
function misshapen(value: unknown): Text | null {
  if (Array.isArray(value)) return remedies.list
  if (!isObject(value)) return remedies.value
  if ('client' in value || 'application' in value) return null
  return Object.keys(value).some((key) => columns.has(key)) ? remedies.bare : remedies.value
}

/** `brought` is what came with files, null where the text stands alone. */
export function readPasted(service: Service, text: string, brought: Brought | null, language: Language): Pasted {
  const refused = (all: readonly Text[]): Pasted => ({
    asked: null,
    errors: all.map((one) => ({ column: null, text: one[language] })),
  })
  try {
    if (brought) {
      const { application, history, problems } = brought
      if (problems.length > 0) return refused(problems)
      const asked = parseRequest({ application: application ?? {}, ...(history && { history }) }, service.clients)
      return { asked, errors: [] }
    }
    if (text.trim() === '') return refused([remedies.empty])
    const value: unknown = JSON.parse(text)
    const wrong = misshapen(value)
    return wrong ? refused([wrong]) : { asked: parseRequest(value, service.clients), errors: [] }
  } catch (error) {
    if (error instanceof SyntaxError) return refused([remedies.unreadable])
    if (!(error instanceof Problem) || error.status >= 500) throw error
    const faults = errorsOf(error, service.now(), language)
    return faults.length > 0 ? { asked: null, errors: faults } : refused([error.title])
  }
}
