import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Notebook } from './document.ts'
import { CellError, replay } from './replay.ts'

const root = resolve(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(join(tmpdir(), 'replay-'))
const folder = mkdtempSync(join(tmpdir(), 'notebooks-')) // where imports count from
process.on('exit', () => {
  for (const path of [scratch, folder]) rmSync(path, { recursive: true, force: true })
})

const notebook = (...sources: string[]): Notebook => ({
  cells: sources.map((source) => ({ cell_type: 'code', metadata: {}, source, outputs: [] })),
})
const run = (sources: string[], workspace?: string, cell = 60) =>
  replay(notebook(...sources), { root, folder, workspace, scratch, seconds: { start: 120, cell } })

async function failure(sources: string[], cell?: number): Promise<CellError> {
  try {
    await run(sources, undefined, cell)
  } catch (error) {
    if (error instanceof CellError) return error
    throw error
  }
  throw new Error(`a notebook that must fail passed: ${sources.join(' ; ')}`)
}

test('cells see each other, and their outputs come back in order', async () => {
  const { cells } = await run([
    "import { display } from 'tslab'\nconst a: number = 41",
    "display.markdown('**' + (a + 1) + '**')\nconsole.log('after')",
  ])
  const [first, second] = cells
  assert.equal(first?.cell_type === 'code' && first.outputs, [])
  assert.equal(second?.cell_type === 'code' && second.outputs, [
    { output_type: 'display_data', data: { 'text/markdown': '**42**' }, metadata: {} },
    { output_type: 'stream', name: 'stdout', text: 'after\n' },
  ])
})

test('the kernel works in the notebook’s folder, in UTC, and knows the workspace only when there is one', async () => {
  const ask = 'console.log(JSON.stringify([process.cwd(), process.env.WORKSPACE ?? null, new Date(0).getHours()]))'
  const said = async (workspace?: string) => {
    const [cell] = (await run([ask], workspace)).cells
    const [output] = cell?.cell_type === 'code' ? cell.outputs : []
    return output?.output_type === 'stream' ? JSON.parse(output.text) : null
  }
  assert.equal(await said(), [folder, null, 0])
  assert.equal(await said('/somewhere'), [folder, '/somewhere', 0])
})

const failures: [what: string, sources: string[], reason: RegExp][] = [
  ['a thrown error', ["throw new Error('broken')"], /Error: broken/],
  ['a type error', ["const n: number = 'text'"], /'string' is not assignable to type 'number'/],
  ['an import that is not there', ["import { x } from '../dist/nowhere.js'"], /Cannot find module/],
  ['text on stderr', ["console.error('a word')"], /a word/],
  ['an unhandled rejection', ["Promise.reject(new Error('refused'))"], /refused/],
  ['an error in a timer after the last cell', ["setTimeout(() => { throw new Error('late') }, 20)"], /late/],
  ['a warning of Node', ["process.emitWarning('old')"], /old/],
  ['a native write to stderr', ["import * as fs from 'fs'\nfs.writeSync(2, 'native')"], /native/],
  ['a kernel that ends itself', ['process.exit(0)'], /ended by itself \(exit code 0\)/],
]

test(`each of ${failures.length} ways to go wrong fails, and says in which cell`, async () => {
  const waiting = [...failures]
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [what, sources, reason] = next
      const error = await failure(['1 + 1', ...sources])
      assert.match(error.reason, reason, what)
      assert.is(error.cell, 2, what)
      assert.ok(error.message.includes(`    | ${sources[0]?.split('\n')[0]}`), `${what}: the message shows the source`)
    }
  }
  await Promise.all([worker(), worker()])
})

test('a cell that takes too long is given up', async () => {
  const error = await failure(['await new Promise(() => setInterval(() => {}, 1000))'], 1)
  assert.match(error.reason, /the cell took more than 1 s/)
})

test('a message shows the notebook’s stack and none of the kernel’s', async () => {
  const { message } = await failure(["const f = () => { throw new Error('deep') }\nf()"])
  assert.match(message, /Error: deep/)
  assert.not.match(message, /tslab\/dist|node:vm/)
})

test('kernels leave nothing behind', () => {
  assert.equal(readdirSync(scratch), [])
})

test('a kernel that starts and stays silent is replaced by another', async () => {
  const sulky = join(mkdtempSync(join(scratch, 'sulky-')))
  const bin = join(sulky, 'node_modules', 'tslab', 'bin')
  mkdirSync(bin, { recursive: true })
  const marker = JSON.stringify(join(sulky, 'started'))
  const real = JSON.stringify(join(root, 'node_modules', 'tslab', 'bin', 'tslab'))
  writeFileSync(
    join(bin, 'tslab'),
    `const fs = require('fs')
if (fs.existsSync(${marker})) require(${real})
else { fs.writeFileSync(${marker}, ''); setInterval(() => {}, 1000) }`,
  )
  const seconds = { start: 90, cell: 60 }
  const { cells } = await replay(notebook("console.log('heard')"), { root: sulky, folder, scratch, seconds })
  rmSync(sulky, { recursive: true })
  assert.equal(cells[0]?.cell_type === 'code' && cells[0].outputs, [
    { output_type: 'stream', name: 'stdout', text: 'heard\n' },
  ])
})

test('an error says what keeps a kernel from starting', async () => {
  const nowhere = join(scratch, 'root')
  mkdirSync(nowhere)
  const started = replay(notebook('1'), { root: nowhere, folder, scratch, seconds: { start: 30, cell: 5 } })
  const error = await started.then(
    () => null,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof Error)
  assert.match(error.message, /ended by itself[\s\S]*Cannot find module/)
})

test.run()
