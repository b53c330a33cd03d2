import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { notRun, sharedOracle, sharedSample } from '../../testing/shared.ts'
import type { Value } from '../data/applicant.ts'
import { historyTables } from '../data/schema/tables.ts'
import { readTable } from '../data/tables.ts'
import { applicantsOf } from './applicants.ts'
import { definitions as written } from './definitions/index.ts'
import { parityOf } from './parity.test-data.ts'
import { evaluator } from './rules/javascript/evaluator.ts'
import { batch, framesOf } from './rules/polars/features.ts'
import { fittedDefinitions } from './rules/polars/fit.ts'

/** Golden features that have another name here; the rest have the same. */
const renamed: Readonly<Record<string, string>> = {}

const [sample, golden] = [sharedSample(), sharedOracle('features.csv')]

/** The real sample, its rows shuffled. */
function shuffledSample(folder: string): Record<string, pl.DataFrame> {
  const applications = [readTable(folder, 'application_train').drop('TARGET'), readTable(folder, 'application_test')]
  const tables = {
    application: pl.concat(applications),
    ...Object.fromEntries(historyTables.map((name) => [name, readTable(folder, name)])),
  }
  return Object.fromEntries(
    Object.entries(tables).map(([name, frame]) => [name, frame.sample({ frac: 1, shuffle: true, seed: 7 } as never)]),
  )
}

const memo = <T>(make: () => T) => {
  let made: T | undefined
  return () => (made ??= make())
}
const frames = memo(() => shuffledSample(sample!))
const learnt = memo(() => fittedDefinitions(written, framesOf(frames()))) // the fitted tables need only be filled here, by whichever rows
const together = memo(() => batch(learnt(), frames()))
const alone = memo(() => {
  const [one, applicants] = [evaluator(learnt()), applicantsOf(frames())]
  const values = new Map<number, Value[]>()
  return (client: number) => {
    const known = values.get(client) ?? one(applicants.get(client)!)
    values.set(client, known)
    return known
  }
})

test('all golden features are equal in both evaluators', () => {
  if (!sample || !golden) return notRun('golden features')
  const wanted = pl.readCSV(golden, { inferSchemaLength: 0 })
  const clients = (wanted.getColumn('SK_ID_CURR').toArray() as string[]).map(Number)
  const rowOf = new Map((together().getColumn('SK_ID_CURR').toArray() as number[]).map((client, row) => [client, row]))
  const names = wanted.columns.filter((name) => name !== 'SK_ID_CURR')
  for (const name of names) {
    const index = written.features.findIndex((feature) => feature.name === (renamed[name] ?? name))
    assert.ok(index >= 0, `no feature realises the golden ${name}`)
    const column = together().getColumn(written.features[index]!.name).toArray() as (Value | undefined)[]
    for (const [line, value] of (wanted.getColumn(name).toArray() as (string | null)[]).entries()) {
      const client = clients[line]!
      for (const found of [column[rowOf.get(client)!] ?? null, alone()(client)[index]!])
        assert.ok(agrees(found, value ?? ''), `${name} of client ${client}: ${found} instead of ${value}`)
    }
  }
  console.log(`golden: ${names.length} features of ${clients.length} clients equal within 1e-9 in both evaluators`)
})

test('every client of the real sample alone gives the row of the batch, with shuffled rows', () => {
  if (!sample) return notRun('parity on the real sample')
  const parity = parityOf(learnt(), together(), alone())
  console.log(
    `real sample: ${parity.unequal} of ${parity.cells} cells differ at all, worst ${parity.worst} (${parity.where})`,
  )
  assert.ok(parity.worst < 1e-6, parity.where)
})

/** Relative 1e-9, absolute 1e-12 near 0; an empty field is missing. */
function agrees(value: Value, wanted: string): boolean {
  if (wanted === '') return value === null
  if (typeof value !== 'number') return value === wanted
  const number = Number(wanted)
  return Math.abs(value - number) <= Math.max(1e-12, 1e-9 * Math.abs(number))
}

test.run()
