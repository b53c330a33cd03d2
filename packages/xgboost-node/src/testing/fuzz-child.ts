/**
 * A process that loads damaged models, from one seed up to another, and uses all of what loads: `node fuzz-child.ts FIRST END`.
 * It prints each seed, and how many have loaded, before it starts on it: whoever watches knows which one it died of.
 */
import { writeSync } from 'node:fs'
import { Booster, configure, XGBoostError } from '../index.ts'
import { matrixOfModels, models } from './models.ts'
import { mutated } from './mutate.ts'

configure({ verbosity: 0, nthread: 1 })
const [first = 0, end = 0] = process.argv.slice(2).map(Number)
const [matrix, corpus, row] = [matrixOfModels(), models(), new Float32Array(4)]
let loaded = 0

/** An error is an answer; anything but an XGBoostError is a fault of this package. */
function attempt(use: () => unknown): void {
  try {
    use()
  } catch (error) {
    if (!(error instanceof XGBoostError)) throw error
  }
}

for (let seed = first; seed < end; seed++) {
  const { name, bytes } = mutated(corpus, seed)
  writeSync(1, `${seed} ${loaded} ${name}\n`)
  attempt(() => {
    const booster = Booster.load(bytes)
    loaded += 1
    attempt(() => booster.predict(matrix))
    attempt(() => booster.predict(matrix, { output: 'margin', rounds: [0, 1] }))
    attempt(() => booster.predictRows(row, 1))
    attempt(() => booster.contributions(matrix))
    attempt(() => booster.approxContributions(matrix))
    attempt(() => booster.interactions(matrix))
    attempt(() => booster.leaf(matrix))
    for (const kind of ['weight', 'gain', 'cover', 'total_gain', 'total_cover'] as const)
      attempt(() => booster.importance(kind))
    for (const format of ['text', 'json', 'dot'] as const) attempt(() => booster.dump({ format, stats: true }))
    attempt(() => booster.outputs)
    attempt(() => booster.attributeNames)
    attempt(() => booster.slice(0, 1).close())
    attempt(() => booster.clone().close())
    attempt(() => Booster.load(booster.toBuffer('json')).close())
    booster.close()
  })
}
writeSync(1, `done ${loaded}\n`)
