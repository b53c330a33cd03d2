/** Features of the month-by-month status of the loans with other lenders. */
import { family } from './family.ts'

export const bureauBalance = [
  ...family(
    { group: 'bureau', unit: 'count' },
    {
      bb_months: ['count(bureau_months)', 'mois de suivi des crédits ailleurs', 'months of loans elsewhere on record'],
      bb_loans: [
        'count(bureau_loans)',
        'crédits ailleurs suivis mois par mois',
        'loans elsewhere followed month by month',
      ],
    },
  ),
  ...[6, 12, 24].flatMap((months) =>
    family(
      { group: 'overdue', unit: 'share' },
      {
        [`bb_bad_share_${months}`]: [
          `share(bad of bureau_months last ${months} months)`,
          `part des mois en retard ailleurs sur ${months} mois`,
          `share of months late elsewhere in the last ${months} months`,
        ],
      },
    ),
  ),
  ...family(
    { group: 'overdue', unit: 'share' },
    {
      bb_bad_share: [
        'share(bad of bureau_months)',
        'part des mois en retard ailleurs',
        'share of months late elsewhere',
      ],
      bb_bad_trend: [
        'bb_bad_share_6 - bb_bad_share_24',
        'hausse récente de la part des mois en retard ailleurs',
        'recent rise of the share of months late elsewhere',
      ],
      bb_closed_share: [
        "share(STATUS = 'C' of bureau_months)",
        'part des mois de crédits clos ailleurs',
        'share of months of closed loans elsewhere',
      ],
      bb_unknown_share: [
        "share(STATUS = 'X' of bureau_months)",
        'part des mois sans information ailleurs',
        'share of months without information elsewhere',
      ],
      bb_loans_bad_share: [
        'share(bad_months > 0 of bureau_loans)',
        'part des crédits ailleurs ayant eu un retard',
        'share of loans elsewhere ever late',
      ],
    },
  ),
  ...family(
    { group: 'overdue', unit: 'level' },
    {
      bb_worst_status: [
        'max(level of bureau_months)',
        'pire état de retard ailleurs',
        'worst status of lateness elsewhere',
      ],
      bb_worst_status_12: [
        'max(level of bureau_months last 12 months)',
        'pire état de retard ailleurs sur 12 mois',
        'worst status of lateness elsewhere in 12 months',
      ],
      bb_active_worst_status: [
        'max(level of bureau_months where active)',
        'pire état de retard des crédits en cours ailleurs',
        'worst status of the active loans elsewhere',
      ],
      bb_level_mean: [
        'mean(level of bureau_months)',
        'état de retard moyen ailleurs',
        'mean status of lateness elsewhere',
      ],
      bb_level_mean_12: [
        'mean(level of bureau_months last 12 months)',
        'état de retard moyen ailleurs sur 12 mois',
        'mean status of lateness elsewhere in 12 months',
      ],
      bb_loans_worst_mean: [
        'mean(worst of bureau_loans)',
        'pire état de retard, moyen par crédit ailleurs',
        'worst status, mean over the loans elsewhere',
      ],
    },
  ),
  ...family(
    { group: 'overdue', unit: 'count' },
    {
      bb_bad_months: [
        'count(bureau_months where bad)',
        'nombre de mois en retard ailleurs',
        'number of months late elsewhere',
      ],
    },
  ),
  ...family(
    { group: 'overdue', unit: 'months' },
    {
      bb_last_bad: [
        'max(MONTHS_BALANCE of bureau_months where bad)',
        'mois du dernier retard ailleurs',
        'month of the last lateness elsewhere',
      ],
    },
  ),
  ...family(
    { group: 'bureau', unit: 'months' },
    {
      bb_first_month: [
        'min(MONTHS_BALANCE of bureau_months)',
        'premier mois suivi ailleurs',
        'first month on record elsewhere',
      ],
      bb_loan_months_mean: [
        'mean(months of bureau_loans)',
        'mois de suivi moyens par crédit ailleurs',
        'mean months on record per loan elsewhere',
      ],
    },
  ),
]
