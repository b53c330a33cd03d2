/** What the decision screen shows of one recorded prediction. */

import type { Html } from 'report-kit'
import type { Applicant } from '../../pipeline/data/applicant.ts'
import type { Prediction, Review } from '../journal/journal.ts'
import type { Tried } from './levers.ts'
import type { Verdict } from './words.ts'

/** The values asked for and what the model says of them; `answer` is null where nothing was changed or a value is wrong. */
export interface WhatIf {
  readonly tried: Tried
  /** Whether the values can be taken over. */
  readonly isAdoptable: boolean
  /** Loan over instalment with these values: how many instalments before interest; null where either is unknown. */
  readonly instalments: number | null
  readonly answer: { readonly probability: number; readonly threshold: number; readonly verdict: Verdict } | null
}

/** A review that was sent and could not be recorded, with what is wrong by field. */
export interface ReviewDraft {
  readonly decision: Review['decision']
  readonly code: string
  readonly text: string
  readonly errors: readonly { readonly field: 'code' | 'text'; readonly text: string }[]
}

export interface DecisionView {
  readonly prediction: Prediction
  readonly applicant: Applicant
  readonly reviews: readonly Review[]
  readonly whatIf: WhatIf
  /** The measure to compare on; the strongest when none is named. */
  readonly measure: string | undefined
  /** Where not, what is shown leads to no form. */
  readonly mayScore: boolean
  readonly mayReview: boolean
  readonly draft: ReviewDraft | null
  /** The hidden field against forged forms. */
  readonly token: Html | null
  /** The hidden fields of a form that is scored. */
  readonly scoringToken: Html
}
