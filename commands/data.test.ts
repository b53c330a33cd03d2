import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { seeToData } from './data.ts'

const base = mkdtempSync(join(tmpdir(), 'see-to-data-'))
process.on('exit', () => rmSync(base, { recursive: true, force: true }))
let made = 0
const wanted = { clients: 30, new_clients: 6, seed: 4 }

function folder(): string {
  const path = join(base, String(made++), 'data')
  mkdirSync(join(path, '..'))
  return path
}

const see = (path: string, parameters = wanted) => seeToData(path, parameters, () => {})
const look = (path: string) =>
  readdirSync(path)
    .sort()
    .map((name) => [name, statSync(join(path, name)).mtimeMs, readFileSync(join(path, name), 'utf8')])

test('a folder that is missing or empty gets a portfolio, which is then kept', async () => {
  const path = folder()
  assert.is(await see(path), 'made')
  const before = look(path)
  assert.is(before.length, 9)
  assert.is(await see(path), 'kept')
  assert.equal(look(path), before)
  const empty = folder()
  mkdirSync(empty)
  assert.is(await see(empty), 'made')
})

test('a wholly synthetic portfolio is made anew when a parameter or the generator changes', async () => {
  const path = folder()
  await see(path)
  assert.is(await see(path, { ...wanted, seed: 5 }), 'remade')
  assert.is(await see(path, { ...wanted, clients: 31, seed: 5 }), 'remade')
  assert.is(await see(path, { ...wanted, clients: 31, seed: 5 }), 'kept')
  const note = join(path, 'synthetic.json')
  writeFileSync(note, readFileSync(note, 'utf8').replace(/"generator": "[^"]*"/, '"generator": "old"'))
  assert.is(await see(path, { ...wanted, clients: 31, seed: 5 }), 'remade')
})

test('real files are never touched, whatever lies beside them', async () => {
  const path = folder()
  mkdirSync(path)
  writeFileSync(join(path, 'application_train.csv'), 'SK_ID_CURR,TARGET\n1,0\n')
  const before = look(path)
  assert.is(await see(path), 'other')
  assert.equal(look(path), before)
})

test('one real file among generated ones keeps all of them from being touched', async () => {
  const path = folder()
  await see(path)
  appendFileSync(join(path, 'bureau.csv'), '\n')
  const before = look(path)
  assert.is(await see(path, { ...wanted, seed: 9 }), 'other')
  assert.equal(look(path), before)
})

test('a file of another kind beside generated ones keeps them from being touched', async () => {
  const path = folder()
  await see(path)
  writeFileSync(join(path, 'notes.txt'), 'mine')
  assert.is(await see(path, { ...wanted, seed: 9 }), 'other')
  assert.is(readFileSync(join(path, 'notes.txt'), 'utf8'), 'mine')
})

test('real files put over generated ones under a stale note are never touched', async () => {
  const path = folder()
  const other = folder()
  await see(path)
  await see(other, { ...wanted, seed: 77 })
  for (const name of readdirSync(other)) if (name !== 'synthetic.json') cpSync(join(other, name), join(path, name))
  const before = look(path)
  assert.is(await see(path), 'other')
  assert.equal(look(path), before)
})

test('a portfolio that an interruption left incomplete is completed', async () => {
  const path = folder()
  await see(path)
  const whole = look(path).map(([name, , text]) => [name, text])
  rmSync(join(path, 'bureau.csv'))
  mkdirSync(join(path, '.making'))
  assert.is(await see(path), 'remade')
  assert.equal(
    look(path).map(([name, , text]) => [name, text]),
    whole,
  )
})

test.run()
