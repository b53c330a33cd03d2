/** What is set arrives as it was set: through the real dvc, Hydra and OmegaConf, whatever the text would mean to them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such texts are what is tested
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stringify } from 'yaml'
import { z } from 'zod'
import { DvcError } from './error.ts'
import { params } from './params.ts'
import { Repo } from './repo.ts'
import { quoted, settingOf } from './set-param.ts'
import { command, commit, emptyRepository, write } from './testing/repository.ts'

// biome-ignore format: a table of texts, by what makes each of them special
const texts = [
  '', ' ', 'true', 'False', 'null', '~', 'yes', '[x]', '{a: 1}', '(x)', '1e5', '007', '0o17', '0x1F', '1_000', '1.', '.5',
  'nan', '.nan', 'inf', '-inf', '-', '---', '...', '2024-01-01', '12:30', '1,2', 'a,b', ',', 'a=b', '=', 'a:b', ':a', 'a: b',
  "it's", '"q"', "'q'", '"', "'", `it's "x"`, 'à', 'prêt à dépenser', '😀', 'é,è=${ç}', ' two  words ', 'tab\there', 'end\t',
  'line\nline', 'line\n', '\n', 'a\r\nb', '\r', '# c', 'a # b', '- x', '!x', '&x', '*x', '%x', '@x', '`x`', '|', '>', '?', '<<',
  '\\', 'a\\', '\\\\', "a\\'b", '\\"', '\\n', 'C:\\data\\x', 'x\\\n', '\u0001', '\u001b[0m', '\u007f', '\u00a0', '\ufeffx',
  '${train.rounds}', '${oc.env:HOME}', '${', '$', 'a${b', 'a}b', '\\${x}', '\\\\${x}\\', '${${x}}', "'${x}'", '$x', '${x}\\',
  'choice(a,b)', 'range(1,3)', 'glob(*)', '+x', '~x', 'x@y', 'reg:squarederror', '--force', 'x'.repeat(3000), 'long words '.repeat(40),
]
const numbers = [0, -0, 5, -0.5, 0.1, 1e-7, 1e21, 1e300, 5e-324, 2 ** 53, -(2 ** 60), Number.NaN, Infinity, -Infinity]
const named = <T>(values: readonly T[], letter: string) =>
  Object.fromEntries(values.map((value, i) => [`${letter}${i}`, value]))
const of = (section: string, values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).map(([key, value]) => [`${section}.${key}`, value])

const root = emptyRepository()
const before = {
  train: { rounds: 5, name: 'x', 'with-dash': 1, flag: true, rate: 0.1 },
  texts: named(
    texts.map(() => 'x'),
    't',
  ),
  numbers: named(
    numbers.map(() => 1),
    'n',
  ),
  kept: { literal: '${train.rounds}', list: ['plain', '\\${x}'], note: 'as it was' },
}
write(root, {
  'params.yaml': stringify(before),
  'other.json': '{"a": {"text": "x", "n": 1}}',
  'dvc.yaml':
    'stages:\n  show: {cmd: cp params.yaml seen, params: [train, texts, numbers, kept, other.json: [a]], outs: [seen]}\n',
})
commit(root, 'before')
const opened = Repo.open(root)
const anything = z.any()

test('every text and every number that is set is that in the files, for dvc and for the stage, and all others stay', async () => {
  const repo = await opened
  const set = Object.fromEntries([
    ...of('texts', named(texts, 't')),
    ...of('numbers', named(numbers, 'n')),
    ['train.with-dash', 2],
    ['train.flag', false],
    ['+train.seed', 7],
    ['other.json:a.text', '${a.n} à "b"'],
  ])
  assert.equal((await repo.runExperiment({ name: 'all', set })).ran, ['show'])
  const expected = {
    train: { rounds: 5, name: 'x', 'with-dash': 2, flag: false, rate: 0.1, seed: 7 },
    texts: named(texts, 't'),
    numbers: named(numbers, 'n'),
    kept: before.kept,
  }
  for (const [who, all] of [
    ['params', params('', anything, { file: join(root, 'params.yaml') })],
    ['the stage', params('', anything, { file: join(root, 'seen') })],
    ['repo.params', await repo.params()],
  ] as const) {
    for (const section of ['train', 'texts', 'kept'] as const) assert.equal(all[section], expected[section], who)
    for (const [key, value] of Object.entries(expected.numbers))
      assert.ok(Object.is(all.numbers[key], value), `${who}: ${key} is ${all.numbers[key]}, expected ${value}`)
  }
  assert.equal(JSON.parse(readFileSync(join(root, 'other.json'), 'utf8')), { a: { text: '${a.n} à "b"', n: 1 } })
  const shown = (await repo.experiments()).find(({ name }) => name === 'all')
  const file = z.object({ texts: z.record(z.string(), z.string()), numbers: z.record(z.string(), anything) })
  const { texts: theirs, numbers: values } = file.parse(shown?.params['params.yaml'])
  assert.equal(theirs, expected.texts)
  assert.equal([values.n11, values.n12, values.n13], [Number.NaN, Infinity, -Infinity])
  command(root, 'git', 'checkout', '-q', '-f', '.')
})

const refusals: [string, unknown, RegExp][] = [
  ['train.name', '???', /takes \?\?\? for "missing"/],
  ['train.name', 'a\0b', /U\+0000/],
  ['train.name', 'a\u0085b', /U\+0085/],
  ['train.name', '\u2028', /U\+2028/],
  ['train.name', 'a\ud83d', /half of a character/],
  ['train.name', null, /received null/],
  ['train.name', undefined, /received undefined/],
  ['train.name', ['a'], /received object/],
  ['train.name', 5n, /received bigint/],
  ['other.json:a.n', Number.NaN, /JSON, which has no NaN/],
  ['~train.name', 1, /expected keys of letters/],
  ['train.name=x', 1, /expected keys of letters/],
  ['', 1, /expected keys of letters/],
  ['train..name', 1, /expected keys of letters/],
  ['âge', 1, /expected keys of letters/],
  ['train@x', 1, /expected keys of letters/],
  ['a:b:c', 1, /expected a file without :/],
]

for (const [key, value, why] of refusals)
  test(`${JSON.stringify(key)} set to ${typeof value === 'bigint' ? '5n' : JSON.stringify(value)}: refused before dvc runs, with the reason`, async () => {
    const repo = await opened
    const text = readFileSync(join(root, 'params.yaml'), 'utf8')
    try {
      await repo.runExperiment({ set: { [key]: value as string } })
    } catch (error) {
      assert.instance(error, DvcError)
      assert.match((error as DvcError).message, why)
      assert.match((error as DvcError).message, JSON.stringify(key))
      assert.is(readFileSync(join(root, 'params.yaml'), 'utf8'), text)
      return
    }
    throw new Error('expected a DvcError')
  })

test('a text that dvc would write without quotes within braces is refused, and the file stays', async () => {
  const flow = 'train: {rounds: 5, name: x}\n'
  writeFileSync(join(root, 'flow.yaml'), flow)
  const repo = await opened
  let message = ''
  await repo.runExperiment({ set: { 'flow.yaml:train.name': ':a' } }).catch((error: DvcError) => {
    message = error.message
  })
  assert.match(message, /"train.name": in flow.yaml it stands within braces, where dvc writes ":a" without quotes/)
  assert.is(readFileSync(join(root, 'flow.yaml'), 'utf8'), flow)
})

test('the argument of a text is quoted, and that of a number is not', () => {
  assert.is(settingOf('train.name', `it's`).argument, `--set-param=train.name='it\\'s'`)
  assert.is(settingOf('x.yaml:train.name', 'true').argument, `--set-param=x.yaml:train.name='true'`)
  assert.is(settingOf('+a', -Infinity).argument, '--set-param=+a=-inf')
  assert.is(quoted('\\'), `'\\\\'`)
  assert.is(quoted('\\x'), `'\\x'`)
  assert.is(quoted('${a}'), `'\\\${a}'`)
})

test.run()
