/**
 * Random applicants: each valid one is answered 200 with the score that the batch gives, each broken one is refused at the right pointer.
 * RANDOM_APPLICANTS says how many: 500 by default; the 10,000 take some minutes: RANDOM_APPLICANTS=10000 npm test -- api/random
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseApplicant } from '../pipeline/data/applicant.ts'
import { smallBundle } from '../testing/bundles.ts'
import { problemSchema } from './endpoint.ts'
import { service } from './opened.test-data.ts'
import { breakages, randomOf, validBody } from './random.test-data.ts'
import { scoreAnswer } from './score-response.ts'

const { clients, ids, opened, scorer } = service(smallBundle())
const count = Number(process.env.RANDOM_APPLICANTS ?? 500)
const seed = 20261124

test(`${Math.ceil(count * 0.6)} valid random applicants are answered with the score that all of them have in one batch`, async () => {
  const random = randomOf(seed)
  const { ask } = await opened()
  const bodies = Array.from({ length: Math.ceil(count * 0.6) }, (_, i) =>
    validBody(random, clients.get(ids[i % ids.length]!)!),
  )
  const expected = scorer.scoreMany(
    bodies.map((body) => parseApplicant(body).applicant),
    { explain: false },
  )
  for (const [i, body] of bodies.entries()) {
    const answer = await ask('/v1/score?reasons=false', body)
    assert.is(answer.status, 200, `applicant ${i}: ${await answer.clone().text()}`)
    const { probability, decision } = scoreAnswer.parse(await answer.json())
    assert.is(probability, expected[i]!.probability)
    assert.is(decision, expected[i]!.decision)
  }
})

test(`${Math.floor(count * 0.4)} broken ones, in each of ${Object.keys(breakages).length} ways, are refused where they are wrong`, async () => {
  const random = randomOf(seed + 1)
  const { ask, journal } = await opened()
  const ways = Object.entries(breakages)
  for (let i = 0; i < Math.floor(count * 0.4); i++) {
    const [way, change] = ways[i % ways.length]!
    const { how, body, status, pointer } = change(random, validBody(random, clients.get(ids[i % ids.length]!)!))
    const sent = typeof body === 'string' && status === 400 ? body : JSON.stringify(body)
    const answer = await ask('/v1/score', sent)
    assert.is(answer.status, status, `${way}, ${how}: ${await answer.clone().text()}`)
    const { errors = [] } = problemSchema.parse(await answer.json())
    const pointers = errors.map((one) => one.pointer)
    if (pointer !== null) assert.ok(pointers.includes(pointer), `${way}, ${how}: ${pointer} is not among ${pointers}`)
  }
  assert.equal(await journal.predictions({ limit: 1 }), [])
})

test.run()
