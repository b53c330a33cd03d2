/** What a score should be read with care for: categories that the model never saw, numbers beyond those it was trained on; histories: referral.ts. */

import type { Lang } from 'report-kit'
import type { Value } from '../data/applicant.ts'
import type { HistoryTable } from '../data/schema/tables.ts'
import type { FeatureDefinition } from '../features/rules/check/definitions.ts'
import type { Bundle } from './bundle.ts'
import { raised, written } from './wording/format-feature-value.ts'

export interface Warning {
  readonly field: string
  readonly code:
    | 'unseen_category'
    | 'outside_range'
    | 'history_not_supplied'
    | 'unknown_history_level'
    | 'left_blank'
    | 'outside_experience'
  /** The history tables that it is about. */
  readonly tables?: readonly HistoryTable[]
  readonly text: { readonly fr: string; readonly en: string }
}

/** Prepares the warnings of one client's feature values. */
export function warner({
  definitions: { features },
  training: { ranges },
}: Bundle): (values: readonly Value[]) => Warning[] {
  const levels = features.map((feature) => (feature.kind === 'category' ? new Set(feature.levels) : null))
  const range = features.map(({ name }) => ranges[name] ?? null)
  return (values) => {
    const warnings: Warning[] = []
    for (let j = 0; j < features.length; j++) {
      const [value, known, between] = [values[j] ?? null, levels[j], range[j]]
      if (value === null) continue
      if (known) {
        if (!known.has(String(value))) warnings.push(unseen(features[j]!, value))
      } else if (between) {
        // Compared in float32, as the model saw the training values.
        const number = Math.fround(Number(value))
        if (!(number >= between[0] && number <= between[1])) warnings.push(outside(features[j]!, number, between))
      }
    }
    return warnings
  }
}

const unseen = ({ name, label }: FeatureDefinition, value: Value): Warning => ({
  field: name,
  code: 'unseen_category',
  text: {
    fr: `${raised(label.fr)}\u00a0: «\u00a0${value}\u00a0» est inconnu du modèle et compté comme manquant.`,
    en: `${raised(label.en)}: “${value}” is unknown to the model and counted as missing.`,
  },
})

function outside(feature: FeatureDefinition, value: number, [low, high]: readonly [number, number]): Warning {
  const { name, label } = feature
  const above = value > high
  const limit = above ? high : low
  const say = (
    lang: Lang,
    words: { just: readonly [string, string]; seen: readonly [string, string]; colon: string },
  ) => {
    const show = (number: number) => written(feature, number, lang)
    const start = `${raised(label[lang])}${words.colon}`
    // numbers that are written alike are not set against each other
    return show(value) === show(limit)
      ? `${start}${words.just[above ? 0 : 1]} ${show(limit)}.`
      : `${start}${show(value)}${words.seen[0]} ${show(low)} ${words.seen[1]} ${show(high)}.`
  }
  return {
    field: name,
    code: 'outside_range',
    text: {
      fr: say('fr', {
        just: ['à peine plus que le maximum vu par le modèle,', 'à peine moins que le minimum vu par le modèle,'],
        seen: ['\u00a0; le modèle n’a vu que des valeurs de', 'à'],
        colon: '\u00a0: ',
      }),
      en: say('en', {
        just: ['just above the most that the model has seen,', 'just below the least that the model has seen,'],
        seen: ['; the model has only seen values from', 'to'],
        colon: ': ',
      }),
    },
  }
}
