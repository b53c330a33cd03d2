/** What `dvc status` calls stale after a change of the code: that which the change reaches, and nothing else. */
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Repo } from 'dvc-ts'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'

type Named = string | Readonly<Record<string, unknown>>
interface Stage {
  readonly deps: readonly string[]
  readonly outs: readonly Named[]
}

const nameOf = (out: Named): string => (typeof out === 'string' ? out : Object.keys(out)[0]!)

/**
 * A DVC workspace with the code as it stands here, every stage up to date. DVC compares bytes and does not look into them, so data, artifacts and
 * reports hold a line each.
 */
async function workspace(work: (folder: string, repo: Repo) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stale-'))
  try {
    const tracked = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard', 'pipeline', 'packages'], {
      encoding: 'utf8',
    })
    for (const file of ['dvc.yaml', 'params.yaml', '.dvcignore', ...tracked.split('\0').filter(Boolean)])
      if (existsSync(file)) cpSync(file, join(folder, file), { recursive: true })
    mkdirSync(join(folder, '.dvc'))
    writeFileSync(join(folder, '.dvc', 'config'), '[core]\n    analytics = false\n    no_scm = true\n')
    const { stages } = parse(readFileSync('dvc.yaml', 'utf8')) as { stages: Record<string, Stage> }
    for (const path of Object.values(stages).flatMap(({ deps, outs }) => [...outs.map(nameOf), ...deps])) {
      const file = join(folder, /\.\w+$/.test(path) ? path : `${path}/content`)
      if (existsSync(join(folder, path)) || existsSync(file)) continue
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${path}\n`)
    }
    const repo = await Repo.open(folder)
    execFileSync(repo.dvc, ['commit', '--force', '--quiet'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    await work(folder, repo)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A file of each kind, and the stages that load it. What these write may make later stages stale in turn, once it has other bytes. */
const loadedBy: Readonly<Record<string, readonly string[]>> = {
  // A word on a page, a chart: the pages alone.
  'pipeline/views/drift/words.ts': ['pages'],
  'packages/report-kit/src/bar-chart.ts': ['pages'],
  // What a reason says, and how it writes numbers: explain.json tells three clients their reasons.
  'pipeline/scoring/wording/sentence.ts': ['explain'],
  'packages/report-kit/src/numbers.ts': ['explain', 'pages'],
  'packages/synthetic-credit/src/generator/risk.ts': [],
  'pipeline/drift/statistics/hellinger.ts': ['drift'],
  'pipeline/features/definitions/bureau.ts': ['features'],
  'pipeline/features/rules/polars/rates.ts': ['features'],
  'pipeline/features/rules/javascript/grouping.ts': ['train', 'explain'],
  'pipeline/models/segments.ts': ['train'],
  'pipeline/scoring/decision.ts': ['train', 'explain'],
  'pipeline/models/imbalance/smote.ts': ['compare', 'train', 'explain'],
  'pipeline/data/schema/bureau.ts': ['ingest', 'features', 'compare', 'train', 'explain', 'drift', 'pages'],
  'pipeline/data/read-parquet.ts': ['ingest'],
  'pipeline/tracking/credit_pyfunc.py': ['compare', 'train'],
  // A folder that explain depends on, and no other change in it: tests are no dependency.
  'pipeline/explain/attribution.test.ts': [],
}

const covers = (dep: string, file: string): boolean => file === dep || file.startsWith(`${dep}/`)

test('a comment makes stale the stages that load its file and no other', () =>
  workspace(async (folder, repo) => {
    assert.equal(await repo.status(), {}, 'up to date before')
    for (const file of Object.keys(loadedBy)) {
      assert.ok(existsSync(join(folder, file)), `${file} is gone: name another file of its kind`)
      appendFileSync(join(folder, file), file.endsWith('.py') ? '# a comment\n' : '// a comment\n')
    }
    // All changes at once, since each question costs dvc seconds: it answers with the dependencies that changed, each of which covers its files.
    const status = Object.entries(await repo.status()).map(([stage, found]) => {
      for (const change of found)
        assert.ok(change.kind === 'dependency' && change.state === 'modified', `${stage}: ${JSON.stringify(change)}`)
      return { stage, paths: found.flatMap((change) => ('path' in change ? [change.path] : [])) }
    })
    const stale = (file: string) =>
      status.filter(({ paths }) => paths.some((path) => covers(path, file))).map(({ stage }) => stage)
    // Read by who runs this file alone; the test runner shows it when a test fails.
    for (const file of Object.keys(loadedBy)) console.log(`${file.padEnd(50)}  ${stale(file).join(', ') || 'none'}`)
    for (const [file, expected] of Object.entries(loadedBy))
      assert.equal(stale(file).sort(), expected.toSorted(), `stages stale after a comment in ${file}`)
    for (const { stage, paths } of status)
      for (const path of paths)
        assert.ok(
          Object.keys(loadedBy).some((file) => covers(path, file)),
          `${stage}: ${path}`,
        )
  }))

test.run()
