import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { kernel } from './kernel.mjs'
import { labArguments } from './lab.ts'

const root = mkdtempSync(join(tmpdir(), 'kernel-'))
process.on('exit', () => rmSync(root, { recursive: true, force: true }))
const needed = ['.venv/bin/node', 'node_modules/tslab/bin/tslab', 'node_modules/plotly.js-dist-min/plotly.min.js']
const written = (path: string) => JSON.parse(readFileSync(join(root, '.venv', 'share', 'jupyter', path), 'utf8'))

test('without .venv or node_modules it says what is missing', () => {
  assert.throws(() => kernel(root), /\.venv\/bin\/node is missing/)
})

test('the kernel is registered with absolute paths, for TypeScript only', () => {
  for (const path of needed) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), path)
  }
  assert.is(kernel(root), true)
  const { argv, language } = written('kernels/tslab/kernel.json')
  assert.equal(argv, [
    join(root, needed[0] ?? ''),
    '--import',
    join(realpathSync(root), 'commands', 'notebooks', 'preload.mjs'),
    join(root, needed[1] ?? ''),
    'kernel',
    '--config-path',
    '{connection_file}',
  ])
  assert.is(language, 'typescript')
  assert.not(existsSync(join(root, '.venv', 'share', 'jupyter', 'kernels', 'jslab')))
})

test('a second call finds nothing to do', () => {
  assert.is(kernel(root), false)
})

test('the figure renderer is a complete extension, and JupyterLab does not fetch news', () => {
  const { jupyterlab } = written('labextensions/plotly-figures/package.json')
  assert.ok(
    existsSync(join(root, '.venv', 'share', 'jupyter', 'labextensions', 'plotly-figures', jupyterlab._build.load)),
  )
  assert.is(written('lab/settings/overrides.json')['@jupyterlab/apputils-extension:notification'].fetchNews, 'false')
})

test('a damaged file is written anew', () => {
  writeFileSync(join(root, '.venv', 'share', 'jupyter', 'kernels', 'tslab', 'kernel.json'), '{')
  assert.is(kernel(root), true)
  assert.is(written('kernels/tslab/kernel.json').display_name, 'TypeScript')
})

test('it can be called as a script, before anything else of the project runs', () => {
  const source = readFileSync(resolve(import.meta.dirname, 'kernel.mjs'), 'utf8')
  const imports = [...source.matchAll(/from '([^']+)'/g)].map((match) => match[1])
  assert.equal(
    imports.filter((name) => !name?.startsWith('node:')),
    [],
  )
})

test('JupyterLab opens in notebooks/, and a browser only where there is a display', () => {
  const noBrowser = (env: NodeJS.ProcessEnv, ...given: string[]) =>
    labArguments('/root', given, env, 1000).filter((argument) => argument === '--no-browser').length
  if (process.platform !== 'darwin') assert.is(noBrowser({}), 1)
  assert.is(noBrowser({ DISPLAY: ':0' }), 0)
  assert.is(noBrowser({ DISPLAY: ':0' }, '--no-browser'), 1)
  assert.is(noBrowser({}, '--no-browser'), 1)
  const folder = labArguments('/root', [], {}, 0).find((argument) => argument.startsWith('--ServerApp.root_dir='))
  assert.is(relative('/root', folder?.split('=')[1] ?? ''), 'notebooks')
  assert.ok(labArguments('/root', [], {}, 0).includes('--allow-root'))
  assert.not(labArguments('/root', [], {}, 1000).includes('--allow-root'))
})

test.run()
