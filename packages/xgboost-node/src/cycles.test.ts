/** Memory: what is closed is freed. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Booster, configure, DMatrix, train } from './index.ts'
import { made } from './testing/made.ts'

const { columns, label } = made(2000, 8)
configure({ nthread: 1 })
const megabyte = 2 ** 20

function cycle(): void {
  const dtrain = DMatrix.fromColumns(columns, { label, nthread: 1 })
  const { booster } = train({
    params: { objective: 'binary:logistic', max_depth: 2, nthread: 1, max_bin: 16 },
    dtrain,
    rounds: 1,
    evals: { dtrain },
  })
  booster.predict(dtrain)
  const copy = Booster.load(booster.toBuffer())
  copy.close()
  booster.close()
  dtrain.close()
}

const grown = (cycles: number): number => {
  const before = process.memoryUsage().rss
  for (let i = 0; i < cycles; i++) cycle()
  return (process.memoryUsage().rss - before) / megabyte
}

test('1,000 cycles of train and close do not grow memory (one matrix kept a cycle would be 150 MB and more)', () => {
  grown(200)
  const growth = grown(1000)
  console.log(`grown by ${growth.toFixed(1)} MB`)
  assert.ok(growth < 24, `grown by ${growth.toFixed(1)} MB`)
})

test('the measure sees matrices that are kept', () => {
  const kept: DMatrix[] = []
  const before = process.memoryUsage().rss
  for (let i = 0; i < 400; i++) kept.push(DMatrix.fromColumns(columns, { label, nthread: 1 }))
  const growth = (process.memoryUsage().rss - before) / megabyte
  for (const matrix of kept) matrix.close()
  assert.ok(growth > 24, `grown by ${growth.toFixed(1)} MB`)
})

test.run()
