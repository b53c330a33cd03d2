/**
 * The real bundles that tests score with: made once a run by the real pipeline, in the run's temporary folder.
 * The runner makes those that its files need before them; else the first test that asks makes it, and others wait. A test file run
 * by itself makes its own and removes it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sharedSample } from './shared.ts'

const root = join(import.meta.dirname, '..')

/** This file, run with the name of a bundle, makes it. */
export const bundlesFile = 'testing/bundles.ts'
export const bundleNames = ['small', 'sample'] as const
export type BundleName = (typeof bundleNames)[number]

/** The workspace (data/, artifacts/, reports/) of a pipeline run on a small synthetic portfolio: 3,000 + 400 clients. */
export function smallWorkspace(): string {
  return once('small', (folder) => {
    const data = join(folder, 'portfolio')
    mkdirSync(data)
    writeFileSync(join(folder, 'params.yaml'), 'portfolio: { clients: 3000, new_clients: 400, seed: 11 }\n')
    run(folder, [join(root, 'commands/data.ts'), data])
    return data
  })
}

/** The same on the real sample with quick parameters, or null where the sample is not. */
export function sampleWorkspace(): string | null {
  const sample = sharedSample()
  return sample === null ? null : once('sample', () => resolve(sample))
}

/** The bundle of the small workspace. */
export const smallBundle = (): string => join(smallWorkspace(), 'artifacts', 'model')

function once(name: BundleName, dataOf: (folder: string) => string): string {
  const folder = join(runFolder(), name)
  const workspace = join(folder, 'workspace')
  const done = join(folder, 'done')
  const failed = join(folder, 'failed')
  try {
    mkdirSync(folder)
  } catch {
    while (!existsSync(done)) {
      if (existsSync(failed)) throw new Error(`the ${name} bundle could not be made; the test that made it says why`)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
    return workspace
  }
  try {
    const data = dataOf(folder)
    run(root, [join(root, 'commands/repro.ts'), 'train', '--data', data, '--out', workspace, '--params', 'quick'])
    writeFileSync(done, '')
    return workspace
  } catch (error) {
    writeFileSync(failed, '')
    throw error
  }
}

/** The folder that the test runner made for this run and removes, or one of this process. */
function runFolder(): string {
  if (process.env.TEST_FOLDER === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'pret-a-depenser-test-'))
    process.env.TEST_FOLDER = folder
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  }
  return process.env.TEST_FOLDER
}

function run(cwd: string, args: readonly string[]): void {
  const ran = spawnSync(process.execPath, ['--conditions=source', ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    // Its runs go to its own store, whatever server the machine names.
    env: { ...process.env, INIT_CWD: cwd, OMP_WAIT_POLICY: 'passive', MLFLOW_TRACKING_URI: '' },
  })
  if (ran.status !== 0)
    throw new Error(`${args.join(' ')} ended with ${ran.status ?? ran.signal}\n${ran.stdout}\n${ran.stderr}`)
}

if (import.meta.main) {
  const make = { small: smallWorkspace, sample: sampleWorkspace }[process.argv[2] as BundleName]
  if (make === undefined) throw new Error(`expected ${bundleNames.join(' or ')}, received ${process.argv[2]}`)
  make()
}
