/** A turn of the event loop for each large body: many at once keep others waiting no longer than one does. */
import { setImmediate as turn } from 'node:timers/promises'

const largeBytes = 65_536 // a smaller body is read in a millisecond or two

let latest = Promise.resolve()

/** Resolves in a turn in which no other large body, or part of a batch, is worked on; a body of `bytes` that is small need not wait. */
export async function ownTurn(bytes = largeBytes): Promise<void> {
  if (bytes < largeBytes) return
  latest = latest.then(() => turn())
  await latest
}
