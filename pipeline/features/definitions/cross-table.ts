/** Features that set this application against the client's history, or add up debts of several tables. */
import { family } from './family.ts'

export const across = [
  ...family(
    { group: 'amount', unit: 'ratio' },
    {
      credit_over_prev_approved_mean: [
        'AMT_CREDIT / mean(AMT_CREDIT of previous where approved)',
        'crédit demandé rapporté aux crédits accordés',
        'loan asked for over the loans granted',
      ],
      credit_over_prev_approved_max: [
        'AMT_CREDIT / max(AMT_CREDIT of previous where approved)',
        'crédit demandé rapporté au plus gros crédit accordé',
        'loan asked for over the largest loan granted',
      ],
      annuity_over_prev_mean: [
        'AMT_ANNUITY / mean(AMT_ANNUITY of previous)',
        'mensualité demandée rapportée aux précédentes',
        'instalment asked for over the earlier ones',
      ],
      annuity_over_prev_last: [
        'AMT_ANNUITY / latest(AMT_ANNUITY of previous where approved)',
        'mensualité demandée rapportée à celle du dernier crédit',
        'instalment asked for over that of the last loan',
      ],
      credit_over_bureau_max: [
        'AMT_CREDIT / max(AMT_CREDIT_SUM of bureau)',
        'crédit demandé rapporté au plus gros crédit ailleurs',
        'loan asked for over the largest loan elsewhere',
      ],
      term_over_prev_mean: [
        'AMT_CREDIT / AMT_ANNUITY / mean(CNT_PAYMENT of previous where approved)',
        'durée demandée rapportée aux durées accordées',
        'term asked for over the terms granted',
      ],
    },
  ),
  ...family(
    { group: 'contracts', unit: 'ratio' },
    {
      owed_over_income: [
        'sum(left of owed where approved) / AMT_INCOME_TOTAL',
        'reste dû chez nous rapporté au revenu',
        'debt left with us over income',
      ],
      owed_annuity_over_income: [
        'sum(AMT_ANNUITY of owed where running) / AMT_INCOME_TOTAL',
        'mensualités en cours chez nous rapportées au revenu',
        'running instalments with us over income',
      ],
    },
  ),
  ...family(
    { group: 'debt', unit: 'ratio' },
    {
      total_debt_over_income: [
        'sum(sum(AMT_CREDIT_SUM_DEBT of bureau where active), sum(left of owed where running), latest(AMT_BALANCE of card)) / AMT_INCOME_TOTAL',
        'toutes les dettes rapportées au revenu',
        'all debts over income',
      ],
      debt_and_credit_over_income: [
        'sum(AMT_CREDIT, sum(AMT_CREDIT_SUM_DEBT of bureau where active), sum(left of owed where running)) / AMT_INCOME_TOTAL',
        'dettes et crédit demandé rapportés au revenu',
        'debts and the loan asked for over income',
      ],
    },
  ),
  ...family(
    { group: 'information', unit: 'flag' },
    {
      has_bureau: ['count(bureau) > 0', 'connu du fichier des crédits', 'known to the credit bureau'],
      has_previous: ['count(previous) > 0', 'déjà client', 'client before'],
      has_card: ['count(card) > 0', 'a eu une carte de crédit chez nous', 'has had a credit card with us'],
    },
  ),
]
