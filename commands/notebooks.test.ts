import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { notebooks, places } from './notebooks.ts'

const root = resolve(import.meta.dirname, '..')
const place = mkdtempSync(join(tmpdir(), 'notebooks-test-'))
process.on('exit', () => rmSync(place, { recursive: true, force: true }))
const folder = join(place, 'notebooks')
const pages = join(place, 'reports', 'notebooks')
mkdirSync(folder)

const figure = (y: number) => `
import { createRequire } from 'module'
const bundle = { data: { 'application/vnd.plotly.v1+json': { data: [{ type: 'bar', x: [1, 2], y: [1, ${y}] }], layout: { width: 200, height: 100, meta: { title: 'T' } } }, 'text/plain': '[figure] Two <bars>' }, metadata: {}, transient: {} }
createRequire('${join(root, 'x.js')}')('tslab/dist/jupyter.js').lastWriteDisplayData(bundle)`
const write = (name: string, ...sources: string[]) => {
  const cells = [
    { cell_type: 'markdown', metadata: {}, source: '# Is it so?' },
    ...sources.map((source) => ({ cell_type: 'code', metadata: {}, source, outputs: [], execution_count: null })),
  ]
  writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }))
}
const read = (...path: string[]) => readFileSync(join(place, ...path), 'utf8')
const run = (options: { check?: boolean; names?: string[]; out?: string } = {}) =>
  notebooks({ root, folder, out: folder, pages, ...options })
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

test('a replay writes outputs, images and a page, and a second one changes nothing', async () => {
  write('1-good', figure(2), 'console.log(6 * 7)')
  const { changed } = await run()
  assert.equal(
    changed.map((path) => basename(path)),
    ['1-good.ipynb', '1-good.html', 'plotly.min.js'],
  )
  assert.match(read('notebooks', '1-good.ipynb'), /"42\\n"[\s\S]*/)
  assert.match(read('notebooks', '1-good.ipynb'), /"image\/png": "iVBOR/)
  assert.equal((await run()).changed, [])
  assert.equal((await run({ check: true })).changed, [])
})

test('the page opens from disk: its only address is the Plotly file beside it', () => {
  const page = read('reports', 'notebooks', '1-good.html')
  const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
  assert.equal(
    addresses.filter((address) => !address.startsWith('data:') && !address.startsWith('#')),
    ['../plotly.min.js'],
  )
  assert.match(page, /<title>Is it so\?<\/title>/)
  assert.match(page, /alt="Two &lt;bars&gt;"/)
  assert.ok(existsSync(join(place, 'reports', 'plotly.min.js')))
})

test('a failing notebook stays as it was, the command names its cell, the others are written', async () => {
  write('2-bad', 'console.log(1)', 'const n: number = "x"')
  write('1-good', figure(2), 'console.log(6 * 8)')
  const before = read('notebooks', '2-bad.ipynb')
  const message = await refusal(run())
  assert.match(message, /^2-bad\.ipynb: cell 3 failed\n {4}\| const n: number = "x"\n.*not assignable/)
  assert.is(read('notebooks', '2-bad.ipynb'), before)
  assert.not(existsSync(join(pages, '2-bad.html')))
  assert.match(read('notebooks', '1-good.ipynb'), /"48\\n"/)
})

test('a check writes nothing and tells what would change', async () => {
  write('1-good', figure(2), 'console.log(6 * 9)')
  const before = read('notebooks', '1-good.ipynb')
  const { changed } = await run({ check: true, names: ['good'] })
  assert.equal(
    changed.map((path) => basename(path)),
    ['1-good.ipynb', '1-good.html'],
  )
  assert.is(read('notebooks', '1-good.ipynb'), before)
})

test('with another place for the outputs the notebook itself stays untouched', async () => {
  const before = read('notebooks', '1-good.ipynb')
  const out = join(place, 'elsewhere')
  const { changed } = await run({ names: ['1-good'], out })
  assert.equal(
    changed.map((path) => basename(path)),
    ['1-good.ipynb', '1-good.html'],
  )
  assert.is(read('notebooks', '1-good.ipynb'), before)
  assert.match(read('elsewhere', '1-good.ipynb'), /"54\\n"/)
})

test('a name that no notebook has is refused with the names that there are', async () => {
  assert.match(await refusal(run({ names: ['absent'] })), /no notebook is called absent; there are 1-good, 2-bad/)
})

test('a workspace without artifacts is refused, one with them takes all that is written', () => {
  assert.throws(() => places(root, join(place, 'nowhere')), /holds no artifacts\/: make them with npm run repro/)
  mkdirSync(join(place, 'artifacts'))
  const { out, pages: html, folder: read } = places(root, place)
  assert.equal(
    [out, html, read],
    [join(place, 'reports', 'notebooks'), join(place, 'reports', 'notebooks'), join(root, 'notebooks')],
  )
})

test('an interrupted run leaves the files whole, no kernel and no temporary folder', async () => {
  write('1-good', 'await new Promise((resolve) => setTimeout(resolve, 60000))')
  rmSync(join(folder, '2-bad.ipynb'))
  const before = read('notebooks', '1-good.ipynb')
  const temporary = join(place, 't')
  mkdirSync(temporary)
  const script = `
    import { notebooks } from ${JSON.stringify(join(root, 'commands', 'notebooks.ts'))}
    process.on('SIGTERM', () => process.exit(143))
    await notebooks({ root: ${JSON.stringify(root)}, folder: ${JSON.stringify(folder)}, out: ${JSON.stringify(folder)}, pages: ${JSON.stringify(pages)} })`
  const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', script], {
    env: { ...process.env, TMPDIR: temporary },
  })
  const kernels = () => readdirSync(temporary).flatMap((name) => readdirSync(join(temporary, name)))
  while (kernels().length === 0) await new Promise((resolve) => setTimeout(resolve, 100))
  await new Promise((resolve) => setTimeout(resolve, 1000))
  child.kill('SIGTERM')
  assert.is(await new Promise((resolve) => child.on('close', resolve)), 143)
  assert.is(read('notebooks', '1-good.ipynb'), before)
  assert.equal(readdirSync(temporary), [])
})

test.run()
