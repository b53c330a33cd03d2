/** What a score should be read with care for: categories that the model never saw, and numbers beyond those it was trained on. */
import type { FeatureDefinition } from '../features/algebra/definitions.ts'
import type { Value } from '../portfolio/applicant.ts'
import type { Lang } from '../portfolio/numbers.ts'
import type { Bundle } from './bundle.ts'
import { raised, written } from './written.ts'

export interface Warning {
  readonly field: string
  readonly code: 'unseen_category' | 'outside_range'
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
  const show = (number: number, lang: Lang) => written(feature, number, lang)
  return {
    field: name,
    code: 'outside_range',
    text: {
      fr: `${raised(label.fr)}\u00a0: ${show(value, 'fr')}\u00a0; le modèle n’a vu que des valeurs de ${show(low, 'fr')} à ${show(high, 'fr')}.`,
      en: `${raised(label.en)}: ${show(value, 'en')}; the model has only seen values from ${show(low, 'en')} to ${show(high, 'en')}.`,
    },
  }
}
