/** The warnings of a form that leaves open what its approval may depend on: referral.ts makes referrals of them. */
import type { Concern } from './strategic.ts'
import type { Warning } from './warnings.ts'

/** One warning a concern that decides. */
export const strategicWarnings = (concerns: readonly Concern[], probability: number, threshold: number): Warning[] =>
  concerns.flatMap(({ code, field, label, from }) => {
    if (probability < from || probability >= threshold) return []
    const text =
      code === 'left_blank'
        ? {
            fr: `${label.fr}\u00a0: non renseigné, et l’accord pourrait en dépendre.`,
            en: `${label.en}: left blank, and the approval may depend on it.`,
          }
        : {
            fr: `${label.fr}\u00a0: au-delà de ce que le modèle a vu, et l’accord pourrait en dépendre.`,
            en: `${label.en}: beyond what the model has seen, and the approval may depend on it.`,
          }
    return [{ field, code, text }]
  })
