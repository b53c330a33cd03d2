/** From an applicant's raw rows to a decision: features, row of the matrix, margin, calibrated probability, threshold. */
import type { Applicant, Row, Value } from '../data/applicant.ts'
import { type UnknownLevels, unknownLevelsOf } from '../data/levels.ts'
import type { HistoryTable } from '../data/schema/tables.ts'
import { notSupplied, type Supplied } from '../data/supplied.ts'
import { allSources } from '../features/rules/check/sources.ts'
import { evaluator } from '../features/rules/javascript/evaluator.ts'
import { tablesRead, unknownRemover } from '../features/rules/javascript/not-supplied.ts'
import { calibrate } from '../models/calibration.ts'
import { encoder } from '../models/encode.ts'
import type { Predictor } from '../models/members/predictor.ts'
import { pdoScore } from '../models/score-scale.ts'
import { type Bundle, openBundle } from './bundle.ts'
import { type Decision, decide } from './decision.ts'
import { type Catalogue, catalogueOf, type Reasons, reasons } from './reasons.ts'
import { rank } from './reference.ts'
import { notSuppliedWarnings, type Referral, referralOf, tablesNotSupplied, unknownLevelWarnings } from './referral.ts'
import { type Contribution, type Explanation, explainer, type Step, steps } from './steps.ts'
import { type Concern, concernsOf } from './strategic.ts'
import { strategicWarnings } from './strategic-warnings.ts'
import { type Warning, warner } from './warnings.ts'

export type { Warning } from './warnings.ts'

export interface Score {
  readonly version: string
  readonly probability: number // of default, calibrated
  readonly decision: Decision
  readonly referred: boolean // a person must look, for the reasons in `referral`
  readonly referral: readonly Referral[]
  readonly threshold: number
  readonly score: number // on the bundle's scale; more points, less risk
  /** Share of the reference portfolio with a lower risk, 0 to 1; null when the bundle carries none. */
  readonly percentile: number | null
  readonly warnings: readonly Warning[]
}

/** A score with its reasons. */
export interface ExplainedScore extends Score {
  readonly reasons: Reasons
  /** In the order of the definitions; with `bias` they add up to the margin. Made anew whenever read. */
  readonly contributions: readonly Contribution[]
  readonly bias: number
  /** The same by reason group, as the journal keeps it. */
  readonly explanation: Explanation
  /** From the typical client's probability (`start`) to this one's, by reason group. */
  readonly steps: { readonly start: number; readonly steps: readonly Step[] }
}

export interface ScoreOptions {
  /** False spares contributions and reasons, which take most of the time. */
  readonly explain?: boolean
}

/** What a client is scored by. */
export interface ClientFeatures {
  /** In the order of the definitions. */
  readonly values: readonly Value[]
  /** History tables that the features read and nobody supplied. */
  readonly notSupplied: readonly HistoryTable[]
  /** Texts in the columns of the history that the features read, which are none of the published levels. */
  readonly unknownLevels: readonly UnknownLevels[]
  /** Inputs left blank, or beyond training, that must not buy an approval; none where the raw form is not at hand. */
  readonly concerns?: readonly Concern[]
}

/** Holds a model in C memory: close it. */
export class Scorer {
  readonly bundle: Bundle
  readonly catalogue: Catalogue
  readonly #predictor: Predictor
  /** A client's feature values without those that read a table which was not supplied: for values computed of many clients at once. */
  readonly withoutUnknown: ReturnType<typeof unknownRemover>
  readonly #values: (applicant: Applicant) => Value[]
  readonly #read: ReadonlySet<string>
  readonly #columns: ReadonlySet<string>
  readonly #encode: ReturnType<typeof encoder>
  readonly #explain: ReturnType<typeof explainer>
  readonly #warn: (values: readonly Value[]) => Warning[]

  private constructor(bundle: Bundle, predictor: Predictor) {
    this.bundle = bundle
    this.catalogue = catalogueOf(bundle)
    this.#predictor = predictor
    this.#values = evaluator(bundle.definitions)
    this.#read = tablesRead(this.catalogue.tables)
    this.withoutUnknown = unknownRemover(this.catalogue.tables)
    this.#columns = new Set([...allSources(bundle.definitions).values()].flat())
    this.#encode = encoder(bundle.definitions.features)
    this.#explain = explainer(bundle.definitions.features)
    this.#warn = warner(bundle)
  }

  /** Opens the bundle in a folder, with every check. `forest: false` asks the library for every client, as models that have no forest do. */
  static open(folder: string, options: { readonly forest?: boolean } = {}): Scorer {
    const { bundle, predictor } = openBundle(folder, options)
    return new Scorer(bundle, predictor)
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
    return this.scoreFeatures(
      applicants.map((one) => this.features(one)),
      { explain },
    )
  }

  /** The same from the clients' features, where they are known already. */
  scoreFeatures(clients: readonly ClientFeatures[], options: { explain: false }): Score[]
  scoreFeatures(clients: readonly ClientFeatures[], options?: { explain?: true }): ExplainedScore[]
  scoreFeatures(clients: readonly ClientFeatures[], options?: ScoreOptions): (Score | ExplainedScore)[]
  scoreFeatures(clients: readonly ClientFeatures[], { explain = true }: ScoreOptions = {}): (Score | ExplainedScore)[] {
    if (clients.length === 0) return []
    const { features } = this.bundle.definitions
    const rows = new Float32Array(clients.length * features.length)
    clients.forEach(({ values }, i) => {
      this.#encode(values, rows, i * features.length)
    })
    const explained = explain ? this.#predictor.explain(rows, clients.length) : null
    const margins = explained?.margins ?? this.#predictor.margins(rows, clients.length)
    const width = features.length + 1
    return clients.map(({ values, notSupplied, unknownLevels, concerns = [] }, i) => {
      const warnings = [
        ...notSuppliedWarnings(notSupplied),
        ...unknownLevelWarnings(unknownLevels),
        ...this.#warn(values),
      ]
      const score = this.#decided(margins[i] as number, warnings, concerns)
      if (!explained) return score
      return this.#explained(score, values, explained.contributions.subarray(i * width, (i + 1) * width))
    })
  }

  features(applicant: Applicant): ClientFeatures {
    return {
      values: this.#values(applicant),
      notSupplied: this.notSupplied(applicant.history),
      unknownLevels: this.readBy(unknownLevelsOf(applicant.history)),
      concerns: this.concerns(applicant.application, applicant.leftOut),
    }
  }

  /** What a form leaves open that must not buy an approval. */
  concerns(application: Row, leftOut: readonly string[] = []): readonly Concern[] {
    const { strategic } = this.bundle
    return strategic ? concernsOf(strategic, application, leftOut) : []
  }

  /** Those of the unknown levels that stand in columns which the model's features read. */
  readBy(found: readonly UnknownLevels[]): UnknownLevels[] {
    return found.flatMap(({ table, levels }) => {
      const read = levels.filter(({ column }) => this.#columns.has(`${table}.${column}`))
      return read.length > 0 ? [{ table, levels: read }] : []
    })
  }

  /** The values of the model's features for an applicant, in the order of the definitions. */
  values(applicant: Applicant): Value[] {
    return this.#values(applicant)
  }

  /** The history tables that the model's features read and nobody supplied. */
  notSupplied(history: Supplied): HistoryTable[] {
    return notSupplied(history, this.#read)
  }

  /** The calibrated probability of default at a margin (log-odds of the uncalibrated model). */
  probabilityAt(margin: number): number {
    return calibrate(this.bundle.calibration, margin)
  }

  /** The score of a calibrated probability, on this model's scale. */
  scoreAt(probability: number): number {
    return pdoScore(probability, this.bundle.scale)
  }

  /** By how much each reason group shifts the probability (scoring/steps.ts), by this model's calibration. */
  steps(explanation: Explanation): ReturnType<typeof steps> {
    return steps(explanation, this.bundle.calibration)
  }

  close(): void {
    this.#predictor[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #decided(margin: number, found: readonly Warning[], concerns: readonly Concern[]): Score {
    const { version, threshold, greyZone, reference } = this.bundle
    const probability = this.probabilityAt(margin)
    const warnings = [...found, ...strategicWarnings(concerns, probability, threshold)]
    const referral = referralOf(probability, greyZone, warnings)
    return {
      version,
      probability,
      decision: decide(probability, threshold),
      referred: referral.length > 0,
      referral,
      threshold,
      score: this.scoreAt(probability),
      percentile: reference.clients > 0 ? rank(reference.risks, probability) : null,
      warnings,
    }
  }

  #explained(score: Score, values: readonly Value[], contributions: ArrayLike<number>): ExplainedScore {
    const { features } = this.bundle.definitions
    const explanation = this.#explain(values, contributions)
    const worth = this.steps(explanation)
    return {
      ...score,
      reasons: reasons(explanation, worth.steps, this.catalogue, tablesNotSupplied(score.warnings)),
      get contributions() {
        return features.map(({ name, group, label }, j) => ({
          feature: name,
          group,
          value: values[j] ?? null,
          label,
          contribution: contributions[j] as number,
        }))
      },
      bias: explanation.bias,
      explanation,
      steps: worth,
    }
  }
}
