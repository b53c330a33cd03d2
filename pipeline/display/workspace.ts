/** Where a notebook finds what the pipeline made: in the checkout, or in the folder that `WORKSPACE` names. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The nearest folder above this file that holds params.yaml: the same from the source and from dist/. */
function repository(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'params.yaml'))) {
    if (folder === dirname(folder))
      throw new Error(`no params.yaml above ${import.meta.dirname}: the repository's root was not found`)
    folder = dirname(folder)
  }
  return folder
}

/**
 * The absolute path of a file or folder of the workspace, such as `artifacts/portfolio`.
 * Throws when it is not there, which on a fresh clone means that the pipeline has not run yet.
 */
export function workspace(path: string): string {
  const root = process.env.WORKSPACE ? resolve(process.env.WORKSPACE) : repository()
  const found = join(root, path)
  if (!existsSync(found)) throw new Error(`${path} is not there yet: run npm run repro first (looked in ${root})`)
  return found
}
