/** A file or folder of a repository as it was at a revision, brought to this machine by `dvc get`. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize, sep } from 'node:path'
import { DvcError } from './error.ts'

export interface Revision {
  /** Branch, tag or commit; default: the workspace. */
  readonly rev?: string
  /** Remote to look in; default: DVC's default remote. */
  readonly remote?: string
}

interface Opened {
  readonly root: string
  run(...args: readonly string[]): Promise<string>
}

/** Full commit of a revision. */
export function commitOf(root: string, rev: string): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  let shallow = false
  try {
    shallow = git('rev-parse', '--is-shallow-repository') === 'true'
  } catch {
    throw new DvcError(`${rev}: expected a git repository in ${root}: revisions are git's`, { reason: 'no-git' })
  }
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${rev}^{commit}`)
  } catch {
    const hint = shallow ? ': this clone is shallow, git fetch --unshallow --tags brings the rest' : ''
    throw new DvcError(`${JSON.stringify(rev)} is no revision of ${root}${hint}`, { reason: 'unknown-revision' })
  }
}

/** A file that git itself holds, which needs no dvc; null for folders and for what dvc tracks. */
function blobOf(root: string, commit: string, path: string): Buffer | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 30 })
  const name = `${commit}:./${path.split(sep).join('/')}`
  try {
    return git('cat-file', '-t', name).toString().trim() === 'blob' ? git('cat-file', 'blob', name) : null
  } catch {
    return null // not in git
  }
}

/** Path of the copy; made once for a commit, each time for the workspace. */
export async function fetched(repo: Opened, path: string, { rev, remote }: Revision): Promise<string> {
  const inside = normalize(path)
  if (isAbsolute(inside) || inside.split(/[\\/]/).includes('..'))
    throw new DvcError(`${JSON.stringify(path)}: expected a path inside the repository, from its root`)
  const commit = rev === undefined ? null : commitOf(repo.root, rev)
  const target = join(repo.root, '.dvc', 'tmp', 'dvc-ts', commit ?? 'workspace', inside)
  if (commit !== null && existsSync(target)) return target
  mkdirSync(dirname(target), { recursive: true })
  const temporary = `${target}.${process.pid}.tmp`
  const blob = commit === null ? null : blobOf(repo.root, commit, inside)
  try {
    if (blob !== null) {
      writeFileSync(temporary, blob)
      renameSync(temporary, target)
      return target
    }
    const get = (from: string | undefined) => {
      const where = [...(commit === null ? [] : ['--rev', commit]), ...(from === undefined ? [] : ['--remote', from])]
      return repo.run('get', ...where, '--force', '--out', temporary, '--', '.', inside)
    }
    await get(remote).catch(async (error: unknown) => {
      // dvc takes the default remote from the revision's own configuration; an older one may not have had any.
      const today =
        remote === undefined && commit !== null && error instanceof DvcError && error.reason === 'missing-data'
      const name = today ? (await repo.run('config', 'core.remote').catch(() => '')).trim() : ''
      if (name === '') throw error
      await get(name)
    })
    if (commit === null) rmSync(target, { recursive: true, force: true })
    if (!existsSync(target)) renameSync(temporary, target) // else another process was faster
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
  return target
}
