/** `npm run check`: what CI runs: tests, verify, the pipeline here, the notebooks on it and, where buildah is, the image. */
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { argumentsOf } from './usage.ts'

const root = join(import.meta.dirname, '..')
const node = [process.execPath, '--conditions=source']
export const steps: readonly { name: string; command: readonly string[] }[] = [
  { name: 'test', command: [...node, 'commands/test.ts'] },
  { name: 'verify', command: [...node, 'commands/verify.ts', '--share'] },
  // The notebooks and the image need what the pipeline makes: it is taken from what verify made.
  { name: 'repro', command: [...node, 'commands/repro.ts'] },
  { name: 'notebooks', command: [...node, 'commands/notebooks.ts', '--check'] },
  { name: 'notebooks -- --changed', command: [...node, 'commands/notebooks.ts', '--changed'] },
  { name: 'image', command: ['bash', 'commands/image.sh'] },
]

/** Runs a step, showing what it prints; its closing line `N passed, N failed`, where it has one, counts its tests. */
function run(command: readonly string[]): Promise<{ passed: number; failed: number }> {
  const child = spawn(command[0]!, command.slice(1), { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    process.stdout.write(text.replace(/^(\d+ passed, \d+ failed)$/gm, 'tests: $1'))
  })
  return new Promise((resolve) =>
    child.on('close', (code) => {
      const counted = /^(\d+) passed, (\d+) failed$/m.exec(output)
      if (!counted) return resolve(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
      const failed = Number(counted[2])
      resolve({ passed: Number(counted[1]), failed: failed === 0 && code !== 0 ? 1 : failed })
    }),
  )
}

const hasBuildah = () =>
  spawnSync('buildah', ['--version']).status === 0 && spawnSync('mmdebstrap', ['--version']).status === 0

const usage =
  'npm run check: test, verify, repro, notebooks, image, one after the other, up to an hour; the image only where buildah and mmdebstrap are'

async function main() {
  argumentsOf(usage, {})
  const total = { passed: 0, failed: 0 }
  const lines: string[] = []
  for (const { name, command } of steps) {
    if (name === 'image' && !hasBuildah()) {
      lines.push(`not run: ${name} (needs buildah and mmdebstrap: apt-get install buildah mmdebstrap)`)
      continue
    }
    console.log(`\n== ${name}`)
    const start = performance.now()
    const { passed, failed } = await run(command)
    total.passed += passed
    total.failed += failed
    lines.push(`${name}: ${failed === 0 ? 'ok' : 'FAILED'} in ${((performance.now() - start) / 1000).toFixed(0)} s`)
  }
  console.log(`\n${lines.join('\n')}\n${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed === 0 ? 0 : 1
}

if (import.meta.main) await main()
