/** What a reader reads first, in both languages: the verdict never says more than was tested. */
import { page } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type DriftColumn, numberColumn, textColumn } from '../../drift/column.ts'
import { comparison } from '../../drift/comparison.ts'
import type { Findings } from '../../drift/findings.ts'
import { random } from '../../models/random.ts'
import { exampleFindings } from './example.test-data.ts'
import { driftView } from './page.ts'
import { verdictWords } from './verdict.ts'

function numbers(name: string, seed: number, count = 300, shift = 0): DriftColumn {
  const next = random(seed)
  return numberColumn(
    name,
    Array.from({ length: count }, () => next() + next() + next() + shift),
    'float',
  )
}

function found(before: readonly DriftColumn[], after: readonly DriftColumn[]): Findings {
  const naming = (column: string) => ({ label: column, group: null })
  return {
    ...exampleFindings(3),
    command: 'npm run drift -- a.csv b.csv',
    ...comparison(before, after, { policy: 'default', share: 0.5 }, naming),
  }
}

/** The page's text without tags. */
const shown = (findings: Findings): string =>
  page(driftView(findings))
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

const plain = (text: string): string => text.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ')
const three = (seed: number, count?: number) => ['a', 'b', 'c'].map((name, i) => numbers(name, seed + i, count))

test('of columns that could not be tested nothing is said to have stayed, and the reason is given', () => {
  const findings = found(three(1), three(5, 8))
  const { fr, en } = verdictWords(findings)
  assert.is(
    en,
    'Too little could be tested: none of 3 columns could be tested (at most 8 values on one side, 100 needed).',
  )
  assert.is(
    plain(fr),
    'Trop peu de colonnes ont pu être testées : aucune des 3 colonnes n’a pu être testée (8 valeurs au plus d’un côté, il en faut 100).',
  )
  const text = shown(findings)
  assert.not.match(text, /within (its|their) limits?|data hold|données tiennent|No column is past/i)
  assert.match(text, /No column could be tested/)
  assert.match(text, /Not tested 3 a , b , c not enough data: 300 and 8 values, at least 100 are needed/)
})

test('one column alone is in the singular', () => {
  assert.match(verdictWords(found([numbers('a', 1)], [numbers('a', 2)])).en, /^The data hold: 0 of 1 column has moved/)
  assert.match(verdictWords(found(three(1), three(5))).en, /^The data hold: 0 of 3 columns have moved/)
})

test('what changed its schema is listed before what moved, with its names and values on the page', () => {
  const retyped = textColumn(
    'b',
    Array.from({ length: 300 }, (_, i) => (i === 4 ? '?' : String(i))),
  )
  const findings = found(
    [...three(1), numbers('gone', 9)],
    [numbers('a', 7, 300, 2), retyped, numbers('c', 8, 300, 2), numbers('fresh', 9)],
  )
  const { fr, en } = verdictWords(findings)
  assert.is(
    en,
    'The data have moved: 1 column has changed its type; 1 column is gone; 1 column is new; 2 of 2 tested columns have moved.',
  )
  assert.is(
    plain(fr),
    'Les données ont changé : 1 colonne a changé de type; 1 colonne a disparu; 1 colonne est nouvelle; 2 colonnes sur 2 testées ont bougé.'.replaceAll(
      ';',
      ' ;',
    ),
  )
  const text = shown(findings)
  assert.match(text, /3 columns changed their schema/)
  assert.match(text, /Type changed 1 b number in the reference, text \(“\?” in 1 of 300 values\) now/)
  assert.match(text, /Gone 1 gone only in the reference New 1 fresh only in the current data/)
  assert.ok(text.indexOf('3 columns changed their schema') < text.indexOf('All 5 columns, worst first'))
})

test('where some columns were not tested only the tested ones hold, in both languages', () => {
  const findings = found(three(1), [...three(5).slice(0, 2), numbers('c', 9, 60)])
  const { fr, en } = verdictWords(findings)
  assert.is(
    en,
    'The tested columns hold: 0 of 2 tested columns have moved; 1 column could not be tested (at most 60 values on one side, 100 needed).',
  )
  assert.is(
    plain(fr),
    'Les colonnes testées tiennent : 0 colonne sur 2 testées a bougé ; 1 colonne n’a pas pu être testée (60 valeurs au plus d’un côté, il en faut 100).',
  )
  const text = shown(findings)
  assert.not.match(text, /Every column stays/)
  assert.match(text, /Each of the 2 columns that were tested stays within its limit/)
})

test('where every column was tested and none moved, the data hold', () => {
  const { fr, en } = verdictWords(found(three(1), three(5)))
  assert.is(en, 'The data hold: 0 of 3 columns have moved.')
  assert.is(plain(fr), 'Les données tiennent : 0 colonne sur 3 a bougé.')
  assert.match(shown(found(three(1), three(5))), /Every column stays within its limit/)
})

test('an important feature that could not be tested is not one that has not moved', () => {
  const importance = new Map([
    ['a', 2],
    ['b', 1],
    ['c', 1],
  ])
  const naming = (column: string) => ({ label: column, group: null })
  const features = comparison(
    three(1),
    [...three(5).slice(0, 2), numbers('c', 9, 60)],
    { policy: 'default', share: 0.5, importance },
    naming,
  )
  const { fr, en } = verdictWords({ ...found(three(1), three(5)), features })
  assert.match(en, /none of the 3 most important features has moved \(1 not tested\)/)
  assert.match(fr, /aucune des 3 variables les plus importantes n’a bougé \(1 non testée\)/)
})

test.run()
