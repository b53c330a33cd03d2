/** What the credit bureau knows of loans with other lenders, in words. */
import { type Measures, said, sides, theMedian, w } from './measure.ts'

const unknown = said(
  w('Peu d’informations', 'Little information'),
  w('Aucun crédit connu ailleurs : le modèle reste prudent.', 'No credit known elsewhere: the model stays cautious.'),
)
const nothingRunning = said(
  w('Aucun crédit en cours ailleurs', 'No running loan elsewhere'),
  w('Aucun crédit en cours n’est connu ailleurs.', 'No running loan is known elsewhere.'),
)
const noDebt = said(
  w('Aucune dette ailleurs', 'No debt elsewhere'),
  w('Rien ne reste dû ailleurs.', 'Nothing is owed elsewhere.'),
)
const debtUnknown = said(
  w('Dettes inconnues', 'Debts unknown'),
  w('Les dettes ailleurs ne sont pas connues.', 'The debts elsewhere are not known.'),
)
const noArrears = said(
  w('Aucun impayé ailleurs', 'No arrears elsewhere'),
  w('Le fichier des crédits n’en signale aucun.', 'The credit bureau reports none.'),
)
const arrearsUnknown = said(
  w('Impayés ailleurs inconnus', 'Arrears elsewhere unknown'),
  w(
    'Le fichier des crédits ne dit pas s’il y a eu des impayés ailleurs.',
    'The credit bureau does not say whether there were arrears elsewhere.',
  ),
)
const followed = said(
  w('Retards ailleurs inconnus', 'Lateness elsewhere unknown'),
  w('Aucun crédit ailleurs n’est suivi mois par mois.', 'No loan elsewhere is followed month by month.'),
)
const onTime = said(
  w('Aucun retard ailleurs', 'Never late elsewhere'),
  w('Aucun mois de retard sur les crédits suivis ailleurs.', 'No late month on the loans on record elsewhere.'),
)

const age = sides(
  w('Crédits anciens ailleurs', 'Older loans elsewhere'),
  w('Crédits récents ailleurs', 'Recent loans elsewhere'),
  'high',
)
const number = sides(
  w('Peu de crédits ailleurs', 'Few loans elsewhere'),
  w('Nombreux crédits ailleurs', 'Many loans elsewhere'),
)
const running = sides(
  w('Crédits ailleurs surtout remboursés', 'Mostly repaid elsewhere'),
  w('Crédits en cours ailleurs', 'Running loans elsewhere'),
  'high',
)
const debts = sides(w('Peu de dettes', 'Few debts'), w('Dettes en cours', 'Outstanding debts'), 'high')
const size = sides(
  w('Petits crédits ailleurs', 'Small loans elsewhere'),
  w('Gros crédits ailleurs', 'Large loans elsewhere'),
)
const arrears = { high: w('Impayés ailleurs', 'Arrears elsewhere'), risk: 'high' as const, none: noArrears }
const late = {
  high: w('Retards ailleurs', 'Late payments elsewhere'),
  risk: 'high' as const,
  none: onTime,
  missing: followed,
}

export const elsewhere: Measures = {
  bureau_count: {
    ...number,
    own: w('{n|crédit connu|crédits connus} ailleurs', '{n|loan|loans} known elsewhere'),
    none: unknown,
  },
  bureau_active_count: {
    ...running,
    low: w('Peu de crédits en cours', 'Few running loans'),
    own: w('{n|crédit|crédits} en cours ailleurs', '{n|running loan|running loans} elsewhere'),
    none: nothingRunning,
  },
  bureau_closed_count: {
    own: w('{n|crédit remboursé|crédits remboursés} ailleurs', '{n|loan|loans} repaid elsewhere'),
    low: w('Peu de crédits remboursés', 'Few loans repaid'),
    high: w('Crédits remboursés ailleurs', 'Loans repaid elsewhere'),
    risk: 'low',
    none: said(
      w('Aucun crédit remboursé ailleurs', 'No loan repaid elsewhere'),
      w('Aucun crédit remboursé n’est connu ailleurs.', 'No repaid loan is known elsewhere.'),
    ),
  },
  bureau_active_share: {
    ...running,
    own: w('{v} des crédits ailleurs sont en cours', '{v} of the loans elsewhere are running'),
    none: nothingRunning,
    missing: unknown,
  },
  bureau_new_365: {
    own: w('{n|crédit ouvert|crédits ouverts} ailleurs en 12 mois', '{n|loan|loans} opened elsewhere in 12 months'),
    high: w('Nouveaux crédits ailleurs', 'New loans elsewhere'),
    risk: 'high',
    none: said(
      w('Pas de nouveau crédit', 'No new loan'),
      w('Aucun crédit ouvert ailleurs en 12 mois.', 'No loan opened elsewhere in 12 months.'),
    ),
  },
  bureau_new_730: {
    own: w('{n|crédit ouvert|crédits ouverts} ailleurs en 2 ans', '{n|loan|loans} opened elsewhere in 2 years'),
    high: w('Nouveaux crédits ailleurs', 'New loans elsewhere'),
    risk: 'high',
    none: said(
      w('Pas de nouveau crédit', 'No new loan'),
      w('Aucun crédit ouvert ailleurs en 2 ans.', 'No loan opened elsewhere in 2 years.'),
    ),
  },
  bureau_days_credit_mean: {
    ...age,
    own: w('Les crédits ailleurs ont {v} en moyenne', 'Loans elsewhere are {v} old on average'),
    usual: theMedian,
    missing: unknown,
  },
  bureau_days_credit_last: {
    ...age,
    own: w('Le dernier a été ouvert il y a {v}', 'The newest was opened {v} ago'),
    usual: theMedian,
    missing: unknown,
  },
  bureau_days_credit_first: {
    ...age,
    own: w('Le premier a été ouvert il y a {v}', 'The first was opened {v} ago'),
    usual: theMedian,
    missing: unknown,
  },
  bureau_active_days_credit_mean: {
    ...age,
    own: w('Ceux en cours ont {v} en moyenne', 'The running ones are {v} old on average'),
    usual: theMedian,
    missing: nothingRunning,
  },
  bureau_active_days_credit_last: {
    ...age,
    own: w('Le dernier en cours a été ouvert il y a {v}', 'The newest running one was opened {v} ago'),
    usual: theMedian,
    missing: nothingRunning,
  },
  bureau_closed_end_last: {
    own: w('Dernier crédit ailleurs soldé il y a {v}', 'The last loan elsewhere was closed {v} ago'),
    usual: theMedian,
    missing: said(
      w('Aucun crédit remboursé ailleurs', 'No loan repaid elsewhere'),
      w('Aucun crédit remboursé n’est connu ailleurs.', 'No repaid loan is known elsewhere.'),
    ),
  },
  bureau_active_enddate_max: {
    own: w('Le dernier crédit en cours ailleurs finit dans {v}', 'The last running loan elsewhere ends in {v}'),
    negative: w(
      'Le dernier crédit en cours ailleurs devait finir il y a {v}',
      'The last running loan elsewhere was to end {v} ago',
    ),
    usual: w('', ''),
    missing: nothingRunning,
  },
  bureau_credit_card_count: {
    own: w('{n|carte de crédit|cartes de crédit} ailleurs', '{n|credit card|credit cards} elsewhere'),
    none: said(
      w('Aucune carte ailleurs', 'No card elsewhere'),
      w('Aucune carte de crédit n’est connue ailleurs.', 'No credit card is known elsewhere.'),
    ),
  },
  bureau_microloan_count: {
    own: w('{n|microcrédit|microcrédits} ailleurs', '{n|microloan|microloans} elsewhere'),
    high: w('Microcrédits ailleurs', 'Microloans elsewhere'),
    risk: 'high',
    none: said(
      w('Aucun microcrédit', 'No microloan'),
      w('Aucun microcrédit n’est connu ailleurs.', 'No microloan is known elsewhere.'),
    ),
  },
  bureau_credit_card_share: {
    own: w('{v} des crédits ailleurs sont des cartes', '{v} of the loans elsewhere are cards'),
    missing: unknown,
  },
  bureau_consumer_share: {
    own: w('{v} des crédits ailleurs sont à la consommation', '{v} of the loans elsewhere are consumer loans'),
    missing: unknown,
  },

  bureau_debt_over_credit: {
    ...debts,
    own: w('Il reste à payer {v} des sommes empruntées ailleurs', '{v} of what was borrowed elsewhere is still owed'),
    usual: w('médiane {m}', 'median {m}'),
    none: noDebt,
    missing: debtUnknown,
  },
  bureau_active_debt_over_credit: {
    ...debts,
    own: w('Il reste à payer {v} des crédits en cours ailleurs', '{v} of the running loans elsewhere is still owed'),
    usual: w('médiane {m}', 'median {m}'),
    none: noDebt,
    missing: debtUnknown,
  },
  bureau_debt_share_max: {
    ...debts,
    own: w('Il reste à payer jusqu’à {v} d’un crédit ailleurs', 'Up to {v} of a loan elsewhere is still owed'),
    usual: w('médiane {m}', 'median {m}'),
    none: noDebt,
    missing: debtUnknown,
  },
  bureau_active_debt_sum: {
    ...debts,
    own: w('{v} restent dus ailleurs', '{v} is owed elsewhere'),
    none: noDebt,
    missing: debtUnknown,
  },
  bureau_active_debt_over_income: {
    ...debts,
    as: 'times',
    own: w('Les dettes ailleurs représentent {v} fois les revenus', 'Debts elsewhere are {v} times income'),
    none: noDebt,
    missing: debtUnknown,
  },
  total_debt_over_income: {
    ...debts,
    as: 'times',
    own: w('L’ensemble des dettes représente {v} fois les revenus', 'All debts are {v} times income'),
    none: said(
      w('Aucune dette connue', 'No known debt'),
      w('Aucune dette n’est connue, ni ici ni ailleurs.', 'No debt is known, here or elsewhere.'),
    ),
    missing: debtUnknown,
  },
  debt_and_credit_over_income: {
    ...debts,
    high: w('Dettes et crédit élevés', 'High debts and loan'),
    low: w('Dettes et crédit modestes', 'Modest debts and loan'),
    as: 'times',
    own: w('Avec ce crédit, {v} fois les revenus', 'With this loan, {v} times income'),
  },
  bureau_card_debt_share: {
    own: w('{v} du plafond des cartes ailleurs est utilisé', '{v} of the card limits elsewhere is used'),
    ...sides(
      w('Cartes ailleurs peu utilisées', 'Cards elsewhere little used'),
      w('Cartes ailleurs très utilisées', 'Cards elsewhere much used'),
      'high',
    ),
    missing: said(
      w('Cartes ailleurs inconnues', 'Cards elsewhere unknown'),
      w('L’usage de cartes ailleurs n’est pas connu.', 'The use of cards elsewhere is not known.'),
    ),
  },
  bureau_credit_max: {
    ...size,
    own: w('Le plus gros crédit ailleurs est de {v}', 'The largest loan elsewhere is {v}'),
    missing: unknown,
  },
  bureau_credit_mean: {
    ...size,
    own: w('Les crédits ailleurs sont de {v} en moyenne', 'Loans elsewhere are {v} on average'),
    missing: unknown,
  },

  bureau_overdue_count: {
    ...arrears,
    own: w(
      '{n|crédit ailleurs a connu|crédits ailleurs ont connu} un impayé',
      '{n|loan|loans} elsewhere fell into arrears',
    ),
  },
  bureau_overdue_max: {
    ...arrears,
    own: w('Le plus gros impayé a atteint {v}', 'The largest arrears reached {v}'),
    missing: arrearsUnknown,
  },
  bureau_overdue_share: {
    ...arrears,
    own: w('{v} des crédits ailleurs ont connu un impayé', '{v} of the loans elsewhere fell into arrears'),
    missing: arrearsUnknown,
  },
  bb_bad_share: {
    ...late,
    own: w('{v} des mois suivis ailleurs en retard', '{v} of the months on record elsewhere were late'),
  },
  bb_bad_share_12: {
    ...late,
    own: w('{v} des mois de l’année passée en retard ailleurs', '{v} of last year’s months elsewhere were late'),
    none: said(
      w('Aucun retard ailleurs', 'Not late elsewhere'),
      w('Aucun mois de retard ailleurs l’année passée.', 'No late month elsewhere in the last year.'),
    ),
    missing: said(
      w('Retards ailleurs inconnus', 'Lateness elsewhere unknown'),
      w('Aucun crédit ailleurs n’est suivi sur l’année passée.', 'No loan elsewhere is on record for the last year.'),
    ),
  },
  bb_bad_months: {
    ...late,
    own: w('{n|mois|mois} de retard ailleurs', '{n|late month|late months} elsewhere'),
    none: said(
      w('Aucun retard ailleurs', 'No lateness elsewhere'),
      w('Aucun mois de retard n’est connu ailleurs.', 'No late month is known elsewhere.'),
    ),
  },
  bb_closed_share: {
    own: w(
      '{v} des mois suivis ailleurs sont d’un crédit soldé',
      '{v} of the months on record elsewhere are of closed loans',
    ),
    risk: 'low',
    missing: followed,
  },
}
