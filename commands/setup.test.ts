/** The set-up of a fresh clone makes data only for a command that reads them. The toolchain is this checkout's: nothing is installed. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { linkModules } from './verify.ts'

const root = resolve(import.meta.dirname, '..')
const clone = mkdtempSync(join(tmpdir(), 'setup-'))
process.on('exit', () => rmSync(clone, { recursive: true, force: true }))

/** What is tracked, with its times (by which dist/ is known to be up to date), links to what is installed, and a portfolio of 300 clients. */
function prepare(): void {
  const tracked = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  for (const file of tracked.split('\0').filter((path) => path !== '' && !/^(reports|notebooks)\//.test(path)))
    if (existsSync(join(root, file))) cpSync(join(root, file), join(clone, file), { preserveTimestamps: true })
  linkModules(root, clone)
  mkdirSync(join(clone, '.venv'))
  for (const part of ['bin', 'lib']) symlinkSync(join(root, '.venv', part), join(clone, '.venv', part))
  for (const stamp of ['.venv/.stamp', 'dist/.stamp'])
    if (existsSync(join(root, stamp))) cpSync(join(root, stamp), join(clone, stamp))
  const params = readFileSync(join(root, 'params.yaml'), 'utf8')
  writeFileSync(
    join(clone, 'params.yaml'),
    params.replace(/^ {2}clients: \d+/m, '  clients: 300').replace(/^ {2}new_clients: \d+/m, '  new_clients: 40'),
  )
}

function repro(...args: readonly string[]) {
  const ran = spawnSync(process.execPath, [join(clone, 'setup.mjs'), 'repro', ...args], {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: clone },
  })
  return { status: ran.status, said: ran.stderr }
}

test('on other data none are made; on data/ a portfolio is, where it is empty', () => {
  prepare()
  const elsewhere = repro('--data', 'nowhere', '--out', 'out')
  assert.is(elsewhere.status, 2, elsewhere.said)
  assert.match(elsewhere.said, /nowhere: there is no such folder or zip archive/)
  assert.not.match(elsewhere.said, /Python packages|npm packages|synthetic portfolio/)
  assert.not(existsSync(join(clone, 'data')))
  const here = repro('--set', 'train.seed=1') // needs --out, so that nothing runs
  assert.is(here.status, 2, here.said)
  assert.match(here.said, /making a synthetic portfolio of 300 \+ 40 clients/)
  assert.ok(existsSync(join(clone, 'data', 'application_train.csv')))
})

test.run()
