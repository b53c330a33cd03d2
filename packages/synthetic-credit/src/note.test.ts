import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { noteFile, readNote } from './note.ts'
import { emptyFolder, smallPortfolio } from './small.test-data.ts'

function noted(text: string): string {
  const folder = emptyFolder()
  mkdirSync(folder)
  writeFileSync(join(folder, noteFile), text)
  return folder
}

test('a generated portfolio carries a note, another folder none', () => {
  assert.equal(readNote(smallPortfolio())?.parameters, { clients: 200, new_clients: 40, seed: 5 })
  assert.is(readNote(emptyFolder()), null)
})

test('a file of that name that is no note is refused with its place, what is wrong and what to do', () => {
  const refused = (text: string) => {
    try {
      readNote(noted(text))
    } catch (error) {
      return (error as Error).message
    }
    return 'read'
  }
  assert.match(
    refused('{"generator":"4","files":{}}'),
    /synthetic\.json is not a note .*\(parameters: .*\): delete it if/,
  )
  for (const text of ['', '{"generator":', '[]', 'null']) assert.match(refused(text), /is not a note .*: delete it if/)
})

test.run()
