/** Where a run comes from: program, commit and data, as tags of the run and of the version that it registers. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { KeyValue } from './client.ts'

const lockFile = z.object({
  stages: z.record(
    z.string(),
    z.object({ deps: z.array(z.object({ path: z.string(), md5: z.string().optional() })).default([]) }),
  ),
})

/** `git.commit`, `git.dirty` and `dvc.data`, as far as the current folder knows them. */
export function sourceTags(program = relative('', process.argv[1] ?? '')): KeyValue[] {
  const data = dataHash()
  return [...gitTags(program), ...(data === null ? [] : [{ key: 'dvc.data', value: data }])]
}

/** DVC's hash of the folder data/ that the pipeline read last, by dvc.lock; null where nothing ran yet. */
function dataHash(): string | null {
  try {
    const { stages } = lockFile.parse(parse(readFileSync('dvc.lock', 'utf8')))
    const deps = Object.values(stages).flatMap((stage) => stage.deps)
    return deps.find(({ path }) => path === 'data')?.md5 ?? null
  } catch {
    return null // not a pipeline's folder, or nothing ran yet
  }
}

/**
 * The commit, where it holds the program, and whether a tracked file differs from it. What the stages write (reports/, dvc.lock) is not
 * looked at: dvc removes a stage's reports before it runs.
 */
function gitTags(program: string): KeyValue[] {
  const git = (...args: string[]) =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    git('ls-files', '--error-unmatch', '--', program)
    const commit = git('rev-parse', 'HEAD')
    const sources = ['--', ':/', ':(top,exclude)reports', ':(top,exclude)dvc.lock']
    const dirty = git('status', '--porcelain', '--untracked-files=no', ...sources) !== ''
    return [
      { key: 'git.commit', value: commit },
      { key: 'git.dirty', value: String(dirty) },
    ]
  } catch {
    return [] // no git, not in a repository, or no commit yet
  }
}
