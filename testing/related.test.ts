import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { changedFiles, testsReaching, typedFile } from './related.ts'

const dvc = `stages:
  ingest: { cmd: node pipeline/ingest.ts data out/tables, deps: [data], outs: [out/tables] }
  train: { cmd: node pipeline/train.ts, deps: [out/tables/rows.csv], outs: [{ reports/train: { cache: false } }] }
  drift: { cmd: node pipeline/drift.ts, deps: [reports/train], outs: [reports/drift] }
`
const files: Readonly<Record<string, string>> = {
  'dvc.yaml': dvc,
  Dockerfile: '',
  'README.md': '',
  'api/app.ts': "import type { Row } from './row.ts'\nexport { b } from '../pipeline/b.ts'\n",
  'api/row.ts': "export const words = readFileSync(new URL('./words.json', import.meta.url))\n",
  'api/words.json': '{}',
  'api/style/base.css': '',
  'api/script/form.js': '',
  'api/page.ts': "join(import.meta.dirname, 'style')\nconst path = `script/$" + '{name}.js`\n',
  'pipeline/b.ts': "export const b = spawn('python', ['pipeline/b.py'])\n",
  'pipeline/b.py': '',
  'pipeline/ingest.ts': '',
  'pipeline/train.ts': '',
  'pipeline/drift.ts': '',
  'commands/repro.ts': "for (const part of ['pipeline', 'dvc.yaml']) cpSync(join(root, part), join(out, part))\n",
  'commands/build.mjs': '',
  'testing/bundle.ts': "run(['commands/repro.ts', 'train'])\n",
  'api/app.test.ts': "import './app.ts'\n",
  'api/image.test.ts': "readFileSync('Dockerfile')\n",
  'api/page.test.ts': "await import('./page.ts')\n",
  'commands/all.test.ts': "spawn(join(import.meta.dirname, 'repro.ts'))\n",
  'commands/built.test.ts': "spawn('dist/pipeline/drift.js')\nconst own = 'api/app.test.ts'\n",
  'pipeline/scores.test.ts': "import { bundle } from '../testing/bundle.ts'\n",
}
const tests = Object.keys(files).filter((name) => name.endsWith('.test.ts'))
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { encoding: 'utf8' })

/** Runs `body` in a repository of these files, all committed. */
function inRepository(body: () => void): void {
  const [folder, before] = [mkdtempSync(join(tmpdir(), 'related-')), process.cwd()]
  try {
    process.chdir(folder)
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(name), { recursive: true })
      writeFileSync(name, text)
    }
    git('init', '--quiet', '--initial-branch', 'trunk')
    git('add', '.')
    git('commit', '--quiet', '--message', 'all')
    body()
  } finally {
    process.chdir(before)
    rmSync(folder, { recursive: true, force: true })
  }
}

const reaching: readonly (readonly [string, string, readonly string[]])[] = [
  ['a type that is imported', 'api/row.ts', ['api/app.test.ts']],
  ['a file named by new URL', 'api/words.json', ['api/app.test.ts']],
  ['a Python file named from the root', 'pipeline/b.py', ['api/app.test.ts']],
  ['a style sheet of a folder that is read', 'api/style/base.css', ['api/page.test.ts']],
  ['a script whose name is put together', 'api/script/form.js', ['api/page.test.ts']],
  ['a file without an extension', 'Dockerfile', ['api/image.test.ts']],
  ['the source of a compiled file', 'pipeline/drift.ts', ['commands/all.test.ts', 'commands/built.test.ts']],
  ['a stage before the one that is run', 'pipeline/ingest.ts', ['commands/all.test.ts', 'pipeline/scores.test.ts']],
  ['the table of the stages', 'dvc.yaml', ['commands/all.test.ts', 'pipeline/scores.test.ts']],
  ['a test, by itself alone', 'api/app.test.ts', ['api/app.test.ts']],
  ['a file that nothing names', 'README.md', []],
]
for (const [what, file, expected] of reaching)
  test(`${what}: ${file} is reached by ${expected.join(' and ') || 'no test'}`, () =>
    inRepository(() => assert.equal(testsReaching(tests, [file]).get(file), expected)))

test('what was edited, added, deleted or is new has changed; against a revision, what was committed since has too', () =>
  inRepository(() => {
    assert.equal(changedFiles(), [])
    git('checkout', '--quiet', '-b', 'branch')
    writeFileSync('api/app.ts', '')
    git('commit', '--quiet', '--all', '--message', 'one')
    rmSync('api/row.ts')
    writeFileSync('pipeline/b.ts', '//')
    writeFileSync('fresh.ts', '')
    writeFileSync('with space.ts', '')
    git('add', 'fresh.ts')
    const now = ['api/row.ts', 'fresh.ts', 'pipeline/b.ts', 'with space.ts']
    assert.equal(changedFiles(), now)
    assert.equal(changedFiles('trunk'), ['api/app.ts', ...now])
    assert.throws(() => changedFiles('elsewhere'), /received elsewhere/)
  }))

test('a test still reaches the file that was deleted under it', () =>
  inRepository(() => {
    rmSync('api/row.ts')
    assert.equal(testsReaching(tests, ['api/row.ts']).get('api/row.ts'), ['api/app.test.ts'])
  }))

test('a file may be typed from the folder where the command was typed, or from the root', () =>
  inRepository(() => {
    assert.is(typedFile('row.ts', 'api'), 'api/row.ts')
    assert.is(typedFile('api/row.ts', 'pipeline'), 'api/row.ts')
    assert.throws(() => typedFile('nothing.ts', 'api'), /received nothing\.ts/)
  }))

test('in this repository a page of the drift report is no business of the service, and the script of the page is', () => {
  const [report, script] = ['pipeline/views/drift/page.ts', 'api/page/script/what-if.js']
  const found = testsReaching(['api/page/page.test.ts', 'pipeline/views/drift/page.test.ts'], [report, script])
  assert.equal(found.get(report), ['pipeline/views/drift/page.test.ts'])
  assert.equal(found.get(script), ['api/page/page.test.ts'])
})

test.run()
