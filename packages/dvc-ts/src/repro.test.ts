/** A run is followed while it goes on, can be stopped, and tells a failing stage and a busy repository apart. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DvcError } from './error.ts'
import { type Progress, reader } from './progress.ts'
import { Repo } from './repo.ts'
import { emptyRepository, write } from './testing/repository.ts'

const caught = async (work: Promise<unknown>): Promise<DvcError> => {
  try {
    await work
  } catch (error) {
    if (error instanceof DvcError) return error
    throw error
  }
  throw new Error('expected a DvcError')
}
const root = emptyRepository()
write(root, {
  'dvc.yaml': `stages:
  one: {cmd: echo bonjour && echo 1 > un, outs: [un]}
  two: {cmd: cp un deux, deps: [un], outs: [deux]}
  bad: {cmd: "echo no signal in the data >&2; exit 3", outs: [x]}
  long: {cmd: "touch begun; sleep 600; touch ended", outs: [y]}
  parrot: {cmd: [sh parrot.sh, echo fin], deps: [parrot.sh], outs: [z]}
  liar: {cmd: sh liar.sh, deps: [liar.sh], outs: [w]}
`,
  'parrot.sh': `cat <<'END'
Running stage 'x':
Stage 'two' didn't change, skipping
Stage 'y' is cached - skipping run, checking out outputs
Verifying data sources in stage: 'data.dvc'
END
printf 'no end of line' | tee z
`,
  'liar.sh': `echo "Running stage 'x':"; printf 'no end'; exit 4
`,
})
const opened = Repo.open(root)

test('each stage is reported when it begins, prints and ends, and the second time as skipped', async () => {
  const repo = await opened
  const seen: string[] = []
  const onProgress = ({ stage, state, line }: Progress) =>
    void seen.push(state === 'line' ? `${stage} says ${line}` : `${stage} ${state}`)
  assert.equal(await repo.repro({ stage: 'two', onProgress }), { ran: ['one', 'two'], skipped: [], restored: [] })
  assert.equal(
    seen.filter((each) => / (?:running|done|skipped|restored|says bonjour)$/.test(each)),
    ['one running', 'one says bonjour', 'one done', 'two running', 'two done'],
  )
  assert.equal(await repo.repro({ stage: 'two' }), { ran: [], skipped: ['one', 'two'], restored: [] })
  assert.equal(await repo.repro({ stage: 'one', force: true }), { ran: ['one'], skipped: [], restored: [] })
})

test('what a stage prints in the words of dvc is a line of that stage, and counts for nothing', async () => {
  const seen: [string, string, string][] = []
  const onProgress = ({ stage, state, line }: Progress) => void seen.push([stage, state, line])
  const repo = await opened
  assert.equal(await repo.repro({ stage: 'parrot', onProgress }), { ran: ['parrot'], skipped: [], restored: [] })
  assert.equal(new Set(seen.map(([stage]) => stage)), new Set(['parrot']))
  const lines = seen.filter(([, state]) => state === 'line').map(([, , line]) => line)
  for (const line of [
    "Running stage 'x':",
    "Stage 'two' didn't change, skipping",
    'no end of line',
    '> echo fin',
    'fin',
  ])
    assert.ok(lines.includes(line), `${line} in ${lines.join(' | ')}`)
  assert.equal(await repo.repro({ stage: 'parrot' }), { ran: [], skipped: ['parrot'], restored: [] })
  const error = await caught(repo.repro({ stage: 'liar' }))
  assert.match(error.message, 'stage liar failed')
  assert.match(error.message, 'no end')
})

test('a failing stage is named with its last words', async () => {
  const error = await caught((await opened).repro({ stage: 'bad' }))
  assert.is(error.reason, 'failed')
  assert.match(error.message, 'stage bad failed')
  assert.match(error.message, 'no signal in the data')
  assert.match(error.stderr, "failed to reproduce 'bad'")
})

test('a run that is stopped ends its stage too, and the repository is free again', async () => {
  const repo = await opened
  const stop = new AbortController()
  const running = caught(repo.repro({ stage: 'long', signal: stop.signal }))
  while (!existsSync(join(repo.root, 'begun'))) await pause(50)
  const second = await caught(repo.repro({ stage: 'long' }))
  assert.is(second.reason, 'locked')
  assert.match(second.message, 'another dvc is at work')
  stop.abort('enough')
  const error = await running
  assert.is(error.reason, 'aborted')
  assert.match(error.message, 'enough')
  assert.not(existsSync(join(repo.root, 'ended')))
  assert.equal((await repo.repro({ stage: 'one' })).skipped, ['one'])
})

test('lines without a mark, as a dvc that is no Python package prints them, are distinguished by their words', () => {
  const seen: Progress[] = []
  const read = reader((progress) => seen.push(progress))
  for (const line of [
    "Verifying data sources in stage: 'data.dvc'",
    "Stage 'features' is cached - skipping run, checking out outputs",
    "Running stage 'train':",
    '> node train.ts',
    "Stage 'drift' didn't change, skipping",
    "Running stage 'train@réseau':",
  ])
    read.line(line)
  assert.is(read.running, 'train@réseau')
  assert.equal(read.end(), { ran: ['train', 'train@réseau'], skipped: ['data.dvc', 'drift'], restored: ['features'] })
  assert.equal(
    seen.filter(({ state }) => state === 'line').map(({ stage, line }) => [stage, line]),
    [['train', '> node train.ts']],
  )
})

test.run()
