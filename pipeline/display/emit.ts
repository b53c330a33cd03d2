/** Hands one whole output bundle to the tslab kernel: its public display functions take one MIME type and text only. */
import { createRequire } from 'node:module'

export interface Bundle {
  readonly data: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
}

interface Kernel {
  readonly lastWriteDisplayData: ((bundle: Bundle & { transient: object }) => void) | null
}

/** Throws outside of a tslab kernel. */
export function emit(bundle: Bundle): void {
  const kernel: Kernel = createRequire(import.meta.url)('tslab/dist/jupyter.js')
  if (!kernel.lastWriteDisplayData) throw new Error('figures and tables are shown inside a tslab notebook only')
  kernel.lastWriteDisplayData({ ...bundle, transient: {} })
}
