import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DMatrix, train } from 'xgboost-node'
import type { Applicant, Row } from '../data/applicant.ts'
import { historyTables, type TableName, tables } from '../data/schema/tables.ts'
import { type Definitions, parseDefinitions } from '../features/rules/check/definitions.ts'
import { evaluator } from '../features/rules/javascript/evaluator.ts'
import { sigmoid } from '../models/calibration.ts'
import { encode, featureTypes } from '../models/encode.ts'
import { pdoScore } from '../models/score-scale.ts'
import { type BundleDescription, bundleFormat, hashedFiles, openBundle, versionOf } from './bundle.ts'
import { Clients, writeClients } from './clients.ts'
import { decide } from './decision.ts'
import { Scorer } from './scorer.ts'

const row = (table: TableName, values: Row): Row => ({
  ...Object.fromEntries(tables[table].columns.map(({ name }) => [name, null])),
  ...values,
})

/** An applicant whose form says little and who has some loans with other lenders. */
function applicant(id: number, application: Row, debts: readonly number[]): Applicant {
  const bureau = debts.map((debt, i) =>
    row('bureau', { SK_ID_CURR: id, SK_ID_BUREAU: id * 100 + i, AMT_CREDIT_SUM_DEBT: debt }),
  )
  const none = Object.fromEntries(historyTables.map((name) => [name, [] as Row[]])) as unknown as Applicant['history']
  return { application: row('application_test', { SK_ID_CURR: id, ...application }), history: { ...none, bureau } }
}

const words = { fr: 'mot', en: 'word' }
const feature = (name: string, rule: string, rest: object = {}) => ({
  ...{
    name,
    rule,
    kind: 'number',
    unit: 'amount',
    group: 'all',
    label: { fr: `${name} fr`, en: `${name} en` },
  },
  ...rest,
})
const definitions: Definitions = parseDefinitions({
  algebra: 1,
  groups: { all: { label: words, sensitive: false } },
  sets: { bureau: { from: 'bureau', order: ['-SK_ID_BUREAU'], label: words, row: words } },
  lists: {},
  tables: {},
  features: [
    feature('income', 'AMT_INCOME_TOTAL'),
    feature('suite', 'NAME_TYPE_SUITE', { kind: 'category', unit: 'text', levels: ['Children', 'Family'] }),
    feature('debt', 'sum(AMT_CREDIT_SUM_DEBT of bureau)'),
  ],
})

const clients = Array.from({ length: 80 }, (_, i) =>
  applicant(
    1000 + i,
    { AMT_INCOME_TOTAL: 100 * (i % 9), NAME_TYPE_SUITE: [null, 'Children', 'Family'][i % 3] ?? null },
    i % 4 === 0 ? [] : [10 * i, i],
  ),
)

/** Makes a bundle of a small model in a new folder, hands it over and removes it. */
function withBundle(
  run: (folder: string, change: (edit: (description: Record<string, unknown>) => void) => void) => void,
) {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
  try {
    const values = clients.map(evaluator(definitions))
    const rows = Float32Array.from(values.flatMap((one) => [...encode(one, definitions.features)]))
    const label = values.map(([income, , debt], i) => (Number(debt ?? 0) > Number(income) || i % 11 === 0 ? 1 : 0))
    const featureNames = definitions.features.map(({ name }) => name)
    const shape = { rows: clients.length, columns: 3 }
    using dtrain = DMatrix.fromRows(rows, shape, {
      label,
      featureNames,
      featureTypes: featureTypes(definitions.features),
    })
    const params = { objective: 'binary:logistic', max_depth: 2, min_child_weight: 1, nthread: 1 } as const
    const model = train({ params, dtrain, rounds: 12 }).booster.toBuffer()
    const description: BundleDescription = {
      format: bundleFormat,
      algebra: 1,
      synthetic: null,
      definitions,
      members: [{ family: 'trees', weight: 1, file: 'model.ubj' }],
      model: { name: 'boosting', label: 'Boosting', settings: {}, because: null },
      calibration: { method: 'platt', slope: 0.9, intercept: -0.1 },
      threshold: 0.4,
      greyZone: { lower: 0.3, upper: 0.5 },
      scale: { baseScore: 600, baseOdds: 50, pdo: 20 },
      reference: {
        clients: 4,
        risks: [0.1, 0.2, 0.3, 0.4],
        spreads: { income: { p10: 80, p25: 200, p50: 400, p75: 600, p90: 720, mode: 0, modeShare: 0.1, count: 4 } },
      },
      costs: { falseNegative: 10, falsePositive: 1 },
      exclude: ['CODE_GENDER'],
      libraries: { xgboost: '3.2.0' },
      training: {
        data: 'd',
        clients: 80,
        defaults: 20,
        rounds: 12,
        params: {},
        ranges: { income: [0, 800], debt: [Math.fround(1.1), 869] },
      },
      clients: 2,
      metrics: { roc_auc: 0.7 },
    }
    const write = (bundle: Readonly<Record<string, unknown>>) =>
      writeFileSync(join(folder, 'bundle.json'), JSON.stringify(bundle))
    writeFileSync(join(folder, 'model.ubj'), model)
    for (const file of ['reference.parquet', 'scores.parquet']) writeFileSync(join(folder, file), '')
    writeClients(join(folder, 'clients.sqlite'), clients.slice(0, 2))
    write({ version: versionOf([model], description), ...description, files: hashedFiles(folder) })
    run(folder, (edit) => {
      const bundle = JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8')) as Record<string, unknown>
      edit(bundle)
      write({ ...bundle, version: versionOf([model], bundle) })
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a bundle opens, and its version is that of its bytes', () => {
  withBundle((folder) => {
    using scorer = Scorer.open(folder)
    const { version, ...rest } = JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8')) as Record<
      string,
      unknown
    >
    assert.is(scorer.bundle.version, version)
    assert.is(versionOf([readFileSync(join(folder, 'model.ubj'))], rest), version)
  })
})

test('a bundle with anything wrong is refused, and the message says what', () => {
  withBundle((folder, change) => {
    const copy = `${folder}-copy`
    const refusedAfter = (damage: (folder: string) => void, message: RegExp) => {
      cpSync(folder, copy, { recursive: true })
      try {
        damage(copy)
        assert.throws(() => openBundle(copy), message)
      } finally {
        rmSync(copy, { recursive: true, force: true })
      }
    }
    assert.throws(() => openBundle(`${folder}-none`), /expected the folder of a model's bundle/)
    for (const file of ['model.ubj', 'bundle.json', 'scores.parquet', 'reference.parquet'])
      refusedAfter((at) => rmSync(join(at, file)), new RegExp(`expected the file ${file}`))
    refusedAfter((at) => rmSync(join(at, 'clients.sqlite')), /expected clients\.sqlite with 2 clients/)
    refusedAfter((at) => writeFileSync(join(at, 'bundle.json'), '{'), /expected JSON/)
    refusedAfter((at) => {
      const text = readFileSync(join(at, 'bundle.json'), 'utf8')
      writeFileSync(join(at, 'bundle.json'), text.replace('"threshold":0.4', '"threshold":0.5'))
    }, /states version [0-9a-f]{12}, but .* those of version [0-9a-f]{12}/)
    refusedAfter((at) => {
      const db = new DatabaseSync(join(at, 'clients.sqlite'))
      db.exec(`UPDATE clients SET words = words || ' x' WHERE id = (SELECT min(id) FROM clients)`)
      db.close()
    }, /clients\.sqlite is not what training of version [0-9a-f]{12} wrote .* make it again with: dvc repro train/)
    refusedAfter(
      (at) => ['scores.parquet', 'reference.parquet'].map((file) => writeFileSync(join(at, file), 'cut')),
      /reference\.parquet, scores\.parquet are not what training/,
    )
    const refusedWith = (edit: Parameters<typeof change>[0], message: RegExp) => {
      const before = readFileSync(join(folder, 'bundle.json'))
      change(edit)
      assert.throws(() => openBundle(folder), message)
      writeFileSync(join(folder, 'bundle.json'), before)
    }
    refusedWith((bundle) => {
      delete bundle.format
    }, /has format 1, this program reads format 4: it was made by an earlier version\. Make it again with this one: npm run repro/)
    refusedWith((bundle) => {
      bundle.format = 2
    }, /has format 2, this program reads format 4: it was made by an earlier version\. Make it again with this one: npm run repro/)
    refusedWith((bundle) => {
      bundle.algebra = 2
    }, /rules of algebra 2: this program reads algebra 1 only/)
    refusedWith((bundle) => {
      bundle.threshold = 2
    }, /threshold/)
    refusedWith((bundle) => {
      bundle.definitions = { ...definitions, features: definitions.features.toReversed() }
    }, /feature 0 of the model is income, in bundle\.json it is debt/)
    refusedWith((bundle) => {
      bundle.definitions = { ...definitions, features: definitions.features.slice(1) }
    }, /the model has 3 features, the definitions in bundle\.json 2/)
    refusedWith((bundle) => {
      bundle.definitions = { ...definitions, features: definitions.features.map((one) => ({ ...one, kind: 'number' })) }
    }, /feature suite has type c in the model and kind number/)
    openBundle(folder).predictor[Symbol.dispose]()
  })
})

test('a client is declined exactly from the threshold on', () => {
  assert.is(decide(0.4, 0.4), 'declined')
  assert.is(decide(0.4 - 1e-16, 0.4), 'approved')
  withBundle((folder) => {
    using scorer = Scorer.open(folder)
    const scores = scorer.scoreMany(clients)
    assert.ok(
      scores.some(({ decision }) => decision === 'declined') && scores.some(({ decision }) => decision === 'approved'),
    )
    for (const { probability, decision, referred, threshold } of scores) {
      assert.is(decision === 'declined', probability >= threshold)
      assert.is(referred, probability >= 0.3 && probability <= 0.5)
    }
  })
})

test('a client is scored and explained the same, to the last bit, alone, among others and with rows in another order', () => {
  withBundle((folder) => {
    using scorer = Scorer.open(folder)
    const many = scorer.scoreMany(clients)
    const backwards = scorer.scoreMany(clients.toReversed()).toReversed()
    assert.equal(backwards, many)
    clients.forEach((client, i) => {
      const turned = { ...client, history: { ...client.history, bureau: client.history.bureau!.toReversed() } }
      assert.equal(scorer.score(client), many[i])
      assert.equal(scorer.score(turned), many[i])
    })
    assert.equal(scorer.scoreMany([]), [])
  })
})

test('with the forest and with the library the probabilities are the same to the bit, the contributions to single precision', () => {
  withBundle((folder) => {
    using scorer = Scorer.open(folder)
    using library = Scorer.open(folder, { forest: false })
    const other = library.scoreMany(clients)
    for (const [i, { probability, contributions, bias, reasons }] of scorer.scoreMany(clients).entries()) {
      const { [i]: one } = other
      assert.is(probability, one?.probability)
      assert.ok(Math.abs(bias - (one?.bias ?? Number.NaN)) < 1e-5)
      const expected = one?.contributions ?? []
      for (const [j, { feature, contribution }] of contributions.entries())
        assert.ok(Math.abs(contribution - (expected[j]?.contribution ?? Number.NaN)) < 1e-5, feature)
      assert.equal(
        reasons.against.map(({ code }) => code),
        one?.reasons.against.map(({ code }) => code),
      )
    }
  })
})

test('contributions and bias add up to the margin behind the probability', () => {
  withBundle((folder) => {
    using scorer = Scorer.open(folder)
    for (const { probability, contributions, bias } of scorer.scoreMany(clients)) {
      assert.equal(
        contributions.map(({ feature }) => feature),
        ['income', 'suite', 'debt'],
      )
      const margin = contributions.reduce((sum, { contribution }) => sum + contribution, bias)
      assert.ok(Math.abs(sigmoid(0.9 * margin - 0.1) - probability) < 1e-6)
    }
  })
})

test('a score says where it lies: scores fall as the risk rises, and the percentile is the share of the reference below', () => {
  withBundle((folder) => {
    using scorer = Scorer.open(folder)
    const scores = scorer.scoreMany(clients, { explain: false }).toSorted((a, b) => a.probability - b.probability)
    scores.forEach(({ probability, score, percentile }, i) => {
      assert.is(percentile, [0.1, 0.2, 0.3, 0.4].filter((risk) => risk < probability).length / 4)
      assert.ok(i === 0 || score <= scores[i - 1]!.score)
      assert.not.ok('reasons' in scores[i]!)
    })
  })
})

test('50 to 1 is 600 points, and 20 points double the odds (Siddiqi 2006)', () => {
  const scale = { baseScore: 600, baseOdds: 50, pdo: 20 }
  assert.equal(
    [1 / 51, 1 / 101, 1 / 26, 1 / 2].map((probability) => pdoScore(probability, scale)),
    [600, 620, 580, 487],
  )
  // The parameters before were written as offset and factor.
  for (let p = 0.001; p < 1; p += 0.001)
    assert.is(pdoScore(p, scale), Math.round(487.123 + 28.8539 * Math.log((1 - p) / p)))
  assert.ok(Number.isFinite(pdoScore(0, scale)) && Number.isFinite(pdoScore(1, scale)))
})

test('the steps start at the bias’s probability and add up to the client’s', () => {
  withBundle((folder) => {
    using scorer = Scorer.open(folder)
    for (const { probability, steps, bias } of scorer.scoreMany(clients)) {
      assert.is(steps.start, scorer.probabilityAt(bias))
      const end = steps.steps.reduce((sum, { shift }) => sum + shift, steps.start)
      assert.ok(Math.abs(end - probability) < 1e-6)
    }
  })
})

test('an unseen level and a value outside the training range are warned of, in both languages, and a missing value is not', () => {
  withBundle((folder) => {
    using scorer = Scorer.open(folder)
    const strange = scorer.score(applicant(1, { AMT_INCOME_TOTAL: 1e6, NAME_TYPE_SUITE: 'Robot' }, []))
    assert.equal(
      strange.warnings.map(({ field, code }) => `${field} ${code}`),
      ['income outside_range', 'suite unseen_category'],
    )
    assert.is(
      strange.warnings[0]?.text.fr,
      'Income fr\u00a0: 1\u00a0000\u00a0000\u00a0€\u00a0; le modèle n’a vu que des valeurs de 0\u00a0€ à 800\u00a0€.',
    )
    assert.is(strange.warnings[1]?.text.en, 'Suite en: “Robot” is unknown to the model and counted as missing.')
    const hardly = scorer.score(applicant(1, { AMT_INCOME_TOTAL: 800.2 }, []))
    assert.is(hardly.warnings[0]?.text.en, 'Income en: just above the most that the model has seen, €800.')
    const missing = scorer.score(applicant(1, { AMT_INCOME_TOTAL: 1e6 }, []))
    assert.is(missing.probability, strange.probability)
    assert.equal(scorer.score(applicant(1, {}, [])).warnings, [])
    assert.equal(
      scorer.score(applicant(1, {}, [1.1])).warnings,
      [],
      'the smallest training value, as float32, is inside',
    )
  })
})

test('clients come back from the bundle as they went in, and are found by number and by words', () => {
  withBundle((folder) => {
    using found = Clients.open(folder)
    assert.is(found.count, 2)
    assert.equal(found.get(1001), clients[1])
    assert.is(found.get(5), null)
    assert.is(found.get(Number.NaN), null)
    assert.equal(
      found.search('100').map(({ id }) => id),
      [1000, 1001],
    )
    assert.equal(
      found.search('CHILDREN').map(({ id }) => id),
      [1001],
    )
    assert.equal(
      found.search('%').map(({ id }) => id),
      [],
    )
    assert.equal(
      found.search('', 1).map(({ id }) => id),
      [1000],
    )
  })
})

test('the same clients give the same bytes, and without the file there are none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clients-'))
  try {
    using none = Clients.open(folder)
    assert.is(none.count, 0)
    assert.is(none.get(1000), null)
    assert.equal(none.search('1'), [])
    for (const name of ['a', 'b']) writeClients(join(folder, name), clients)
    assert.ok(readFileSync(join(folder, 'a')).equals(readFileSync(join(folder, 'b'))))
    writeFileSync(join(folder, 'clients.sqlite'), 'no database, though it has this name')
    assert.throws(() => Clients.open(folder), /expected the bundle's SQLite file of clients/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a history that the features read and nobody supplied is warned of and refers to a person; an empty one does not', () => {
  withBundle((folder) => {
    using scorer = Scorer.open(folder)
    const { application } = applicant(1, {}, [])
    const known = scorer.score({ application, history: { bureau: [] } })
    const unknown = scorer.score({ application, history: {} })
    assert.equal(
      unknown.warnings.map(({ code, field, tables }) => [code, field, tables]),
      [['history_not_supplied', 'bureau', ['bureau']]], // this model reads no other table
    )
    assert.is(
      unknown.warnings[0]?.text.fr,
      'Fichier des crédits non fourni (crédits dans d’autres établissements)\u00a0: compté comme s’il n’y avait rien.',
    )
    assert.equal([unknown.probability, unknown.decision], [known.probability, known.decision])
    assert.is(unknown.referred, true)
    assert.equal(
      unknown.referral.map(({ code }) => code),
      ['history_not_supplied', ...known.referral.map(({ code }) => code)],
    )
    assert.equal(known.warnings, [])
    for (const one of scorer.scoreMany(clients, { explain: false }))
      assert.equal(
        one.referral.map(({ code }) => code),
        one.probability >= 0.3 && one.probability <= 0.5 ? ['near_threshold'] : [],
      )
  })
})

test.run()
