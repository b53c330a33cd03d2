/** Every command of setup.mjs says how it is called, and refuses an argument that it does not know with a sentence. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const ours = [
  ...readFileSync('setup.mjs', 'utf8').matchAll(/^ {2}'?([\w:]+)'?: \[\s*'((?:commands|bench|dist)\/[^']+)'/gm),
]

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
    if (name === 'lab') return // what it does not know is for JupyterLab
    const refused = run(file, '--nope')
    assert.ok(refused.status === 1 || refused.status === 2, `ended with ${refused.status}`)
    assert.match(refused.stderr, '--nope')
    assert.not.match(refused.stderr, /^\s+at .*:\d+:\d+/m)
  })

test.run()
