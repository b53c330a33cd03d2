/** Finding and opening libxgboost, and the gate. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { candidates, type Surroundings } from './find.ts'
import { tidy } from './gate.ts'
import { configure, DMatrix, libraryPath, libraryVersion, train, XGBoostError } from './index.ts'
import { isSupported, openLibrary } from './library.ts'

const nowhere: Surroundings = {
  env: {},
  cwd: '/nowhere/at/all',
  here: '/nowhere/else',
  home: '/nowhere/home',
  platform: 'linux',
}

test('XGBOOST_LIBRARY alone is tried when it is set', () => {
  assert.equal(candidates({ ...nowhere, env: { XGBOOST_LIBRARY: '/x/libxgboost.so', VIRTUAL_ENV: '/v' } }), [
    '/x/libxgboost.so',
  ])
})

test('the active environment comes before a nearby one, a nearby one before the system', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xgboost-node-'))
  mkdirSync(join(folder, '.venv', 'lib', 'python3.9'), { recursive: true })
  mkdirSync(join(folder, '.venv', 'lib', 'python3.12'), { recursive: true })
  mkdirSync(join(folder, 'deep', 'er'), { recursive: true })
  const found = candidates({
    ...nowhere,
    cwd: join(folder, 'deep', 'er'),
    env: { VIRTUAL_ENV: '/active', CONDA_PREFIX: '/conda' },
  })
  const place = (part: string) => {
    const index = found.findIndex((path) => path.includes(part))
    assert.ok(index >= 0, `${part} in\n${found.join('\n')}`)
    return index
  }
  const order = [
    '/active/',
    join(folder, '.venv/lib/python3.12/site-packages/xgboost/lib/libxgboost.so'),
    join(folder, '.venv/lib/python3.9/'),
    '/conda/lib/libxgboost.so',
    '/nowhere/home/.local',
    '/usr/local/',
    '/usr/lib/libxgboost.so',
  ]
  assert.equal(
    order.map(place),
    order.map(place).sort((a, b) => a - b),
  )
  rmSync(folder, { recursive: true })
})

test('each platform has its file name', () => {
  const nearby = (platform: string) => candidates({ ...nowhere, platform, env: { VIRTUAL_ENV: '/active' } })
  assert.ok(nearby('darwin').every((path) => path.endsWith('libxgboost.dylib')))
  assert.ok(nearby('win32').every((path) => path.endsWith('xgboost.dll') && !path.startsWith('/usr')))
  assert.ok(nearby('win32').some((path) => /Lib.site-packages.xgboost.lib/.test(path)))
})

test('when there is no library the error names every path tried and how to get it', () => {
  const at = { ...nowhere, env: { VIRTUAL_ENV: '/active' } }
  assert.throws(
    () => openLibrary(at),
    (error: Error) => {
      const missing = candidates(at).filter((path) => !error.message.includes(`${path}: `))
      return (
        error instanceof XGBoostError &&
        missing.length === 0 &&
        /pip install xgboost-cpu/.test(error.message) &&
        /XGBOOST_LIBRARY/.test(error.message)
      )
    },
  )
})

test('a file that is no library is named with the reason', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xgboost-node-'))
  const path = join(folder, 'libxgboost.so')
  writeFileSync(path, 'not a library')
  assert.throws(
    () => openLibrary({ ...nowhere, env: { XGBOOST_LIBRARY: path } }),
    (error: Error) => error.message.includes(`${path}: `) && /invalid|short|header|format/i.test(error.message),
  )
  rmSync(folder, { recursive: true })
})

test('versions from 2.1 will do', () => {
  assert.equal(
    [
      [1, 7, 6],
      [2, 0, 3],
      [2, 1, 0],
      [3, 2, 0],
      [4, 0, 0],
    ].map((version) => isSupported(version as [number, number, number])),
    [false, false, true, true, true],
  )
  assert.match(libraryVersion(), /^\d+\.\d+\.\d+$/)
  assert.match(libraryPath(), /xgboost/)
})

test('importing opens nothing and sets nothing; the first use does', () => {
  const program = `
    const before = JSON.stringify(process.env)
    const { DMatrix } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))})
    let message = ''
    try { DMatrix.fromColumns([Float32Array.of(1)]) } catch (error) { message = error.message }
    console.log(JSON.stringify({ message, same: before === JSON.stringify(process.env) }))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, XGBOOST_LIBRARY: '/no/such/libxgboost.so' },
  })
  const { message, same } = JSON.parse(stdout)
  assert.match(message, /\/no\/such\/libxgboost.so: no such file/)
  assert.ok(same)
})

test('an error of the library has its function and message, without source file, time and stack trace', () => {
  const dtrain = DMatrix.fromColumns([Float32Array.of(1, 2)], { label: [0, 1] })
  try {
    train({ params: { objective: 'no:such' }, dtrain, rounds: 1 })
    throw new Error('nothing was thrown')
  } catch (error) {
    assert.instance(error, XGBoostError)
    assert.match((error as XGBoostError).fn, /^XGBooster/)
    assert.match((error as Error).message, /Unknown objective function: `no:such`/)
    assert.not.match((error as Error).message, /Stack trace|\.cc:/)
  }
  assert.is(tidy('[12:00:00] /workspace/src/a.cc:12: Check failed: x\nStack trace:\n  [bt] (0) y'), 'Check failed: x')
  assert.is(tidy(''), 'no message')
})

test('configure refuses what is no setting', () => {
  assert.throws(() => configure({ nthread: -1 }), /nthread must be/)
  assert.throws(() => configure({ verbosity: 7 as never }), /verbosity must be/)
  configure({ verbosity: 1, nthread: 0 })
})

test.run()
