/** What a comparison says, in sentences that its numbers decide. */

import { type Lang, number, percent } from 'report-kit'
import type { Comparison, Outcome, ReportedTrial } from '../../models/comparison/findings.ts'
import type { Measure } from '../../models/comparison/measure.ts'
import type { Paired } from '../../models/comparison/paired.ts'

export const measureWords: Readonly<Record<Measure, string>> = {
  roc_auc: 'ROC AUC',
  average_precision: 'PR AUC',
  cost: 'cost per client',
  log_loss: 'log loss',
  brier: 'Brier score',
}

export const four = (value: number | null | undefined, lang: Lang = 'en'): string => number(value, { digits: 4, lang })
export const signed = (value: number | null | undefined): string => number(value, { digits: 4, signed: true })

export const list = (items: readonly string[], none = 'none'): string =>
  items.length === 0
    ? none
    : items.length === 1
      ? (items[0] as string)
      : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

export const named = (outcomes: readonly Outcome[], name: string): Outcome | undefined =>
  outcomes.find((one) => one.name === name)

/** The candidates from best to worst. */
export const ranked = ({ candidates, ranking }: Pick<Comparison, 'candidates' | 'ranking'>): Outcome[] =>
  ranking.flatMap((name) => named(candidates, name) ?? [])

/** A difference, whether it is significant, and the minimum detectable one. */
export const verdict = (test: Paired): string =>
  `${signed(test.difference)} (${test.significant ? 'significant' : 'not significant'}; minimum detectable difference ${four(test.minimumDetectable)})`

/** Which candidate ranks best, and which the test sets apart from it. */
export function bestSentence({ candidates, best, measure }: Comparison): string {
  const top = named(candidates, best)
  if (!top) return ''
  const others = candidates.filter((one) => one.against)
  const apart = others.filter((one) => one.against?.significant)
  const close = others.filter((one) => !one.against?.significant)
  return `${top.label} reaches the best ${measureWords[measure]}, ${four(top.figures[measure].mean)} ± ${four(top.figures[measure].sd)} over folds and seeds. ${
    apart.length > 0
      ? `Significantly worse: ${list(apart.map(({ label }) => label))}.`
      : 'No other candidate is significantly worse.'
  } ${close.length > 0 ? `Not significantly different from it on so many clients: ${list(close.map(({ label }) => label))}.` : ''}`.trim()
}

/** What the history tables add to the form, for the models that were fitted both ways. */
export const historiesSentence = ({ histories, measure }: Comparison): string =>
  histories
    .map(
      ({ label, form, test }) =>
        `${label}: with the histories the ${measureWords[measure]} is better than that of the form alone, ${four(form)}, by ${verdict(test)}.`,
    )
    .join(' ')

/** Which candidate serves, and why. */
export const chosenWords = ({ choice }: Pick<Comparison, 'choice'>): { fr: string; en: string } => ({
  fr: `Choisi : ${choice.because.fr}.`,
  en: `Chosen: ${choice.because.en}.`,
})

/** What was tested on how many clients, and how many tests share the level. */
export const testedSentence = ({ tests, alpha, quick }: Comparison): string =>
  `${number(tests)} paired tests are adjusted together (Holm 1979), so the chance that any of them is called significant by luck is at most ${percent(alpha, { digits: 0 })}. Treatments of the rare defaults, histories and trials are fitted quickly: on ${number(quick.clients)} clients, with a step of ${quick.eta}.`

/** What came of treating the rare defaults, for one kind of model. */
export function imbalanceSentence(
  { measure }: Comparison,
  { model, outcomes }: Comparison['imbalance'][number],
): string {
  const tested = outcomes.filter((one) => one.against)
  const up = tested.filter(({ against }) => against?.significant && against.difference > 0)
  const down = tested.filter(({ against }) => against?.significant && against.difference < 0)
  const same = tested.length - up.length - down.length
  const none = named(outcomes, `${model}_none`)
  const worst = [...tested].sort((a, b) => b.figures.ece_raw.mean - a.figures.ece_raw.mean)[0]
  const kind = model === 'boosting' ? 'Boosting' : 'Logistic regression'
  if (!none || tested.length === 0) return `${kind}: no strategy was compared with doing nothing.`
  const parts = [
    `${kind}, ${measureWords[measure]} against doing nothing (${four(none.figures[measure].mean)}): ${up.length} of ${tested.length} strategies significantly better${up.length ? ` (${list(up.map(({ label }) => label))})` : ''}, ${down.length} significantly worse${down.length ? ` (${list(down.map(({ label }) => label))})` : ''}, ${same} without a significant difference.`,
  ]
  if (worst)
    parts.push(
      `The probabilities suffer most under ${worst.label}: their calibration error goes from ${four(none.figures.ece_raw.mean)} to ${four(worst.figures.ece_raw.mean)}, and back to ${four(worst.figures.ece.mean)} after calibration.`,
    )
  return parts.join(' ')
}

export const settingWords = ({ setting, number: n }: Pick<ReportedTrial, 'setting' | 'number'>): string =>
  n === 0
    ? 'train.booster as it stands'
    : Object.entries(setting)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')

/** What the search found and what became of it. */
export function searchSentence({ search, measure }: Comparison): string {
  const { trials, best, test, chosen, method } = search
  const top = trials.find(({ number: n }) => n === best)
  if (!top) return ''
  const score = top.rungs.at(-1)?.mean
  const how = `${trials.length} settings by ${method === 'halving' ? 'successive halving' : `${method} search`}, ${search.fits} fits.`
  if (best === 0)
    return `${how} None beats the parameters that train has already (${measureWords[measure]} ${four(score)} on the first seed): they stay.`
  const judged = test
    ? `On all folds of the quick clients it is better than train's parameters by ${verdict(test)}`
    : ''
  return `${how} The best is trial ${best} (${settingWords(top)}), ${measureWords[measure]} ${four(score)} on the folds that it was chosen by. ${judged}, so ${chosen === best ? 'it goes to train' : "train's parameters stay"}.`
}

/** The stability of the scorecard's scores in a sentence (Siddiqi 2006: below 0.10 stable, above 0.25 shifted). */
export function stabilitySentence({ card }: Comparison): string {
  const { psi } = card.stability
  const word = psi < 0.1 ? 'stable' : psi <= 0.25 ? 'somewhat shifted' : 'shifted'
  const moved = card.characteristics.filter((one) => one.psi > 0.1)
  return `The scores of new clients are ${word} (PSI ${number(psi, { digits: 3 })}); ${moved.length === 0 ? 'no characteristic has moved by more than 0.10' : `${list(moved.map(({ label }) => label))} moved by more than 0.10`}.`
}

export function leadWords(found: Comparison): { fr: string; en: string } {
  const apart = found.candidates.filter((one) => one.against?.significant).length
  const others = found.candidates.length - 1
  const chosen = chosenWords(found)
  const stays = found.search.chosen === 0
  return {
    fr: `${chosen.fr} ${apart} des ${others} autres candidats sont significativement moins bons que le meilleur. ${stays ? 'La recherche ne trouve aucun gain significatif sur les réglages en place.' : 'La recherche trouve de meilleurs réglages, que l’entraînement reprend.'}`,
    en: `${chosen.en} ${apart} of the ${others} other candidates are significantly worse than the best. ${stays ? 'The search finds no significant gain over the parameters in place.' : 'The search finds better parameters, and train takes them.'}`,
  }
}
