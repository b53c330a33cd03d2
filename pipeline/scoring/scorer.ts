/** From an applicant's raw rows to a decision: features, row of the matrix, margin, calibrated probability, threshold. */
import { type Booster, DMatrix } from 'xgboost-node'
import type { FeatureDefinition } from '../features/algebra/definitions.ts'
import { interpreter } from '../features/algebra/interpreter.ts'
import { calibrate } from '../learning/calibration.ts'
import { encoder, featureTypes } from '../learning/encode.ts'
import type { Applicant, Value } from '../portfolio/applicant.ts'
import { type Bundle, openBundle } from './bundle.ts'

export type Decision = 'granted' | 'refused'

export interface Warning {
  readonly field: string
  readonly code: 'unseen_category' | 'outside_range'
  readonly text: { readonly fr: string; readonly en: string }
}

export interface Contribution {
  readonly feature: string
  readonly concept: string
  readonly value: Value
  readonly label: { readonly fr: string; readonly en: string }
  readonly contribution: number // log-odds of the uncalibrated model
}

export interface Score {
  readonly version: string
  readonly probability: number // of default, calibrated
  readonly decision: Decision
  readonly review: boolean // inside the grey zone: a person should look
  readonly threshold: number
  readonly warnings: readonly Warning[]
  readonly contributions?: readonly Contribution[] // with explain: in the order of the definitions; with bias they add up to the margin
  readonly bias?: number
}

export interface ScoreOptions {
  readonly explain?: boolean
}

/** Refused exactly when the probability is at or above the threshold. */
export const decide = (probability: number, threshold: number): Decision =>
  probability >= threshold ? 'refused' : 'granted'

/** Holds a model in C memory: close it. */
export class Scorer {
  readonly bundle: Bundle
  readonly #booster: Booster
  readonly #features: (applicant: Applicant) => Value[]
  readonly #encode: ReturnType<typeof encoder>
  readonly #warn: (values: readonly Value[]) => Warning[]

  private constructor(bundle: Bundle, booster: Booster) {
    this.bundle = bundle
    this.#booster = booster
    this.#features = interpreter(bundle.definitions)
    this.#encode = encoder(bundle.definitions.features)
    this.#warn = warner(bundle)
  }

  /** Opens the bundle in a folder, with every check. */
  static open(folder: string): Scorer {
    const { bundle, booster } = openBundle(folder)
    return new Scorer(bundle, booster)
  }

  score(applicant: Applicant, options: ScoreOptions = {}): Score {
    return this.scoreMany([applicant], options)[0] as Score
  }

  /** Scores in the order given; one call of the library for all of them. */
  scoreMany(applicants: readonly Applicant[], { explain = false }: ScoreOptions = {}): Score[] {
    const { features } = this.bundle.definitions
    const values = applicants.map(this.#features)
    const rows = new Float32Array(values.length * features.length)
    values.forEach((one, i) => {
      this.#encode(one, rows, i * features.length)
    })
    if (values.length === 0) return []
    const margins = this.#booster.predictRows(rows, values.length, { output: 'margin' })
    const contributions = explain ? this.#contributions(rows, values.length) : null
    return values.map((one, i) => ({
      ...this.#decided(margins[i] as number),
      warnings: this.#warn(one),
      ...(contributions ? explained(features, one, contributions, i * (features.length + 1)) : {}),
    }))
  }

  /** The values of the model's features for an applicant, in the order of the definitions. */
  values(applicant: Applicant): Value[] {
    return this.#features(applicant)
  }

  /** The calibrated probability of default at a margin (log-odds of the uncalibrated model). */
  probabilityAt(margin: number): number {
    return calibrate(this.bundle.calibration, margin)
  }

  close(): void {
    this.#booster.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #contributions(rows: Float32Array, count: number): Float32Array {
    const { features } = this.bundle.definitions
    const [featureNames, types] = [features.map(({ name }) => name), featureTypes(features)]
    using matrix = DMatrix.fromRows(
      rows,
      { rows: count, columns: features.length },
      { featureNames, featureTypes: types },
    )
    return this.#booster.contributions(matrix)
  }

  #decided(margin: number) {
    const { version, threshold, greyZone } = this.bundle
    const probability = this.probabilityAt(margin)
    const review = greyZone.lower < greyZone.upper && probability >= greyZone.lower && probability <= greyZone.upper
    return { version, probability, decision: decide(probability, threshold), review, threshold }
  }
}

function explained(features: readonly FeatureDefinition[], values: readonly Value[], all: Float32Array, at: number) {
  const contributions = features.map(
    ({ name, concept, label }, j): Contribution => ({
      feature: name,
      concept,
      value: values[j] ?? null,
      label,
      contribution: all[at + j] as number,
    }),
  )
  return { contributions, bias: all[at + features.length] as number }
}

const shown = (language: 'fr' | 'en') => {
  const format = new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { maximumSignificantDigits: 4 })
  return (value: number) => format.format(value).replaceAll('\u202f', '\u00a0')
}

/** Prepares the warnings of one client's feature values. */
function warner({ definitions: { features }, training: { ranges } }: Bundle): (values: readonly Value[]) => Warning[] {
  const levels = features.map((feature) => (feature.kind === 'category' ? new Set(feature.levels) : null))
  const range = features.map(({ name }) => ranges[name] ?? null)
  const [fr, en] = [shown('fr'), shown('en')]
  return (values) =>
    features.flatMap(({ name, label }, j): Warning[] => {
      const value = values[j] ?? null
      if (value === null) return []
      if (levels[j]) {
        if (levels[j].has(String(value))) return []
        return [
          {
            field: name,
            code: 'unseen_category',
            text: {
              fr: `${label.fr} : « ${value} » est inconnu du modèle et compté comme manquant.`,
              en: `${label.en}: “${value}” is unknown to the model and counted as missing.`,
            },
          },
        ]
      }
      const between = range[j]
      // Compared in float32, as the model saw the training values.
      const number = Math.fround(Number(value))
      if (!between || (number >= between[0] && number <= between[1])) return []
      const [low, high] = between
      return [
        {
          field: name,
          code: 'outside_range',
          text: {
            fr: `${label.fr} : ${fr(number)} ; le modèle n’a vu que des valeurs de ${fr(low)} à ${fr(high)}.`,
            en: `${label.en}: ${en(number)}; the model has only seen values from ${en(low)} to ${en(high)}.`,
          },
        },
      ]
    })
}
