/** This project's side of bench/drift.ts: `npm run drift` as npm runs it, from dist/; prints seconds and peak memory as its last line. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const processor = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
const [reference, current, folder] = process.argv.slice(2)
const { main } = await import('../dist/commands/drift.js')
const started = processor()
await main([reference, current, '--policy', 'evidently', '--out', folder])
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])
const { dataset } = JSON.parse(readFileSync(join(folder, 'drift.json'), 'utf8'))
console.log(
  JSON.stringify({
    processor: processor(),
    work: processor() - started,
    clock: performance.now() / 1000,
    peak,
    drifted: dataset.drifted,
  }),
)
