import { page } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ClientStory, Explanation } from '../../explain/findings.ts'
import { examples } from '../../explain/stories.ts'
import { explainView } from './page.ts'

const explainPage = (of: Explanation): string => page(explainView(of))

const weight = (mean: number, share: number) => ({
  ...{ mean, low: mean - 0.01, high: mean + 0.01, share, final: mean, gain: share },
  permutation: { mean: 0.01, low: 0, high: 0.02 },
})

/** Two reason groups, three features, one story of each kind; identity and values only when synthetic. */
function explanation(synthetic: boolean): Explanation {
  const story = (kind: ClientStory['kind'], probability: number, decision: ClientStory['decision']): ClientStory => ({
    kind,
    ...(synthetic ? { client: 100_777 } : {}),
    probability,
    decision,
    bias: -2.5,
    margin: -2,
    score: 540,
    start: 0.05,
    steps: [
      { group: 'external', label: { fr: 'cotes externes', en: 'external scores' }, shift: probability - 0.04 },
      { group: 'age', label: { fr: 'âge', en: 'age' }, shift: -0.01 },
    ],
    against: [
      {
        code: 'external.low',
        headline: { fr: 'Cotes externes basses', en: 'Low external scores' },
        attribution: 100 * (probability - 0.04),
        ...(synthetic && { text: { fr: '31 sur 100 en moyenne.', en: '31 out of 100 on average.' } }),
      },
    ],
    for: [],
    ...(synthetic &&
      decision === 'declined' && {
        alternatives: [],
        none: { fr: 'Aucune modification du crédit ne suffit.', en: 'No change of the loan is enough.' },
      }),
    features: [
      {
        feature: 'ext_2',
        group: 'external',
        label: 'external score 2',
        contribution: 0.7,
        ...(synthetic ? { value: 0.123456 } : {}),
      },
      {
        feature: 'kind',
        group: 'age',
        label: 'kind <of> loan',
        contribution: -0.2,
        ...(synthetic ? { value: null } : {}),
      },
    ],
  })
  return {
    model: '0123456789ab',
    families: ['trees'],
    data: 'fedcba9876543210',
    synthetic,
    threshold: 0.09,
    sample: { clients: 500, of: 2500, seed: 1 },
    additivity_error: 2e-6,
    groups: [
      {
        group: 'external',
        label: 'external scores',
        label_fr: 'cotes externes',
        features: 1,
        ...weight(0.7, 1 / 3),
      },
      { group: 'age', label: 'age', label_fr: 'âge', features: 1, ...weight(0.2, 0.1) },
    ],
    features: [
      {
        feature: 'ext_2',
        group: 'external',
        label: 'external score 2',
        direction: -0.9,
        missing: 0.1,
        ...weight(0.7, 0.78),
      },
      { feature: 'kind', group: 'age', label: 'kind <of> loan', direction: null, missing: 0, ...weight(0.2, 0.22) },
    ],
    refits: { clients: 400, rounds: 10, auc: [0.7, 0.72], seeds: 3 },
    stability: [
      { feature: 'ext_2', label: 'external score 2', again: 3, best: 1, worst: 1 },
      { feature: 'kind', label: 'kind <of> loan', again: 1, best: 2, worst: 40 },
    ],
    correlated: [{ features: ['ext_2', 'kind'], value: -0.85 }],
    interactions: { clients: 5, pairs: [{ features: ['ext_2', 'kind'], value: 0.02 }] },
    swarms: [
      {
        feature: 'ext_2',
        label: 'external score 2',
        step: 0.1,
        high_values: 'lower',
        bins: [
          { from: -0.2, clients: 200, rank: 0.8 },
          { from: 0.1, clients: 300, rank: 0.2 },
        ],
      },
    ],
    dependence: [
      {
        feature: 'ext_2',
        label: 'external score 2',
        kind: 'number',
        points: [0.2, 0.4, 0.6].map((at) => ({ at, clients: 100, mean: 0.5 - at, low: 0.3 - at, high: 0.7 - at })),
      },
      {
        feature: 'kind',
        label: 'kind <of> loan',
        kind: 'category',
        points: [
          { at: 'cash', clients: 99, mean: 0.1, low: 0, high: 0.2 },
          { at: null, clients: 30, mean: -0.1, low: -0.2, high: 0 },
        ],
      },
    ],
    clients: [
      story('approved', 0.02, 'approved'),
      story('declined', 0.3, 'declined'),
      story('borderline', 0.0899, 'approved'),
    ],
  }
}

test('the French sentence names the most important group, as people say a third', () => {
  assert.match(
    explainPage(explanation(true)),
    /<p lang="fr">Cotes externes\u00a0: un tiers de ce qui fait bouger le score\u00a0; ensuite âge \(10\u00a0%\)\.<\/p>/,
  )
})

test('without trees the page shows no gain and no interactions, and says why; with one model of trees it shows both', () => {
  const none = explanation(true)
  const without = <T extends { readonly gain: number | null }>(weights: readonly T[]) =>
    weights.map((one) => ({ ...one, gain: null }))
  const plain = explainPage({
    ...none,
    families: ['linear', 'scorecard'],
    groups: without(none.groups),
    features: without(none.features),
    refits: { ...none.refits, rounds: null },
    interactions: null,
  })
  assert.match(plain, 'Gain is a measure of one model of trees: this model has none.')
  assert.match(plain, 'This model adds up feature by feature: no two features interact in its log-odds.')
  assert.match(plain, 'of the linear model coefficient times distance from the mean of the training clients')
  assert.match(plain, 'those of the members of a blend are added by their weights')
  assert.not.match(plain, /larger rounds|TreeSHAP/)
  const trees = explainPage(none)
  assert.match(trees, 'in 10 larger rounds')
  assert.match(trees, 'of trees SHAP values (TreeSHAP, exact)')
  assert.not.match(trees, /Gain is a measure|adds up feature by feature|those of the members/)
})

test('the page of real clients shows no client number and no value', () => {
  const real = explainPage(explanation(false))
  assert.not.match(real, /100,?777|0\.123|31 out of 100/)
  assert.match(real, /no identity and no value is shown/)
  const made = explainPage(explanation(true))
  assert.match(made, /synthetic client 100777/)
  assert.match(made, /0\.123/)
  assert.match(made, /31 out of 100/)
})

test('each client is explained in both languages, with the verdict, the claims and what would change it', () => {
  const made = explainPage(explanation(true))
  for (const text of [
    '<b>Refus proposé.</b>',
    '<b>Decline suggested.</b>',
    '<b>Cotes externes basses.</b> 31 sur 100 en moyenne.',
    '<b>Low external scores.</b> 31 out of 100 on average.',
    'No change of the loan is enough.',
    // at the cut-off, as many decimals as it takes
    'Risk of non-repayment: 8.99%, below the cut-off of 9.00%.',
    '1 of the 2 most important features are so with every seed',
  ])
    assert.ok(made.includes(text), text)
})

test('labels cannot become markup, and the page is the same every time and small', () => {
  const made = explainPage(explanation(true))
  assert.not.match(made, /<of>/)
  assert.is(made, explainPage(explanation(true)))
  assert.ok(Buffer.byteLength(made) < 3_000_000)
})

test('the examples are the first approved and declined by number, and the one nearest to the threshold', () => {
  const client = (id: number, probability: number) => ({
    id,
    probability,
    decision: probability >= 0.1 ? ('declined' as const) : ('approved' as const),
  })
  const chosen = examples([client(9, 0.5), client(3, 0.02), client(5, 0.099), client(4, 0.4), client(7, 0.101)], 0.1)
  assert.equal(
    chosen.map(({ kind, client: { id } }) => [kind, id]),
    [
      ['approved', 3],
      ['declined', 4],
      ['borderline', 5],
    ],
  )
})

test('a kind that does not occur is left out', () => {
  const chosen = examples(
    [
      { id: 1, probability: 0.02, decision: 'approved' },
      { id: 2, probability: 0.01, decision: 'approved' },
    ],
    0.1,
  )
  assert.equal(
    chosen.map(({ kind }) => kind),
    ['approved', 'borderline'],
  )
})

test.run()
