/** `npm run screenshots`: screenshots, one folder of reports/ for each set. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { mlflowPictures } from './screenshots/mlflow.ts'
import { pagePictures } from './screenshots/page.ts'

/** By the name of their folder in reports/: what writes the set's pictures into the folder, telling of each. */
const sets: Readonly<Record<string, (folder: string, say: (line: string) => void) => Promise<void>>> = {
  page: pagePictures,
  mlflow: mlflowPictures,
}

const usage = `npm run screenshots [-- SET …]   screenshots into reports/SET/ (default: all sets)

  page    the loan officer’s page with synthetic clients
  mlflow  MLflow's UI: the runs, a run and its curves, the registry, a version`

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  })
  const unknown = positionals.find((name) => !(name in sets))
  if (values.help || unknown !== undefined) {
    console.log(unknown === undefined ? usage : `screenshots: there is no set ${unknown}\n\n${usage}`)
    return unknown === undefined ? 0 : 2
  }
  const say = (line: string) => process.stderr.write(`screenshots: ${line}\n`)
  for (const [name, take] of Object.entries(sets))
    if (positionals.length === 0 || positionals.includes(name))
      await take(join(import.meta.dirname, '..', 'reports', name), say)
  return 0
}

if (import.meta.main)
  main().then(
    (code) => {
      process.exitCode = code
    },
    (error) => {
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 1
    },
  )
