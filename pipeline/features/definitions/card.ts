/** Features of the client's credit cards with us, month by month. */
import { family } from './family.ts'

export const card = [
  ...family(
    { group: 'card', unit: 'count' },
    {
      cc_months: ['count(card)', 'mois de carte de crédit', 'months of credit card'],
      cc_card_count: ['distinct(SK_ID_PREV of card)', 'nombre de cartes de crédit', 'number of credit cards'],
    },
  ),
  ...family(
    { group: 'card', unit: 'share' },
    {
      cc_util_last: [
        'latest(use of card)',
        'utilisation de la carte au dernier mois',
        'use of the card in the newest month',
      ],
      cc_util_max: ['max(use of card)', 'plus forte utilisation de la carte', 'highest use of the card'],
      cc_util_mean: ['mean(use of card)', 'utilisation moyenne de la carte', 'mean use of the card'],
    },
  ),
  ...[3, 6, 12].flatMap((months) => [
    ...family(
      { group: 'card', unit: 'share' },
      {
        [`cc_util_mean_${months}`]: [
          `mean(use of card last ${months} months)`,
          `utilisation moyenne de la carte sur ${months} mois`,
          `mean use of the card in the last ${months} months`,
        ],
      },
    ),
    ...family(
      { group: 'card', unit: 'amount' },
      {
        [`cc_drawn_mean_${months}`]: [
          `mean(AMT_DRAWINGS_CURRENT of card last ${months} months)`,
          `retraits et achats moyens par mois sur ${months} mois`,
          `mean drawings a month in the last ${months} months`,
        ],
      },
    ),
  ]),
  ...family(
    { group: 'card', unit: 'share' },
    {
      cc_util_trend: [
        'cc_util_mean_3 - cc_util_mean_12',
        'hausse récente de l’utilisation de la carte',
        'recent rise in the use of the card',
      ],
      cc_over_limit_share: [
        'share(use > 1 of card where use is known)',
        'part des mois au-delà du plafond',
        'share of months above the limit',
      ],
      cc_used_share: [
        'share(AMT_BALANCE > 0 of card)',
        'part des mois avec un solde dû',
        'share of months with a balance owed',
      ],
    },
  ),
  ...family(
    { group: 'card', unit: 'amount' },
    {
      cc_balance_last: [
        'latest(AMT_BALANCE of card)',
        'solde de la carte au dernier mois',
        'balance of the card in the newest month',
      ],
      cc_balance_mean_12: [
        'mean(AMT_BALANCE of card last 12 months)',
        'solde moyen de la carte sur 12 mois',
        'mean balance of the card in the last 12 months',
      ],
      cc_balance_max: ['max(AMT_BALANCE of card)', 'plus gros solde de la carte', 'largest balance of the card'],
      cc_limit_last: ['latest(AMT_CREDIT_LIMIT_ACTUAL of card)', 'plafond de la carte', 'limit of the card'],
      cc_limit_max: [
        'max(AMT_CREDIT_LIMIT_ACTUAL of card)',
        'plus haut plafond de la carte',
        'highest limit of the card',
      ],
    },
  ),
  ...family(
    { group: 'card', unit: 'ratio' },
    {
      cc_balance_over_income: [
        'latest(AMT_BALANCE of card) / AMT_INCOME_TOTAL',
        'solde de la carte rapporté au revenu',
        'balance of the card over income',
      ],
      cc_limit_over_income: [
        'latest(AMT_CREDIT_LIMIT_ACTUAL of card) / AMT_INCOME_TOTAL',
        'plafond de la carte rapporté au revenu',
        'limit of the card over income',
      ],
    },
  ),
  ...family(
    { group: 'card', unit: 'share' },
    {
      cc_atm_share: [
        'sum(AMT_DRAWINGS_ATM_CURRENT of card) / sum(AMT_DRAWINGS_CURRENT of card)',
        'part des retraits d’espèces',
        'share of cash withdrawals',
      ],
      cc_atm_months_share: [
        'share(CNT_DRAWINGS_ATM_CURRENT > 0 of card where CNT_DRAWINGS_ATM_CURRENT is known)',
        'part des mois avec retrait d’espèces',
        'share of months with a cash withdrawal',
      ],
    },
  ),
  ...family(
    { group: 'card', unit: 'count', kind: 'number' },
    {
      cc_atm_count_mean: [
        'mean(CNT_DRAWINGS_ATM_CURRENT of card)',
        'retraits d’espèces par mois',
        'cash withdrawals a month',
      ],
      cc_atm_count_mean_6: [
        'mean(CNT_DRAWINGS_ATM_CURRENT of card last 6 months)',
        'retraits d’espèces par mois sur 6 mois',
        'cash withdrawals a month in the last 6 months',
      ],
      cc_drawing_count_mean: ['mean(CNT_DRAWINGS_CURRENT of card)', 'retraits et achats par mois', 'drawings a month'],
      cc_drawing_count_max: [
        'max(CNT_DRAWINGS_CURRENT of card)',
        'plus grand nombre de retraits et achats en un mois',
        'most drawings in a month',
      ],
      cc_instalments_paid: [
        'max(CNT_INSTALMENT_MATURE_CUM of card)',
        'mensualités de carte payées',
        'card instalments paid',
      ],
    },
  ),
  ...family(
    { group: 'card', unit: 'ratio' },
    {
      cc_payment_over_minimum_mean: [
        'mean(AMT_PAYMENT_TOTAL_CURRENT / AMT_INST_MIN_REGULARITY of card)',
        'paiement de carte rapporté au minimum exigé',
        'card payment over the minimum due',
      ],
      cc_payment_over_balance_mean: [
        'mean(AMT_PAYMENT_TOTAL_CURRENT / AMT_BALANCE of card where AMT_BALANCE > 0)',
        'paiement de carte rapporté au solde',
        'card payment over the balance',
      ],
    },
  ),
  ...family(
    { group: 'card', unit: 'share' },
    {
      cc_below_minimum_share: [
        'share(AMT_PAYMENT_TOTAL_CURRENT < AMT_INST_MIN_REGULARITY of card where AMT_INST_MIN_REGULARITY > 0)',
        'part des mois payés en dessous du minimum exigé',
        'share of months paid below the minimum due',
      ],
    },
  ),
  ...family(
    { group: 'lateness', unit: 'share' },
    {
      cc_dpd_share: ['share(SK_DPD > 0 of card)', 'part des mois de carte en retard', 'share of card months late'],
      cc_dpd_share_12: [
        'share(SK_DPD > 0 of card last 12 months)',
        'part des mois de carte en retard sur 12 mois',
        'share of card months late in the last 12 months',
      ],
      cc_dpd_def_share: [
        'share(SK_DPD_DEF > 0 of card)',
        'part des mois de carte en retard au-delà de la tolérance',
        'share of card months late beyond tolerance',
      ],
    },
  ),
  ...family(
    { group: 'lateness', unit: 'days' },
    {
      cc_dpd_max: ['max(SK_DPD of card)', 'plus long retard de carte', 'longest lateness of the card'],
    },
  ),
  ...family(
    { group: 'card', unit: 'months' },
    {
      cc_last_month: ['max(MONTHS_BALANCE of card)', 'dernier mois de carte', 'newest month of the card'],
    },
  ),
]
