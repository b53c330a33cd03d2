/** What the lender's own records say, in words: earlier applications, loans, instalments, cards. */
import { type Measure, type Measures, said, sides, theMedian, w } from './measure.ts'

const first = said(
  w('Première demande chez nous', 'First application here'),
  w('Aucune demande précédente n’est connue chez nous.', 'No earlier application here is known.'),
)
const noRefusal = said(
  w('Aucun refus précédent', 'No earlier refusal'),
  w('Aucune demande refusée chez nous.', 'No earlier request was declined.'),
)
const noRefusalIn = (fr: string, en: string) =>
  said(
    w('Aucun refus récent', 'No recent refusal'),
    w(`Aucune demande refusée ${fr}.`, `No request was declined ${en}.`),
  )
const termsUnknown = said(
  w('Conditions précédentes inconnues', 'Earlier terms unknown'),
  w('Les conditions de crédits précédents ne sont pas connues.', 'The terms of earlier loans are not known.'),
)
const noLoan = said(
  w('Aucun crédit chez nous', 'No loan here'),
  w('Aucun crédit suivi chez nous.', 'No loan here is on record.'),
)
const noInstalments = said(
  w('Pas d’historique de paiement', 'No payment history'),
  w('Aucune échéance payée n’est connue chez nous.', 'No instalment paid here is known.'),
)
const noneLately = said(
  w('Pas de paiement récent', 'No recent payment'),
  w('Aucune échéance récente n’est connue chez nous.', 'No recent instalment here is known.'),
)
const noCard = said(
  w('Pas de carte chez nous', 'No card here'),
  w('L’usage d’une carte chez nous n’est pas connu.', 'No use of a card here is known.'),
)
const onTime = (fr: string, en: string) =>
  said(w('Paiements à l’heure', 'Paid on time'), w(`Aucun retard ${fr}.`, `Nothing was late ${en}.`))

const late = {
  high: w('Retards de paiement', 'Late payments'),
  low: w('Peu de retards', 'Few late payments'),
  risk: 'high' as const,
}
const refused = {
  high: w('Refus antérieurs', 'Earlier refusals'),
  low: w('Peu de refus', 'Few refusals'),
  risk: 'high' as const,
}
const early = sides(
  w('Paiements au dernier moment', 'Paid at the last moment'),
  w('Paiements en avance', 'Paid ahead'),
  'low',
)
const use = sides(w('Carte peu utilisée', 'Card little used'), w('Carte très utilisée', 'Card much used'), 'high')
const rate = sides(
  w('Taux précédents bas', 'Low earlier rates'),
  w('Taux précédents élevés', 'High earlier rates'),
  'high',
)
const deposit = sides(
  w('Apports précédents faibles', 'Small earlier down payments'),
  w('Apports précédents élevés', 'Large earlier down payments'),
  'low',
)
const earlier = sides(
  w('Petits crédits précédents', 'Small earlier loans'),
  w('Gros crédits précédents', 'Large earlier loans'),
)
const lately = ' ces 12 derniers mois'

const util = (fr: string, en: string): Measure => ({
  ...use,
  own: w(`{v} du plafond utilisé${fr}`, `{v} of the limit is used${en}`),
  usual: w('médiane {m}', 'median {m}'),
  none: said(
    w('Carte non utilisée', 'Card not used'),
    w(`Aucun solde dû sur la carte${fr}.`, `Nothing is owed on the card${en}.`),
  ),
  missing: noCard,
})

export const withUs: Measures = {
  prev_count: {
    own: w(
      '{n|demande précédente|demandes précédentes} chez nous',
      '{n|earlier application|earlier applications} here',
    ),
    low: w('Peu de demandes précédentes', 'Few earlier applications'),
    high: w('Nombreuses demandes précédentes', 'Many earlier applications'),
    none: first,
  },
  prev_approved_count: {
    own: w('{n|demande acceptée|demandes acceptées} chez nous', '{n|request|requests} approved here'),
    low: w('Peu de demandes acceptées', 'Few requests approved'),
    high: w('Demandes déjà acceptées', 'Requests approved before'),
    risk: 'low',
    none: said(
      w('Aucune demande acceptée', 'No request approved'),
      w('Aucune demande acceptée chez nous jusqu’ici.', 'No request approved here so far.'),
    ),
  },
  prev_approved_share: {
    own: w('{v} des demandes précédentes acceptées', '{v} of earlier applications were approved'),
    low: w('Demandes rarement acceptées', 'Requests seldom approved'),
    high: w('Demandes déjà acceptées', 'Requests approved before'),
    risk: 'low',
    none: said(
      w('Aucune demande acceptée', 'No request approved'),
      w('Aucune demande précédente acceptée.', 'No earlier application was approved.'),
    ),
    missing: first,
  },
  prev_canceled_share: {
    own: w('{v} des demandes précédentes annulées', '{v} of earlier applications were cancelled'),
    high: w('Demandes souvent annulées', 'Requests often cancelled'),
    risk: 'high',
    none: said(
      w('Aucune demande annulée', 'No request cancelled'),
      w('Aucune demande précédente annulée.', 'No earlier application was cancelled.'),
    ),
    missing: first,
  },
  prev_days_since_decision: {
    own: w('Dernière demande chez nous il y a {v}', 'The last application here was {v} ago'),
    low: w('Demande récente chez nous', 'Recent application here'),
    high: w('Dernière demande ancienne', 'Last application long ago'),
    usual: theMedian,
    missing: first,
  },
  prev_days_since_first: {
    own: w('Première demande chez nous il y a {v}', 'The first application here was {v} ago'),
    low: w('Client récent', 'New client'),
    high: w('Client de longue date', 'Long-standing client'),
    risk: 'low',
    usual: theMedian,
    missing: first,
  },
  prev_days_since_approval: {
    own: w('Dernier crédit accordé il y a {v}', 'The last loan was granted {v} ago'),
    low: w('Crédit accordé récemment', 'Loan granted recently'),
    high: w('Dernier accord ancien', 'Last approval long ago'),
    usual: theMedian,
    missing: said(
      w('Aucun crédit accordé', 'No loan granted'),
      w('Aucun crédit accordé chez nous jusqu’ici.', 'No loan granted here so far.'),
    ),
  },
  prev_last_status: { own: w('Dernière demande : {v}', 'The last application was {v}'), missing: first },

  prev_refused_count: {
    ...refused,
    own: w('{n|demande refusée|demandes refusées} chez nous', '{n|request|requests} declined by us'),
    none: noRefusal,
  },
  prev_refused_365: {
    ...refused,
    own: w(
      `{n|demande refusée|demandes refusées} chez nous${lately}`,
      '{n|request|requests} declined by us in the last 12 months',
    ),
    none: noRefusalIn('ces 12 derniers mois', 'in the last 12 months'),
  },
  prev_refused_730: {
    ...refused,
    own: w(
      '{n|demande refusée|demandes refusées} chez nous en 2 ans',
      '{n|request|requests} declined by us in 2 years',
    ),
    none: noRefusalIn('en 2 ans', 'in 2 years'),
  },
  prev_refused_share: {
    ...refused,
    own: w('{v} des demandes précédentes refusées', '{v} of earlier applications were declined'),
    none: noRefusal,
    missing: first,
  },
  prev_refused_share_newest3: {
    ...refused,
    own: w('{v} des trois dernières demandes refusées', '{v} of the last three applications were declined'),
    none: noRefusalIn('parmi les trois dernières', 'among the last three'),
    missing: first,
  },
  prev_refused_share_newest5: {
    ...refused,
    own: w('{v} des cinq dernières demandes refusées', '{v} of the last five applications were declined'),
    none: noRefusalIn('parmi les cinq dernières', 'among the last five'),
    missing: first,
  },
  prev_days_since_refusal: {
    own: w('Dernier refus il y a {v}', 'The last refusal was {v} ago'),
    ...sides(w('Refus récent', 'Recent refusal'), w('Refus ancien', 'Refusal long ago'), 'low'),
    usual: theMedian,
    missing: noRefusal,
  },

  prev_interest_mean: {
    ...rate,
    own: w('Intérêts de {v} du montant par an en moyenne', 'Interest of {v} of the amount a year on average'),
    missing: termsUnknown,
  },
  prev_rate_max: {
    ...rate,
    own: w('Taux de {v} par an au plus', 'A rate of {v} a year at most'),
    missing: termsUnknown,
  },
  prev_interest_last_approved: {
    ...rate,
    own: w(
      'Intérêts de {v} du montant par an pour le dernier crédit',
      'Interest of {v} of the amount a year for the last loan',
    ),
    missing: termsUnknown,
  },
  prev_yield_high_share: {
    ...rate,
    own: w('{v} des demandes précédentes à taux élevé', '{v} of earlier applications at a high rate'),
    none: said(
      w('Pas de taux élevé', 'No high rate'),
      w('Aucune demande précédente à taux élevé.', 'No earlier application at a high rate.'),
    ),
    missing: first,
  },
  prev_yield_low_share: {
    own: w('{v} des demandes précédentes à taux bas', '{v} of earlier applications at a low rate'),
    high: w('Taux précédents bas', 'Low earlier rates'),
    risk: 'low',
    none: said(
      w('Pas de taux bas', 'No low rate'),
      w('Aucune demande précédente à taux bas.', 'No earlier application at a low rate.'),
    ),
    missing: first,
  },
  prev_revolving_share: {
    own: w(
      '{v} des demandes précédentes en crédit renouvelable',
      '{v} of earlier applications were for revolving loans',
    ),
    high: w('Crédits renouvelables demandés', 'Revolving loans asked for'),
    risk: 'high',
    none: said(
      w('Pas de crédit renouvelable', 'No revolving loan'),
      w('Aucune demande précédente en crédit renouvelable.', 'No earlier application was for a revolving loan.'),
    ),
    missing: first,
  },
  prev_cash_share: {
    own: w('{v} des demandes précédentes en prêt d’argent', '{v} of earlier applications were for cash loans'),
    missing: first,
  },
  prev_insured_share: {
    own: w('{v} des crédits précédents assurés', '{v} of earlier loans were insured'),
    missing: termsUnknown,
  },
  prev_down_rate_max: {
    ...deposit,
    own: w('Apport de {v} au plus', 'Down payments of {v} at most'),
    none: said(
      w('Aucun apport précédent', 'No earlier down payment'),
      w('Aucun apport sur les crédits précédents.', 'No down payment on earlier loans.'),
    ),
    missing: termsUnknown,
  },
  prev_down_rate_mean: {
    ...deposit,
    own: w('Apport de {v} en moyenne', 'Down payments of {v} on average'),
    none: said(
      w('Aucun apport précédent', 'No earlier down payment'),
      w('Aucun apport sur les crédits précédents.', 'No down payment on earlier loans.'),
    ),
    missing: termsUnknown,
  },
  prev_approved_payments_mean: {
    ...sides(
      w('Crédits précédents courts', 'Short earlier loans'),
      w('Crédits précédents longs', 'Long earlier loans'),
      'high',
    ),
    own: w('Crédits précédents sur {v} en moyenne', 'Earlier loans over {v} on average'),
    missing: termsUnknown,
  },
  prev_approved_payments_last: {
    ...sides(w('Dernier crédit court', 'Short last loan'), w('Dernier crédit long', 'Long last loan'), 'high'),
    own: w('Dernier crédit sur {v}', 'The last loan was over {v}'),
    missing: termsUnknown,
  },
  prev_approved_credit_mean: {
    ...earlier,
    own: w('Crédits précédents de {v} en moyenne', 'Earlier loans of {v} on average'),
    missing: termsUnknown,
  },
  prev_approved_credit_max: {
    ...earlier,
    own: w('Crédit précédent de {v} pour le plus gros', 'An earlier loan of {v} at most'),
    missing: termsUnknown,
  },
  prev_last3_annuity_mean: {
    own: w(
      '{v} de mensualité sur les trois dernières demandes',
      'An instalment of {v} over the last three applications',
    ),
    low: w('Petites mensualités précédentes', 'Small earlier instalments'),
    high: w('Grosses mensualités précédentes', 'Large earlier instalments'),
    missing: termsUnknown,
  },
  prev_app_credit_mean: {
    as: 'share',
    own: w('Montants demandés : {v} des montants accordés', 'Amounts asked for: {v} of the amounts granted'),
    missing: termsUnknown,
  },

  pos_months: {
    own: w('{n|mois|mois} de crédit suivis chez nous', '{n|month|months} of loans on record here'),
    low: w('Historique court chez nous', 'Short record here'),
    high: w('Historique long chez nous', 'Long record here'),
    risk: 'low',
    none: noLoan,
  },
  pos_contract_count: {
    own: w('{n|crédit suivi|crédits suivis} chez nous', '{n|loan|loans} on record here'),
    none: noLoan,
  },
  pos_running_count: {
    own: w('{n|crédit|crédits} en cours chez nous', '{n|running loan|running loans} here'),
    high: w('Crédits en cours ici', 'Running loans here'),
    none: said(
      w('Aucun crédit en cours', 'No running loan'),
      w('Aucun crédit en cours chez nous.', 'No loan is running here.'),
    ),
  },
  pos_completed_share: {
    own: w('{v} des crédits chez nous menés à terme', '{v} of the loans here were completed'),
    low: w('Peu de crédits terminés', 'Few loans completed'),
    high: w('Crédits menés à terme', 'Loans completed'),
    risk: 'low',
    none: said(
      w('Aucun crédit terminé', 'No loan completed'),
      w('Aucun crédit chez nous n’est encore terminé.', 'No loan here is completed yet.'),
    ),
    missing: noLoan,
  },
  pos_early_share: {
    own: w('{v} des crédits chez nous soldés en avance', '{v} of the loans here were completed early'),
    high: w('Crédits soldés en avance', 'Loans completed early'),
    risk: 'low',
    none: said(
      w('Aucun crédit soldé d’avance', 'No loan completed early'),
      w('Aucun crédit chez nous soldé en avance.', 'No loan here was completed early.'),
    ),
    missing: noLoan,
  },
  pos_future_sum: {
    own: w('{n|échéance restante|échéances restantes} chez nous', '{n|instalment|instalments} left here'),
    low: w('Peu d’échéances restantes', 'Few instalments left'),
    high: w('Nombreuses échéances restantes', 'Many instalments left'),
    risk: 'high',
    none: said(
      w('Crédits chez nous soldés', 'Loans here settled'),
      w('Aucune échéance restante chez nous.', 'No instalment is left here.'),
    ),
    missing: noLoan,
  },
  pos_left_share: {
    own: w('Il reste {v} des échéances des crédits en cours', '{v} of the running loans’ instalments are left'),
    ...sides(
      w('Crédits presque soldés', 'Loans nearly settled'),
      w('Crédits loin d’être soldés', 'Loans far from settled'),
      'high',
    ),
    missing: said(
      w('Aucun crédit en cours', 'No running loan'),
      w('Aucun crédit en cours chez nous.', 'No loan is running here.'),
    ),
  },
  pos_term_mean: { own: w('Crédits chez nous sur {v} en moyenne', 'Loans here over {v} on average'), missing: noLoan },
  prev_ended_early_mean: {
    high: w('Crédits finis en avance', 'Loans ended early'),
    risk: 'low',
    own: w('Crédits finis {v} avant la date prévue en moyenne', 'Loans ended {v} ahead of plan on average'),
    negative: w('Crédits finis {v} après la date prévue en moyenne', 'Loans ended {v} behind plan on average'),
    usual: w('', ''),
    missing: said(
      w('Aucun crédit terminé', 'No loan completed'),
      w('Aucun crédit terminé n’est connu chez nous.', 'No completed loan here is known.'),
    ),
  },
  owed_over_income: {
    as: 'share',
    own: w('Il reste dû chez nous {v} des revenus', 'What is owed here is {v} of income'),
    ...sides(w('Peu de dettes ici', 'Little owed here'), w('Dettes chez nous', 'Debts here'), 'high'),
    none: said(w('Rien de dû ici', 'Nothing owed here'), w('Rien ne reste dû chez nous.', 'Nothing is owed here.')),
    missing: noLoan,
  },

  inst_late_over0_365: {
    ...late,
    own: w(`{v} des échéances payées en retard${lately}`, '{v} of instalments were paid late in the last 12 months'),
    none: onTime('ces 12 derniers mois', 'in the last 12 months'),
    missing: noneLately,
  },
  inst_late_over0_180: {
    ...late,
    own: w(
      '{v} des échéances payées en retard ces 6 derniers mois',
      '{v} of instalments were paid late in the last 6 months',
    ),
    none: onTime('ces 6 derniers mois', 'in the last 6 months'),
    missing: noneLately,
  },
  inst_late_over0_all: {
    ...late,
    own: w('{v} des échéances payées en retard', '{v} of instalments were paid late'),
    none: onTime('sur les échéances connues', 'on the instalments on record'),
    missing: noInstalments,
  },
  inst_late_over7_all: {
    ...late,
    own: w(
      '{v} des échéances payées avec plus d’une semaine de retard',
      '{v} of instalments were paid more than a week late',
    ),
    none: said(
      w('Pas de long retard', 'No long delay'),
      w('Aucune échéance payée avec plus d’une semaine de retard.', 'No instalment was paid more than a week late.'),
    ),
    missing: noInstalments,
  },
  inst_late_max_365: {
    ...late,
    own: w(`Jusqu’à {v} de retard${lately}`, 'Up to {v} late in the last 12 months'),
    none: onTime('ces 12 derniers mois', 'in the last 12 months'),
    missing: noneLately,
  },
  inst_late_max_all: {
    ...late,
    own: w('Jusqu’à {v} de retard', 'Up to {v} late'),
    none: onTime('sur les échéances connues', 'on the instalments on record'),
    missing: noInstalments,
  },
  inst_late_mean_all: {
    ...late,
    as: 'exact days',
    own: w('Échéances payées {v} après la date en moyenne', 'Instalments paid {v} late on average'),
    none: onTime('sur les échéances connues', 'on the instalments on record'),
    missing: noInstalments,
  },
  inst_late_mean_365: {
    ...late,
    as: 'exact days',
    own: w(
      `Échéances payées {v} après la date en moyenne${lately}`,
      'Instalments paid {v} late on average in the last 12 months',
    ),
    none: onTime('ces 12 derniers mois', 'in the last 12 months'),
    missing: noneLately,
  },
  inst_late_newest5_mean: {
    ...late,
    as: 'exact days',
    own: w(
      'Cinq dernières échéances payées {v} après la date en moyenne',
      'The last five instalments were paid {v} late on average',
    ),
    none: onTime('sur les cinq dernières échéances', 'on the last five instalments'),
    missing: noInstalments,
  },
  inst_last_loan_late_share: {
    ...late,
    own: w('{v} des échéances du dernier crédit payées en retard', '{v} of the last loan’s instalments were paid late'),
    none: onTime('sur le dernier crédit', 'on the last loan'),
    missing: noInstalments,
  },
  pos_dpd_share: {
    ...late,
    own: w('{v} des mois de crédit en retard', '{v} of the loan months were late'),
    none: onTime('sur les mois de crédit suivis', 'in the loan months on record'),
    missing: noLoan,
  },
  pos_dpd_share_12: {
    ...late,
    own: w(`{v} des mois de crédit en retard${lately}`, '{v} of the loan months were late in the last 12 months'),
    none: onTime('ces 12 derniers mois', 'in the last 12 months'),
    missing: noneLately,
  },
  pos_late_contract_share: {
    ...late,
    own: w('{v} des crédits chez nous ont connu un retard', '{v} of the loans here were late at some time'),
    none: onTime('sur les crédits suivis', 'on the loans on record'),
    missing: noLoan,
  },
  cc_dpd_share: {
    ...late,
    own: w('{v} des mois de carte en retard', '{v} of the card months were late'),
    none: onTime('sur la carte', 'on the card'),
    missing: noCard,
  },

  inst_early_mean_all: {
    ...early,
    as: 'exact days',
    own: w('Échéances réglées {v} avant la date en moyenne', 'Instalments paid {v} early on average'),
    missing: noInstalments,
  },
  inst_early_mean_365: {
    ...early,
    as: 'exact days',
    own: w(
      `Échéances réglées {v} avant la date en moyenne${lately}`,
      'Instalments paid {v} early on average in the last 12 months',
    ),
    missing: noneLately,
  },
  inst_early_mean_180: {
    ...early,
    as: 'exact days',
    own: w(
      'Échéances réglées {v} avant la date en moyenne ces 6 derniers mois',
      'Instalments paid {v} early on average in the last 6 months',
    ),
    missing: noneLately,
  },
  inst_payment_ratio_mean: {
    as: 'share',
    own: w('{v} des sommes dues payées en moyenne', '{v} of the sums due were paid on average'),
    low: w('Échéances payées en partie', 'Instalments partly paid'),
    risk: 'low',
    missing: noInstalments,
  },
  inst_underpaid_share: {
    own: w('{v} des échéances payées en partie seulement', '{v} of instalments were only partly paid'),
    high: w('Échéances payées en partie', 'Instalments partly paid'),
    risk: 'high',
    none: said(
      w('Échéances payées en entier', 'Instalments paid in full'),
      w('Toutes les échéances connues ont été payées en entier.', 'All instalments on record were paid in full.'),
    ),
    missing: noInstalments,
  },
  inst_count: {
    own: w('{n|échéance connue|échéances connues}', '{n|instalment|instalments} on record'),
    low: w('Historique de paiement court', 'Short payment history'),
    high: w('Long historique de paiement', 'Long payment history'),
    risk: 'low',
    none: noInstalments,
  },
  inst_due_mean: {
    own: w('Échéances de {v} en moyenne', 'Instalments of {v} on average'),
    low: w('Petites échéances passées', 'Small past instalments'),
    high: w('Grosses échéances passées', 'Large past instalments'),
    missing: noInstalments,
  },
  inst_paid_newest5: {
    own: w('Cinq derniers paiements de {v} en moyenne', 'The last five payments were {v} on average'),
    low: w('Petits paiements récents', 'Small recent payments'),
    high: w('Gros paiements récents', 'Large recent payments'),
    missing: noInstalments,
  },
  inst_last_payment: {
    own: w('Dernier paiement il y a {v}', 'The last payment was {v} ago'),
    low: w('Dernier paiement ancien', 'Last payment long ago'),
    high: w('Paiement récent', 'Recent payment'),
    usual: theMedian,
    missing: noInstalments,
  },
  inst_first_due: {
    own: w('Première échéance il y a {v}', 'The first instalment was {v} ago'),
    low: w('Long historique de paiement', 'Long payment history'),
    high: w('Historique de paiement court', 'Short payment history'),
    risk: 'high',
    usual: theMedian,
    missing: noInstalments,
  },

  cc_util_last: util(' au dernier mois', ' in the latest month'),
  cc_util_mean: util(' en moyenne', ' on average'),
  cc_util_mean_12: util(' en moyenne sur 12 mois', ' on average over 12 months'),
  cc_util_mean_6: util(' en moyenne sur 6 mois', ' on average over 6 months'),
  cc_util_max: util(' au plus', ' at most'),
  cc_balance_last: {
    own: w('{v} dus sur la carte', '{v} is owed on the card'),
    ...use,
    none: said(
      w('Carte non utilisée', 'Card not used'),
      w('Rien n’est dû sur la carte.', 'Nothing is owed on the card.'),
    ),
    missing: noCard,
  },
  cc_drawing_count_mean: {
    ...use,
    own: w(
      '{n|achat ou retrait|achats ou retraits} par carte et par mois',
      '{n|card purchase or withdrawal|card purchases or withdrawals} a month',
    ),
    none: said(
      w('Carte non utilisée', 'Card not used'),
      w('Aucun achat ni retrait par carte.', 'No card purchase or withdrawal.'),
    ),
    missing: noCard,
  },
  cc_atm_count_mean: {
    ...use,
    low: w('Peu de retraits', 'Few cash withdrawals'),
    high: w('Retraits d’espèces fréquents', 'Frequent cash withdrawals'),
    own: w('{n|retrait|retraits} par carte et par mois', '{n|cash withdrawal|cash withdrawals} by card a month'),
    none: said(
      w('Pas de retrait', 'No cash withdrawal'),
      w('Aucun retrait d’espèces par carte.', 'No cash withdrawal by card.'),
    ),
    missing: noCard,
  },
  cc_months: {
    own: w('{n|mois|mois} de carte suivis chez nous', '{n|month|months} of a card on record here'),
    none: said(
      w('Pas de carte chez nous', 'No card here'),
      w('Aucune carte de crédit n’est suivie chez nous.', 'No credit card is on record here.'),
    ),
  },
}
