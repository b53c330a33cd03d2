/** Loaded before a stage (`node --import`): writes what the process took, as JSON, into the file that BENCH_METER names. */
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  const taken = {
    clock: performance.now() / 1000,
    processor: (user + system) / 1e6,
    peak: process.resourceUsage().maxRSS / 1e6,
  }
  writeFileSync(process.env.BENCH_METER!, JSON.stringify(taken))
})
