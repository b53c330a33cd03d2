/** A small DVC repository for the tests, its path with a space and an accent, and commands with an identity of their own. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'

// The tests' dvc is that of the workspace, wherever they are started from.
process.env.PATH = [resolve('.venv/bin'), process.env.PATH].join(delimiter)
process.env.DVC_NO_ANALYTICS = '1'
for (const role of ['AUTHOR', 'COMMITTER']) {
  process.env[`GIT_${role}_NAME`] = 'test'
  process.env[`GIT_${role}_EMAIL`] = 'test@example.org'
}

export const command = (cwd: string, name: string, ...args: string[]): string =>
  execFileSync(name, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

export const write = (folder: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

export const commit = (folder: string, message: string): string => {
  command(folder, 'git', 'add', '-A')
  command(folder, 'git', 'commit', '-qm', message)
  return command(folder, 'git', 'rev-parse', 'HEAD').trim()
}

/** An empty repository with git and with what `dvc init` writes (without a process of dvc). */
export function emptyRepository(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'dvc-ts-')), 'dépôt de crédit')
  mkdirSync(folder)
  command(folder, 'git', 'init', '-q', '-b', 'main')
  write(folder, { '.dvc/config': '', '.dvc/.gitignore': '/config.local\n/tmp\n/cache\n' })
  return folder
}

/** Three kinds of stage: plain, foreach with vars of a file, and a metric; nothing has run. */
export const pipeline = {
  'params.yaml': 'train: {eta: 0.1, depth: 4}\ndata: {rows: 3}\n',
  'extra.yaml': 'models: [tree, linear]\n',
  'dvc.yaml': `vars:
  - extra.yaml
  - out: réponses
stages:
  prepare:
    desc: makes the rows
    cmd: mkdir -p data && seq \${data.rows} > "data/les lignes.txt"
    params: [data.rows]
    outs: [data]
  train:
    foreach: \${models}
    do:
      cmd: mkdir -p \${out} && wc -l < "data/les lignes.txt" > \${out}/\${item}.txt && echo '{"auc":' 0.\${train.depth} '}' > \${out}/\${item}.json
      deps: [data]
      params: [train]
      outs: ["\${out}/\${item}.txt"]
      metrics: ["\${out}/\${item}.json": {cache: false}]
`,
}
