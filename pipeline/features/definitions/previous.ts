/** Features of the client's earlier applications with us: decisions, refusals, terms. */
import { family } from './family.ts'

const decisions = [
  ...family(
    { group: 'history', unit: 'count' },
    {
      prev_count: ['count(previous)', 'nombre de demandes précédentes', 'number of earlier applications'],
      prev_approved_count: [
        'count(previous where approved)',
        'nombre de demandes acceptées',
        'number of earlier applications approved',
      ],
      prev_canceled_count: [
        'count(previous where canceled)',
        'nombre de demandes annulées',
        'number of earlier applications cancelled',
      ],
    },
  ),
  ...family(
    { group: 'refusals', unit: 'count' },
    {
      prev_refused_count: ['count(previous where refused)', 'nombre de refus précédents', 'number of earlier refusals'],
    },
  ),
  ...family(
    { group: 'history', unit: 'share' },
    {
      prev_approved_share: [
        'prev_approved_count / prev_count',
        'part des demandes précédentes acceptées',
        'share of earlier applications approved',
      ],
      prev_canceled_share: [
        'prev_canceled_count / prev_count',
        'part des demandes précédentes annulées',
        'share of earlier applications cancelled',
      ],
    },
  ),
  ...family(
    { group: 'refusals', unit: 'share' },
    {
      prev_refused_share: [
        'prev_refused_count / prev_count',
        'part des demandes précédentes refusées',
        'share of earlier applications refused',
      ],
      prev_refused_share_newest3: [
        'share(refused of previous newest 3)',
        'part de refus parmi les 3 dernières demandes',
        'share refused of the 3 newest applications',
      ],
      prev_refused_share_newest5: [
        'share(refused of previous newest 5)',
        'part de refus parmi les 5 dernières demandes',
        'share refused of the 5 newest applications',
      ],
      prev_refused_share_oldest4: [
        'share(refused of previous oldest 4)',
        'part de refus parmi les 4 premières demandes',
        'share refused of the 4 oldest applications',
      ],
    },
  ),
  ...[365, 730].flatMap((days) =>
    family(
      { group: 'refusals', unit: 'count' },
      {
        [`prev_refused_${days}`]: [
          `count(previous where refused last ${days} days)`,
          `refus depuis ${days} jours`,
          `refusals in the last ${days} days`,
        ],
      },
    ),
  ),
  ...family(
    { group: 'history', unit: 'count' },
    {
      prev_count_365: [
        'count(previous last 365 days)',
        'demandes depuis 365 jours',
        'applications in the last 365 days',
      ],
      prev_approved_365: [
        'count(previous where approved last 365 days)',
        'demandes acceptées depuis 365 jours',
        'applications approved in the last 365 days',
      ],
    },
  ),
  ...family(
    { group: 'history', unit: 'text' },
    {
      prev_last_status: [
        'latest(NAME_CONTRACT_STATUS of previous)',
        'décision de la dernière demande',
        'outcome of the last application',
      ],
      prev_last_client_type: [
        'latest(NAME_CLIENT_TYPE of previous)',
        'type de client à la dernière demande',
        'type of client at the last application',
      ],
    },
  ),
  ...family(
    { group: 'refusals', unit: 'text' },
    {
      prev_last_refusal_reason: [
        'latest(CODE_REJECT_REASON of previous where refused)',
        'motif du dernier refus',
        'reason of the last refusal',
      ],
    },
  ),
  ...['HC', 'LIMIT', 'SCO', 'SCOFR'].flatMap((reason) =>
    family(
      { group: 'refusals', unit: 'count' },
      {
        [`prev_refused_${reason.toLowerCase()}`]: [
          `count(previous where CODE_REJECT_REASON = '${reason}')`,
          `nombre de refus pour le motif ${reason}`,
          `number of refusals for reason ${reason}`,
        ],
      },
    ),
  ),
]

const products = [
  ...family(
    { group: 'history', unit: 'text' },
    {
      prev_last_product: [
        'latest(PRODUCT_COMBINATION of previous)',
        'dernier produit demandé',
        'last product applied for',
      ],
      prev_last_approved_product: [
        'latest(PRODUCT_COMBINATION of previous where approved)',
        'dernier produit accordé',
        'last product granted',
      ],
      prev_last_yield: [
        'latest(NAME_YIELD_GROUP of previous where approved)',
        'niveau de taux du dernier crédit accordé',
        'interest group of the last loan granted',
      ],
      prev_last_goods: [
        'latest(NAME_GOODS_CATEGORY of previous where approved)',
        'bien financé par le dernier crédit accordé',
        'goods financed by the last loan granted',
      ],
      prev_last_channel: [
        'latest(CHANNEL_TYPE of previous)',
        'canal de la dernière demande',
        'channel of the last application',
      ],
    },
  ),
  ...family(
    { group: 'terms', unit: 'share' },
    {
      prev_yield_high_share: [
        "share(NAME_YIELD_GROUP = 'high' of previous where NAME_YIELD_GROUP is known)",
        'part des demandes à taux élevé',
        'share of applications at a high interest group',
      ],
      prev_yield_low_share: [
        "share(NAME_YIELD_GROUP in ('low_normal', 'low_action') of previous where NAME_YIELD_GROUP is known)",
        'part des demandes à taux bas',
        'share of applications at a low interest group',
      ],
      prev_revolving_share: [
        "share(NAME_CONTRACT_TYPE = 'Revolving loans' of previous where NAME_CONTRACT_TYPE is known)",
        'part des demandes de crédit renouvelable',
        'share of applications for revolving loans',
      ],
      prev_cash_share: [
        "share(NAME_CONTRACT_TYPE = 'Cash loans' of previous where NAME_CONTRACT_TYPE is known)",
        'part des demandes de prêt de trésorerie',
        'share of applications for cash loans',
      ],
      prev_walk_in_share: [
        "share(NAME_PRODUCT_TYPE = 'walk-in' of previous where NAME_PRODUCT_TYPE is known)",
        'part des demandes sans offre préalable',
        'share of applications without an earlier offer',
      ],
      prev_insured_share: [
        'share(NFLAG_INSURED_ON_APPROVAL = 1 of previous where NFLAG_INSURED_ON_APPROVAL is known)',
        'part des crédits précédents assurés',
        'share of earlier loans insured',
      ],
    },
  ),
  ...family(
    { group: 'history', unit: 'count' },
    {
      prev_product_count: [
        'distinct(PRODUCT_COMBINATION of previous)',
        'nombre de produits demandés',
        'number of products applied for',
      ],
    },
  ),
]

const amounts = [
  ...family(
    { group: 'terms', unit: 'ratio' },
    {
      prev_app_credit_mean: [
        'mean(asked_over_granted of previous)',
        'montant demandé rapporté à l’accordé, moyenne',
        'amount asked for over granted, mean',
      ],
      prev_app_credit_min: [
        'min(asked_over_granted of previous)',
        'montant demandé rapporté à l’accordé, minimum',
        'amount asked for over granted, smallest',
      ],
      prev_app_credit_max: [
        'max(asked_over_granted of previous)',
        'montant demandé rapporté à l’accordé, maximum',
        'amount asked for over granted, largest',
      ],
      prev_app_credit_last: [
        'latest(asked_over_granted of previous where approved)',
        'montant demandé rapporté à l’accordé, dernier crédit',
        'amount asked for over granted, last loan',
      ],
      prev_credit_goods_mean: [
        'mean(AMT_CREDIT / AMT_GOODS_PRICE of previous where approved)',
        'crédit accordé rapporté au prix du bien, moyenne',
        'loan granted over price of the goods, mean',
      ],
    },
  ),
  ...family(
    { group: 'terms', unit: 'share' },
    {
      prev_down_rate_max: [
        'max(RATE_DOWN_PAYMENT of previous)',
        'plus fort taux d’apport',
        'largest down payment rate',
      ],
      prev_down_rate_mean: ['mean(RATE_DOWN_PAYMENT of previous)', 'taux d’apport moyen', 'mean down payment rate'],
      prev_down_rate_last: [
        'latest(RATE_DOWN_PAYMENT of previous where approved)',
        'taux d’apport du dernier crédit',
        'down payment rate of the last loan',
      ],
    },
  ),
  ...family(
    { group: 'history', unit: 'days' },
    {
      prev_days_since_decision: [
        '-max(DAYS_DECISION of previous)',
        'jours depuis la dernière demande',
        'days since the last application',
      ],
      prev_days_since_first: [
        '-min(DAYS_DECISION of previous)',
        'jours depuis la première demande',
        'days since the first application',
      ],
      prev_decision_mean: [
        'mean(DAYS_DECISION of previous)',
        'date moyenne des demandes précédentes',
        'mean day of earlier applications',
      ],
      prev_days_since_approval: [
        '-max(DAYS_DECISION of previous where approved)',
        'jours depuis le dernier accord',
        'days since the last approval',
      ],
      prev_days_since_approval_first: [
        '-min(DAYS_DECISION of previous where approved)',
        'jours depuis le premier accord',
        'days since the first approval',
      ],
    },
  ),
  ...family(
    { group: 'refusals', unit: 'days' },
    {
      prev_days_since_refusal: [
        '-max(DAYS_DECISION of previous where refused)',
        'jours depuis le dernier refus',
        'days since the last refusal',
      ],
    },
  ),
  ...family(
    { group: 'terms', unit: 'months' },
    {
      prev_approved_payments_mean: [
        'mean(CNT_PAYMENT of previous where approved)',
        'durée moyenne des crédits accordés',
        'mean term of the loans granted',
      ],
      prev_payments_max: ['max(CNT_PAYMENT of previous)', 'plus longue durée demandée', 'longest term applied for'],
      prev_approved_payments_last: [
        'latest(CNT_PAYMENT of previous where approved)',
        'durée du dernier crédit accordé',
        'term of the last loan granted',
      ],
      prev_payments_newest3_mean: [
        'mean(CNT_PAYMENT of previous newest 3)',
        'durée moyenne des 3 dernières demandes',
        'mean term of the 3 newest applications',
      ],
    },
  ),
  ...family(
    { group: 'terms', unit: 'rate' },
    {
      prev_interest_mean: [
        'mean(interest of previous)',
        'coût annuel moyen des crédits précédents',
        'mean yearly cost of earlier loans',
      ],
      prev_interest_last_approved: [
        'latest(interest of previous where approved)',
        'coût annuel du dernier crédit accordé',
        'yearly cost of the last loan granted',
      ],
      prev_rate_max: [
        'max(rate of previous)',
        'taux maximal des crédits précédents',
        'highest interest rate of earlier loans',
      ],
      prev_rate_min: [
        'min(rate of previous)',
        'taux minimal des crédits précédents',
        'lowest interest rate of earlier loans',
      ],
      prev_rate_newest3_mean: [
        'mean(rate of previous where approved newest 3)',
        'taux moyen des 3 derniers crédits accordés',
        'mean interest rate of the 3 newest loans granted',
      ],
    },
  ),
  ...family(
    { group: 'terms', unit: 'amount' },
    {
      prev_last3_annuity_mean: [
        'mean(AMT_ANNUITY of previous newest 3)',
        'mensualité moyenne des 3 dernières demandes',
        'mean instalment of the 3 newest applications',
      ],
      prev_last5_annuity_mean: [
        'mean(AMT_ANNUITY of previous newest 5)',
        'mensualité moyenne des 5 dernières demandes',
        'mean instalment of the 5 newest applications',
      ],
      prev_approved_credit_mean: [
        'mean(AMT_CREDIT of previous where approved)',
        'montant moyen des crédits accordés',
        'mean amount of the loans granted',
      ],
      prev_approved_credit_max: [
        'max(AMT_CREDIT of previous where approved)',
        'plus gros crédit accordé',
        'largest loan granted',
      ],
      prev_approved_credit_newest3: [
        'sum(AMT_CREDIT of previous where approved newest 3)',
        'montant des 3 derniers crédits accordés',
        'amount of the 3 newest loans granted',
      ],
      prev_refused_credit_mean: [
        'mean(AMT_APPLICATION of previous where refused)',
        'montant moyen des demandes refusées',
        'mean amount of the applications refused',
      ],
      prev_refused_credit_max: [
        'max(AMT_APPLICATION of previous where refused)',
        'plus grosse demande refusée',
        'largest application refused',
      ],
      prev_goods_oldest2_mean: [
        'mean(AMT_GOODS_PRICE of previous oldest 2)',
        'prix moyen des biens des 2 premières demandes',
        'mean price of the goods of the 2 oldest applications',
      ],
    },
  ),
  ...family(
    { group: 'contracts', unit: 'days' },
    {
      prev_last_due_max: [
        'max(DAYS_LAST_DUE_1ST_VERSION of previous where approved)',
        'dernière échéance prévue chez nous',
        'last instalment planned with us',
      ],
      prev_ended_early_mean: [
        'mean(ended_early_days of previous where approved)',
        'avance moyenne de fin des crédits chez nous',
        'mean days by which loans with us ended early',
      ],
      prev_first_due_last: [
        'latest(DAYS_FIRST_DUE of previous where approved)',
        'première échéance du dernier crédit chez nous',
        'first instalment of the last loan with us',
      ],
      prev_termination_last: [
        'max(DAYS_TERMINATION of previous where approved)',
        'date de fin du dernier crédit chez nous',
        'day the last loan with us ended',
      ],
    },
  ),
  ...family(
    { group: 'contracts', unit: 'count' },
    {
      prev_running_count: [
        'count(previous where approved and DAYS_FIRST_DUE is known and DAYS_TERMINATION is missing)',
        'crédits accordés non terminés',
        'loans granted and not ended',
      ],
    },
  ),
]

export const previous = [...decisions, ...products, ...amounts]
