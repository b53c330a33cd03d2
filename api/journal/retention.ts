/** How long each kind of record is kept (JOURNAL_RETENTION), and what is older erased: by the service each hour, or by the command. */

import { noneErased, summed } from './erasing.ts'
import { type ErasableTable, type Erased, erasableTables, type Journal } from './journal.ts'

const day = 86_400_000 // milliseconds
const every = 3_600_000

/** Days by kind; of a kind that is not named everything is kept. */
export type Retention = Readonly<Partial<Record<ErasableTable, number>>>

/** Of predictions everything goes that hangs on them. */
export async function retain(journal: Journal, retention: Retention, now: number): Promise<Erased> {
  const erasure = { at: new Date(now).toISOString(), caller: null, cause: 'retention' } as const
  let erased: Erased = noneErased
  for (const table of erasableTables) {
    const days = retention[table]
    if (days === undefined) continue
    const before = new Date(now - days * day).toISOString()
    erased = summed(erased, await journal.eraseBefore(table, before, erasure))
  }
  return erased
}

export const erasedWords = (erased: Erased): string =>
  erasableTables
    .filter((table) => erased[table] > 0)
    .map((table) => `${erased[table]} of ${table}`)
    .join(', ') || 'nothing'

/** Now and each hour, until it is stopped; what goes wrong is said and tried again. */
export function startRetention(
  journal: Journal,
  retention: Retention,
  o: { readonly now: () => number; readonly say: (text: string) => void },
): () => Promise<void> {
  if (Object.keys(retention).length === 0) return async () => {}
  let running: Promise<void> = Promise.resolve()
  const once = async () => {
    try {
      const erased = await retain(journal, retention, o.now())
      if (Object.values(erased).some((count) => count > 0)) o.say(`JOURNAL_RETENTION: erased ${erasedWords(erased)}`)
    } catch (error) {
      o.say(`JOURNAL_RETENTION: ${error instanceof Error ? error.message : error}`)
    }
  }
  const start = () => {
    running = running.then(once)
  }
  start()
  const timer = setInterval(start, every).unref()
  return () => {
    clearInterval(timer)
    return running
  }
}
