import { readFileSync } from 'node:fs'
import { number } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Findings } from '../drift/findings.ts'
import type { Comparison, Outcome, Spread } from '../models/comparison/findings.ts'
import { judgedNames } from '../models/comparison/run.ts'
import { accuracySentence, balanceAnswer, costSentence, familyOf, rankingFigure } from './balancing.ts'
import { candidatesFigure, candidatesTable } from './comparison.ts'
import { answerSentence, story } from './decisions.ts'
import { groupsSentence } from './groups.ts'
import { driftAnswer, scoreSentence, scoreTable } from './moved.ts'

const figures = (over: Partial<Record<(typeof judgedNames)[number], number>>): Spread =>
  Object.fromEntries(judgedNames.map((name) => [name, { mean: over[name] ?? 0.1, sd: 0.01 }])) as unknown as Spread
const outcome = (name: string, label: string, roc_auc: number, difference: number | null, over = {}): Outcome => ({
  name,
  label,
  features: 10,
  seeds: 2,
  folds: 3,
  figures: figures({ roc_auc, ...over }),
  scores: [],
  against:
    difference === null
      ? null
      : {
          difference,
          standardError: 0.002,
          freedom: 5,
          p: 0.5,
          minimumDetectable: 0.005,
          significant: Math.abs(difference) >= 0.005,
        },
})
const found = {
  clients: 1000,
  defaults: 80,
  costs: { falseNegative: 10, falsePositive: 1 },
  measure: 'roc_auc',
  alpha: 0.05,
  best: 'boosting',
  ranking: ['boosting', 'logistic', 'baseline'],
  candidates: [
    outcome('baseline', 'Default rate of all', 0.5, -0.25, { accuracy: 0.92, recall: 0, cost: 0.8 }),
    outcome('logistic', 'Logistic regression', 0.748, -0.002),
    outcome('boosting', 'Boosting', 0.75, null, { accuracy: 0.75, recall: 0.6, cost: 0.5 }),
  ],
  imbalance: [
    {
      model: 'boosting',
      outcomes: [
        outcome('boosting_none', 'Nothing', 0.75, null, { cost: 0.5, mean_raw: 0.08 }),
        outcome('boosting_weight', 'Class weight, full', 0.751, 0.001, { ece_raw: 0.3, mean_raw: 0.4, cost: 0.52 }),
        outcome('boosting_smote_1', 'SMOTE-NC 1:1', 0.74, -0.01, { mean_raw: 0.2, cost: 0.55 }),
      ],
    },
  ],
} as unknown as Comparison

test('the answer counts the treatments that are significantly better and significantly worse, not those that chance explains', () => {
  assert.match(
    balanceAnswer(found),
    /of 2 treatments .* \*\*0\*\* rank significantly better .* \*\*1\*\* significantly worse/,
  )
  assert.match(balanceAnswer(found), /the worst, Class weight, full, says 40\.0% on average/)
  assert.match(rankingFigure(found)[0], /^No treatment ranks significantly better/)
})

test('accuracy is called the wrong question only where it contradicts the cost', () => {
  assert.match(accuracySentence(found), /accuracy is the wrong question/)
  const other = {
    ...found,
    candidates: found.candidates.map((one) => ({ ...one, figures: figures({ accuracy: 0.9 }) })),
  }
  assert.match(accuracySentence(other), /do not contradict/)
})

test('the threshold in words is that of the costs', () => {
  assert.match(costSentence(found, familyOf(found, 'boosting')), /p = \*\*1\/11\*\*/)
  const dear = { ...found, costs: { falseNegative: 4, falsePositive: 1 } }
  assert.match(costSentence(dear, familyOf(dear, 'boosting')), /p = \*\*1\/5\*\*/)
  assert.throws(() => familyOf(found, 'logistic'), /fewer than two strategies for logistic/)
})

test('the figure and the table of candidates tell real differences from luck', () => {
  assert.match(candidatesFigure(found)[0], /^Boosting ranks best; 0 of the 1 others are significantly worse$/)
  assert.equal(
    candidatesTable(found).map(({ real }) => real),
    ['–', 'no', 'yes'],
  )
})

test('a decision in words has its reasons, and a service with another model is reported', () => {
  const told = {
    version: 'abc',
    probability: 0.2,
    threshold: 0.091,
    decision: 'declined' as const,
    percentile: 0.9,
    reasons: { against: [{ text: 'Late often.' }], for: [] },
  }
  assert.match(
    story(7, told),
    /risk of \*\*20\.0%\*\* against a threshold of 9\.1%: \*\*declined\*\*.*\n\n.*against.*\n\n- Late often\.$/s,
  )
  assert.match(answerSentence(7, told, told), /to the last digit/)
  assert.match(
    answerSentence(7, told, { ...told, version: 'def', probability: 0.1 }),
    /\(def\) says 10\.00%: another model/,
  )
})

test('groups below four fifths are named so', () => {
  const group = (name: string, approved: number, defaults: number) => ({
    group: name,
    clients: 1000,
    approved,
    defaults,
    low: defaults - 0.01,
    high: defaults + 0.01,
    badApproved: 0.03,
  })
  const said = groupsSentence({
    gender: [group('women', 0.8, 0.07), group('men', 0.6, 0.1)],
    age: [group('under 25', 0.7, 0.08), group('65 and over', 0.72, 0.08)],
  })
  assert.match(
    said,
    /\*\*women\*\* \(80\.0%\), least often \*\*men\*\* \(60\.0%\), a ratio of 0\.75, below the four fifths/,
  )
  assert.match(said, /ratio of 0\.97; their default rates do not clearly differ/)
})

test('the drift sentences follow the committed report', () => {
  const drift = JSON.parse(readFileSync('reports/drift/drift.json', 'utf8')) as Findings
  assert.match(
    driftAnswer(drift),
    new RegExp(`^\\*\\*${drift.dataset.drifted}\\*\\* of ${drift.dataset.columns} columns`),
  )
  assert.match(scoreSentence(drift), drift.score?.column.drifted ? /beyond/ : /below/)
  assert.match(driftAnswer({ ...drift, score: null }), /no score to compare/)
})

test('the score of the known clients is in the drift notebook’s sentence and table, no number missing', () => {
  const drift = JSON.parse(readFileSync('reports/drift/drift.json', 'utf8')) as Findings
  const realised = number(drift.score!.performance.auc.reference, { digits: 3 })
  assert.match(scoreSentence(drift), `against ${realised} on the known ones`)
  assert.not.match(JSON.stringify(scoreTable(drift)), '–')
})

test.run()
