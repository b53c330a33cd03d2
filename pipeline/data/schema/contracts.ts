/** What became of Home Credit's own contracts: point-of-sale and cash loans by month, card balances by month, instalments paid. */
import { amount, count, id, integer, number, past, type TableSchema, text } from './column.ts'

const previous = id('SK_ID_PREV', 'Numéro du contrat', 'Contract number')
const client = id('SK_ID_CURR', 'Numéro du client', 'Client number')
const month = integer('MONTHS_BALANCE', 'months', 'Mois', 'Month', { bounds: [-1200, 0] })
const late = [
  count('SK_DPD', 'Jours de retard', 'Days past due'),
  count('SK_DPD_DEF', 'Jours de retard, petits montants tolérés', 'Days past due, small amounts tolerated'),
] as const

const pos = [
  previous,
  client,
  month,
  count('CNT_INSTALMENT', 'Mensualités en tout', 'Instalments in all'),
  count('CNT_INSTALMENT_FUTURE', 'Mensualités à venir', 'Instalments to come'),
  text('NAME_CONTRACT_STATUS', 'État du contrat', 'State of the contract', [
    'Active',
    'Amortized debt',
    'Approved',
    'Canceled',
    'Completed',
    'Demand',
    'Returned to the store',
    'Signed',
  ]),
  ...late,
] as const

export const POS_CASH_balance: TableSchema<(typeof pos)[number]['name']> = {
  file: 'POS_CASH_balance.csv',
  label: { fr: 'Mois des prêts en magasin et personnels', en: 'Months of point-of-sale and cash loans' },
  key: ['SK_ID_CURR', 'SK_ID_PREV', 'MONTHS_BALANCE'],
  columns: pos,
}

const payments = [
  previous,
  client,
  count('NUM_INSTALMENT_VERSION', 'Version de l’échéancier', 'Version of the schedule'),
  count('NUM_INSTALMENT_NUMBER', 'Numéro de l’échéance', 'Number of the instalment'),
  past('DAYS_INSTALMENT', 'Échéance le', 'Due on'),
  past('DAYS_ENTRY_PAYMENT', 'Payée le', 'Paid on'),
  amount('AMT_INSTALMENT', 'Montant dû', 'Amount due'),
  amount('AMT_PAYMENT', 'Montant payé', 'Amount paid'),
] as const

export const installments_payments: TableSchema<(typeof payments)[number]['name']> = {
  file: 'installments_payments.csv',
  label: { fr: 'Échéances payées', en: 'Instalments paid' },
  key: [
    'SK_ID_CURR',
    'SK_ID_PREV',
    'NUM_INSTALMENT_NUMBER',
    'NUM_INSTALMENT_VERSION',
    'DAYS_INSTALMENT',
    'DAYS_ENTRY_PAYMENT',
    'AMT_INSTALMENT',
    'AMT_PAYMENT',
  ],
  columns: payments,
}

const card = [
  previous,
  client,
  month,
  number('AMT_BALANCE', 'amount', 'Solde', 'Balance'),
  amount('AMT_CREDIT_LIMIT_ACTUAL', 'Plafond', 'Limit'),
  number('AMT_DRAWINGS_ATM_CURRENT', 'amount', 'Retraits au distributeur', 'Drawings at cash machines'),
  number('AMT_DRAWINGS_CURRENT', 'amount', 'Tirages', 'Drawings'),
  amount('AMT_DRAWINGS_OTHER_CURRENT', 'Autres tirages', 'Other drawings'),
  amount('AMT_DRAWINGS_POS_CURRENT', 'Achats', 'Drawings for goods'),
  amount('AMT_INST_MIN_REGULARITY', 'Versement minimal', 'Minimal instalment'),
  amount('AMT_PAYMENT_CURRENT', 'Payé dans le mois', 'Paid in the month'),
  amount('AMT_PAYMENT_TOTAL_CURRENT', 'Payé dans le mois, en tout', 'Paid in the month, in all'),
  number('AMT_RECEIVABLE_PRINCIPAL', 'amount', 'Principal dû', 'Principal owed'),
  number('AMT_RECIVABLE', 'amount', 'Somme due', 'Amount owed'),
  number('AMT_TOTAL_RECEIVABLE', 'amount', 'Somme due en tout', 'Amount owed in all'),
  count('CNT_DRAWINGS_ATM_CURRENT', 'Nombre de retraits', 'Number of drawings at cash machines'),
  count('CNT_DRAWINGS_CURRENT', 'Nombre de tirages', 'Number of drawings'),
  count('CNT_DRAWINGS_OTHER_CURRENT', 'Nombre d’autres tirages', 'Number of other drawings'),
  count('CNT_DRAWINGS_POS_CURRENT', 'Nombre d’achats', 'Number of drawings for goods'),
  count('CNT_INSTALMENT_MATURE_CUM', 'Versements échus', 'Instalments paid so far'),
  text('NAME_CONTRACT_STATUS', 'État du contrat', 'State of the contract', [
    'Active',
    'Approved',
    'Completed',
    'Demand',
    'Refused',
    'Sent proposal',
    'Signed',
  ]),
  ...late,
] as const

export const credit_card_balance: TableSchema<(typeof card)[number]['name']> = {
  file: 'credit_card_balance.csv',
  label: { fr: 'Mois des cartes de crédit', en: 'Months of credit cards' },
  key: ['SK_ID_CURR', 'SK_ID_PREV', 'MONTHS_BALANCE'],
  columns: card,
}
