/**
 * `npm test`: runs every *.test.ts in a process of its own and cannot pass green on a failing, empty or silent file.
 *
 * uvu exits with 0 when a hook throws, when `test.run()` is forgotten or when `.only` hides the rest, so its exit code is
 * not believed: each file must end in `test.run()`, hold no `.only`, `.skip` or hook, and print that all of a positive number passed.
 * A file that fails while another runs is run once more, alone: servers and browsers share two cores here. What then passes is named as
 * unsteady at the end; what fails again has failed. A file that takes over ten minutes has failed, and so has one that leaves a
 * process behind which holds its output open: both are ended with all that they started.
 * The last line is `N passed, N failed`, counting tests (a file that breaks before it counts is one failure).
 */
import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BundleName, bundlesFile } from '../testing/bundles.ts'
import { changedFiles, testsReaching, typedFile } from '../testing/related.ts'
import { inTurn, longestFirst, shardOf, tasksOf } from '../testing/schedule.ts'
import { argumentsOf, UsageError } from './usage.ts'

const usage = `npm test [-- PART ...]: the tests, or those of the files whose path holds a PART, such as api/journal

  --related FILE ...      the tests that reach a FILE by imports, or by its path
  --changed [REVISION]    those that reach a file which differs from HEAD, or from where the branch left REVISION
  --shard N/M             the Nth of M parts that take about as long as each other
  --list                  only name the test files`

interface Outcome {
  readonly file: string
  readonly passed: number
  readonly failed: number
  readonly output: string
  readonly seconds: number
}

/** Seconds that one file may take; and that its output may stay open once it has ended. */
const limits = { whole: 600, afterEnd: 5 }

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

interface Ended {
  readonly code: number | null
  readonly output: string
  readonly seconds: number
  /** It left a process that held its output open. */
  readonly left: boolean
}

const running = new Set<() => void>()

/** Runs a script in a process of its own, with `folder` as the run's; it and all that it started are gone at the end. */
function ended(script: readonly string[], folder: string, { whole, afterEnd } = limits): Promise<Ended> {
  const start = performance.now()
  const child = spawn(process.execPath, ['--conditions=source', ...script], {
    // What Node compiles for one process the next ones take over, commands and stages included: a start costs half.
    env: { ...process.env, NO_COLOR: '1', TEST_FOLDER: folder, NODE_COMPILE_CACHE: join(folder, 'compiled') },
    detached: true, // the leader of a group: what it started can be ended with it
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const endGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {} // it is empty
  }
  running.add(endGroup)
  const patience = setTimeout(() => {
    output += `\nended after ${whole} s`
    endGroup()
  }, whole * 1000)
  let left = false
  let leaving: NodeJS.Timeout | undefined
  child.once('exit', () => {
    leaving = setTimeout(() => {
      left = true
      output += `\na process that it started holds its output open ${afterEnd} s after its end`
      endGroup()
      for (const stream of [child.stdout, child.stderr]) stream.destroy() // the process may have left the group
    }, afterEnd * 1000)
  })
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearTimeout(patience)
      clearTimeout(leaving)
      running.delete(endGroup)
      resolve({ code, output, seconds: (performance.now() - start) / 1000, left })
    }),
  )
}

export async function run(file: string, folder: string, patience = limits): Promise<Outcome> {
  const fault = faultOf(readFileSync(file, 'utf8'))
  if (fault) return { file, passed: 0, failed: 1, output: fault, seconds: 0 }
  const { code, output, seconds, left } = await ended([file], folder, patience)
  const outcome = judge(file, code, output, seconds)
  return left && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome
}

interface Asked {
  readonly parts: readonly string[]
  readonly related: boolean
  readonly changed: boolean
  readonly shard?: string
}

/** The test files that are asked for, or null where none needs to run. */
function chosen(all: readonly string[], { parts, related, changed, shard }: Asked): readonly string[] | null {
  if (related && changed) throw new UsageError('expected --related or --changed, received both')
  let files = all
  if (related && parts.length === 0) throw new UsageError('expected a file after --related, received none')
  if (changed && parts.length > 1)
    throw new UsageError(`expected one revision after --changed, received ${parts.join(' ')}`)
  if (related || changed) {
    const folder = process.env.INIT_CWD ?? process.cwd()
    const sources = changed ? changedFiles(parts[0]) : parts.map((part) => typedFile(part, folder))
    const reaching = testsReaching(all, sources)
    for (const [source, tests] of reaching) if (tests.length === 0) console.log(`no test reaches ${source}`)
    if (changed && sources.length === 0) console.log(`no file differs from ${parts[0] ?? 'HEAD'}`)
    const wanted = new Set([...reaching.values()].flat())
    files = all.filter((file) => wanted.has(file))
    if (files.length === 0 && changed) return null
  } else if (parts.length > 0) files = all.filter((file) => parts.some((part) => file.includes(part)))
  return shard === undefined ? files : shardOf(files, shard)
}

async function runAll(files: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pret-a-depenser-test-'))
  process.on('exit', () => {
    for (const end of running) end()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) // biome-ignore format: a table
    process.once(signal, () => process.exit(code))
  const shown = async (file: string): Promise<Outcome> => {
    const outcome = await run(file, folder)
    const { passed, failed, seconds, output } = outcome
    console.log(`${failed ? 'FAIL' : 'ok  '} ${file} (${passed} passed, ${seconds.toFixed(1)} s)`)
    if (failed) console.log(output.trimEnd().replace(/^/gm, '     '))
    return outcome
  }
  const start = performance.now()
  const first: Outcome[] = []
  const make = async (bundle: BundleName) => {
    const { code, output, seconds } = await ended([bundlesFile, bundle], folder, { ...limits, whole: 2 * limits.whole })
    console.log(`${code === 0 ? 'made' : 'FAIL'} the ${bundle} bundle (${seconds.toFixed(1)} s)`)
    if (code !== 0) console.log(output.trimEnd().replace(/^/gm, '     ')) // the tests that need it fail
  }
  const test = async (file: string) => void first.push(await shown(file))
  await inTurn(tasksOf(longestFirst(files), { make, test }), Math.min(availableParallelism(), 4))
  const outcomes: Outcome[] = []
  const unsteady: string[] = []
  for (const outcome of first) {
    outcomes.push(outcome.failed && files.length > 1 ? await shown(outcome.file) : outcome)
    if (outcome.failed && outcomes.at(-1)?.failed === 0) unsteady.push(outcome.file)
  }
  for (const file of unsteady) console.log(`unsteady: ${file} failed while another file ran (above) and passed alone`)
  const sum = (key: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[key], 0)
  const notRun = outcomes.flatMap(({ output }) => output.match(/^not run: .*$/gm) ?? [])
  for (const line of notRun) console.log(line)
  if (notRun.length > 0) console.log(`not run: ${notRun.length} tests need the real sample`)
  if (files.length > 10) {
    const slowest = [...first].sort((a, b) => b.seconds - a.seconds).slice(0, 10)
    console.log(`${files.length} files in ${((performance.now() - start) / 1000).toFixed(0)} s; the slowest:`)
    for (const { file, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${file}`)
  }
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  process.exitCode = sum('failed') > 0 ? 1 : 0
}

async function main() {
  const { values, positionals } = argumentsOf(usage, {
    allowPositionals: true,
    options: {
      related: { type: 'boolean', default: false },
      changed: { type: 'boolean', default: false },
      shard: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  })
  const all = globSync('{packages,pipeline,api,commands,bench,testing}/**/*.test.ts', {
    exclude: ['**/node_modules/**', '**/dist/**'],
  }).sort()
  const files = chosen(all, { ...values, parts: positionals })
  if (files !== null && files.length > 0) {
    if (values.list) return console.log(files.join('\n'))
    return runAll(files)
  }
  if (files !== null) console.log('no test file matches')
  console.log(`0 passed, ${files === null ? 0 : 1} failed`)
  process.exitCode = files === null ? 0 : 1
}

if (import.meta.main)
  try {
    await main()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`test: ${error.message}\n\n${usage}`)
    process.exitCode = 1
  }
