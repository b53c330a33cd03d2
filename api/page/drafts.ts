/** What was typed into a form that is shown again by a GET: in memory, for an hour, for the session that typed it. */
import { randomBytes } from 'node:crypto'
import type { Language } from '../language.ts'
import type { Typed } from './answers.ts'
import type { Brought } from './histories.ts'
import type { Session } from './session.ts'

const lasts = 3_600_000 // milliseconds
const most = 200 // drafts
const mostSize = 64_000_000 // characters of all drafts

export interface Draft {
  readonly form: Typed
  /** In which the numbers were typed. */
  readonly language: Language
  /** Read from the files that came with it: a browser cannot be given them back. */
  readonly brought: Brought | null
  /** Whether it was sent to be accepted, so that its errors are shown. */
  readonly isRefused: boolean
}

interface Kept {
  readonly draft: Draft
  readonly owner: string
  readonly until: number
  readonly size: number
}

const ownerOf = ({ token }: Session): string => token ?? ''

/** The oldest drafts go first when there are too many. */
export class Drafts {
  readonly #kept = new Map<string, Kept>()
  #size = 0

  /** Gives the id under which the draft is found. */
  keep(draft: Draft, session: Session, now: number): string {
    const id = randomBytes(12).toString('base64url')
    const size = JSON.stringify([draft.form, draft.brought]).length
    this.#kept.set(id, { draft, owner: ownerOf(session), until: now + lasts, size })
    this.#size += size
    for (const [oldest, { until }] of this.#kept) {
      if (oldest === id || (until > now && this.#kept.size <= most && this.#size <= mostSize)) break
      this.#drop(oldest)
    }
    return id
  }

  /** Null where there is none under that id, it is too old or another session's. */
  find(id: string, session: Session, now: number): Draft | null {
    const kept = this.#kept.get(id)
    return kept && kept.until > now && kept.owner === ownerOf(session) ? kept.draft : null
  }

  #drop(id: string): void {
    this.#size -= this.#kept.get(id)?.size ?? 0
    this.#kept.delete(id)
  }
}
