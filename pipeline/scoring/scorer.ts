/** From an applicant's raw rows to a decision: features, row of the matrix, margin, calibrated probability, threshold. */
import { type Booster, DMatrix } from 'xgboost-node'
import { interpreter } from '../features/algebra/interpreter.ts'
import { calibrate } from '../learning/calibration.ts'
import { encoder, featureTypes } from '../learning/encode.ts'
import type { Applicant, Value } from '../portfolio/applicant.ts'
import type { Lang } from '../portfolio/numbers.ts'
import { type Bundle, openBundle } from './bundle.ts'
import { pointsOf } from './points.ts'
import { type Catalogue, catalogueOf, type Reasons, reasons } from './reasons.ts'
import { rank } from './reference.ts'
import { type Contribution, type Explanation, explanationOf, type Step, steps } from './steps.ts'
import { raised, written } from './written.ts'

export type Decision = 'granted' | 'refused'

export interface Warning {
  readonly field: string
  readonly code: 'unseen_category' | 'outside_range'
  readonly text: { readonly fr: string; readonly en: string }
}

export interface Score {
  readonly version: string
  readonly probability: number // of default, calibrated
  readonly decision: Decision
  readonly review: boolean // inside the grey zone: a person should look
  readonly threshold: number
  readonly points: number // on the bundle's scale; more points, less risk
  /** Share of the reference portfolio with a lower risk, 0 to 1; null when the bundle carries none. */
  readonly percentile: number | null
  readonly warnings: readonly Warning[]
}

/** A score with its reasons. */
export interface ExplainedScore extends Score {
  readonly reasons: Reasons
  /** In the order of the definitions; with `bias` they add up to the margin. */
  readonly contributions: readonly Contribution[]
  readonly bias: number
  /** The same by concept, as the journal keeps it. */
  readonly explanation: Explanation
  /** From the typical client's probability (`start`) to this one's, by concept. */
  readonly steps: { readonly start: number; readonly steps: readonly Step[] }
}

export interface ScoreOptions {
  /** False spares contributions and reasons, which take most of the time. */
  readonly explain?: boolean
}

/** Refused exactly when the probability is at or above the threshold. */
export const decide = (probability: number, threshold: number): Decision =>
  probability >= threshold ? 'refused' : 'granted'

/** Holds a model in C memory: close it. */
export class Scorer {
  readonly bundle: Bundle
  readonly catalogue: Catalogue
  readonly #booster: Booster
  readonly #features: (applicant: Applicant) => Value[]
  readonly #encode: ReturnType<typeof encoder>
  readonly #warn: (values: readonly Value[]) => Warning[]

  private constructor(bundle: Bundle, booster: Booster) {
    this.bundle = bundle
    this.catalogue = catalogueOf(bundle)
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

  score(applicant: Applicant, options: { explain: false }): Score
  score(applicant: Applicant, options?: { explain?: true }): ExplainedScore
  score(applicant: Applicant, options?: ScoreOptions): Score | ExplainedScore
  score(applicant: Applicant, options: ScoreOptions = {}): Score | ExplainedScore {
    return this.scoreMany([applicant], options)[0]!
  }

  /** Scores in the order given; one call of the library for all of them. */
  scoreMany(applicants: readonly Applicant[], options: { explain: false }): Score[]
  scoreMany(applicants: readonly Applicant[], options?: { explain?: true }): ExplainedScore[]
  scoreMany(applicants: readonly Applicant[], options?: ScoreOptions): (Score | ExplainedScore)[]
  scoreMany(applicants: readonly Applicant[], { explain = true }: ScoreOptions = {}): (Score | ExplainedScore)[] {
    return this.scoreValues(applicants.map(this.#features), { explain })
  }

  /** The same from feature values in the order of the definitions, where they are known already. */
  scoreValues(values: readonly (readonly Value[])[], options: { explain: false }): Score[]
  scoreValues(values: readonly (readonly Value[])[], options?: { explain?: true }): ExplainedScore[]
  scoreValues(values: readonly (readonly Value[])[], options?: ScoreOptions): (Score | ExplainedScore)[]
  scoreValues(
    values: readonly (readonly Value[])[],
    { explain = true }: ScoreOptions = {},
  ): (Score | ExplainedScore)[] {
    if (values.length === 0) return []
    const { features } = this.bundle.definitions
    const rows = new Float32Array(values.length * features.length)
    values.forEach((one, i) => {
      this.#encode(one, rows, i * features.length)
    })
    const margins = this.#booster.predictRows(rows, values.length, { output: 'margin' })
    const contributions = explain ? this.#contributions(rows, values.length) : null
    return values.map((one, i) => {
      const score = { ...this.#decided(margins[i] as number), warnings: this.#warn(one) }
      return contributions ? { ...score, ...this.#explained(one, contributions, i * (features.length + 1)) } : score
    })
  }

  /** The values of the model's features for an applicant, in the order of the definitions. */
  values(applicant: Applicant): Value[] {
    return this.#features(applicant)
  }

  /** The calibrated probability of default at a margin (log-odds of the uncalibrated model). */
  probabilityAt(margin: number): number {
    return calibrate(this.bundle.calibration, margin)
  }

  /** What each concept of an explanation is worth in risk points (scoring/steps.ts), by this model's calibration. */
  steps(explanation: Explanation): ReturnType<typeof steps> {
    return steps(explanation, (margin) => this.probabilityAt(margin))
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
    const { version, threshold, greyZone, points, reference } = this.bundle
    const probability = this.probabilityAt(margin)
    const review = greyZone.lower < greyZone.upper && probability >= greyZone.lower && probability <= greyZone.upper
    return {
      version,
      probability,
      decision: decide(probability, threshold),
      review,
      threshold,
      points: pointsOf(probability, points),
      percentile: reference.clients > 0 ? rank(reference.risks, probability) : null,
    }
  }

  #explained(values: readonly Value[], all: Float32Array, at: number) {
    const { features } = this.bundle.definitions
    const contributions = features.map(
      ({ name, concept, label }, j): Contribution => ({
        feature: name,
        concept,
        value: values[j] ?? null,
        label,
        contribution: all[at + j] as number,
      }),
    )
    const bias = all[at + features.length] as number
    const explanation = explanationOf(contributions, bias)
    const worth = this.steps(explanation)
    return {
      reasons: reasons(explanation, worth.steps, this.catalogue),
      contributions,
      bias,
      explanation,
      steps: worth,
    }
  }
}

/** Prepares the warnings of one client's feature values. */
function warner({ definitions: { features }, training: { ranges } }: Bundle): (values: readonly Value[]) => Warning[] {
  const levels = features.map((feature) => (feature.kind === 'category' ? new Set(feature.levels) : null))
  const range = features.map(({ name }) => ranges[name] ?? null)
  return (values) =>
    features.flatMap((feature, j): Warning[] => {
      const { name } = feature
      const [fr, en] = [raised(feature.label.fr), raised(feature.label.en)]
      const value = values[j] ?? null
      if (value === null) return []
      if (levels[j]) {
        if (levels[j].has(String(value))) return []
        return [
          {
            field: name,
            code: 'unseen_category',
            text: {
              fr: `${fr}\u00a0: «\u00a0${value}\u00a0» est inconnu du modèle et compté comme manquant.`,
              en: `${en}: “${value}” is unknown to the model and counted as missing.`,
            },
          },
        ]
      }
      const between = range[j]
      // Compared in float32, as the model saw the training values.
      const number = Math.fround(Number(value))
      if (!between || (number >= between[0] && number <= between[1])) return []
      const [low, high] = between
      const show = (v: number, lang: Lang) => written(feature, v, lang)
      return [
        {
          field: name,
          code: 'outside_range',
          text: {
            fr: `${fr}\u00a0: ${show(number, 'fr')}\u00a0; le modèle n’a vu que des valeurs de ${show(low, 'fr')} à ${show(high, 'fr')}.`,
            en: `${en}: ${show(number, 'en')}; the model has only seen values from ${show(low, 'en')} to ${show(high, 'en')}.`,
          },
        },
      ]
    })
}
