/** What `dvc repro` prints, read as it comes: which stage begins, ends or is skipped. What a stage prints is its own affair, whatever it says. */

export interface Progress {
  readonly stage: string
  /** line: printed while the stage runs; restored: its outputs came from the cache of earlier runs. */
  readonly state: 'running' | 'line' | 'done' | 'skipped' | 'restored'
  readonly line: string
}

/** Stages by what became of them, in the order of the run. */
export interface Reproduced {
  readonly ran: readonly string[]
  readonly skipped: readonly string[]
  readonly restored: readonly string[]
}

export interface Reader {
  readonly line: (line: string) => void
  /** The stage that runs, or null. */
  readonly running: string | null
  /** The last lines of the stage that runs. */
  readonly last: readonly string[]
  end(): Reproduced
}

/** @param mark the word that stands before each line of dvc's own (see bridge.ts); lines are taken as they are until one has it */
export function reader(onProgress: (progress: Progress) => void, mark = ''): Reader {
  const sign = `\x1e${mark} `
  let isMarked = false
  const result = { ran: [] as string[], skipped: [] as string[], restored: [] as string[] }
  let running: string | null = null
  let last: string[] = []
  const finish = () => {
    if (running === null) return
    result.ran.push(running)
    onProgress({ stage: running, state: 'done', line: '' })
    running = null
  }
  const said = (line: string) => {
    if (running === null || line.trim() === '') return
    last = [...last.slice(-19), line]
    onProgress({ stage: running, state: 'line', line })
  }
  const own = (line: string) => {
    const begun = /^Running stage '(.+)':/.exec(line)?.[1]
    const skipped = /^Stage '(.+)' didn't change, skipping|^'(.+\.dvc)' didn't change, skipping/.exec(line)
    const restored = /^Stage '(.+)' is cached - skipping run/.exec(line)?.[1]
    const verified = /^Verifying (?:data sources in stage: |outputs in frozen stage: )'(.+)'/.exec(line)?.[1]
    if (begun !== undefined) {
      finish()
      running = begun
      last = []
      onProgress({ stage: begun, state: 'running', line })
    } else if (skipped || verified !== undefined) {
      finish()
      const stage = verified ?? skipped?.[1] ?? skipped?.[2] ?? ''
      result.skipped.push(stage)
      onProgress({ stage, state: 'skipped', line })
    } else if (restored !== undefined) {
      finish()
      result.restored.push(restored)
      onProgress({ stage: restored, state: 'restored', line })
    } else said(line)
  }
  return {
    line(line) {
      const at = line.indexOf(sign)
      if (at < 0) return isMarked ? said(line) : own(line)
      // What a stage printed last may have had no end of line.
      if (at > 0) said(line.slice(0, at))
      isMarked = true
      own(line.slice(at + sign.length))
    },
    get running() {
      return running
    },
    get last() {
      return last
    },
    end() {
      finish()
      return result
    },
  }
}
