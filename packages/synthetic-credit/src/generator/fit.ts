/**
 * Finds calibration.json: offsets that give the published shares, then effects that give the published default rates and correlations.
 * Run by hand when a figure or an assumption changes:  node --conditions=source packages/synthetic-credit/src/generator/fit.ts
 *
 * The effects are those of the logistic model of largest entropy: one number for each published rate or correlation, found by
 * setting each in turn so that its own figure comes out (iterative scaling), over many drawn clients.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { trainClients, trainDefaults } from '../published/statistics.ts'
import { type Calibration, calibration } from './calibration.ts'
import type { Category } from './category.ts'
import { type Form, FormMaker } from './form.ts'
import { type Group, meanOf } from './groups.ts'
import { logit, sigmoid } from './logistic.ts'
import { Stream } from './random.ts'
import { hidden, jointly, levelTerms, slopeTerms } from './risk.ts'

const overall = trainDefaults / trainClients
const round = (value: number) => Math.round(value * 1e4) / 1e4
const report = (text: string) => process.stderr.write(`${text}\n`)

function draw(
  calibration: Calibration,
  clients: number,
  seed: number,
  group: Group = 'train',
): { maker: FormMaker; forms: Form[] } {
  const maker = new FormMaker(calibration)
  const stream = new Stream()
  return { maker, forms: Array.from({ length: clients }, (_, i) => maker.draw(stream.start(seed, i, 0), group)) }
}

/** Offsets one step nearer to the published shares. */
function nearer(calibration: Calibration, clients: number, seed: number): { next: Calibration; worst: number } {
  const { maker, forms } = draw(calibration, clients, seed)
  const offsets: Record<string, Record<string, number>> = {}
  let worst = 0
  const mend = (column: string, level: string, before: number, wanted: number, found: number) => {
    worst = Math.max(worst, Math.abs(wanted - found))
    const step = found > 0 ? Math.max(-1, Math.min(1, logit(wanted) - logit(Math.max(found, 1e-5)))) : 0
    offsets[column] = { ...offsets[column], [level]: round(before + step) }
  }
  const byLevel = (
    category: Category,
    counts: Readonly<Record<string, number>>,
    of: (form: Form) => number,
    fixed: readonly string[],
    among: (form: Form) => boolean,
  ) => {
    const subset = forms.filter(among)
    const total = category.levels.reduce((sum, level) => sum + (fixed.includes(level) ? 0 : counts[level]!), 0)
    category.levels.forEach((level, i) => {
      if (fixed.includes(level)) return
      const wanted = counts[level]! / total
      mend(
        category.column,
        level,
        category.offsets[i]!,
        wanted,
        subset.filter((form) => of(form) === i).length / subset.length,
      )
    })
  }
  const everyone = () => true
  const employed = (form: Form) => !form.retired
  const counts = (category: Category) =>
    Object.fromEntries(
      category.levels.map((level) => [
        level,
        Math.exp(
          new FormMaker({ ...calibration, offsets: {} }).categories[keyOf(category)].offsets[
            category.levels.indexOf(level)
          ]!,
        ),
      ]),
    )
  const keyOf = (category: Category) =>
    (Object.keys(maker.categories) as (keyof typeof maker.categories)[]).find(
      (key) => maker.categories[key] === category,
    )!
  const { incomeType, education, family, children, housing, suite, occupation, organization } = maker.categories
  const occupations = counts(occupation)
  byLevel(incomeType, counts(incomeType), (form) => form.incomeType, ['Pensioner', 'Unemployed'], employed)
  byLevel(education, counts(education), (form) => form.education, [], everyone)
  byLevel(family, counts(family), (form) => form.family, [], everyone)
  byLevel(children, counts(children), (form) => form.children, [], everyone)
  byLevel(housing, counts(housing), (form) => form.housing, [], everyone)
  byLevel(suite, counts(suite), (form) => form.suite, [], everyone)
  byLevel(
    occupation,
    { ...occupations, missing: occupations.missing! - 55386 / trainClients },
    (form) => form.occupation,
    [],
    employed,
  )
  byLevel(organization, counts(organization), (form) => form.organization, ['XNA'], employed)
  const yes = (column: string, wanted: number, of: (form: Form) => boolean) => {
    const found = forms.filter(of).length / forms.length
    mend(column, 'yes', calibration.offsets[column]?.yes ?? logit(wanted), wanted, found)
  }
  yes('CODE_GENDER', 105059 / trainClients, (form) => form.man === 1)
  yes('FLAG_OWN_CAR', 104587 / trainClients, (form) => form.ownCar)
  yes('FLAG_OWN_REALTY', 213312 / trainClients, (form) => form.ownRealty)
  yes('REG_CITY_NOT_LIVE_CITY', meanOf('train', 'REG_CITY_NOT_LIVE_CITY'), (form) => form.liveElsewhere)
  yes('REG_CITY_NOT_WORK_CITY', meanOf('train', 'REG_CITY_NOT_WORK_CITY'), (form) => form.workElsewhere)
  const both = (column: string, group: Group, wanted: number, of: (form: Form) => boolean) => {
    const drawn = group === 'train' ? forms : draw(calibration, clients, seed, group).forms
    mend(
      column,
      group,
      calibration.offsets[column]?.[group] ?? logit(wanted),
      wanted,
      drawn.filter(of).length / drawn.length,
    )
  }
  for (const group of ['train', 'new'] as const) {
    both('retired', group, 1 - meanOf(group, 'FLAG_EMP_PHONE'), (form) => form.retired)
    both('revolving', group, group === 'train' ? 29279 / trainClients : 0.009, (form) => form.revolving)
  }
  return { next: { ...calibration, offsets }, worst }
}

/** Effects for the published rates and correlations, with those offsets. */
function effectsFor(calibration: Calibration, clients: number, seed: number, sweeps: number): Calibration {
  const { forms } = draw(calibration, clients, seed)
  const levels = levelTerms.map((term) => ({
    term,
    at: Int16Array.from(forms, (form) => term.of(form)),
  }))
  const slopes = slopeTerms.map((term) => ({
    term,
    values: Float64Array.from(forms, (form) => term.of(form) ?? Number.NaN),
  }))
  const effects: Record<string, Record<string, number>> = {}
  for (const { term } of levels)
    effects[term.name] = Object.fromEntries(
      term.levels.map((level) => [level, calibration.effects[term.name]?.[level] ?? 0]),
    )
  for (const { term } of slopes) effects[term.name] = { slope: calibration.effects[term.name]?.slope ?? 0 }
  let { intercept } = calibration
  const odds = Float64Array.from(
    forms,
    (form) =>
      intercept +
      hidden.debt * form.debt +
      hidden.discipline * form.discipline +
      hidden.standing * form.standing +
      jointly(form),
  )
  const add = (change: (i: number) => number) => {
    for (let i = 0; i < odds.length; i++) odds[i]! += change(i)
  }
  for (const { term, at } of levels) {
    const known = term.levels.map((level) => effects[term.name]![level]!)
    add((i) => (at[i]! < 0 ? 0 : known[at[i]!]!))
  }
  for (const { term, values } of slopes) {
    const known = effects[term.name]!.slope!
    add((i) => (Number.isNaN(values[i]!) ? 0 : known * values[i]!))
  }
  const probability = new Float64Array(forms.length)
  const refresh = () => {
    for (let i = 0; i < odds.length; i++) probability[i] = sigmoid(odds[i]!)
  }
  const deviation = Math.sqrt(overall * (1 - overall))
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let largest = 0
    refresh()
    const mean = probability.reduce((sum, p) => sum + p, 0) / forms.length
    const step = logit(overall) - logit(mean)
    intercept += step
    add(() => step)
    for (const { term, at } of levels) {
      refresh()
      const [sums, sizes] = [new Float64Array(term.levels.length), new Float64Array(term.levels.length)]
      at.forEach((level, i) => {
        if (level < 0) return
        sums[level]! += probability[i]!
        sizes[level]!++
      })
      const steps = term.levels.map((_, level) => {
        const rate = term.rates[level] ?? null
        if (rate === null || sizes[level]! < 30) return 0
        // few clients, little trust: pulled towards the overall rate as by 150 clients more
        const weight = (term.clients[level] ?? (sizes[level]! * trainClients) / forms.length) / 150
        const wanted = (rate * weight + overall) / (weight + 1)
        const change = Math.max(-0.5, Math.min(0.5, logit(wanted) - logit(sums[level]! / sizes[level]!)))
        largest = Math.max(largest, Math.abs(change))
        return change
      })
      for (const [i, level] of term.levels.entries()) effects[term.name]![level]! += steps[i]!
      add((i) => (at[i]! < 0 ? 0 : steps[at[i]!]!))
    }
    for (const { term, values } of slopes) {
      refresh()
      let [n, sumZ, sumP, sumZP, sumZZ, curve] = [0, 0, 0, 0, 0, 0]
      values.forEach((z, i) => {
        if (Number.isNaN(z)) return
        const p = probability[i]!
        n++
        sumZ += z
        sumP += p
        sumZP += z * p
        sumZZ += z * z
        curve += z * z * p * (1 - p)
      })
      const spreadOf = Math.sqrt(sumZZ / n - (sumZ / n) ** 2)
      const found = (sumZP / n - (sumZ / n) * (sumP / n)) / (spreadOf * deviation)
      const change = Math.max(-0.3, Math.min(0.3, ((term.correlation - found) * spreadOf * deviation) / (curve / n)))
      largest = Math.max(largest, Math.abs(change))
      effects[term.name]!.slope! += change
      add((i) => (Number.isNaN(values[i]!) ? 0 : change * values[i]!))
    }
    if (sweep % 5 === 4 || sweep === sweeps - 1)
      report(`effects, sweep ${sweep + 1}: largest step ${largest.toFixed(5)}`)
  }
  const rounded = Object.fromEntries(
    Object.entries(effects).map(([name, of]) => [
      name,
      Object.fromEntries(Object.entries(of).map(([level, value]) => [level, round(value)])),
    ]),
  )
  refresh()
  const order = [...probability].map((p, i) => [odds[i]!, p] as const).sort((a, b) => a[0] - b[0])
  let [below, pairs, bad] = [0, 0, 0]
  for (const [, p] of order) {
    pairs += p * below
    below += 1 - p
    bad += p
  }
  report(`ROC AUC of the true probabilities: ${(pairs / (bad * below)).toFixed(4)}`)
  return { ...calibration, intercept: round(intercept), effects: rounded }
}

function fit(): void {
  let current: Calibration = calibration
  for (let i = 0; i < 8; i++) {
    const { next, worst } = nearer(current, 60000, 1000 + i)
    current = next
    report(`offsets, step ${i + 1}: largest difference of a share ${worst.toFixed(4)}`)
  }
  current = effectsFor(current, 150000, 77, 40)
  writeFileSync(join(import.meta.dirname, 'calibration.json'), `${JSON.stringify(current, null, 2)}\n`)
}

if (import.meta.main) fit()
