/**
 * `npm test`: runs every *.test.ts in a process of its own and cannot pass green on a failing, empty or silent file.
 *
 * uvu exits with 0 when a hook throws, when `test.run()` is forgotten or when `.only` hides the rest, so its exit code is
 * not believed: each file must end in `test.run()`, hold no `.only`, `.skip` or hook, and print that all of a positive number passed.
 * A file that fails beside another is run once more, alone: servers and browsers share two cores here. What then passes is named as
 * unsteady at the end; what fails again has failed. A file that takes over ten minutes has failed.
 * The last line is `N passed, N failed`, counting tests (a file that breaks before it counts is one failure).
 */
import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { argumentsOf } from './usage.ts'

const usage = `npm test [-- PART ...]: the tests, or those of the files whose path holds a PART, such as api/journal`

interface Outcome {
  readonly file: string
  readonly passed: number
  readonly failed: number
  readonly output: string
  readonly seconds: number
}

/** Seconds that one file may take. */
const longest = 600

/** What is wrong with the text of a test file, or null. */
export function faultOf(source: string): string | null {
  if (!/\btest\.run\(\)\s*$/.test(source)) return 'its last line must be test.run()'
  if (/\btest\.(only|skip)\b/.test(source)) return 'it must not hold test.only or test.skip'
  if (/\btest\.(before|after)\b/.test(source)) return 'it must not hold hooks: uvu passes when one throws'
  return null
}

/** Reads uvu's closing summary; null when there is none. */
export function summaryOf(output: string): { total: number; passed: number; skipped: number } | null {
  const number = (word: string) => {
    const found = [...output.matchAll(new RegExp(`^\\s*${word}:\\s+(\\d+)`, 'gm'))].at(-1)
    return found ? Number(found[1]) : null
  }
  const [total, passed, skipped] = [number('Total'), number('Passed'), number('Skipped')]
  return total === null || passed === null || skipped === null ? null : { total, passed, skipped }
}

function judge(file: string, code: number | null, output: string, seconds: number): Outcome {
  const summary = summaryOf(output)
  if (!summary || summary.total === 0)
    return { file, passed: 0, failed: 1, output: `${output}\nno test was counted (exit code ${code})`, seconds }
  const missed = summary.total - summary.passed
  const failed = missed > 0 ? missed : code === 0 && summary.skipped === 0 ? 0 : 1
  return { file, passed: summary.passed, failed, output, seconds }
}

export function run(file: string, folder: string): Promise<Outcome> {
  const fault = faultOf(readFileSync(file, 'utf8'))
  if (fault) return Promise.resolve({ file, passed: 0, failed: 1, output: fault, seconds: 0 })
  const start = performance.now()
  const child = spawn(process.execPath, ['--conditions=source', file], {
    env: { ...process.env, NO_COLOR: '1', TEST_FOLDER: folder },
  })
  const patience = setTimeout(() => {
    output += `\nended after ${longest} s`
    child.kill('SIGKILL')
  }, longest * 1000)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearTimeout(patience)
      resolve(judge(file, code, output, (performance.now() - start) / 1000))
    }),
  )
}

async function main() {
  const { positionals } = argumentsOf(usage, { allowPositionals: true })
  const files = globSync('{packages,pipeline,api,commands,bench}/**/*.test.ts', {
    exclude: ['**/node_modules/**', '**/dist/**'],
  })
    .filter((file) => positionals.length === 0 || positionals.some((part) => file.includes(part)))
    .sort()
  const folder = mkdtempSync(join(tmpdir(), 'pret-a-depenser-test-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const shown = async (file: string): Promise<Outcome> => {
    const outcome = await run(file, folder)
    const { passed, failed, seconds, output } = outcome
    console.log(`${failed ? 'FAIL' : 'ok  '} ${file} (${passed} passed, ${seconds.toFixed(1)} s)`)
    if (failed) console.log(output.trimEnd().replace(/^/gm, '     '))
    return outcome
  }
  const waiting = [...files]
  const first: Outcome[] = []
  const worker = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) first.push(await shown(file))
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker))
  const outcomes: Outcome[] = []
  const unsteady: string[] = []
  for (const outcome of first) {
    outcomes.push(outcome.failed && files.length > 1 ? await shown(outcome.file) : outcome)
    if (outcome.failed && outcomes.at(-1)?.failed === 0) unsteady.push(outcome.file)
  }
  for (const file of unsteady) console.log(`unsteady: ${file} failed beside another file (above) and passed alone`)
  const sum = (key: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[key], 0)
  const notRun = outcomes.flatMap(({ output }) => output.match(/^not run: .*$/gm) ?? [])
  for (const line of notRun) console.log(line)
  if (notRun.length > 0) console.log(`not run: ${notRun.length} tests need the real sample`)
  if (files.length === 0) console.log('no test file matches')
  console.log(`${sum('passed')} passed, ${sum('failed') + (files.length === 0 ? 1 : 0)} failed`)
  process.exitCode = sum('failed') > 0 || files.length === 0 ? 1 : 0
}

if (import.meta.main) await main()
