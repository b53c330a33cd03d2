/** What `dvc repro` prints, read as it comes: which stage begins, ends or is skipped. */

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

export function reader(onProgress: (progress: Progress) => void): Reader {
  const result = { ran: [] as string[], skipped: [] as string[], restored: [] as string[] }
  let running: string | null = null
  let last: string[] = []
  const finish = () => {
    if (running === null) return
    result.ran.push(running)
    onProgress({ stage: running, state: 'done', line: '' })
    running = null
  }
  return {
    line(line) {
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
      } else if (running !== null && line.trim() !== '') {
        last = [...last.slice(-19), line]
        onProgress({ stage: running, state: 'line', line })
      }
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
