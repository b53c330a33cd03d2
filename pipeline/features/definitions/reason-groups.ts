/** The few things that a reason speaks of; each feature belongs to one. `sensitive`: close to a trait that the law protects. */
import type { ReasonGroup } from '../rules/check/definitions.ts'

const group = (fr: string, en: string, sensitive = false): ReasonGroup => ({ label: { fr, en }, sensitive })

export const groups = {
  external: group('cotes externes', 'external scores'),
  amount: group('crédit demandé', 'loan asked for'),
  burden: group('poids du crédit dans les revenus', 'loan against income'),
  income: group('revenus', 'income'),
  employment: group('emploi', 'employment'),
  education: group('niveau d’études', 'education'),
  age: group('âge', 'age', true),
  family: group('situation familiale', 'family situation', true),
  residence: group('lieu de résidence', 'place of residence', true),
  stability: group('papiers et téléphone', 'papers and phone'),
  housing: group('logement et véhicule', 'housing and car'),
  contact: group('moyens de contact', 'means of contact'),
  documents: group('documents fournis', 'documents provided'),
  circle: group('défauts dans l’entourage', 'defaults around the client'),
  enquiries: group('demandes au fichier des crédits', 'credit bureau enquiries'),
  information: group('informations manquantes', 'missing information'),
  bureau: group('crédits dans d’autres établissements', 'loans with other lenders'),
  debt: group('dettes en cours', 'debt outstanding'),
  overdue: group('impayés dans d’autres établissements', 'arrears with other lenders'),
  history: group('demandes précédentes chez nous', 'earlier applications with us'),
  refusals: group('refus précédents', 'earlier refusals'),
  terms: group('conditions des crédits précédents', 'terms of earlier loans'),
  contracts: group('crédits en cours chez nous', 'running loans with us'),
  lateness: group('retards de paiement', 'late payments'),
  payments: group('montants remboursés', 'amounts repaid'),
  card: group('utilisation de la carte de crédit', 'use of the credit card'),
} as const satisfies Record<string, ReasonGroup>

export type GroupName = keyof typeof groups
