/**
 * `npm run verify`: clones HEAD, runs `dvc repro` there from nothing and compares what it leaves with what is committed.
 *
 * `same bytes`: git sees no change at all. `same numbers`: on another kind of processor the last bits may differ, so every
 * committed JSON must hold the same structure and the same numbers within a tolerance; the model's version is then ignored.
 * Exit code 0 in both cases, 1 otherwise.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { kept, stoppable } from './stoppable.ts'
import { argumentsOf } from './usage.ts'

const root = join(import.meta.dirname, '..')

/** Features of the sample clients are compared relatively, all other numbers absolutely: metrics and shares lie near 1. */
const tolerances = { sample: 1e-6, other: 0.002 }

/** The first place where two JSON values differ by more than the tolerance, or null. Strings that name a model version are equal. */
export function difference(expected: unknown, found: unknown, file: string, path = '$'): string | null {
  if (typeof expected === 'number' && typeof found === 'number') {
    const sample = basename(file) === 'sample.json'
    const allowed = sample
      ? tolerances.sample * Math.max(1, Math.abs(expected))
      : tolerances.other * Math.max(1, Math.abs(expected))
    return Math.abs(expected - found) <= allowed ? null : `${path}: ${expected} became ${found}`
  }
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (expected.length !== found.length) return `${path}: ${expected.length} entries became ${found.length}`
    for (const [index, value] of expected.entries()) {
      const inner = difference(value, found[index], file, `${path}[${index}]`)
      if (inner) return inner
    }
    return null
  }
  if (isRecord(expected) && isRecord(found)) {
    const keys = Object.keys(expected)
    if (keys.join() !== Object.keys(found).join())
      return `${path}: the keys ${keys.join(', ')} became ${Object.keys(found).join(', ')}`
    for (const key of keys) {
      if (key === 'version' || key === 'model') continue
      const inner = difference(expected[key], found[key], file, `${path}.${key}`)
      if (inner) return inner
    }
    return null
  }
  return Object.is(expected, found) ? null : `${path}: ${JSON.stringify(expected)} became ${JSON.stringify(found)}`
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function run(folder: string, program: string, args: readonly string[], quiet = false): string {
  const ran = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', quiet ? 'pipe' : 'inherit'],
    env: { ...process.env, INIT_CWD: folder },
  })
  if (ran.status !== 0)
    throw new Error(
      `${program} ${args.join(' ')} ended with ${ran.status ?? ran.signal ?? ran.error?.message}\n${ran.stdout ?? ''}${quiet ? ran.stderr : ''}`,
    )
  return ran.stdout
}

/** Compares each changed file; returns what is wrong. Only JSON is read: pages and plots are drawn from it. */
function compareNumbers(clone: string, changes: readonly string[]): string[] {
  const faults: string[] = []
  for (const change of changes) {
    const [status, file] = [change.slice(0, 2).trim(), change.slice(3)]
    if (status !== 'M') faults.push(`${file}: ${status === '??' ? 'is new' : 'is gone'}`)
    else if (file === 'data.dvc') faults.push('data.dvc: the synthetic portfolio has other bytes')
    else if (file.endsWith('.json')) {
      const committed: unknown = JSON.parse(run(clone, 'git', ['show', `HEAD:${file}`], true))
      const found: unknown = JSON.parse(readFileSync(join(clone, file), 'utf8'))
      const fault = difference(committed, found, file)
      if (fault) faults.push(`${file} ${fault}`)
    }
  }
  return faults
}

const stages = (folder: string) =>
  Object.keys((parse(readFileSync(join(folder, 'dvc.yaml'), 'utf8')) as { stages: object }).stages)

const usage = `npm run verify [-- options]: clones HEAD, runs dvc repro there from nothing and compares the bytes

  --keep    leaves the clone
  --share   this checkout gets what was made, as if dvc repro had run here too; not where it has uncommitted changes`

/** Makes node_modules in `clone`: what is installed in `checkout`, and the clone's own packages. */
export function linkModules(checkout: string, clone: string): void {
  const own = new Set(readdirSync(join(clone, 'packages')))
  const target = join(clone, 'node_modules')
  mkdirSync(target)
  for (const name of readdirSync(join(checkout, 'node_modules')))
    symlinkSync(own.has(name) ? join('..', 'packages', name) : join(checkout, 'node_modules', name), join(target, name))
}

/**
 * Leaves `checkout` as a `dvc repro` there would: what the clone made, taken from the clone. `changes` are the tracked files that it made
 * anew with other bytes; artifacts come by the DVC cache, whose files are named by their hashes, so that what is there already is the same.
 */
export function share(clone: string, checkout: string, changes: readonly string[]): void {
  cpSync(join(clone, '.dvc', 'cache'), join(checkout, '.dvc', 'cache'), { recursive: true, force: false })
  for (const file of changes) {
    rmSync(join(checkout, file), { force: true })
    if (existsSync(join(clone, file))) cpSync(join(clone, file), join(checkout, file))
  }
  run(checkout, 'dvc', ['checkout', '--force', '--quiet', ...stages(clone)])
}

function main(): number {
  const { values } = argumentsOf(usage, {
    options: { keep: { type: 'boolean', default: false }, share: { type: 'boolean', default: false } },
  })
  const uncommitted = run(root, 'git', ['status', '--porcelain'], true).split('\n').filter(Boolean)
  if (uncommitted.length > 0)
    console.error(`verify looks at HEAD; ${uncommitted.length} uncommitted changes are left out`)
  const clone = mkdtempSync(join(tmpdir(), 'verify-'))
  try {
    run(clone, 'git', ['clone', '--quiet', root, '.'], true)
    symlinkSync(join(root, '.venv'), join(clone, '.venv'))
    linkModules(root, clone)
    run(clone, 'node', ['--conditions=source', 'commands/data.ts', 'data'])
    // The reports lie in git, so DVC would believe the last stages to be up to date.
    for (const stage of stages(clone)) rmSync(join(clone, 'reports', stage), { recursive: true, force: true })
    const start = performance.now()
    process.stderr.write(run(clone, 'dvc', ['repro']))
    console.error(`dvc repro from nothing: ${((performance.now() - start) / 1000).toFixed(0)} s`)
    if (!existsSync(join(clone, 'artifacts', 'model', 'bundle.json'))) throw new Error('dvc repro left no model')
    const changes = run(clone, 'git', ['status', '--porcelain', '--untracked-files=all'], true)
      .split('\n')
      .filter(Boolean)
    if (values.share && uncommitted.length === 0)
      share(
        clone,
        root,
        changes.map((change) => change.slice(3)),
      )
    if (changes.length === 0) {
      console.log('same bytes')
      return 0
    }
    const faults = compareNumbers(clone, changes)
    if (faults.length === 0) {
      console.log(`same numbers (${changes.length} files have other bytes: another kind of processor)`)
      return 0
    }
    console.log(`not reproduced:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    return 1
  } finally {
    if (values.keep) console.error(`the clone is ${kept(clone)}`)
    else rmSync(clone, { recursive: true, force: true })
  }
}

if (import.meta.main)
  await stoppable(async () => {
    process.exitCode = main()
  })
