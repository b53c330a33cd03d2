/** The few things that a reason speaks of; each feature belongs to one. `sensitive`: close to a trait that the law protects. */
import type { Concept } from '../rules/check/definitions.ts'

const concept = (fr: string, en: string, sensitive = false): Concept => ({ label: { fr, en }, sensitive })

export const concepts = {
  external: concept('cotes externes', 'external scores'),
  amount: concept('crédit demandé', 'loan asked for'),
  burden: concept('poids du crédit dans les revenus', 'loan against income'),
  income: concept('revenus', 'income'),
  employment: concept('emploi', 'employment'),
  education: concept('niveau d’études', 'education'),
  age: concept('âge', 'age', true),
  family: concept('situation familiale', 'family situation', true),
  residence: concept('lieu de résidence', 'place of residence', true),
  stability: concept('papiers et téléphone', 'papers and phone'),
  housing: concept('logement et véhicule', 'housing and car'),
  contact: concept('moyens de contact', 'means of contact'),
  documents: concept('documents fournis', 'documents provided'),
  circle: concept('défauts dans l’entourage', 'defaults around the client'),
  enquiries: concept('demandes au fichier des crédits', 'credit bureau enquiries'),
  information: concept('informations manquantes', 'missing information'),
  bureau: concept('crédits dans d’autres établissements', 'loans with other lenders'),
  debt: concept('dettes en cours', 'debt outstanding'),
  overdue: concept('impayés dans d’autres établissements', 'arrears with other lenders'),
  history: concept('demandes précédentes chez nous', 'earlier applications with us'),
  refusals: concept('refus précédents', 'earlier refusals'),
  terms: concept('conditions des crédits précédents', 'terms of earlier loans'),
  contracts: concept('crédits en cours chez nous', 'running loans with us'),
  lateness: concept('retards de paiement', 'late payments'),
  payments: concept('montants remboursés', 'amounts repaid'),
  card: concept('utilisation de la carte de crédit', 'use of the credit card'),
} as const satisfies Record<string, Concept>

export type ConceptName = keyof typeof concepts
