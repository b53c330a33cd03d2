/** Features of the instalments paid to us: lateness by window, trend, decay, amounts; partial payments are added up first. */
import { family } from './family.ts'

const windows = [
  { name: '60', clause: ' last 60 days', fr: ' sur 60 jours', en: ' in the last 60 days' },
  { name: '180', clause: ' last 180 days', fr: ' sur 6 mois', en: ' in the last 6 months' },
  { name: '365', clause: ' last 365 days', fr: ' sur 12 mois', en: ' in the last 12 months' },
  { name: 'all', clause: '', fr: '', en: '' },
]

const lateness = windows.flatMap(({ name, clause, fr, en }) => [
  ...family(
    { group: 'lateness', unit: 'days' },
    {
      [`inst_late_mean_${name}`]: [
        `mean(late of instalments${clause})`,
        `retard moyen de paiement${fr}`,
        `mean lateness of payment${en}`,
      ],
      [`inst_late_max_${name}`]: [
        `max(late of instalments${clause})`,
        `plus long retard de paiement${fr}`,
        `longest lateness of payment${en}`,
      ],
    },
  ),
  ...family(
    { group: 'lateness', unit: 'share' },
    {
      [`inst_late_over0_${name}`]: [
        `share(late > 0 of instalments where late is known${clause})`,
        `part des échéances payées en retard${fr}`,
        `share of instalments late${en}`,
      ],
      ...Object.fromEntries(
        [7, 15, 30].map((days) => [
          `inst_late_over${days}_${name}`,
          [
            `share(late > ${days} of instalments where late is known${clause})`,
            `part des échéances payées avec plus de ${days} jours de retard${fr}`,
            `share of instalments more than ${days} days late${en}`,
          ] as const,
        ]),
      ),
    },
  ),
  ...family(
    { group: 'payments', unit: 'days' },
    {
      [`inst_early_mean_${name}`]: [
        `mean(early of instalments${clause})`,
        `avance moyenne de paiement${fr}`,
        `mean days paid early${en}`,
      ],
    },
  ),
])

const shape = [
  ...family(
    { group: 'lateness', unit: 'days' },
    {
      inst_late_sum: ['sum(late of instalments)', 'total des jours de retard', 'sum of days late'],
      inst_late_std: ['std(late of instalments)', 'irrégularité des retards', 'spread of the lateness'],
    },
  ),
  ...family(
    { group: 'payments', unit: 'days' },
    {
      inst_early_std: [
        'std(early of instalments)',
        'irrégularité des avances de paiement',
        'spread of the days paid early',
      ],
      inst_early_min: ['min(early of instalments)', 'plus petite avance de paiement', 'fewest days paid early'],
    },
  ),
  ...[2, 3, 5].flatMap((count) =>
    family(
      { group: 'lateness', unit: 'days' },
      {
        [`inst_late_newest${count}_mean`]: [
          `mean(late of instalments newest ${count})`,
          `retard moyen des ${count} dernières échéances`,
          `mean lateness of the ${count} newest instalments`,
        ],
      },
    ),
  ),
  ...family(
    { group: 'lateness', unit: 'days' },
    {
      inst_last_loan_late_mean: [
        'latest(late_mean of repaid_loans)',
        'retard moyen du dernier crédit',
        'mean lateness of the last loan',
      ],
      inst_last_loan_late_max: [
        'latest(late_max of repaid_loans)',
        'plus long retard du dernier crédit',
        'longest lateness of the last loan',
      ],
      inst_loan_late_max_mean: [
        'mean(late_max of repaid_loans)',
        'plus long retard, moyen par crédit',
        'longest lateness, mean over the loans',
      ],
    },
  ),
  ...family(
    { group: 'lateness', unit: 'share' },
    {
      inst_last_loan_late_share: [
        'latest(late_share of repaid_loans)',
        'part des échéances en retard du dernier crédit',
        'share of late instalments of the last loan',
      ],
      inst_loan_late_share_max: [
        'max(late_share of repaid_loans)',
        'part d’échéances en retard du pire crédit',
        'share of late instalments of the worst loan',
      ],
    },
  ),
  ...[
    [12, 60],
    [4, 16],
  ].flatMap(([near, far]) =>
    family(
      { group: 'lateness', unit: 'days' },
      {
        [`inst_late_trend_${near}_${far}`]: [
          `mean(late of instalments where late is known newest ${near}) - mean(late of instalments where late is known newest ${far})`,
          `retard moyen des ${near} dernières échéances moins celui des ${far} dernières`,
          `mean lateness of the ${near} newest instalments minus that of the ${far} newest`,
        ],
      },
    ),
  ),
  ...family(
    { group: 'lateness', unit: 'ratio' },
    {
      inst_late_slope: [
        slope('late', 'DAYS_INSTALMENT', 'instalments where late is known newest 60'),
        'pente du retard dans le temps',
        'slope of the lateness over time',
      ],
    },
  ),
  ...family(
    { group: 'lateness', unit: 'days' },
    {
      inst_late_weighted: [
        'sum(due * late * (1 + 0.0003 * DAYS_INSTALMENT) of instalments) / sum(due of instalments where late is known)',
        'retard moyen pondéré par le montant et la date',
        'mean lateness weighted by amount and date',
      ],
    },
  ),
]

/** Least-squares slope of y over x: the covariance over the variance. */
function slope(y: string, x: string, rows: string): string {
  const mean = (of: string) => `mean(${of} of ${rows})`
  return `(${mean(`${x} * ${y}`)} - ${mean(x)} * ${mean(y)}) / (${mean(`${x} * ${x}`)} - ${mean(x)} * ${mean(x)})`
}

const amounts = [
  ...family(
    { group: 'payments', unit: 'count' },
    {
      inst_count: ['count(instalments)', 'nombre d’échéances', 'number of instalments'],
      inst_split_count: [
        'count(instalments where parts > 1)',
        'échéances payées en plusieurs fois',
        'instalments paid in parts',
      ],
    },
  ),
  ...family(
    { group: 'payments', unit: 'ratio' },
    {
      inst_payment_ratio_mean: [
        'mean(paid / due of instalments)',
        'part payée moyenne des échéances',
        'mean share of instalments paid',
      ],
      inst_payment_ratio_min: [
        'min(paid / due of instalments)',
        'plus petite part payée d’une échéance',
        'smallest share of an instalment paid',
      ],
      inst_payment_ratio_mean_365: [
        'mean(paid / due of instalments last 365 days)',
        'part payée moyenne des échéances sur 12 mois',
        'mean share of instalments paid in the last 12 months',
      ],
      inst_payment_ratio_newest3: [
        'mean(paid / due of instalments newest 3)',
        'part payée moyenne des 3 dernières échéances',
        'mean share paid of the 3 newest instalments',
      ],
    },
  ),
  ...family(
    { group: 'payments', unit: 'share' },
    {
      inst_underpaid_share: [
        'share(short > 0.001 of instalments where short is known)',
        'part des échéances payées en partie seulement',
        'share of instalments underpaid',
      ],
      inst_underpaid_share_365: [
        'share(short > 0.001 of instalments where short is known last 365 days)',
        'part des échéances payées en partie seulement sur 12 mois',
        'share of instalments underpaid in the last 12 months',
      ],
      inst_split_share: [
        'share(parts > 1 of instalments)',
        'part des échéances payées en plusieurs fois',
        'share of instalments paid in parts',
      ],
    },
  ),
  ...family(
    { group: 'payments', unit: 'amount' },
    {
      inst_short_max: [
        'max(short of instalments)',
        'plus gros manque à payer d’une échéance',
        'largest shortfall of an instalment',
      ],
      inst_short_sum: ['sum(positive(short) of instalments)', 'total des manques à payer', 'sum of shortfalls'],
      inst_due_mean: ['mean(due of instalments)', 'montant moyen des échéances', 'mean amount of the instalments'],
      inst_paid_min: ['min(paid of instalments)', 'plus petit montant payé', 'smallest amount paid'],
      inst_paid_newest5: [
        'mean(paid of instalments newest 5)',
        'montant moyen des 5 derniers paiements',
        'mean amount of the 5 newest payments',
      ],
    },
  ),
  ...family(
    { group: 'payments', unit: 'days' },
    {
      inst_last_payment: ['max(entry of instalments)', 'date du dernier paiement', 'day of the last payment'],
      inst_first_due: [
        'min(DAYS_INSTALMENT of instalments)',
        'date de la première échéance',
        'day of the first instalment',
      ],
    },
  ),
  ...family(
    { group: 'burden', unit: 'ratio' },
    {
      inst_paid_365_over_income: [
        'sum(AMT_PAYMENT of payments last 365 days) / AMT_INCOME_TOTAL',
        'paiements sur 12 mois rapportés au revenu',
        'payments in 12 months over income',
      ],
      annuity_over_largest_instalment: [
        'AMT_ANNUITY / max(due of instalments)',
        'mensualité demandée rapportée à la plus grosse échéance payée',
        'instalment asked for over the largest one before',
      ],
      annuity_over_mean_paid_365: [
        'AMT_ANNUITY / mean(paid of instalments last 365 days)',
        'mensualité demandée rapportée aux paiements sur 12 mois',
        'instalment asked for over the mean payment in 12 months',
      ],
    },
  ),
]

export const instalments = [...lateness, ...shape, ...amounts]
