/** Features of the monthly states of point-of-sale and cash loans with us. */
import { family } from './family.ts'

export const pos = [
  ...family(
    { group: 'contracts', unit: 'count' },
    {
      pos_months: ['count(pos)', 'mois de crédit chez nous', 'months of loans with us'],
      pos_contract_count: ['count(pos_contracts)', 'nombre de crédits chez nous', 'number of loans with us'],
      pos_running_count: [
        'count(pos_contracts where completed = 0 and last_month >= -2)',
        'crédits en cours chez nous',
        'loans running with us',
      ],
    },
  ),
  ...family(
    { group: 'lateness', unit: 'share' },
    {
      pos_dpd_share: ['share(SK_DPD > 0 of pos)', 'part des mois de crédit en retard', 'share of loan months late'],
      pos_dpd_def_share: [
        'share(SK_DPD_DEF > 0 of pos)',
        'part des mois en retard au-delà de la tolérance',
        'share of loan months late beyond tolerance',
      ],
    },
  ),
  ...[6, 12, 24].flatMap((months) => [
    ...family(
      { group: 'lateness', unit: 'share' },
      {
        [`pos_dpd_share_${months}`]: [
          `share(SK_DPD > 0 of pos last ${months} months)`,
          `part des mois de crédit en retard sur ${months} mois`,
          `share of loan months late in the last ${months} months`,
        ],
        [`pos_dpd_def_share_${months}`]: [
          `share(SK_DPD_DEF > 0 of pos last ${months} months)`,
          `part des mois en retard au-delà de la tolérance sur ${months} mois`,
          `share of loan months late beyond tolerance in the last ${months} months`,
        ],
      },
    ),
    ...family(
      { group: 'lateness', unit: 'days' },
      {
        [`pos_dpd_max_${months}`]: [
          `max(SK_DPD of pos last ${months} months)`,
          `plus long retard de crédit sur ${months} mois`,
          `longest loan lateness in the last ${months} months`,
        ],
      },
    ),
  ]),
  ...family(
    { group: 'lateness', unit: 'days' },
    {
      pos_dpd_def_max: [
        'max(SK_DPD_DEF of pos)',
        'plus long retard au-delà de la tolérance',
        'longest lateness beyond tolerance',
      ],
      pos_dpd_def_mean: [
        'mean(SK_DPD_DEF of pos)',
        'retard moyen au-delà de la tolérance',
        'mean lateness beyond tolerance',
      ],
      pos_worst_mean: [
        'mean(worst of pos_contracts)',
        'pire retard, moyen par crédit',
        'worst lateness, mean over the loans',
      ],
    },
  ),
  ...family(
    { group: 'lateness', unit: 'share' },
    {
      pos_late_contract_share: [
        'share(worst > 0 of pos_contracts)',
        'part des crédits chez nous ayant eu un retard',
        'share of loans with us ever late',
      ],
    },
  ),
  ...family(
    { group: 'contracts', unit: 'count', kind: 'number' },
    {
      pos_future_sum: ['sum(future of pos_contracts)', 'échéances restantes chez nous', 'instalments left with us'],
      pos_future_last: [
        'latest(future of pos_contracts)',
        'échéances restantes du dernier crédit chez nous',
        'instalments left of the newest loan with us',
      ],
      pos_future_mean_12: [
        'mean(CNT_INSTALMENT_FUTURE of pos last 12 months)',
        'échéances restantes moyennes sur 12 mois',
        'mean instalments left in the last 12 months',
      ],
    },
  ),
  ...family(
    { group: 'contracts', unit: 'share' },
    {
      pos_completed_share: [
        'share(completed > 0 of pos_contracts)',
        'part des crédits chez nous menés à terme',
        'share of loans with us completed',
      ],
      pos_early_share: [
        'share(completed > 0 and term < first_term of pos_contracts)',
        'part des crédits chez nous terminés en avance',
        'share of loans with us completed early',
      ],
      pos_left_share: [
        'mean(future / term of pos_contracts where completed = 0)',
        'part restante moyenne des crédits en cours chez nous',
        'mean share left of the running loans with us',
      ],
    },
  ),
  ...family(
    { group: 'contracts', unit: 'months' },
    {
      pos_last_month: [
        'max(MONTHS_BALANCE of pos)',
        'dernier mois de crédit chez nous',
        'newest month of a loan with us',
      ],
      pos_first_month: [
        'min(MONTHS_BALANCE of pos)',
        'premier mois de crédit chez nous',
        'oldest month of a loan with us',
      ],
      pos_term_mean: [
        'mean(term of pos_contracts)',
        'durée moyenne des crédits chez nous',
        'mean term of the loans with us',
      ],
    },
  ),
]
