/** What bench:api hands to api_reference.py, and whether that computes the same features. */
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Applicant } from '../pipeline/data/applicant.ts'
import { historyTables, tables } from '../pipeline/data/schema/tables.ts'
import { encoder, featureTypes } from '../pipeline/models/encode.ts'
import type { Scorer } from '../pipeline/scoring/scorer.ts'
import { pythonModule } from './features/module.ts'

/** Writes what the Python side needs of the bundle into `folder`; the clients are those that are asked for by id. */
export function writeForPython(folder: string, bundle: string, scorer: Scorer, clients: readonly Applicant[]): void {
  const { features } = scorer.bundle.definitions
  const into = encoder(features)
  const rows = new Float32Array(clients.length * features.length)
  for (const [i, one] of clients.entries()) into(scorer.values(one), rows, i * features.length)
  writeFileSync(join(folder, 'features.f32'), new Uint8Array(rows.buffer))
  const [first, ...others] = scorer.bundle.members
  if (first?.family !== 'trees' || others.length > 0)
    throw new Error(
      `bench:api: expected a bundle of one member of trees, which its Python side can compute, found ${scorer.bundle.members.map(({ family }) => family).join(' + ')}`,
    )
  copyFileSync(join(bundle, first.file), join(folder, 'model.ubj'))
  writeFileSync(join(folder, 'client_features.py'), pythonModule(scorer.bundle.definitions))
  const kinds = (table: keyof typeof tables) =>
    Object.fromEntries(tables[table].columns.map(({ name, type }) => [name, type === 'integer' ? 'number' : type]))
  const groups = [...new Set(features.map(({ group }) => group))]
  const spec = {
    features: features.map(({ name }) => name),
    types: featureTypes(features),
    groupOf: features.map(({ group }) => groups.indexOf(group)),
    groups,
    columns: kinds('application_test'),
    tables: Object.fromEntries(historyTables.map((table) => [table, kinds(table)])),
    levels: features.map(({ kind, levels }) => (kind === 'category' ? levels : null)),
    clients: clients.map(({ application }) => application.SK_ID_CURR),
    threshold: scorer.bundle.threshold,
  }
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec))
}

/** Throws unless both sides compute the same features of the clients' raw rows (1e-6 relative, as float32); gives how many values. */
export async function sameFeatures(url: string, scorer: Scorer, clients: readonly Applicant[]): Promise<number> {
  const { features } = scorer.bundle.definitions
  let cells = 0
  for (const client of clients) {
    const answer = await fetch(`${url}/features`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(client),
    })
    const other = z.array(z.union([z.number(), z.string(), z.null()])).parse(await answer.json())
    for (const [j, own] of scorer.values(client).entries()) {
      const value = other[j] ?? null
      const isSame =
        typeof own === 'number' && typeof value === 'number'
          ? Math.abs(Math.fround(own) - value) <= 1e-6 * Math.max(Math.abs(own), Math.abs(value))
          : own === value
      if (!isSame)
        throw new Error(
          `client ${client.application.SK_ID_CURR}, ${features[j]?.name}: ${value} in Python, ${own} here`,
        )
      cells++
    }
  }
  return cells
}
