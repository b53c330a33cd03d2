/** Every refusal of the API: one error class, answered as application/problem+json (RFC 9457) in French or English. */
import type { Context } from 'hono'
import { number } from 'report-kit'
import { type Language, languageOf, type Text } from './language.ts'

/** One fault of a body or a query: where (JSON pointer, RFC 6901), which, and in words; never the value itself. */
export interface Fault {
  readonly pointer: string
  readonly code: string
  readonly detail: Text
}

/** A name as part of a JSON pointer. */
export const escapePointer = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** Faults that one answer lists; the others are counted. */
export const mostFaults = 100

interface Kind {
  readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 408 | 413 | 415 | 421 | 422 | 429 | 500 | 503
  readonly title: Text
}

export const kinds = {
  'malformed-json': {
    status: 400,
    title: { fr: 'Le corps n’est pas du JSON lisible.', en: 'The body is not readable JSON.' },
  },
  'malformed-form': {
    status: 400,
    title: { fr: 'Le formulaire envoyé n’est pas lisible.', en: 'The form that was sent cannot be read.' },
  },
  interrupted: {
    status: 400,
    title: { fr: 'La requête s’est arrêtée avant la fin de son corps.', en: 'The request ended before its body did.' },
  },
  'too-slow': {
    status: 408,
    title: {
      fr: 'La ligne suivante n’est pas arrivée entière en 60 secondes.',
      en: 'The next line did not arrive whole within 60 seconds.',
    },
  },
  'malformed-request': {
    status: 400,
    title: {
      fr: 'L’adresse ou l’en-tête Host de la requête n’est pas lisible.',
      en: 'The address or the Host header of the request cannot be read.',
    },
  },
  'wrong-host': {
    status: 421,
    title: {
      fr: 'Sans clés, ce service ne répond que sous localhost, 127.0.0.1 ou [::1]. Réglez API_KEYS, ou ALLOW_ANONYMOUS=1 pour répondre à n’importe qui sous tout nom.',
      en: 'Without keys this service answers as localhost, 127.0.0.1 or [::1] only. Set API_KEYS, or ALLOW_ANONYMOUS=1 to answer anybody under any name.',
    },
  },
  'invalid-query': {
    status: 400,
    title: { fr: 'L’adresse contient un paramètre refusé.', en: 'The address holds a parameter that is refused.' },
  },
  'invalid-header': {
    status: 400,
    title: { fr: 'Un en-tête de la requête est refusé.', en: 'A header of the request is refused.' },
  },
  'key-required': { status: 401, title: { fr: 'Une clé valable est nécessaire.', en: 'A valid key is required.' } },
  'not-allowed': {
    status: 403,
    title: { fr: 'Le rôle de cette clé ne suffit pas.', en: 'The role of this key is not enough.' },
  },
  'cross-site': {
    status: 403,
    title: { fr: 'Formulaire envoyé depuis un autre site.', en: 'Form sent from another site.' },
  },
  'not-found': { status: 404, title: { fr: 'Rien à cette adresse.', en: 'Nothing at this address.' } },
  'unknown-client': {
    status: 404,
    title: { fr: 'Ce client n’est pas dans le modèle servi.', en: 'This client is not in the model being served.' },
  },
  'method-not-allowed': {
    status: 405,
    title: { fr: 'Cette adresse n’accepte pas cette méthode.', en: 'This address does not take this method.' },
  },
  'not-acceptable': {
    status: 406,
    title: { fr: 'La réponse n’existe qu’en JSON.', en: 'The answer exists as JSON only.' },
  },
  'too-large': { status: 413, title: { fr: 'Le corps dépasse 2 Mo.', en: 'The body is larger than 2 MB.' } },
  'form-too-large': { status: 413, title: { fr: 'Le corps dépasse 64 ko.', en: 'The body is larger than 64 kB.' } },
  'batch-too-large': {
    status: 413,
    title: {
      fr: 'Le lot dépasse 32 Mo ou 10 000 demandes : envoyez-le en NDJSON.',
      en: 'The batch is larger than 32 MB or 10,000 applications: send it as NDJSON.',
    },
  },
  'unsupported-media-type': {
    status: 415,
    title: { fr: 'Le corps n’est pas dans un format accepté.', en: 'The body is not in a format that is taken.' },
  },
  'invalid-application': {
    status: 422,
    title: {
      fr: 'La demande ne peut pas être évaluée telle quelle.',
      en: 'The application cannot be scored as it is.',
    },
  },
  'invalid-review': {
    status: 422,
    title: {
      fr: 'Cette décision ne peut pas être enregistrée telle quelle.',
      en: 'This decision cannot be recorded as it is.',
    },
  },
  'invalid-outcomes': {
    status: 422,
    title: {
      fr: 'Ces dénouements ne peuvent pas être enregistrés tels quels.',
      en: 'These outcomes cannot be recorded as they are.',
    },
  },
  'key-reused': {
    status: 422,
    title: {
      fr: 'Cette clé d’idempotence a déjà servi pour une autre demande.',
      en: 'This idempotency key was used for another request.',
    },
  },
  'unknown-prediction': {
    status: 404,
    title: { fr: 'Cette proposition n’est pas dans le journal.', en: 'This suggestion is not in the journal.' },
  },
  'too-many-requests': {
    status: 429,
    title: { fr: 'Trop de requêtes : patientez.', en: 'Too many requests: wait a little.' },
  },
  internal: { status: 500, title: { fr: 'Erreur interne.', en: 'Internal error.' } },
  'journal-down': {
    status: 503,
    title: {
      fr: 'Le journal ne répond pas : aucune proposition n’est donnée tant qu’elle ne peut pas être enregistrée.',
      en: 'The journal does not answer: no suggestion is given while it cannot be recorded.',
    },
  },
  stopping: { status: 503, title: { fr: 'Le service s’arrête.', en: 'The service is stopping.' } },
} as const satisfies Record<string, Kind>

export type ProblemCode = keyof typeof kinds

export class Problem extends Error {
  readonly code: ProblemCode
  /** The first of them. */
  readonly faults: readonly Fault[]
  /** How many others were found. */
  readonly moreFaults: number
  readonly headers: Readonly<Record<string, string>>

  /** `moreFaults`: found in addition to `faults` and not listed there. */
  constructor(
    code: ProblemCode,
    o: { faults?: readonly Fault[]; moreFaults?: number; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(kinds[code].title.en, { cause: o.cause })
    this.name = 'Problem'
    this.code = code
    const faults = o.faults ?? []
    this.faults = faults.slice(0, mostFaults)
    this.moreFaults = faults.length - this.faults.length + (o.moreFaults ?? 0)
    this.headers = o.headers ?? {}
  }

  get status(): Kind['status'] {
    return kinds[this.code].status
  }

  get title(): Text {
    return kinds[this.code].title
  }
}

const andMore = (more: number): Text => ({
  fr: `Et ${number(more, { lang: 'fr' })} de plus, qui ne sont pas listés.`,
  en: `And ${number(more)} more, which are not listed.`,
})

/** The members of the problem document; `errors` holds the faults, the first hundred of them, and `moreErrors` how many others there are. */
export function problemBody(problem: Problem, language: Language, requestId: string) {
  return {
    type: `urn:problem:${problem.code}`,
    title: problem.title[language],
    status: problem.status,
    instance: `urn:request:${requestId}`,
    ...(problem.faults.length > 0 && {
      errors: problem.faults.map(({ pointer, code, detail }) => ({ pointer, code, detail: detail[language] })),
    }),
    ...(problem.moreFaults > 0 && { moreErrors: problem.moreFaults, detail: andMore(problem.moreFaults)[language] }),
  }
}

export function answerProblem(c: Context, problem: Problem): Response {
  const language = languageOf(c)
  return c.body(JSON.stringify(problemBody(problem, language, c.get('requestId'))), problem.status, {
    'content-type': 'application/problem+json',
    'content-language': language,
    ...problem.headers,
  })
}
