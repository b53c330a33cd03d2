/**
 * Says whether this checkout may be deployed (.github/workflows/deploy.yml): `node commands/deployable.ts [BUNDLE]`.
 * Prints where the model comes from (`gs`, `https` or `synthetic`) and ends with 0, or says what to set, and ends with 1.
 * Run before anything is installed: it needs Node alone.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { argumentsOf } from './usage.ts'

const usage = `node commands/deployable.ts [BUNDLE]: may this be deployed, with the model in the folder BUNDLE where it is given?
It reads DATABASE_URL_SECRET, API_KEYS_SECRET, REGION, SERVICE, SERVICE_ACCOUNT, DVC_REMOTE and ALLOW_SYNTHETIC, and .dvc/config.`

type Environment = Readonly<Record<string, string | undefined>>
export type ModelSource = 'gs' | 'https' | 'synthetic'

const needed: Readonly<Record<string, string>> = {
  DATABASE_URL_SECRET:
    'name of the Secret Manager secret that holds DATABASE_URL, the address of the journal’s PostgreSQL: without it the journal lies in the container’s memory and is lost with it',
  API_KEYS_SECRET: 'name of the Secret Manager secret that holds API_KEYS',
  REGION: 'region of the Cloud Run service',
  SERVICE: 'name of the Cloud Run service',
  SERVICE_ACCOUNT: 'account that may push the image and deploy the service',
}

const howToPush = 'dvc remote add -d store gs://BUCKET/PATH && dvc push artifacts/model'

/** The address of the default remote in the text of .dvc/config, or null. */
export function remoteIn(config: string): string | null {
  let section = ''
  const values = new Map<string, string>()
  for (const line of config.split('\n')) {
    const heading = /^\s*\[\s*'?(.*?)'?\s*\]/.exec(line)?.[1]
    if (heading !== undefined) section = heading
    const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) values.set(`${section}.${name}`, value)
  }
  return values.get(`remote "${values.get('core.remote')}".url`) ?? null
}

/** Where the model comes from, or every reason why it may not be deployed. `config` is the text of .dvc/config. */
export function deployable(
  env: Environment,
  config: string,
): { readonly source: ModelSource | null; readonly reasons: readonly string[] } {
  const reasons = Object.entries(needed).flatMap(([name, what]) =>
    env[name] ? [] : [`${name} is not set: set the repository variable ${name} to the ${what}.`],
  )
  const remote = env.DVC_REMOTE || remoteIn(config)
  const scheme = /^(gs|https):\/\/./.exec(remote ?? '')?.[1]
  let source: ModelSource | null = null
  if (scheme === 'gs' || scheme === 'https') source = scheme
  else if (remote)
    reasons.push(
      `DVC_REMOTE, or the default remote of .dvc/config, is ${remote}: expected gs://… or https://…, which the workflow can read.`,
    )
  else if (env.ALLOW_SYNTHETIC === 'true') source = 'synthetic'
  else
    reasons.push(
      `There is no model to deploy but one of made-up clients: push a real one (${howToPush}) and set the repository variable DVC_REMOTE to the remote’s address, or set ALLOW_SYNTHETIC to true for a demonstration.`,
    )
  return { source, reasons }
}

/** Why a bundle may not be deployed; nothing where it may. */
export function bundleReasons(env: Environment, folder: string): readonly string[] {
  const path = join(folder, 'bundle.json')
  if (!existsSync(path)) return [`${path} is not there: the model was neither pulled (dvc pull ${folder}) nor made.`]
  let bundle: unknown
  try {
    bundle = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return [`${path} is not JSON: pull the model again (dvc pull --force ${folder}).`]
  }
  if (typeof bundle !== 'object' || bundle === null || !('synthetic' in bundle))
    return [`${path} does not say whether its clients are made up (synthetic): expected the bundle of this pipeline.`]
  if (bundle.synthetic === null || env.ALLOW_SYNTHETIC === 'true') return []
  return [
    `${path} was trained on made-up clients (its "synthetic" is not null): train on real data and push it (${howToPush}, then commit dvc.lock), or set the repository variable ALLOW_SYNTHETIC to true for a demonstration.`,
  ]
}

function main(): void {
  const { positionals } = argumentsOf(usage, { allowPositionals: true })
  const config = existsSync('.dvc/config') ? readFileSync('.dvc/config', 'utf8') : ''
  const { source, reasons } = deployable(process.env, config)
  const all = [...reasons, ...positionals.flatMap((folder) => bundleReasons(process.env, folder))]
  // In GitHub's log such a line is shown as an error of the run.
  for (const reason of all) console.error(`${process.env.GITHUB_ACTIONS === 'true' ? '::error::' : ''}${reason}`)
  if (all.length > 0) process.exitCode = 1
  else console.log(source)
}

if (import.meta.main) main()
