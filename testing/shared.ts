/** Where the tests find the real sample and the reference packages' golden numbers, when they are there at all. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const shared = process.env.SHARED ?? '../shared'

function within(...parts: string[]): string | null {
  const path = join(shared, ...parts)
  return existsSync(path) ? path : null
}

/** The folder of real rows (competition data: measured here, never copied), or null. */
export const sharedSample = (): string | null => within('real-sample')

/** The folder of reproduced faults, made of synthetic rows, or null. */
export const sharedCases = (): string | null => within('cases')

/** A file of golden numbers, or null. */
export const sharedOracle = (file: string): string | null => within('oracles', file)

/** Tells the runner that a test could not run for want of the real sample; with REQUIRE_SHARED=1 that is a failure. */
export function notRun(title: string): void {
  if (process.env.REQUIRE_SHARED === '1') throw new Error(`${title}: needs the real sample (SHARED=${shared})`)
  console.log(`not run: ${title}`)
}
