import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { abandon, begin, copyWhole, makeWhole, putInPlace, writeWhole } from './write-whole.ts'

function inFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'write-whole-'))
  try {
    work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const read = (path: string) => readFileSync(path, 'utf8')

test('texts, bytes and copies replace what was there, folders are made, and nothing else is left', () => {
  inFolder((folder) => {
    const path = join(folder, 'inner', 'a.json')
    writeWhole(path, 'one')
    writeWhole(path, Uint8Array.of(116, 119, 111))
    assert.is(read(path), 'two')
    copyWhole(path, join(folder, 'inner', 'b.json'))
    assert.equal(readdirSync(join(folder, 'inner')), ['a.json', 'b.json'])
  })
})

test('when the making fails, the file is as it was and nothing else is left in its folder', () => {
  inFolder((folder) => {
    const path = join(folder, 'a.json')
    writeWhole(path, 'whole')
    const failing = () =>
      makeWhole(path, (unfinished) => {
        writeFileSync(unfinished, 'ha')
        throw new Error('the disk is full')
      })
    assert.throws(failing, /the disk is full/)
    assert.is(read(path), 'whole')
    assert.equal(readdirSync(folder), ['a.json'])
  })
})

test('a folder takes the place of one that holds other files', () => {
  inFolder((folder) => {
    const path = join(folder, 'model')
    mkdirSync(path)
    writeFileSync(join(path, 'old'), '')
    makeWhole(path, (unfinished) => {
      mkdirSync(unfinished)
      writeFileSync(join(unfinished, 'new'), '')
    })
    assert.equal(readdirSync(path), ['new'])
  })
})

test('what an ended process left unfinished is removed; what is still being made, here or by a running process, is not', () => {
  inFolder((folder) => {
    const path = join(folder, 'a.json')
    const { pid: ended } = spawnSync(process.execPath, ['--version'])
    const left = join(folder, `a.json.${ended}-1.unfinished`)
    const running = join(folder, `a.json.${process.ppid}-1.unfinished`)
    const other = join(folder, `a.json.notes.unfinished`)
    for (const file of [left, running, other]) writeFileSync(file, '')
    const first = begin(path)
    writeFileSync(first, 'first')
    const second = begin(path)
    assert.is.not(first, second)
    writeFileSync(second, 'second')
    assert.equal([left, running, other].map(existsSync), [false, true, true])
    putInPlace(path, first)
    assert.is(read(path), 'first')
    abandon(second)
    assert.not.ok(existsSync(second))
  })
})

test.run()
