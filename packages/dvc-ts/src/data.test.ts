/** Tracked files travel: to a remote, to a second clone, and back from an old revision. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DvcError, type Reason } from './error.ts'
import { Repo } from './repo.ts'
import { command, commit, emptyRepository, write } from './testing/repository.ts'

const refused = async (work: Promise<unknown>, reason: Reason, message: string | RegExp = ''): Promise<void> => {
  try {
    await work
  } catch (error) {
    if (!(error instanceof DvcError) || error.reason !== reason) throw error
    return assert.match(error.message, message)
  }
  throw new Error(`expected a DvcError: ${reason}`)
}

const root = emptyRepository()
const opened = Repo.open(root)
const remote = mkdtempSync(join(tmpdir(), 'dvc-ts-remote-'))
const clone = join(mkdtempSync(join(tmpdir(), 'dvc-ts-clone-')), 'une copie')
let second: Repo // of the clone

test('added data are read back from the workspace, and as they were at a commit', async () => {
  const repo = await opened
  write(root, { 'les données/a.csv': 'x\n1\n', 'les données/sous/b.csv': 'y\n2\n', 'notes.md': 'first' })
  await repo.add('les données')
  commit(root, 'before there is a remote')
  command(root, 'git', 'tag', 'v0')
  await refused(repo.push(), 'no-remote', 'dvc remote add')
  write(root, { '.dvc/config': `[core]\n    remote = store\n['remote "store"']\n    url = ${remote}\n` })
  commit(root, 'first')
  command(root, 'git', 'tag', 'v1')
  write(root, { 'les données/a.csv': 'x\n9\n', 'notes.md': 'second' })
  await repo.add(['les données'])
  commit(root, 'second')
  assert.is(await repo.read('les données/a.csv'), 'x\n9\n')
  assert.is(await repo.read('les données/a.csv', { rev: 'v1' }), 'x\n1\n')
  assert.is(await text(await repo.open('les données/sous/b.csv', { rev: 'HEAD~1' })), 'y\n2\n')
  assert.is(await repo.read('notes.md', { rev: 'v1' }), 'first')
  const folder = await repo.path('les données', { rev: 'v1' })
  assert.is(readFileSync(join(folder, 'a.csv'), 'utf8'), 'x\n1\n')
  assert.is(command(root, 'git', 'status', '--porcelain'), '')
})

test('paths outside, folders as files, unknown revisions and unknown paths have different errors', async () => {
  const repo = await opened
  await refused(repo.path('../x', { rev: 'v1' }), 'failed', 'expected a path inside the repository')
  await refused(repo.read('les données'), 'failed', 'it is a folder')
  await refused(repo.read('notes.md', { rev: 'v9' }), 'unknown-revision', '"v9" is no revision')
  await refused(repo.read('notes.md', { rev: '--help' }), 'unknown-revision')
  await refused(repo.read('nothing.csv', { rev: 'v1' }), 'failed', 'nothing.csv')
})

test('what one clone pushes a second one pulls, at both revisions, with the same bytes', async () => {
  const repo = await opened
  await repo.push({ allCommits: true })

  command(tmpdir(), 'git', 'clone', '-q', root, clone)
  second = await Repo.open(clone)
  const missing = await second.status()
  assert.equal(Object.keys(missing), ['les données.dvc'])
  await second.pull()
  assert.equal(await second.status(), {})
  assert.is(readFileSync(join(clone, 'les données', 'a.csv'), 'utf8'), 'x\n9\n')
  assert.is(await second.read('les données/a.csv', { rev: 'v0' }), 'x\n1\n')
})

test('a detached HEAD is a revision like any other', async () => {
  command(clone, 'git', 'checkout', '-q', 'v1')
  assert.is(await second.read('notes.md', { rev: 'HEAD' }), 'first')
  assert.ok((await second.status())['les données.dvc'])
  command(clone, 'git', 'checkout', '-q', '-')
})

test('what is neither in the workspace nor in the cache comes from the remote, and without one it is reported as missing', async () => {
  const repo = second
  rmSync(join(clone, 'les données'), { recursive: true })
  rmSync(join(clone, '.dvc', 'cache'), { recursive: true })
  assert.is(await repo.read('les données/a.csv'), 'x\n9\n')
  rmSync(join(clone, '.dvc', 'cache'), { recursive: true, force: true })
  writeFileSync(join(clone, '.dvc', 'config'), `['remote "other"']\n    url = ${remote}\n`)
  await refused(repo.read('les données/a.csv'), 'missing-data', 'neither in the cache nor on a remote')
  assert.is(await repo.read('les données/a.csv', { remote: 'other' }), 'x\n9\n')
})

test('in a shallow clone an old revision is refused with the way to get it', async () => {
  const shallow = join(mkdtempSync(join(tmpdir(), 'dvc-ts-shallow-')), 'c')
  command(tmpdir(), 'git', 'clone', '-q', '--depth', '1', `file://${root}`, shallow)
  const repo = await Repo.open(shallow)
  await refused(
    repo.read('notes.md', { rev: 'v1' }),
    'unknown-revision',
    /this clone is shallow, git fetch --unshallow/,
  )
})

test('gc keeps what it is given to keep and refuses to be given nothing', async () => {
  const repo = await opened
  await refused(repo.gc({}), 'failed', 'expected at least one of')
  const old = join(root, '.dvc', 'tmp', 'dvc-ts')
  rmSync(old, { recursive: true, force: true })
  rmSync(remote, { recursive: true, force: true })
  await repo.gc({ workspace: true })
  assert.is(await repo.read('les données/a.csv'), 'x\n9\n')
  await refused(repo.read('les données/a.csv', { rev: 'v1' }), 'missing-data')
  writeFileSync(join(root, 'les données', 'a.csv'), 'x\n9\n')
  assert.ok(existsSync(join(root, 'les données.dvc')))
})

test.run()
