/** `npm run rollback`: makes the previous champion champion again. */
import { parseArgs } from 'node:util'
import { withClient } from '../pipeline/tracking/connection.ts'
import { rollback } from '../pipeline/tracking/registry.ts'
import { comparisonTable, storeOf, telling } from './promote.ts'

const usage = `npm run rollback [-- options]   moves the alias champion back to the previous champion

  --reason TEXT    why; recorded with the version that is replaced
  --store FOLDER   local store, when no MLFLOW_TRACKING_URI names a server (default: mlflow)
  --name NAME      registered model (default: credit-scoring)`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      reason: { type: 'string' },
      store: { type: 'string' },
      name: { type: 'string', default: 'credit-scoring' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const { name, reason } = values
  const say = (line: string) => process.stderr.write(`rollback: ${line}\n`)
  return await withClient({ store: storeOf(values.store), onMessage: say }, async (client, where) => {
    const { from, to, clients, improvements, incomparable } = await rollback(client, {
      name,
      ...(reason ? { reason } : {}),
    })
    const table = comparisonTable({ champion: from, challenger: to }, clients, improvements)
    for (const line of table) console.log(line)
    if (incomparable !== null) console.log(`versions ${from} and ${to} cannot be compared: ${incomparable}`)
    console.log(`version ${to} of ${name} is the champion in ${where} again, in place of version ${from}`)
    return 0
  })
}

if (import.meta.main) await telling('rollback', usage, main)
