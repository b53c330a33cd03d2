/** Every command of setup.mjs says how it is called, before anything is installed, and refuses an argument that it does not know with a sentence. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const ours = [
  ...readFileSync('setup.mjs', 'utf8').matchAll(/^ {2}'?([\w:]+)'?: \[\s*'((?:commands|bench|dist)\/[^']+)'/gm),
]

/** A checkout with nothing installed: what setup.mjs reads of it. */
const bare = mkdtempSync(join(tmpdir(), 'usage-'))
process.on('exit', () => rmSync(bare, { recursive: true, force: true }))
const copied = ['setup.mjs', 'commands', 'bench', 'api/settings.ts']
for (const path of copied) cpSync(path, join(bare, path), { recursive: true })

function run(file: string, argument: string) {
  const [program, before] = file.endsWith('.sh') ? ['bash', []] : [process.execPath, ['--conditions=source']]
  return spawnSync(program, [...before, file, argument], { encoding: 'utf8', timeout: 60_000 })
}

test('the table of commands was read', () => assert.ok(ours.length > 20, `${ours.length} commands`))

for (const [, name = '', file = ''] of ours)
  test(name, () => {
    const help = run(file, '--help')
    assert.is(help.status, 0, help.stderr)
    assert.match(help.stdout, new RegExp(`npm (run )?${name}`))
    const uninstalled = spawnSync(process.execPath, [join(bare, 'setup.mjs'), name, '--help'], { encoding: 'utf8' })
    assert.is(uninstalled.stdout, help.stdout, uninstalled.stderr)
    if (name === 'lab') return // what it does not know is for JupyterLab
    const refused = run(file, '--nope')
    assert.ok(refused.status === 1 || refused.status === 2, `ended with ${refused.status}`)
    assert.match(refused.stderr, '--nope')
    assert.not.match(refused.stderr, /^\s+at .*:\d+:\d+/m)
  })

test('asking for help installs nothing', () => {
  const roots = new Set(copied.map((path) => path.split('/')[0]!))
  assert.equal(readdirSync(bare).sort(), [...roots].sort())
})

test.run()
