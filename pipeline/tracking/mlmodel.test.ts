/** MLflow's side of a bundle: its description, its example, and the loader's arithmetic. Served for real in commands/mlflow.test.ts. */
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { type Calibration, calibrate } from '../models/calibration.ts'
import type { Member } from '../models/members/member.ts'
import { mlmodel, typicalRow } from './mlmodel.ts'
import { mlflowCommand } from './server.ts'

const features = [
  { name: 'ext_source', kind: 'number' as const },
  { name: 'occupation', kind: 'category' as const, levels: ['Accountants', 'Core staff', 'Élevage'] },
  { name: 'loans', kind: 'count' as const },
]
const trees = { family: 'trees', weight: 1, file: 'model.ubj' } as const
const line = { family: 'linear', weight: 0.5, intercept: -2, columns: [] } as const
const described = { features, members: [trees], example: [0.5, 'Élevage', null], xgboost: '3.2.0' }

test('MLmodel names both flavours and every column with its type, and is the same text each time', () => {
  const files = mlmodel(described)
  assert.equal(mlmodel(described), files)
  const model = parse(files.MLmodel!)
  assert.equal(Object.keys(model.flavors), ['python_function', 'xgboost'])
  assert.equal(
    JSON.parse(model.signature.inputs).map(({ name, type }: { name: string; type: string }) => [name, type]),
    [
      ['ext_source', 'double'],
      ['occupation', 'string'],
      ['loans', 'double'],
    ],
  )
  assert.equal(JSON.parse(files['serving_input_example.json']!), {
    dataframe_split: { columns: ['ext_source', 'occupation', 'loans'], data: [[0.5, 'Élevage', null]] },
  })
})

test('the stock flavour of trees is told of a model of one member of trees alone: of a blend it would be another score', () => {
  const flavours = (members: readonly Member[]) =>
    Object.keys(parse(mlmodel({ ...described, members }).MLmodel!).flavors)
  assert.equal(flavours([line]), ['python_function'])
  assert.equal(flavours([line, trees]), ['python_function'])
  assert.equal(flavours([{ ...trees, weight: 0.5 }]), ['python_function'])
  assert.equal(flavours([trees]), ['python_function', 'xgboost'])
})

test('the typical client has the median of each number and the commonest level, and nothing where all is missing', () => {
  const columns = [
    [0.3, Number.NaN, 0.1, 0.9, 0.2],
    [2, 1, 2, Number.NaN, 1],
    [Number.NaN, Number.NaN],
  ]
  assert.equal(typicalRow(columns, features), [0.2, 'Core staff', null])
})

test('the loader calibrates by the formulas of Node, for each method', () => {
  const margins = Array.from({ length: 201 }, (_, i) => (i - 100) / 10)
  const all: Calibration[] = [
    { method: 'none' },
    { method: 'platt', slope: 0.8, intercept: -0.3 },
    { method: 'beta', a: 0.9, b: 1.2, c: -0.4 },
    { method: 'isotonic', x: [0.05, 0.2, 0.2000001, 0.7], y: [0.01, 0.01, 0.3, 0.9] },
  ]
  const program = `import json, sys, numpy as np
sys.path.insert(0, sys.argv[1])
from credit_pyfunc import calibrate
given = json.load(sys.stdin)
print(json.dumps([calibrate(c, np.array(given["margins"])).tolist() for c in given["all"]]))`
  const python = join(dirname(mlflowCommand()), 'python')
  const answer: number[][] = JSON.parse(
    execFileSync(python, ['-B', '-c', program, import.meta.dirname], {
      input: JSON.stringify({ all, margins }),
      encoding: 'utf8',
    }),
  )
  all.forEach((method, i) => {
    margins.forEach((margin, j) => {
      const [ours, theirs] = [calibrate(method, margin), answer[i]![j]!]
      assert.ok(Math.abs(ours - theirs) <= 1e-14, `${method.method} of ${margin}: ${ours} and ${theirs}`)
    })
  })
})

test.run()
