/** Every new client of the real sample: by id and as raw rows in another order, the service gives what the final model gave in the batch. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { sampleWorkspace } from '../testing/bundles.ts'
import { notRun } from '../testing/shared.ts'
import { service } from './opened.test-data.ts'
import { randomOf } from './random.test-data.ts'

const tolerance = 1e-6
const title =
  'every new client of the real sample has the probability and decision of scores.parquet, by id and as shuffled rows'
const answers = z.array(
  z.object({ status: z.literal(200), score: z.object({ probability: z.number(), decision: z.string() }) }),
)

test(title, async () => {
  const workspace = sampleWorkspace()
  if (!workspace) return notRun(title)
  const bundle = join(workspace, 'artifacts', 'model')
  const { clients, opened } = service(bundle)
  const bytes = readFileSync(join(bundle, 'scores.parquet'))
  const expected = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  })
  const { ask } = await opened()
  const random = randomOf(11)
  const shuffled = <T>(rows: readonly T[]): T[] =>
    rows
      .map((row) => ({ row, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ row }) => row)
  assert.is(clients.count, expected.length)
  let apart = 0
  for (let start = 0; start < expected.length; start += 100) {
    const some = expected.slice(start, start + 100)
    const byId = some.map(({ SK_ID_CURR }) => ({ client: Number(SK_ID_CURR) }))
    const raw = byId.map(({ client }) => {
      const { application, history } = clients.get(client)!
      const rows = Object.entries(history).map(([table, all]) => [table, shuffled(all)])
      return { application, history: Object.fromEntries(rows) }
    })
    for (const sent of [byId, raw]) {
      const answer = await ask('/v1/score/batch?reasons=false', sent)
      assert.is(answer.status, 200)
      for (const [i, { score }] of answers.parse(await answer.json()).entries()) {
        const { SK_ID_CURR, probability, decision } = some[i]!
        const difference = Math.abs(score.probability - Number(probability))
        if (difference > tolerance) apart++
        else assert.is(score.decision, decision, `client ${SK_ID_CURR}`)
      }
    }
  }
  // At most one client in a thousand may differ: a feature one float32 step from a cut of a tree.
  assert.ok(apart <= (2 * expected.length) / 1000, `${apart} of ${2 * expected.length} scores differ by more than 1e-6`)
})

test.run()
