/** A key that `npm run key` makes opens the service with its role, and nothing else does. */
import { spawnSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { keyFor } from '../api/access.ts'
import { roles, settings } from '../api/settings.ts'
import { newKey } from './key.ts'

test('each role’s key is known by its entry of API_KEYS, under that role', () => {
  const made = roles.map((role) => ({ role, ...newKey(role) }))
  const { keys } = settings({ API_KEYS: made.map(({ entry }) => entry).join(',') }, '/')
  for (const { role, key } of made) assert.is(keyFor(key, keys)?.role, role)
  assert.is(keyFor(newKey('admin').key, keys), null)
})

test('the command prints both, and refuses a role that is none', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--conditions=source', 'commands/key.ts', ...args], { encoding: 'utf8' })
  const made = run('read')
  const [, key = '', entry = ''] = /(pad_read_\S+)[\s\S]*(read:[0-9a-f]{64})/.exec(made.stdout) ?? []
  assert.is(keyFor(key, settings({ API_KEYS: entry }, '/').keys)?.role, 'read')
  assert.is(run('king').status, 1)
  assert.is(run('--help').status, 0)
})

test.run()
