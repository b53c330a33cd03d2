/** Features of the loans that the client has or had with other lenders, as the credit bureau knows them. */
import { family } from './family.ts'

const counts = [
  ...family(
    { group: 'bureau', unit: 'count' },
    {
      bureau_count: ['count(bureau)', 'nombre de crédits ailleurs', 'number of loans elsewhere'],
      bureau_active_count: [
        'count(bureau where active)',
        'nombre de crédits en cours ailleurs',
        'number of active loans elsewhere',
      ],
      bureau_closed_count: [
        'count(bureau where closed)',
        'nombre de crédits clos ailleurs',
        'number of closed loans elsewhere',
      ],
      bureau_other_count: [
        "count(bureau where not CREDIT_ACTIVE in ('Active', 'Closed'))",
        'nombre de crédits ailleurs vendus ou irrécouvrables',
        'number of loans elsewhere sold or bad',
      ],
    },
  ),
  ...family(
    { group: 'bureau', unit: 'share' },
    {
      bureau_active_share: [
        'share(active of bureau)',
        'part des crédits ailleurs en cours',
        'share of loans elsewhere still active',
      ],
    },
  ),
  ...family(
    { group: 'bureau', unit: 'count' },
    {
      bureau_credit_card_count: [
        "count(bureau where CREDIT_TYPE = 'Credit card')",
        'nombre de cartes de crédit ailleurs',
        'number of credit cards elsewhere',
      ],
      bureau_microloan_count: [
        "count(bureau where CREDIT_TYPE = 'Microloan')",
        'nombre de microcrédits ailleurs',
        'number of microloans elsewhere',
      ],
      bureau_mortgage_count: [
        "count(bureau where CREDIT_TYPE = 'Mortgage')",
        'nombre de crédits immobiliers ailleurs',
        'number of mortgages elsewhere',
      ],
      bureau_car_count: [
        "count(bureau where CREDIT_TYPE = 'Car loan')",
        'nombre de crédits automobiles ailleurs',
        'number of car loans elsewhere',
      ],
      bureau_type_count: [
        'distinct(CREDIT_TYPE of bureau)',
        'nombre de types de crédit ailleurs',
        'number of types of loan elsewhere',
      ],
    },
  ),
  ...family(
    { group: 'bureau', unit: 'share' },
    {
      bureau_credit_card_share: [
        "share(CREDIT_TYPE = 'Credit card' of bureau)",
        'part des cartes parmi les crédits ailleurs',
        'share of credit cards among loans elsewhere',
      ],
      bureau_consumer_share: [
        "share(CREDIT_TYPE = 'Consumer credit' of bureau)",
        'part des crédits à la consommation ailleurs',
        'share of consumer loans elsewhere',
      ],
      bureau_microloan_share: [
        "share(CREDIT_TYPE = 'Microloan' of bureau)",
        'part des microcrédits ailleurs',
        'share of microloans elsewhere',
      ],
      bureau_mortgage_share: [
        "share(CREDIT_TYPE = 'Mortgage' of bureau)",
        'part des crédits immobiliers ailleurs',
        'share of mortgages elsewhere',
      ],
    },
  ),
]

const recency = [
  ...[90, 180, 365, 730].flatMap((days) =>
    family(
      { group: 'bureau', unit: 'count' },
      {
        [`bureau_new_${days}`]: [
          `count(bureau last ${days} days)`,
          `crédits ouverts ailleurs depuis ${days} jours`,
          `loans opened elsewhere in the last ${days} days`,
        ],
      },
    ),
  ),
  ...family(
    { group: 'bureau', unit: 'days' },
    {
      bureau_days_credit_last: [
        'max(DAYS_CREDIT of bureau)',
        'date du dernier crédit ouvert ailleurs',
        'day of the newest loan elsewhere',
      ],
      bureau_days_credit_mean: [
        'mean(DAYS_CREDIT of bureau)',
        'date moyenne des crédits ailleurs',
        'mean day of the loans elsewhere',
      ],
      bureau_days_credit_first: [
        'min(DAYS_CREDIT of bureau)',
        'date du premier crédit ouvert ailleurs',
        'day of the oldest loan elsewhere',
      ],
      bureau_active_days_credit_last: [
        'max(DAYS_CREDIT of bureau where active)',
        'date du dernier crédit en cours ailleurs',
        'day of the newest active loan elsewhere',
      ],
      bureau_active_days_credit_mean: [
        'mean(DAYS_CREDIT of bureau where active)',
        'date moyenne des crédits en cours ailleurs',
        'mean day of the active loans elsewhere',
      ],
      bureau_days_credit_std: [
        'std(DAYS_CREDIT of bureau)',
        'dispersion des dates des crédits ailleurs',
        'spread of the days of the loans elsewhere',
      ],
      bureau_card_days_credit_last: [
        "max(DAYS_CREDIT of bureau where CREDIT_TYPE = 'Credit card')",
        'date de la dernière carte ouverte ailleurs',
        'day of the newest credit card elsewhere',
      ],
      bureau_closed_end_last: [
        'max(DAYS_ENDDATE_FACT of bureau where closed)',
        'date de la dernière clôture d’un crédit ailleurs',
        'day the last loan elsewhere was closed',
      ],
      bureau_update_last: [
        'max(DAYS_CREDIT_UPDATE of bureau)',
        'date de la dernière information du fichier',
        'day of the bureau’s newest information',
      ],
      bureau_active_update_mean: [
        'mean(DAYS_CREDIT_UPDATE of bureau where active)',
        'date moyenne d’information sur les crédits en cours ailleurs',
        'mean day of information on active loans elsewhere',
      ],
    },
  ),
  ...family(
    { group: 'bureau', unit: 'days' },
    {
      bureau_active_enddate_max: [
        'max(DAYS_CREDIT_ENDDATE of bureau where active)',
        'fin la plus lointaine des crédits en cours ailleurs',
        'latest end of the active loans elsewhere',
      ],
      bureau_active_enddate_mean: [
        'mean(DAYS_CREDIT_ENDDATE of bureau where active)',
        'fin moyenne des crédits en cours ailleurs',
        'mean end of the active loans elsewhere',
      ],
      bureau_planned_mean: [
        'mean(planned_days of bureau)',
        'durée prévue moyenne des crédits ailleurs',
        'mean planned length of the loans elsewhere',
      ],
      bureau_early_mean: [
        'mean(early_days of bureau where closed)',
        'avance moyenne de clôture des crédits ailleurs',
        'mean days by which loans elsewhere closed early',
      ],
    },
  ),
  ...family(
    { group: 'bureau', unit: 'count' },
    {
      bureau_active_overrun_count: [
        'count(bureau where active and DAYS_CREDIT_ENDDATE < 0)',
        'crédits ailleurs en cours au-delà de leur fin prévue',
        'loans elsewhere active past their planned end',
      ],
    },
  ),
]

const debt = [
  ...family(
    { group: 'debt', unit: 'amount' },
    {
      bureau_active_debt_sum: [
        'sum(AMT_CREDIT_SUM_DEBT of bureau where active)',
        'dette en cours ailleurs',
        'debt outstanding elsewhere',
      ],
      bureau_active_credit_sum: [
        'sum(AMT_CREDIT_SUM of bureau where active)',
        'montant des crédits en cours ailleurs',
        'amount of the active loans elsewhere',
      ],
      bureau_credit_mean: [
        'mean(AMT_CREDIT_SUM of bureau)',
        'montant moyen des crédits ailleurs',
        'mean amount of the loans elsewhere',
      ],
      bureau_credit_max: ['max(AMT_CREDIT_SUM of bureau)', 'plus gros crédit ailleurs', 'largest loan elsewhere'],
      bureau_active_credit_mean: [
        'mean(AMT_CREDIT_SUM of bureau where active)',
        'montant moyen des crédits en cours ailleurs',
        'mean amount of the active loans elsewhere',
      ],
      bureau_debt_max: ['max(AMT_CREDIT_SUM_DEBT of bureau)', 'plus grosse dette ailleurs', 'largest debt elsewhere'],
      bureau_newest3_debt_sum: [
        'sum(AMT_CREDIT_SUM_DEBT of bureau newest 3)',
        'dette des 3 derniers crédits ailleurs',
        'debt of the 3 newest loans elsewhere',
      ],
      bureau_limit_sum: [
        'sum(AMT_CREDIT_SUM_LIMIT of bureau where active)',
        'plafonds des cartes en cours ailleurs',
        'limits of the active cards elsewhere',
      ],
    },
  ),
  ...family(
    { group: 'debt', unit: 'share' },
    {
      bureau_debt_over_credit: [
        'sum(AMT_CREDIT_SUM_DEBT of bureau) / sum(AMT_CREDIT_SUM of bureau)',
        'part restant due des crédits ailleurs',
        'share of the loans elsewhere still owed',
      ],
      bureau_active_debt_over_credit: [
        'sum(AMT_CREDIT_SUM_DEBT of bureau where active) / sum(AMT_CREDIT_SUM of bureau where active)',
        'part restant due des crédits en cours ailleurs',
        'share of the active loans elsewhere still owed',
      ],
      bureau_debt_share_max: [
        'max(debt_share of bureau where active)',
        'plus forte part restant due d’un crédit en cours ailleurs',
        'largest share still owed of an active loan elsewhere',
      ],
      bureau_debt_share_mean: [
        'mean(debt_share of bureau where active)',
        'part restant due moyenne des crédits en cours ailleurs',
        'mean share still owed of active loans elsewhere',
      ],
      bureau_card_debt_share: [
        "sum(AMT_CREDIT_SUM_DEBT of bureau where active and CREDIT_TYPE = 'Credit card') / sum(AMT_CREDIT_SUM of bureau where active and CREDIT_TYPE = 'Credit card')",
        'utilisation des cartes ailleurs',
        'use of the credit cards elsewhere',
      ],
    },
  ),
  ...family(
    { group: 'debt', unit: 'ratio' },
    {
      bureau_active_debt_over_income: [
        'sum(AMT_CREDIT_SUM_DEBT of bureau where active) / AMT_INCOME_TOTAL',
        'dette en cours ailleurs rapportée au revenu',
        'debt outstanding elsewhere over income',
      ],
      bureau_active_debt_over_credit_asked: [
        'sum(AMT_CREDIT_SUM_DEBT of bureau where active) / AMT_CREDIT',
        'dette en cours ailleurs rapportée au crédit demandé',
        'debt outstanding elsewhere over the loan asked for',
      ],
    },
  ),
  ...family(
    { group: 'burden', unit: 'ratio' },
    {
      bureau_active_annuity_over_income: [
        'sum(AMT_ANNUITY of bureau where active) / AMT_INCOME_TOTAL',
        'mensualités en cours ailleurs rapportées au revenu',
        'instalments elsewhere over income',
      ],
      total_annuity_over_income: [
        '(AMT_ANNUITY + (sum(AMT_ANNUITY of bureau where active) ?? 0)) / AMT_INCOME_TOTAL',
        'toutes les mensualités rapportées au revenu',
        'all instalments over income',
      ],
    },
  ),
]

const overdue = [
  ...family(
    { group: 'overdue', unit: 'amount' },
    {
      bureau_overdue_max: [
        'max(AMT_CREDIT_MAX_OVERDUE of bureau)',
        'plus gros impayé ailleurs',
        'largest arrears elsewhere',
      ],
      bureau_overdue_mean: [
        'mean(AMT_CREDIT_MAX_OVERDUE of bureau)',
        'impayé maximal moyen ailleurs',
        'mean largest arrears elsewhere',
      ],
      bureau_overdue_last: [
        'latest(AMT_CREDIT_MAX_OVERDUE of bureau)',
        'plus gros impayé du dernier crédit ailleurs',
        'largest arrears of the newest loan elsewhere',
      ],
      bureau_overdue_now: [
        'sum(AMT_CREDIT_SUM_OVERDUE of bureau)',
        'impayés actuels ailleurs',
        'arrears elsewhere today',
      ],
    },
  ),
  ...family(
    { group: 'overdue', unit: 'ratio' },
    {
      bureau_overdue_over_debt: [
        'sum(AMT_CREDIT_SUM_OVERDUE of bureau) / sum(AMT_CREDIT_SUM_DEBT of bureau)',
        'impayés rapportés à la dette ailleurs',
        'arrears over debt elsewhere',
      ],
      bureau_overdue_max_over_credit: [
        'max(AMT_CREDIT_MAX_OVERDUE / AMT_CREDIT_SUM of bureau)',
        'plus gros impayé en part du crédit ailleurs',
        'largest arrears as a share of the loan elsewhere',
      ],
    },
  ),
  ...family(
    { group: 'overdue', unit: 'count' },
    {
      bureau_overdue_count: [
        'count(bureau where AMT_CREDIT_MAX_OVERDUE > 0)',
        'nombre de crédits ailleurs avec un impayé',
        'number of loans elsewhere ever in arrears',
      ],
      bureau_overdue_now_count: [
        'count(bureau where CREDIT_DAY_OVERDUE > 0)',
        'nombre de crédits ailleurs impayés aujourd’hui',
        'number of loans elsewhere in arrears today',
      ],
      bureau_overdue_recent_count: [
        'count(bureau where AMT_CREDIT_MAX_OVERDUE > 0 last 730 days)',
        'crédits ailleurs de moins de 2 ans avec un impayé',
        'loans elsewhere of the last 2 years ever in arrears',
      ],
    },
  ),
  ...family(
    { group: 'overdue', unit: 'share' },
    {
      bureau_overdue_share: [
        'share(AMT_CREDIT_MAX_OVERDUE > 0 of bureau where AMT_CREDIT_MAX_OVERDUE is known)',
        'part des crédits ailleurs avec un impayé',
        'share of loans elsewhere ever in arrears',
      ],
    },
  ),
  ...family(
    { group: 'overdue', unit: 'count', kind: 'number' },
    {
      bureau_prolonged_sum: [
        'sum(CNT_CREDIT_PROLONG of bureau)',
        'prolongations de crédits ailleurs',
        'prolongations of loans elsewhere',
      ],
    },
  ),
]

export const bureau = [...counts, ...recency, ...debt, ...overdue]
