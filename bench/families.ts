/** `npm run bench:families`: one client scored with reasons by each family of members, beside boosting alone, in turns of one run. Exit code 1 when one is slower. */
import { argumentsOf } from '../commands/usage.ts'
import { median } from '../pipeline/data/quantile.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { familyBundles, familyNames } from '../testing/families.ts'
import { markdownTable } from './markdown.ts'
import { tellUserErrors } from './tell-user-errors.ts'

const usage = `usage: npm run bench:families

Makes small bundles of every family first. BENCH_TURNS (15) and BENCH_ROWS (100 clients a turn) change the sizes.`

argumentsOf(usage, {})
tellUserErrors('bench:families')

const turns = Number(process.env.BENCH_TURNS ?? 15)
const rows = Number(process.env.BENCH_ROWS ?? 100)
/** A blend asks the trees of its boosting member and others: it may take what these add. */
const bar = 1.25

const bundles = await familyBundles()
const opened = familyNames.map((name) => {
  using clients = Clients.open(bundles[name])
  const applicants = clients.search('', rows).map(({ id }) => clients.get(id)!)
  return { name, scorer: Scorer.open(bundles[name]), applicants, times: [] as number[] }
})
for (let turn = -3; turn < turns; turn++)
  for (const { scorer, applicants, times } of opened) {
    const start = process.hrtime.bigint()
    for (const one of applicants) scorer.score(one)
    if (turn >= 0) times.push(Number(process.hrtime.bigint() - start) / 1e3 / applicants.length)
  }
const boosting = median(opened[0]!.times)
const measured = opened.map(({ name, times }) => ({ name, time: median(times), ratio: median(times) / boosting }))
for (const { scorer } of opened) scorer.close()
console.log(
  markdownTable(
    ['family', 'µs a client', 'to boosting'],
    measured.map(({ name, time, ratio }) => [name, time.toFixed(0), ratio.toFixed(2)]),
  ),
)
const slow = measured.filter(({ ratio }) => ratio > bar)
console.log(
  `bar ${bar} of boosting: ${slow.length === 0 ? 'met' : `MISSED by ${slow.map(({ name }) => name).join(', ')}`}`,
)
process.exitCode = slow.length > 0 ? 1 : 0
