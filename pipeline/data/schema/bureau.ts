/** Loans elsewhere that the credit bureau knows of, and their month-by-month status. */
import { amount, closed, count, days, id, integer, number, past, type TableSchema, text } from './column.ts'

const loans = [
  id('SK_ID_CURR', 'Numéro du client', 'Client number'),
  id('SK_ID_BUREAU', 'Numéro du crédit au fichier', 'Bureau loan number'),
  text('CREDIT_ACTIVE', 'État du crédit', 'State of the loan', ['Active', 'Bad debt', 'Closed', 'Sold']),
  text('CREDIT_CURRENCY', 'Monnaie', 'Currency', ['currency 1', 'currency 2', 'currency 3', 'currency 4']),
  past('DAYS_CREDIT', 'Demandé le', 'Applied for on'),
  count('CREDIT_DAY_OVERDUE', 'Jours de retard aujourd’hui', 'Days overdue today'),
  days('DAYS_CREDIT_ENDDATE', 'Fin prévue le', 'Planned end'),
  past('DAYS_ENDDATE_FACT', 'Fin réelle le', 'Actual end'),
  amount('AMT_CREDIT_MAX_OVERDUE', 'Plus gros impayé', 'Largest overdue amount'),
  count('CNT_CREDIT_PROLONG', 'Prolongations', 'Prolongations'),
  amount('AMT_CREDIT_SUM', 'Montant du crédit', 'Loan amount'),
  number('AMT_CREDIT_SUM_DEBT', 'amount', 'Reste dû', 'Still owed'),
  number('AMT_CREDIT_SUM_LIMIT', 'amount', 'Plafond de la carte', 'Card limit'),
  amount('AMT_CREDIT_SUM_OVERDUE', 'Impayé aujourd’hui', 'Overdue today'),
  text('CREDIT_TYPE', 'Type de crédit', 'Type of loan', [
    'Another type of loan',
    'Car loan',
    'Cash loan (non-earmarked)',
    'Consumer credit',
    'Credit card',
    'Interbank credit',
    'Loan for business development',
    'Loan for purchase of shares (margin lending)',
    'Loan for the purchase of equipment',
    'Loan for working capital replenishment',
    'Microloan',
    'Mobile operator loan',
    'Mortgage',
    'Real estate loan',
    'Unknown type of loan',
  ]),
  days('DAYS_CREDIT_UPDATE', 'Dernière information le', 'Last informed on'),
  amount('AMT_ANNUITY', 'Mensualité', 'Instalment'),
] as const

export const bureau: TableSchema<(typeof loans)[number]['name']> = {
  file: 'bureau.csv',
  label: { fr: 'Crédits chez d’autres prêteurs', en: 'Loans from other lenders' },
  key: ['SK_ID_CURR', 'SK_ID_BUREAU'],
  columns: loans,
}

const months = [
  id('SK_ID_BUREAU', 'Numéro du crédit au fichier', 'Bureau loan number'),
  integer('MONTHS_BALANCE', 'months', 'Mois', 'Month', { bounds: [-1200, 0] }),
  // C closed, X unknown, 0 no delay, 1 one to 30 days late, … 5 more than 120 days or written off
  closed('STATUS', 'État du mois', 'Status of the month', ['0', '1', '2', '3', '4', '5', 'C', 'X']),
] as const

export const bureau_balance: TableSchema<(typeof months)[number]['name']> = {
  file: 'bureau_balance.csv',
  label: { fr: 'Mois des crédits chez d’autres prêteurs', en: 'Months of loans from other lenders' },
  key: ['SK_ID_BUREAU', 'MONTHS_BALANCE'],
  columns: months,
}
