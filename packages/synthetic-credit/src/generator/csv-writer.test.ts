import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { emptyFolder } from '../small.test-data.ts'
import { CsvWriter } from './csv-writer.ts'

function written(write: (out: CsvWriter) => void): string {
  const folder = emptyFolder()
  mkdirSync(folder)
  const out = new CsvWriter(join(folder, 'table.csv'), ['a'])
  write(out)
  out.endRow()
  out.close()
  return readFileSync(join(folder, 'table.csv'), 'utf8').split('\n')[1]!
}

test('numbers are written as the real files write them', () => {
  const line = written((out) => {
    for (const value of [0, 7, -10, 1234567]) out.whole(value)
    for (const value of [24, -3, null]) out.float(value)
    for (const value of [202500, 24700.5, 6948.36, 63975.555, -0.9, 0, 0.05, null]) out.amount(value)
    for (const value of [0.7526144906031748, 1, 8.173616518884397e-8, null]) out.real(value)
    out.text('Stone')
    out.empty()
  })
  const expected =
    '0,7,-10,1234567,24.0,-3.0,,202500.0,24700.5,6948.36,63975.555,-0.9,0.0,0.05,,0.7526144906031748,1.0,8.173616518884397e-08,,Stone,'
  assert.is(line, expected)
})

test('the file has its name only when it is closed, and its hash is that of its bytes', () => {
  const folder = emptyFolder()
  mkdirSync(folder)
  const path = join(folder, 'table.csv')
  const out = new CsvWriter(path, ['a', 'b'])
  for (let i = 0; i < 600000; i++) {
    out.whole(i)
    out.text('text')
    out.endRow()
  }
  assert.not.ok(existsSync(path))
  const { rows, sha256 } = out.close()
  const bytes = readFileSync(path)
  assert.is(rows, 600000)
  assert.is(sha256, createHash('sha256').update(bytes).digest('hex'))
  assert.is(bytes.toString().split('\n').length, 600002)
})

test('an abandoned file leaves nothing', () => {
  const folder = emptyFolder()
  mkdirSync(folder)
  const out = new CsvWriter(join(folder, 'table.csv'), ['a'])
  out.abandon()
  assert.not.ok(existsSync(join(folder, 'table.csv.unfinished')))
})

test.run()
