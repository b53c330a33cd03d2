/** What the application says, in words: external scores, the loan asked for, income, job, papers, housing, the person. */
import { type Measure, type Measures, said, sides, theMedian, w } from './measure.ts'

const scores = sides(
  w('Cotes externes basses', 'Low external scores'),
  w('Cotes externes élevées', 'High external scores'),
  'low',
)
const score = sides(
  w('Cote externe basse', 'Low external score'),
  w('Cote externe élevée', 'High external score'),
  'low',
)
const half = w('la moitié des clients se situe entre {a} et {b}', 'half of clients are between {a} and {b}')
const noScore = said(
  w('Aucune cote externe', 'No external score'),
  w('Aucune cote externe n’est disponible.', 'No external score is available.'),
)
const external = (number: 1 | 2 | 3): Measure => ({
  ...score,
  own: w(`Cote externe ${number} : {v}`, `External score ${number}: {v}`),
  usual: half,
  missing: said(
    w('Cote externe absente', 'External score missing'),
    w(`La cote externe ${number} n’est pas disponible.`, `External score ${number} is not available.`),
  ),
})
/** A yes or no of the form. */
const flag = (
  yes: [string, string],
  no: [string, string],
  text: [string, string],
  noText: [string, string],
): Measure => ({
  own: w(...text),
  low: w(...no),
  high: w(...yes),
  none: said(w(...no), w(...noText)),
})
const loan = sides(w('Montant modeste', 'Small loan'), w('Montant important', 'Large loan'))
const comparedAmount = sides(
  w('Crédit inférieur aux précédents', 'Smaller than earlier loans'),
  w('Crédit supérieur aux précédents', 'Larger than earlier loans'),
  'high',
)
const comparedInstalment = sides(
  w('Mensualité inférieure aux précédentes', 'Lower than earlier instalments'),
  w('Mensualité supérieure aux précédentes', 'Higher than earlier instalments'),
  'high',
)
const burden = sides(w('Mensualité faible', 'Low instalment'), w('Mensualité élevée', 'High instalment'), 'high')
const charge = sides(
  w('Charge de remboursement légère', 'Light repayment burden'),
  w('Charge de remboursement lourde', 'Heavy repayment burden'),
  'high',
)
const income = sides(w('Revenus modestes', 'Modest income'), w('Revenus élevés', 'High income'), 'low')
const recentOrOld = (fr: string, old: string, en: string) =>
  sides(
    w(`${fr} récent${old === 'ancienne' ? 'e' : ''}`, `Recent ${en}`),
    w(`${fr} ${old}`, `Long-standing ${en}`),
    'low',
  )
const document = (number: number): Measure =>
  flag(
    ['Document fourni', 'Document provided'],
    ['Document non fourni', 'Document not provided'],
    [`La pièce n° ${number} de la liste est fournie`, `Document no. ${number} of the list was provided`],
    [`La pièce n° ${number} de la liste n’est pas fournie.`, `Document no. ${number} of the list was not provided.`],
  )

/** Normalised measures of the building, whose numbers tell a client nothing. */
const building: Measure = {
  own: w('La description de l’immeuble va dans ce sens', 'The description of the building points this way'),
  usual: w('', ''),
  missing: said(
    w('Logement non décrit', 'Housing not described'),
    w('Le dossier ne décrit pas l’immeuble.', 'The file does not describe the building.'),
  ),
}

export const application: Measures = {
  ext_mean: { ...scores, own: w('{v} en moyenne', '{v} on average'), usual: half, missing: noScore },
  ext_median: {
    ...scores,
    own: w('{v} pour la cote médiane', '{v} for the middle score'),
    usual: half,
    missing: noScore,
  },
  ext_min: { ...scores, own: w('{v} pour la plus basse', '{v} for the lowest'), usual: half, missing: noScore },
  ext_max: { ...scores, own: w('{v} pour la plus haute', '{v} for the highest'), usual: half, missing: noScore },
  ext_source_1: external(1),
  ext_source_2: external(2),
  ext_source_3: external(3),

  credit: { ...loan, own: w('{v} demandés', '{v} asked for') },
  annuity: {
    own: w('Mensualité de {v}', 'An instalment of {v}'),
    low: w('Petite mensualité', 'Small instalment'),
    high: w('Grosse mensualité', 'Large instalment'),
  },
  goods_price: {
    own: w('Bien au prix de {v}', 'Goods at a price of {v}'),
    low: w('Bien peu coûteux', 'Inexpensive goods'),
    high: w('Bien coûteux', 'Expensive goods'),
    missing: said(
      w('Prix du bien absent', 'No price of goods'),
      w('Le prix du bien financé n’est pas indiqué.', 'The price of the goods is not stated.'),
    ),
  },
  expected_term: {
    own: w('Durée estimée à {v}', 'A term of about {v}'),
    low: w('Durée courte', 'Short term'),
    high: w('Durée longue', 'Long term'),
  },
  credit_over_annuity: {
    own: w('Le crédit représente {v} de mensualités', 'The loan is {v} of instalments'),
    low: w('Durée courte', 'Short term'),
    high: w('Durée longue', 'Long term'),
  },
  credit_minus_goods: {
    own: w('Le crédit dépasse le prix du bien de {v}', 'The loan exceeds the price of the goods by {v}'),
    negative: w('Le crédit est inférieur de {v} au prix du bien', 'The loan is {v} below the price of the goods'),
    ...sides(
      w('Crédit proche du prix', 'Loan near the price'),
      w('Crédit au-delà du prix', 'Loan beyond the price'),
      'high',
    ),
    none: said(
      w('Crédit égal au prix', 'Loan equals the price'),
      w('Le crédit ne dépasse pas le prix du bien.', 'The loan does not exceed the price of the goods.'),
    ),
    missing: said(
      w('Prix du bien absent', 'No price of goods'),
      w('Le prix du bien financé n’est pas indiqué.', 'The price of the goods is not stated.'),
    ),
  },
  goods_over_credit: {
    as: 'share',
    own: w('Le prix du bien représente {v} du crédit', 'The price of the goods is {v} of the loan'),
    ...sides(
      w('Crédit au-delà du prix', 'Loan beyond the price'),
      w('Crédit proche du prix', 'Loan near the price'),
      'low',
    ),
  },
  implied_rate: {
    own: w('Taux estimé à {v} par an', 'An estimated rate of {v} a year'),
    ...sides(w('Taux bas', 'Low rate'), w('Taux élevé', 'High rate'), 'high'),
    missing: said(
      w('Crédit renouvelable', 'Revolving loan'),
      w(
        'Pour un crédit renouvelable, le taux ne peut pas être estimé.',
        'For a revolving loan the rate cannot be estimated.',
      ),
    ),
  },
  contract_type: { own: w('{v}', '{v}') },
  accompanied_by: {
    own: w('Accompagnement lors de la demande : {v}', 'Accompanied by: {v}'),
    missing: said(
      w('Crédit demandé', 'Loan asked for'),
      w('Le dossier ne dit pas qui accompagnait le client.', 'The file does not say whether somebody came along.'),
    ),
  },
  credit_over_prev_approved_mean: {
    ...comparedAmount,
    as: 'times',
    own: w('{v} fois la moyenne des crédits déjà accordés', '{v} times the mean of the loans granted before'),
  },
  credit_over_prev_approved_max: {
    ...comparedAmount,
    as: 'times',
    own: w('{v} fois le plus gros crédit déjà accordé', '{v} times the largest loan granted before'),
  },
  credit_over_bureau_max: {
    ...comparedAmount,
    as: 'times',
    own: w('{v} fois le plus gros crédit connu ailleurs', '{v} times the largest loan known elsewhere'),
  },
  annuity_over_prev_mean: {
    ...comparedInstalment,
    as: 'times',
    own: w(
      'La mensualité représente {v} fois celle des demandes précédentes',
      'The instalment is {v} times that of earlier applications',
    ),
  },
  annuity_over_prev_last: {
    ...comparedInstalment,
    as: 'times',
    own: w(
      'La mensualité représente {v} fois celle du dernier crédit',
      'The instalment is {v} times that of the last loan',
    ),
  },

  income: { ...income, own: w('Revenus déclarés de {v}', 'A stated income of {v}') },
  income_per_family_member: { ...income, own: w('{v} par personne du foyer', '{v} per member of the household') },
  income_minus_sector: {
    ...income,
    own: w('{v} de plus que la médiane du secteur', '{v} more than the sector’s median'),
    negative: w('{v} de moins que la médiane du secteur', '{v} less than the sector’s median'),
    usual: w('', ''),
  },
  income_minus_peers: {
    ...income,
    own: w('{v} de plus que la médiane à profession égale', '{v} more than the median of like occupations'),
    negative: w('{v} de moins que la médiane à profession égale', '{v} less than the median of like occupations'),
    usual: w('', ''),
  },
  annuity_over_income: {
    ...burden,
    own: w('Elle prend {v} des revenus', 'It takes {v} of income'),
    alone: w('La mensualité prend {v} des revenus', 'The instalment takes {v} of income'),
  },
  credit_over_income: {
    ...sides(
      w('Crédit modeste pour les revenus', 'Small loan for the income'),
      w('Crédit élevé pour les revenus', 'Large loan for the income'),
      'high',
    ),
    as: 'times',
    own: w('{v} fois les revenus', '{v} times income'),
    alone: w('Le crédit représente {v} fois les revenus', 'The loan is {v} times income'),
  },
  goods_over_income: {
    ...sides(
      w('Achat modeste pour les revenus', 'Small purchase for the income'),
      w('Achat élevé pour les revenus', 'Large purchase for the income'),
      'high',
    ),
    as: 'times',
    own: w('Le bien coûte {v} fois les revenus', 'The goods cost {v} times income'),
  },
  total_annuity_over_income: {
    ...charge,
    as: 'share',
    own: w('L’ensemble des mensualités prend {v} des revenus', 'All instalments together take {v} of income'),
  },
  bureau_active_annuity_over_income: {
    ...charge,
    as: 'share',
    own: w('Les mensualités ailleurs prennent {v} des revenus', 'Instalments elsewhere take {v} of income'),
    none: said(
      w('Aucune mensualité ailleurs', 'No instalments elsewhere'),
      w('Aucune mensualité n’est connue ailleurs.', 'No instalment is known elsewhere.'),
    ),
    missing: said(
      w('Mensualités ailleurs inconnues', 'Instalments elsewhere unknown'),
      w('Les mensualités payées ailleurs ne sont pas connues.', 'The instalments paid elsewhere are not known.'),
    ),
  },
  annuity_over_largest_instalment: {
    ...comparedInstalment,
    as: 'times',
    own: w(
      'La mensualité représente {v} fois la plus grosse échéance déjà payée',
      'The instalment is {v} times the largest one paid before',
    ),
  },
  annuity_over_mean_paid_365: {
    ...comparedInstalment,
    as: 'times',
    own: w(
      'La mensualité représente {v} fois le paiement moyen des 12 derniers mois',
      'The instalment is {v} times the mean payment of the last 12 months',
    ),
  },
  annuity_over_peers: {
    ...burden,
    as: 'times',
    own: w('Elle représente {v} fois la médiane à métier égal', 'It is {v} times the median of like occupations'),
  },

  employed_years: {
    ...sides(w('Emploi récent', 'Recent job'), w('Emploi ancien', 'Long-held job'), 'low'),
    as: 'period',
    own: w('En poste depuis {v}', '{v} in the job'),
    usual: theMedian,
    missing: said(
      w('Aucun emploi déclaré', 'No job stated'),
      w('Le dossier n’indique pas d’emploi en cours.', 'The file states no present job.'),
    ),
  },
  income_type: { own: w('Situation : {v}', 'Situation: {v}') },
  occupation: {
    own: w('Métier : {v}', 'Occupation: {v}'),
    raises: w('Métier plus exposé', 'Occupation with more defaults'),
    lowers: w('Métier moins exposé', 'Occupation with fewer defaults'),
    missing: said(
      w('Métier non précisé', 'Occupation not stated'),
      w('Le dossier n’indique pas de métier.', 'The file states no occupation.'),
    ),
  },
  organization: {
    own: w('Secteur de l’employeur : {v}', 'Employer’s sector: {v}'),
    raises: w('Secteur plus exposé', 'Sector with more defaults'),
    lowers: w('Secteur moins exposé', 'Sector with fewer defaults'),
    missing: said(
      w('Aucun employeur déclaré', 'No employer stated'),
      w('Le dossier n’indique pas d’employeur.', 'The file states no employer.'),
    ),
  },
  education: { own: w('{v}', '{v}') },

  age_years: { own: w('{v}', '{v}') },
  children: {
    own: w('{n|enfant|enfants} à charge', '{n|dependent child|dependent children}'),
    none: said(w('Situation familiale', 'Family situation'), w('Aucun enfant à charge.', 'No dependent children.')),
  },
  family_members: { own: w('{n|personne|personnes} au foyer', '{n|person|people} in the household') },
  family_status: { own: w('{v}', '{v}') },
  region_rating_city: { own: w('Zone classée {v} sur 3', 'An area rated {v} out of 3') },
  region_rating: { own: w('Région classée {v} sur 3', 'A region rated {v} out of 3') },
  lives_in_other_city: {
    own: w('Vit dans une autre ville que l’adresse officielle', 'Lives in another city than the official address'),
    none: said(
      w('Lieu de résidence', 'Place of residence'),
      w('Vit dans la ville de l’adresse officielle.', 'Lives in the city of the official address.'),
    ),
  },
  works_in_other_city: {
    own: w(
      'Travaille dans une autre ville que l’adresse officielle',
      'Works in another city than the official address',
    ),
    none: said(
      w('Lieu de résidence', 'Place of residence'),
      w('Travaille dans la ville de l’adresse officielle.', 'Works in the city of the official address.'),
    ),
  },
  address_differences: {
    own: w(
      '{n|écart|écarts} entre adresse officielle, domicile et lieu de travail',
      '{n|difference|differences} between official address, home and workplace',
    ),
    none: said(
      w('Lieu de résidence', 'Place of residence'),
      w('Adresse officielle, domicile et lieu de travail concordent.', 'Official address, home and workplace agree.'),
    ),
  },

  phone_years: {
    ...recentOrOld('Numéro de téléphone', 'ancien', 'phone number'),
    as: 'period',
    own: w('Même numéro de téléphone depuis {v}', 'The same phone number for {v}'),
    missing: said(
      w('Papiers et téléphone', 'Papers and phone'),
      w(
        'Le numéro de téléphone vient d’être donné ou sa date n’est pas connue.',
        'The phone number is new or its date is not known.',
      ),
    ),
  },
  identity_years: {
    ...recentOrOld('Pièce d’identité', 'ancienne', 'identity document'),
    as: 'period',
    own: w('Pièce d’identité délivrée il y a {v}', 'Identity document issued {v} ago'),
  },
  registration_years: {
    ...recentOrOld('Inscription', 'ancienne', 'registration'),
    as: 'period',
    own: w('Inscription depuis {v}', 'Registered for {v}'),
  },

  owns_home: flag(
    ['Propriétaire du logement', 'Owns a home'],
    ['Pas de bien immobilier', 'No property'],
    ['Un bien immobilier est déclaré', 'Property is stated'],
    ['Aucun bien immobilier n’est déclaré.', 'No property is stated.'],
  ),
  owns_car: flag(
    ['Voiture', 'Owns a car'],
    ['Pas de voiture', 'No car'],
    ['Une voiture est déclarée', 'A car is stated'],
    ['Aucune voiture n’est déclarée.', 'No car is stated.'],
  ),
  car_years: {
    ...sides(w('Voiture récente', 'Recent car'), w('Voiture ancienne', 'Old car'), 'high'),
    own: w('Voiture de {v}', 'A car of {v}'),
    missing: said(
      w('Pas de voiture', 'No car'),
      w('Aucune voiture avec son âge n’est déclarée.', 'No car with its age is stated.'),
    ),
  },
  housing_type: { own: w('{v}', '{v}') },
  building_known: flag(
    ['Logement décrit', 'Housing described'],
    ['Logement non décrit', 'Housing not described'],
    ['Le dossier décrit l’immeuble', 'The file describes the building'],
    ['Le dossier ne décrit pas l’immeuble.', 'The file does not describe the building.'],
  ),

  contact_count: {
    own: w('{n|moyen de contact donné|moyens de contact donnés}', '{n|means of contact given|means of contact given}'),
  },
  work_phone: flag(
    ['Téléphone professionnel donné', 'Work phone given'],
    ['Pas de téléphone professionnel', 'No work phone'],
    ['Un téléphone professionnel est donné', 'A work phone is given'],
    ['Aucun téléphone professionnel n’est donné.', 'No work phone is given.'],
  ),
  home_phone: flag(
    ['Téléphone fixe donné', 'Home phone given'],
    ['Pas de téléphone fixe', 'No home phone'],
    ['Un téléphone fixe est donné', 'A home phone is given'],
    ['Aucun téléphone fixe n’est donné.', 'No home phone is given.'],
  ),
  document_3: document(3),
  document_6: document(6),
  document_8: document(8),
  document_count: {
    own: w('{n|document fourni|documents fournis}', '{n|document provided|documents provided}'),
    none: said(
      w('Aucun document fourni', 'No document provided'),
      w('Aucun document n’est joint.', 'No document is attached.'),
    ),
  },
  circle_defaults_30: {
    own: w(
      '{n|défaut de paiement connu|défauts de paiement connus} dans l’entourage',
      '{n|default|defaults} known among acquaintances',
    ),
    high: w('Défauts dans l’entourage', 'Defaults among acquaintances'),
    risk: 'high',
    none: said(
      w('Aucun défaut dans l’entourage', 'No default among acquaintances'),
      w('Aucun défaut de paiement connu dans l’entourage.', 'No default is known among acquaintances.'),
    ),
  },
  circle_default_share: {
    own: w('{v} de l’entourage connu en défaut de paiement', '{v} of known acquaintances in default'),
    high: w('Défauts dans l’entourage', 'Defaults among acquaintances'),
    risk: 'high',
    none: said(
      w('Aucun défaut dans l’entourage', 'No default among acquaintances'),
      w('Aucun défaut de paiement connu dans l’entourage.', 'No default is known among acquaintances.'),
    ),
  },
  circle_observed_30: {
    own: w(
      '{n|personne|personnes} de l’entourage avec un crédit suivi',
      '{n|acquaintance|acquaintances} with a loan on record',
    ),
  },
  enquiries_all: {
    ...sides(
      w('Peu de demandes ailleurs', 'Few credit enquiries'),
      w('Nombreuses demandes ailleurs', 'Many credit enquiries'),
      'high',
    ),
    own: w(
      '{n|consultation|consultations} du fichier des crédits en un an',
      '{n|credit bureau enquiry|credit bureau enquiries} in a year',
    ),
    none: said(
      w('Aucune demande ailleurs', 'No credit enquiries'),
      w('Aucune consultation du fichier des crédits en un an.', 'No credit bureau enquiry in a year.'),
    ),
    missing: said(
      w('Demandes ailleurs inconnues', 'Credit enquiries unknown'),
      w('Les consultations du fichier des crédits ne sont pas connues.', 'Credit bureau enquiries are not known.'),
    ),
  },
  missing_answers: {
    ...sides(w('Dossier bien rempli', 'Complete file'), w('Dossier peu rempli', 'Incomplete file'), 'high'),
    own: w('{n|réponse manque|réponses manquent} au dossier', '{n|answer is|answers are} missing from the file'),
  },
  has_bureau: flag(
    ['Crédits connus ailleurs', 'Known elsewhere'],
    ['Peu d’informations', 'Little information'],
    ['Le fichier des crédits connaît des crédits ailleurs', 'The credit bureau knows of loans elsewhere'],
    ['Aucun crédit connu ailleurs : le modèle reste prudent.', 'No credit known elsewhere: the model stays cautious.'],
  ),
  has_previous: flag(
    ['Demandes précédentes connues', 'Known to us'],
    ['Première demande chez nous', 'First application here'],
    ['Des demandes précédentes sont connues chez nous', 'Earlier applications here are known'],
    ['Aucune demande précédente n’est connue chez nous.', 'No earlier application here is known.'],
  ),
  has_card: flag(
    ['Carte de crédit', 'Credit card'],
    ['Pas de carte', 'No card'],
    ['Une carte de crédit est ou a été ouverte chez nous', 'A credit card is or was open here'],
    ['Aucune carte de crédit n’a été ouverte chez nous.', 'No credit card has been open here.'],
  ),
  total_area: building,
  living_area: building,
  apartments: building,
  floors_max: building,
  elevators: building,
  entrances: building,
  years_build: building,
  years_in_use: building,
  land_area: building,
  basement_area: building,
  common_area: building,
}
