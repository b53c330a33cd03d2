/** What the service imports: nothing that only training or development needs. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { reachable } from '../testing/imports.ts'

const { files, modules } = reachable('api/server.ts')

test('nothing reachable from api/server.ts imports nodejs-polars or another package of training and development', () => {
  assert.ok(files.size > 40, `only ${files.size} files were walked`)
  const development = ['nodejs-polars', 'tslab', 'typescript', 'uvu', 'plotly.js-dist-min', 'dvc-ts', 'playwright-core']
  assert.equal(
    development.filter((name) => modules.has(name)),
    [],
  )
})

test('nothing reachable from api/server.ts is a stage or a command', () => {
  assert.equal(
    [...files].filter((file) => /^(pipeline\/[^/]+\.ts|commands\/.*)$/.test(file)),
    [],
  )
})

test('the walk sees a stage where there is one', () => {
  assert.ok(reachable('pipeline/train.ts').modules.has('nodejs-polars'))
})

test.run()
