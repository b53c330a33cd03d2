/** The levels of the application's text columns in words a client would use; the data's own word where none is given. */
import type { Lang as Language } from 'report-kit'

type Text = Readonly<Record<Language, string>>

const w = (fr: string, en: string): Text => ({ fr, en })

const names: Readonly<Record<string, Text>> = {
  'Cash loans': w('Crédit amortissable', 'Cash loan'),
  'Revolving loans': w('Crédit renouvelable', 'Revolving loan'),
  Y: w('Oui', 'Yes'),
  N: w('Non', 'No'),
  // work situation
  Working: w('Salarié du privé', 'Employed'),
  'Commercial associate': w('Cadre commercial ou associé', 'Commercial associate'),
  Pensioner: w('Retraite', 'Retired'),
  'State servant': w('Secteur public', 'Public sector'),
  Unemployed: w('Sans emploi', 'Out of work'),
  Student: w('Études', 'Student'),
  Businessman: w('Chef d’entreprise', 'Business owner'),
  'Maternity leave': w('Congé parental', 'Parental leave'),
  // education
  'Lower secondary': w('Collège', 'Lower secondary'),
  'Secondary / secondary special': w('Lycée ou lycée professionnel', 'Secondary or vocational'),
  'Incomplete higher': w('Études supérieures inachevées', 'Some higher education'),
  'Higher education': w('Études supérieures', 'Higher education'),
  'Academic degree': w('Doctorat', 'Academic degree'),
  // family
  Married: w('Mariage', 'Married'),
  'Civil marriage': w('Union civile', 'Civil union'),
  'Single / not married': w('Célibat', 'Single'),
  Separated: w('Séparation', 'Separated'),
  Widow: w('Veuvage', 'Widowed'),
  Unknown: w('Non précisé', 'Not stated'),
  // housing
  'House / apartment': w('Maison ou appartement', 'House or flat'),
  'With parents': w('Chez ses parents', 'With parents'),
  'Rented apartment': w('Appartement loué', 'Rented flat'),
  'Municipal apartment': w('Logement social', 'Municipal flat'),
  'Office apartment': w('Logement de fonction', 'Flat of the employer'),
  'Co-op apartment': w('Logement coopératif', 'Co-operative flat'),
  // occupation
  Accountants: w('Comptabilité', 'Accounting'),
  'Cleaning staff': w('Nettoyage', 'Cleaning'),
  'Cooking staff': w('Cuisine', 'Cooking'),
  'Core staff': w('Poste qualifié', 'Core staff'),
  Drivers: w('Conduite', 'Driving'),
  'HR staff': w('Ressources humaines', 'Human resources'),
  'High skill tech staff': w('Technique, très qualifié', 'Technical, highly skilled'),
  'IT staff': w('Informatique', 'Information technology'),
  Laborers: w('Ouvrage manuel', 'Manual work'),
  'Low-skill Laborers': w('Ouvrage manuel, peu qualifié', 'Manual work, low-skilled'),
  Managers: w('Encadrement', 'Management'),
  'Medicine staff': w('Santé', 'Health'),
  'Private service staff': w('Services à la personne', 'Personal services'),
  'Realty agents': w('Agence immobilière', 'Estate agency'),
  'Sales staff': w('Vente', 'Sales'),
  Secretaries: w('Secrétariat', 'Office support'),
  'Security staff': w('Sécurité', 'Security'),
  'Waiters/barmen staff': w('Service en salle', 'Waiting and bar'),
  // who came along
  Family: w('Famille', 'Family'),
  'Spouse, partner': w('Conjoint ou partenaire', 'Spouse or partner'),
  Children: w('Enfants', 'Children'),
  Unaccompanied: w('Personne', 'Nobody'),
  'Group of people': w('Plusieurs personnes', 'Several people'),
  Other_A: w('Une autre personne', 'Another person'),
  Other_B: w('Une autre personne', 'Another person'),
  // what became of the last application
  Approved: w('Acceptée', 'approved'),
  Declined: w('Refusée', 'declined'),
  Canceled: w('Annulée', 'cancelled'),
  'Unused offer': w('Offre non utilisée', 'an offer not used'),
  // sector
  Advertising: w('Publicité', 'Advertising'),
  Agriculture: w('Agriculture', 'Agriculture'),
  Bank: w('Banque', 'Banking'),
  'Business Entity Type 1': w('Entreprise, type 1', 'Business, type 1'),
  'Business Entity Type 2': w('Entreprise, type 2', 'Business, type 2'),
  'Business Entity Type 3': w('Entreprise, type 3', 'Business, type 3'),
  Cleaning: w('Nettoyage', 'Cleaning'),
  Construction: w('Construction', 'Construction'),
  Culture: w('Culture', 'Culture'),
  Electricity: w('Électricité', 'Electricity'),
  Emergency: w('Secours', 'Emergency services'),
  Government: w('Administration', 'Government'),
  Hotel: w('Hôtellerie', 'Hotels'),
  Housing: w('Logement', 'Housing'),
  Insurance: w('Assurance', 'Insurance'),
  Kindergarten: w('École maternelle', 'Kindergarten'),
  'Legal Services': w('Services juridiques', 'Legal services'),
  Medicine: w('Santé', 'Health'),
  Military: w('Armée', 'Military'),
  Mobile: w('Téléphonie', 'Mobile telephony'),
  Other: w('Autre', 'Other'),
  Police: w('Police', 'Police'),
  Postal: w('Poste', 'Post'),
  Realtor: w('Immobilier', 'Estate agency'),
  Religion: w('Religion', 'Religion'),
  Restaurant: w('Restauration', 'Restaurants'),
  School: w('École', 'School'),
  Security: w('Sécurité', 'Security'),
  'Security Ministries': w('Ministères de la sécurité', 'Security ministries'),
  'Self-employed': w('À son compte', 'Self-employed'),
  Services: w('Services', 'Services'),
  Telecom: w('Télécommunications', 'Telecommunications'),
  University: w('Université', 'University'),
}

/** Whether a level has words. */
export const isKnownLevel = (level: string): boolean => level in names || numbered.test(level)

const numbered = /^(Industry|Trade|Transport): type (\d+)$/

/** A level in words: "Trade: type 3" and its like are numbered kinds of one sector. */
export function levelName(level: string, language: Language): string {
  const known = names[level]
  if (known) return known[language]
  const found = numbered.exec(level)
  if (!found) return level
  const sector = { Industry: 'Industrie', Trade: 'Commerce', Transport: 'Transport' }[found[1] ?? ''] ?? ''
  return language === 'fr' ? `${sector}, type ${found[2]}` : `${found[1]}, type ${found[2]}`
}
