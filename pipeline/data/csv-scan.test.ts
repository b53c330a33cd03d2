import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { scanCsv, scanProblems } from './csv-scan.ts'
import { emptyFolder } from './small.test-data.ts'

const folder = emptyFolder()
mkdirSync(folder)

function scan(content: string | Buffer) {
  const path = join(folder, 'table.csv')
  writeFileSync(path, content)
  const found = scanCsv(path)
  const { sha256, header, rows, faults } = scanCsv(Buffer.from(content))
  assert.equal([sha256, header, rows, faults], [found.sha256, found.header, found.rows, found.faults])
  return { ...found, problems: scanProblems(found, 'table.csv') }
}

test('a whole file has its hash, header and rows, and no problem', () => {
  const content = 'a,b\n1,x\n2,"Stone, brick"\n'
  const { sha256, header, rows, problems } = scan(content)
  assert.is(sha256, createHash('sha256').update(content).digest('hex'))
  assert.equal(header, ['a', 'b'])
  assert.is(rows, 2)
  assert.equal(problems, [])
})

test('carriage returns, a byte order mark and a missing last line end are no problem', () => {
  const { header, rows, problems } = scan('\ufeffa,b\r\n1,x\r\n2,y')
  assert.equal(header, ['a', 'b'])
  assert.is(rows, 2)
  assert.equal(problems, [])
})

test('a line with too few or too many fields is named, and blank lines are none', () => {
  const { problems, rows } = scan('a,b\n1\n1,2\n\n1,2,3\n\n')
  assert.is(rows, 3)
  assert.equal(
    problems.map(({ line, value }) => [line, value]),
    [
      [2, '1'],
      [5, '3'],
    ],
  )
})

test('a file that stops within a line is said to be cut off', () => {
  assert.match(scan('a,b,c\n1,2,3\n1,2').problems[0]!.value!, /cut off/)
  assert.match(scan('a,b\n1,"x').problems[0]!.value!, /cut off/)
})

test('binary data and other encodings are distinguished from UTF-8', () => {
  assert.is(scan(Buffer.from([1, 2, 3, 4, 0, 0, 0, 0])).problems[0]?.value, 'binary data')
  assert.match(scan(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0])).problems[0]!.value!, /^a zip archive/)
  assert.is(
    scan(Buffer.from('a,b\n1,caf\xe9\n', 'latin1')).problems[0]?.value,
    'another encoding (save it as “CSV UTF-8”)',
  )
  assert.equal(scan('a,b\n1,café\n').problems, [])
})

test('a character cut by the end of a chunk is still one character', () => {
  const line = `1,${'x'.repeat(1021)}\n`
  const filler = line.repeat(4095)
  for (const shift of [0, 1, 2, 3]) {
    const content = `a,b\n${filler}1,${'y'.repeat(1014 + shift)}€€€€\n${line}`
    assert.equal(scan(content).problems, [])
    assert.is(scan(content).rows, 4097)
  }
})

test('an empty file has no header', () => {
  assert.equal(scan('').header, [])
  assert.is(scan('a,b').rows, 0)
  assert.equal(scan('a,b').header, ['a', 'b'])
})

test('counting four bytes at a time finds what going through the lines finds, wherever the words begin', () => {
  const pieces = ['1', '22', '-3.5', '', 'text', '"a, b"', '""', 'é€', '0']
  for (let seed = 1; seed <= 300; seed++) {
    let state = seed
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const lines = Array.from({ length: 1 + random(12) }, () =>
      Array.from({ length: random(10) === 0 ? 1 + random(5) : 3 }, () => pieces[random(pieces.length)]).join(','),
    )
    if (lines.at(-1) === '') lines.push('1,2,3') // an empty last line without a line end is none
    const end = random(2) === 0 ? '\n' : '\r\n'
    const content = `a,b,${'c'.repeat(1 + random(4))}${end}${lines.join(end)}${random(2) === 0 ? end : ''}`
    const bad = lines.flatMap((line, i) =>
      line.replaceAll(/"[^"]*"/g, 'x').split(',').length === 3 || line === '' ? [] : [i + 2],
    )
    const { rows, problems } = scan(content)
    assert.equal(
      problems.map(({ line }) => line),
      bad,
      `seed ${seed}`,
    )
    assert.is(rows, lines.filter((line) => line !== '').length, `seed ${seed}`)
  }
})

test.run()
