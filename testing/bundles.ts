/**
 * The real bundles that tests score with: made once a run by the real pipeline, in the run's temporary folder.
 * The runner makes those that its files need before them; else the first test that asks makes it, and others wait. A test file run
 * by itself makes its own and removes it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { LocalServer } from '../pipeline/tracking/server.ts'
import { sharedSample } from './shared.ts'

const root = join(import.meta.dirname, '..')

/** This file, run with the name of a bundle, makes it. */
export const bundlesFile = 'testing/bundles.ts'
export const bundleNames = ['small', 'sample'] as const
export type BundleName = (typeof bundleNames)[number]

/** The tables that a bundle is made of; makes the small portfolio in `folder`. Null where the sample is not. */
const dataOf: Readonly<Record<BundleName, (folder: string) => string | null>> = {
  small(folder) {
    const data = join(folder, 'portfolio')
    mkdirSync(data)
    writeFileSync(join(folder, 'params.yaml'), 'portfolio: { clients: 3000, new_clients: 400, seed: 11 }\n')
    run(folder, [join(root, 'commands/data.ts'), data])
    return data
  },
  sample() {
    const sample = sharedSample()
    return sample && resolve(sample)
  },
}

/** The workspace (data/, artifacts/, reports/) of a pipeline run on a small synthetic portfolio: 3,000 + 400 clients. */
export const smallWorkspace = (): string => once('small')

/** The same on the real sample with quick parameters, or null where the sample is not. */
export const sampleWorkspace = (): string | null => (sharedSample() === null ? null : once('sample'))

/** The bundle of the small workspace. */
export const smallBundle = (): string => join(smallWorkspace(), 'artifacts', 'model')

function once(name: BundleName): string {
  const folder = join(runFolder(), name)
  try {
    mkdirSync(folder)
  } catch {
    while (!existsSync(join(folder, 'done'))) {
      if (existsSync(join(folder, 'failed')))
        throw new Error(`the ${name} bundle could not be made; the test that made it says why`)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
    return workspaceIn(folder)
  }
  make(name, folder)
  return workspaceIn(folder)
}

const workspaceIn = (folder: string) => join(folder, 'workspace')

/** Makes a bundle in a folder that no other process has taken. */
function make(name: BundleName, folder: string): void {
  try {
    const data = dataOf[name](folder)
    if (data === null) return
    const out = workspaceIn(folder)
    // Trees, whatever the comparison finds on so few clients: tests of curves and SHAP need them; other families have bundles of their own (families.ts).
    const rule = name === 'small' ? ['--set', 'compare.rule=boosting'] : []
    run(root, [join(root, 'commands/repro.ts'), 'train', '--data', data, '--out', out, '--params', 'quick', ...rule])
    writeFileSync(join(folder, 'done'), '')
  } catch (error) {
    writeFileSync(join(folder, 'failed'), '')
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

/** The two stages that MLflow follows share one server: to start one takes as long as a stage. */
async function main(name: BundleName): Promise<void> {
  const folder = join(runFolder(), name)
  mkdirSync(join(workspaceIn(folder), '.dvc'), { recursive: true }) // a workspace of an earlier run, for `repro --out`
  const server = await LocalServer.open(join(workspaceIn(folder), 'mlflow'), { share: true })
  try {
    make(name, folder)
  } finally {
    await server.close()
  }
}

if (import.meta.main) {
  const name = bundleNames.find((one) => one === process.argv[2])
  if (name === undefined) throw new Error(`expected ${bundleNames.join(' or ')}, received ${process.argv[2]}`)
  if (name === 'small' || sharedSample() !== null) await main(name)
}
