import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseDocument } from 'yaml'
import { applySet, setParameter } from './repro.ts'

const parameters = () =>
  parseDocument(
    '# kept\ntrain:\n  rounds: 10 # also kept\n  booster: { eta: 0.1 }\nsets:\n  quick: { train.rounds: 2 }\n',
  )

/** Runs the command as typed in `cwd`. */
function repro(cwd: string, ...args: string[]) {
  const ran = spawnSync(process.execPath, ['--conditions=source', join(import.meta.dirname, 'repro.ts'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: cwd },
  })
  return { code: ran.status, text: `${ran.stdout}${ran.stderr}` }
}

function inFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'repro-'))
  try {
    work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('--set changes one parameter and keeps the comments', () => {
  const document = parameters()
  setParameter(document, 'train.booster.eta=0.5')
  assert.is(document.getIn(['train', 'booster', 'eta']), 0.5)
  assert.match(document.toString(), '# kept')
  assert.match(document.toString(), '# also kept')
})

test('a parameter that is not there is refused, with the names that are', () => {
  assert.throws(() => setParameter(parameters(), 'train.round=5'), /no train\.round; train has rounds, booster/)
  assert.throws(() => setParameter(parameters(), 'train.rounds'), /expected section\.key=value/)
})

test('a named set applies each of its parameters, an unknown one names the known', () => {
  const document = parameters()
  applySet(document, 'quick')
  assert.is(document.getIn(['train', 'rounds']), 2)
  assert.throws(() => applySet(parameters(), 'fast'), /no such set; it has quick/)
})

test('every named set of params.yaml fits its parameters', () => {
  const text = readFileSync('params.yaml', 'utf8')
  const names = Object.keys((parseDocument(text).toJSON() as { sets: object }).sets)
  assert.ok(names.includes('quick') && names.includes('full'))
  for (const name of names) assert.not.throws(() => applySet(parseDocument(text), name))
})

test('wrong use exits with 2, says what to do and leaves nothing behind', () => {
  inFolder((folder) => {
    for (const [args, message] of [
      [['--data', 'nowhere', '--out', 'w'], /there is no such folder/],
      [['--data', folder], /need --out DIR/],
      [['--nonsense'], /nonsense/],
    ] as const) {
      const { code, text } = repro(folder, ...args)
      assert.is(code, 2)
      assert.match(text, message)
    }
    assert.not.ok(existsSync(join(folder, 'w')))
    mkdirSync(join(folder, 'full'))
    writeFileSync(join(folder, 'full', 'thesis.txt'), 'mine')
    const { code, text } = repro(folder, '--data', 'full', '--out', 'full')
    assert.is(code, 2)
    assert.match(text, /not empty/)
    assert.not.ok(existsSync(join(folder, 'full', '.dvc')))
  })
})

test.run()
